import Documents
public import Kubernetes

extension PrivilegeGrant {
    /// What reading a grant gave: the grant when nothing is wrong with it, otherwise all faults.
    public struct Reading: Sendable {
        public let grant: PrivilegeGrant?
        public var faults: [DocumentFault] { placed.map(\.fault) }
        let placed: [PlacedFault]
    }

    /// Reads strictly: a field nobody knows may be a restriction that would silently not hold.
    public static func read(_ object: KubernetesObject) -> Reading {
        var reader = GrantReader()
        let grant = reader.grant(object)
        return Reading(grant: reader.strict.faults.isEmpty ? grant : nil, placed: reader.strict.placed)
    }

    /// Texts that `grant draft` leaves for a person begin like this; a grant that still has one is not read.
    static let placeholder = "<fill in:"
}

private struct GrantReader {
    var strict = StrictReader()

    mutating func grant(_ object: KubernetesObject) -> PrivilegeGrant? {
        let root = object.root
        strict.document(root, kind: "PrivilegeGrant", known: ["apiVersion", "kind", "metadata", "spec", "status"])
        if object.name.isEmpty || object.name.hasSuffix("*") {
            strict.fault(root["metadata"], "the grant has no name", "write metadata.name: findings refer to it")
        }
        let terms = self.terms(root["spec"])
        let status = root["status"]
        let approved = strict.items(status, "approvedSpecs")
        if approved.count > PrivilegeGrant.mostApprovedSpecs {
            strict.fault(status["approvedSpecs"], "\(approved.count) approved specs cannot all hold", "keep those that are in force or about to be")
        }
        let approvedTerms = approved.prefix(PrivilegeGrant.mostApprovedSpecs).compactMap { self.terms($0) }
        let (conditions, decisions) = self.status(status)
        guard let terms else { return nil }
        return PrivilegeGrant(
            namespace: object.namespace, name: object.name, terms: terms, approvedTerms: approvedTerms, conditions: conditions,
            decisions: decisions, root: root)
    }

    private mutating func terms(_ spec: Value) -> GrantTerms? {
        strict.fields(
            of: spec, called: "spec",
            known: [
                "workload", "privileges", "imageDigests", "justification", "ticket", "accountable", "notBefore", "expires", "tier",
                "liabilityTextHash", "emergency",
            ])
        let workload = self.workload(spec["workload"])
        let privileges = self.privileges(spec)
        let digests = imageDigests(spec)
        let justification = filled(spec, "justification")
        let ticket = filled(spec, "ticket", required: false)
        let accountable = self.accountable(spec["accountable"])
        let notBefore = strict.time(spec, "notBefore")
        let expires = strict.time(spec, "expires")
        if let notBefore, let expires, expires <= notBefore {
            strict.fault(spec["expires"], "the grant ends before it begins", "write a later time than notBefore")
        }
        let tier: Privilege.Tier? = strict.word(spec, "tier", required: false)
        let liability = spec["liabilityTextHash"].isWritten ? digest(strict.text(spec, "liabilityTextHash"), at: spec["liabilityTextHash"]) : ""
        let emergency = self.emergency(spec["emergency"], accountable)
        guard let notBefore, let expires, let accountable else { return nil }
        return GrantTerms(
            workload: workload, privileges: privileges, imageDigests: digests, justification: justification, ticket: ticket,
            accountable: accountable, notBefore: notBefore, expires: expires, tier: tier, liabilityTextHash: liability, emergency: emergency,
            specHash: CanonicalJSON.digest(of: spec), place: spec)
    }

    /// Whoever breaks the glass answers for it alone: a team cannot be asked why afterwards.
    private mutating func emergency(_ value: Value, _ accountable: Accountable?) -> String? {
        guard value.isWritten else { return nil }
        strict.fields(of: value, called: "emergency", known: ["reason"])
        if let accountable, accountable.kind != .person {
            strict.fault(value, "an emergency is one person's", "write accountable: {person: …}, who takes the privilege")
        }
        return filled(value, "reason")
    }

    /// A text a person has written, not the one a draft left there.
    private mutating func filled(_ parent: Value, _ field: String, required: Bool = true) -> String {
        let text = strict.text(parent, field, required: required)
        if text.hasPrefix(PrivilegeGrant.placeholder) {
            strict.fault(parent.entry(named: field), "'\(field)' is still what the draft left there", "write what it asks for")
        }
        return text
    }

    private mutating func workload(_ value: Value) -> GrantedWorkload {
        if !value.exists { strict.fault(value, "'workload' is missing", "write workload: with kind, name and serviceAccountName") }
        strict.fields(of: value, called: "workload", known: ["apiGroup", "kind", "name", "selector", "serviceAccountName"])
        let selector = value["selector"]
        strict.fields(of: selector, called: "selector", known: ["matchLabels"])
        var labels: [String: String] = [:]
        if selector.isWritten {
            labels = (try? selector["matchLabels"].stringMap()) ?? [:]
            if labels.isEmpty { strict.fault(selector, "the selector matches everything", "name at least one label under matchLabels, as texts") }
        }
        if selector.isWritten == value["name"].isWritten {
            strict.fault(value, "a workload is exactly one of name, selector", "write one of them")
        }
        return GrantedWorkload(
            kind: strict.text(value, "kind"), apiGroup: value["apiGroup"].isWritten ? strict.text(value, "apiGroup") : nil,
            name: selector.isWritten ? nil : strict.text(value, "name"), labels: labels,
            serviceAccountName: strict.text(value, "serviceAccountName"))
    }

