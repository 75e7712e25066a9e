public import Documents

extension AuditPolicy {
    /// - Throws: `WrongType` for a field that the API server could not decode.
    public init(_ root: Value) throws(WrongType) {
        self.root = root
        var refusals: [Refusal] = []
        if root["apiVersion"].text != "audit.k8s.io/v1" {
            refusals.append(Refusal(place: root["apiVersion"], message: "the API server reads audit.k8s.io/v1 only (since 1.24)"))
        }
        omitStages = try Self.stages(root["omitStages"], &refusals)
        omitManagedFields = try root["omitManagedFields"].bool() ?? false
        var rules: [AuditRule] = []
        for place in try root["rules"].items() { rules.append(try AuditRule(place, &refusals)) }
        if rules.isEmpty { refusals.append(Refusal(place: root["rules"], message: "it has no rules")) }
        self.rules = rules
        self.refusals = refusals
    }

    fileprivate static func stages(_ place: Value, _ refusals: inout [Refusal]) throws(WrongType) -> Set<AuditStage> {
        var stages: Set<AuditStage> = []
        for item in try place.items() {
            let text = try item.string() ?? ""
            if let stage = AuditStage(rawValue: text) {
                stages.insert(stage)
            } else {
                refusals.append(Refusal(place: item, message: "'\(escaped(text))' is no stage"))
            }
        }
        return stages
    }
}

extension AuditRule {
    fileprivate init(_ place: Value, _ refusals: inout [AuditPolicy.Refusal]) throws(WrongType) {
        func refuse(_ place: Value, _ message: String) { refusals.append(AuditPolicy.Refusal(place: place, message: message)) }
        self.place = place
        let written = try place["level"].string() ?? ""
        if let level = AuditLevel(rawValue: written) {
            self.level = level
        } else {
            level = .none
            refuse(place["level"], written.isEmpty ? "a rule has no level" : "'\(escaped(written))' is no level")
        }
        users = try place["users"].strings()
        userGroups = try place["userGroups"].strings()
        verbs = try place["verbs"].strings()
        namespaces = try place["namespaces"].strings()
        nonResourceURLs = try place["nonResourceURLs"].strings()
        omitStages = try AuditPolicy.stages(place["omitStages"], &refusals)
        omitManagedFields = try place["omitManagedFields"].bool()
        var resources: [Resources] = []
        for item in try place["resources"].items() {
            let one = Resources(
                group: try item["group"].string() ?? "", resources: try item["resources"].strings(),
                resourceNames: try item["resourceNames"].strings())
            if !one.group.isEmpty, !one.group.isDNSName {
                refuse(item["group"], "'\(escaped(one.group))' is no API group; there is no wildcard for groups")
            }
            if one.resources.isEmpty, !one.resourceNames.isEmpty { refuse(item["resourceNames"], "names of objects need a resource beside them") }
            resources.append(one)
        }
        self.resources = resources
        if !nonResourceURLs.isEmpty, !resources.isEmpty || !namespaces.isEmpty {
            refuse(place["nonResourceURLs"], "a rule is either about resources or about other URLs")
        }
        for url in try place["nonResourceURLs"].items() {
            let text = url.text
            if text != "*", !text.hasPrefix("/") || text.dropLast().contains("*") {
                refuse(url, "'\(escaped(text))' is no URL path that may end in *")
            }
        }
    }
}

extension String {
    /// A subdomain of RFC 1123 in lower case, as the API server asks for.
    fileprivate var isDNSName: Bool {
        let labels = utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return utf8.count <= 253
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last, first != UInt8(ascii: "-"), last != UInt8(ascii: "-") else { return false }
                return label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                    default: false
                    }
                }
            }
    }
}
