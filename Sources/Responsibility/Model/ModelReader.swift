import Controls
public import Documents

extension ResponsibilityModel {
    /// What reading a model gave: the model when nothing is wrong with it, otherwise all of its faults.
    public struct Reading: Sendable {
        public let model: ResponsibilityModel?
        public let faults: [DocumentFault]
    }

    /// Reads one model. Everything wrong with it is told at once, each fault with its place and remedy.
    public static func read(_ bytes: [UInt8], source: String) -> Reading {
        let parsed = DocumentTree.parse(bytes, source: source)
        let roots = parsed.tree.roots.filter(\.exists)
        guard parsed.problems.isEmpty, let root = roots.first else {
            let faults = parsed.problems.map { DocumentFault($0) }
            return Reading(model: nil, faults: faults.isEmpty ? [.document(source, "there is no document here")] : faults)
        }
        guard roots.count == 1 else {
            return Reading(model: nil, faults: [.document(source, "there are \(roots.count) documents here; a model is one document")])
        }
        return read(root)
    }

    public static func read(_ root: Value) -> Reading {
        var reader = ModelReader()
        let model = reader.model(root)
        return Reading(model: reader.strict.faults.isEmpty ? model : nil, faults: reader.strict.faults)
    }
}

extension DocumentFault {
    static func document(_ source: String, _ message: String) -> DocumentFault {
        DocumentFault(
            source: source, position: Position(line: 1, column: 1), fieldPath: "", message: message,
            remedy: "give one document of kind ResponsibilityModel")
    }
}

/// Reads the document; one function a part, in the order of the document.
private struct ModelReader {
    var strict = StrictReader()
    /// Ids under `spec.sources`, for the rows that cite them.
    private var knownSources: Set<String> = []

    mutating func model(_ root: Value) -> ResponsibilityModel {
        strict.document(root, kind: "ResponsibilityModel")
        strict.fields(of: root["metadata"], called: "metadata", known: ["name"])
        let spec = root["spec"]
        strict.fields(
            of: spec, called: "spec",
            known: [
                "title", "sources", "parties", "planes", "principals", "origins", "duties", "transfers", "privileges", "tenants", "securityGroups",
                "admission", "breakGlass", "liability",
            ])
        let name = strict.text(root["metadata"], "name")
        let title = strict.text(spec, "title")
        let sources = self.sources(spec)
        let parties = self.parties(spec["parties"])
        let planes = self.planes(spec["planes"])
        let principals = self.principals(spec)
        let origins = self.origins(spec)
        let duties = self.duties(spec)
        let transfers = self.transfers(spec)
        let privileges = self.privileges(spec)
        let tenants = self.tenants(spec)
        let securityGroups = SecurityGroupReader.read(spec["securityGroups"], sources: knownSources, &strict)
        let admission = AdmissionReader.read(spec["admission"], &strict)
        let breakGlass = BreakGlass.read(spec["breakGlass"], &strict)
        return ResponsibilityModel(
            name: name, title: title, duties: duties, sources: sources, parties: parties, planes: planes, principals: principals,
            origins: origins, transfers: transfers, privileges: privileges, tenants: tenants, securityGroups: securityGroups,
            admission: admission, breakGlass: breakGlass, liability: strict.text(spec, "liability", required: false))
    }

    private mutating func sources(_ spec: Value) -> [Source] {
        var sources: [Source] = []
        for item in strict.items(spec, "sources") {
            strict.fields(of: item, called: "a source", known: ["id", "title", "url"])
            let source = Source(id: strict.text(item, "id"), title: strict.text(item, "title"), url: strict.text(item, "url"))
            if !source.id.isEmpty, !knownSources.insert(source.id).inserted {
                strict.fault(item["id"], "source '\(source.id)' is there twice", "give each source its own id")
            }
            sources.append(source)
        }
        return sources
    }

    /// The sources a row cites.
    private mutating func citations(_ row: Value) -> [String] {
        let cited = strict.texts(row, "sources")
        for id in cited where !knownSources.contains(id) {
            strict.fault(row["sources"], "there is no source '\(id)'", "add it under spec.sources or correct the id")
        }
        return cited
    }

    private mutating func parties(_ value: Value) -> [Party: String] {
        strict.fields(of: value, called: "parties", known: Party.allCases.map(\.rawValue))
        var parties: [Party: String] = [:]
        for party in Party.allCases where value.entry(named: party.rawValue).isWritten { parties[party] = strict.text(value, party.rawValue) }
        for party in [Party.provider, .customer] where parties[party] == nil {
            strict.fault(value, "parties does not say who the \(party.rawValue) is", "write \(party.rawValue): …")
        }
        return parties
    }