    private mutating func privileges(_ spec: Value) -> [GrantedPrivilege] {
        var privileges: [GrantedPrivilege] = []
        for item in strict.items(spec, "privileges", required: true) {
            strict.fields(of: item, called: "a privilege", known: ["control", "container", "value", "readOnly"])
            let control = strict.text(item, "control")
            let container = item["container"].isWritten ? strict.text(item, "container") : ""
            switch item["value"].kind {
            case .sequence, .mapping: strict.fault(item["value"], "'value' should be one value", "write each value as a privilege of its own")
            default: break
            }
            let value = PrivilegeValue.normal(PrivilegeValue.text(of: item["value"]), control: control)
            if privileges.contains(where: { $0.control == control && $0.container == container && $0.value == value }) {
                strict.fault(item, "privilege '\(control)' is there twice", "keep one of them")
            }
            privileges.append(
                GrantedPrivilege(control: control, container: container, value: value, readOnly: strict.flag(item, "readOnly"), place: item))
        }
        return privileges
    }

    private mutating func imageDigests(_ spec: Value) -> [String] {
        var digests: [String] = []
        for item in strict.items(spec, "imageDigests") {
            guard let text = try? item.string() else {
                strict.fault(item, "a digest should be a text", "write sha256: and 64 hexadecimal digits")
                continue
            }
            digests.append(digest(text, at: item))
        }
        return digests
    }

    private mutating func digest(_ text: String, at place: Value) -> String {
        if !Digest.isSHA256(text) { strict.fault(place, "'\(text)' is no digest", "write sha256: and 64 hexadecimal digits") }
        return text
    }

    private mutating func accountable(_ value: Value) -> Accountable? {
        strict.fields(of: value, called: "accountable", known: ["person", "team"])
        guard value["person"].isWritten != value["team"].isWritten else {
            strict.fault(value, "'accountable' is exactly one of person, team", "write who answers for the privilege")
            return nil
        }
        let isPerson = value["person"].isWritten
        return Accountable(kind: isPerson ? .person : .team, name: filled(value, isPerson ? "person" : "team"))
    }

    private mutating func status(_ value: Value) -> (Set<String>, [GrantDecision]) {
        strict.fields(of: value, called: "status", known: PrivilegeGrant.statusFields)
        var conditions: Set<String> = []
        for item in strict.items(value, "conditions") {
            strict.fields(
                of: item, called: "a condition", known: ["type", "status", "reason", "message", "lastTransitionTime", "observedGeneration"])
            let type = strict.text(item, "type")
            if !PrivilegeGrant.conditionTypes.contains(type) {
                strict.fault(item["type"], "'\(type)' is no condition", "use one of \(PrivilegeGrant.conditionTypes.joined(separator: ", "))")
            }
            let status = strict.text(item, "status")
            if !["True", "False", "Unknown"].contains(status) {
                strict.fault(item["status"], "'\(status)' is no status", "write \"True\", \"False\" or \"Unknown\" in quotes")
            }
            if status == "True" { conditions.insert(type) }
        }
        return (conditions, decisions(value))
    }

    private mutating func decisions(_ status: Value) -> [GrantDecision] {
        var decisions: [GrantDecision] = []
        let items = strict.items(status, "decisions")
        if items.count > PrivilegeGrant.mostDecisionsRead {
            strict.fault(status["decisions"], "more than \(PrivilegeGrant.mostDecisionsRead) decisions about one grant", "apply with a new grant")
        }
        for item in items.prefix(PrivilegeGrant.mostDecisionsRead) {
            strict.fields(of: item, called: "a decision", known: ["action", "by", "at", "specHash", "reason"])
            strict.fields(of: item["by"], called: "by", known: ["username", "groups"])
            let action: GrantDecision.Action? = strict.word(item, "action")
            let at = strict.time(item, "at")
            let hash = digest(strict.text(item, "specHash"), at: item["specHash"])
            let username = strict.text(item["by"], "username")
            let groups = strict.texts(item["by"], "groups")
            let reason = strict.text(item, "reason", required: false)
            guard let action, let at else { continue }
            decisions.append(GrantDecision(action: action, username: username, groups: groups, at: at, specHash: hash, reason: reason))
        }
        return decisions
    }
}

extension PrivilegeGrant {
    static let conditionTypes = GrantCondition.Kind.allCases.map(\.rawValue)
    /// More is refused: every evaluation goes through all of them.
    public static let mostDecisions = 256
    /// A list that somebody has filled still has room for ending the grant.
    public static let mostDecisionsRead = 272
    public static let mostApprovedSpecs = 8
    static let statusFields = ["approvedSpecs", "conditions", "decisions", "observedGeneration", "phase", "usage"]
}