    private mutating func planes(_ value: Value) -> Planes {
        if !value.exists { strict.fault(value, "'planes' is missing", "write planes: with a party for each plane") }
        strict.fields(of: value, called: "planes", known: Plane.allCases.map(\.rawValue))
        var parties: [Plane: Party] = [:]
        for plane in Plane.allCases {
            let entry = value.entry(named: plane.rawValue)
            strict.fields(of: entry, called: plane.rawValue, known: plane == .systemNamespaces ? ["party", "names"] : ["party"])
            parties[plane] = party(entry)
        }
        return Planes(
            controlPlane: parties[.controlPlane] ?? .customer, node: parties[.node] ?? .customer,
            systemNamespaces: parties[.systemNamespaces] ?? .customer, systemNames: patterns(value["systemNamespaces"], "names"),
            tenantNamespaces: parties[.tenantNamespaces] ?? .customer, cluster: parties[.cluster] ?? .customer)
    }

    private mutating func party(_ row: Value, _ field: String = "party") -> Party { strict.word(row, field) ?? .customer }

    private mutating func pattern(_ parent: Value, _ field: String) -> Pattern? {
        let text = strict.text(parent, field)
        guard !text.isEmpty else { return nil }
        if let pattern = Pattern(text) { return pattern }
        strict.fault(parent.entry(named: field), "'\(text)' has a * before its end", "write an exact name, or a beginning and one * at the end")
        return nil
    }

    private mutating func patterns(_ parent: Value, _ field: String) -> [Pattern] {
        var patterns: [Pattern] = []
        for text in strict.texts(parent, field) {
            if let pattern = Pattern(text) {
                patterns.append(pattern)
            } else {
                strict.fault(
                    parent.entry(named: field), "'\(text)' has a * before its end", "write an exact name, or a beginning and one * at the end")
            }
        }
        return patterns
    }

    private mutating func principals(_ spec: Value) -> [Principal] {
        var principals: [Principal] = []
        for row in strict.items(spec, "principals") {
            strict.fields(
                of: row, called: "a principal", known: ["user", "group", "serviceAccount", "cloud", "party", "managers", "assumable", "sources"])
            let named = ["user", "group", "serviceAccount", "cloud"].filter { row.entry(named: $0).isWritten }
            guard named.count == 1, let field = named.first else {
                strict.fault(row, "a principal is exactly one of user, group, serviceAccount, cloud", "write one of them")
                continue
            }
            guard let pattern = pattern(row, field) else { continue }
            let identity: Principal.Identity =
                switch field {
                case "user": .user(pattern)
                case "group": .group(pattern)
                case "cloud": .cloud(pattern)
                default: .serviceAccount(pattern)
                }
            if row["assumable"].isWritten, field != "cloud" {
                strict.fault(row["assumable"], "'assumable' has a meaning for identities of a cloud only", "remove it")
            }
            if row["managers"].isWritten, field == "cloud" {
                strict.fault(row["managers"], "'managers' has a meaning for identities of the API server only", "remove it")
            }
            if field == "serviceAccount", !pattern.description.contains("/") {
                strict.fault(row["serviceAccount"], "'\(pattern)' has no namespace", "write namespace/name")
            }
            principals.append(
                Principal(
                    identity: identity, party: party(row), managers: patterns(row, "managers"), isAssumable: strict.flag(row, "assumable"),
                    sources: citations(row)))
        }
        return principals
    }

    private mutating func origins(_ spec: Value) -> [Origin] {
        var origins: [Origin] = []
        for row in strict.items(spec, "origins") {
            strict.fields(of: row, called: "an origin", known: ["label", "annotation", "value", "party", "title", "sources"])
            let isLabel = row["label"].isWritten
            if isLabel == row["annotation"].isWritten {
                strict.fault(row, "an origin is exactly one of label, annotation", "write one of them")
                continue
            }
            let key = strict.text(row, isLabel ? "label" : "annotation")
            guard let value = row["value"].isWritten ? pattern(row, "value") : Pattern("*") else { continue }
            origins.append(
                Origin(
                    place: isLabel ? .label : .annotation, key: key, value: value, party: party(row), title: strict.text(row, "title"),
                    sources: citations(row)))
        }
        return origins
    }

    private mutating func duties(_ spec: Value) -> [Duty] {
        var duties: [Duty] = []
        var ids: Set<String> = []
        for row in strict.items(spec, "duties", required: true) {
            strict.fields(of: row, called: "a duty", known: ["id", "title", "party", "fixed", "controls", "sources"])
            let duty = Duty(
                id: strict.text(row, "id"), title: strict.text(row, "title"), party: party(row), isFixed: strict.flag(row, "fixed"),
                controls: strict.texts(row, "controls"), sources: citations(row))
            if !duty.id.isEmpty, !ids.insert(duty.id).inserted {
                strict.fault(row["id"], "duty '\(duty.id)' is there twice", "give each duty its own id")
            }
            duties.append(duty)
        }
        return duties
    }

    private mutating func transfers(_ spec: Value) -> [Transfer] {
        var transfers: [Transfer] = []
        for row in strict.items(spec, "transfers") {
            strict.fields(of: row, called: "a transfer", known: ["when", "to", "title", "managers", "sources"])
            guard let condition: Transfer.Condition = strict.word(row, "when") else { continue }
            if transfers.contains(where: { $0.condition == condition }) {
                strict.fault(row["when"], "transfer '\(condition.rawValue)' is there twice", "keep one of them")
            }
            if row["managers"].isWritten, condition != .modifiedComponent {
                strict.fault(row["managers"], "'managers' has a meaning for modifiedComponent only", "remove it")
            }
            transfers.append(
                Transfer(
                    condition: condition, party: party(row, "to"), title: strict.text(row, "title"), managers: patterns(row, "managers"),
                    sources: citations(row)))
        }
        return transfers
    }

    private mutating func privileges(_ spec: Value) -> [Privilege] {
        var privileges: [Privilege] = []
        for row in strict.items(spec, "privileges") {
            strict.fields(
                of: row, called: "a privilege", known: ["control", "values", "tier", "longest", "approvals", "twoKey", "title", "sources"])
            guard let control = pattern(row, "control"), let tier: Privilege.Tier = strict.word(row, "tier") else { continue }
            let longest = strict.span(row, "longest", required: tier != .never)
            if tier == .never, longest != nil { strict.fault(row["longest"], "what is never granted has no 'longest'", "remove it") }
            let approvals = strict.integer(row, "approvals", default: tier == .application ? 1 : 0, in: 0...9)
            if tier == .application, approvals == 0 {
                strict.fault(row["approvals"], "an application needs an approval", "write approvals: 1 or more, or tier: self-service")
            }
            let values = patterns(row, "values")
            if privileges.contains(where: { $0.control == control && $0.values == values }) {
                strict.fault(row["control"], "privilege '\(control)' is there twice", "keep one of them")
            }
            privileges.append(
                Privilege(
                    control: control, values: values, tier: tier, longest: longest ?? Span(seconds: 0), approvals: approvals,
                    needsTwoKeys: strict.flag(row, "twoKey"), title: strict.text(row, "title", required: false), sources: citations(row)))
        }
        return privileges
    }

    private mutating func tenants(_ spec: Value) -> Tenants {
        var tenants: [Tenant] = []
        var owners: [Pattern: String] = [:]
        let rows = strict.items(spec, "tenants")
        for row in rows {
            strict.fields(of: row, called: "a tenant", known: ["name", "namespaces", "mayReach"])
            let tenant = Tenant(name: strict.text(row, "name"), namespaces: patterns(row, "namespaces"), mayReach: strict.texts(row, "mayReach"))
            if tenants.contains(where: { $0.name == tenant.name }) {
                strict.fault(row["name"], "tenant '\(tenant.name)' is there twice", "give each tenant its own name")
            }
            if tenant.namespaces.isEmpty { strict.fault(row, "tenant '\(tenant.name)' has no namespaces", "write namespaces: [name, beginning-*]") }
            for pattern in tenant.namespaces {
                if let owner = owners.updateValue(tenant.name, forKey: pattern), owner != tenant.name {
                    strict.fault(row["namespaces"], "'\(pattern)' is a namespace of tenant '\(owner)' too", "give it to one of them")
                }
            }
            tenants.append(tenant)
        }
        for (row, tenant) in zip(rows, tenants) {
            for name in tenant.mayReach where !tenants.contains(where: { $0.name == name }) {
                strict.fault(row["mayReach"], "there is no tenant '\(name)'", "write the name of another tenant")
            }
        }
        return Tenants(tenants)
    }
}
