import Documents
import Kubernetes
import Reachability

/// One successful change to a security group, as a trail of the cloud has it.
struct GroupChange: Sendable {
    /// What happened to a rule.
    enum Effect: Sendable {
        case added, removed
        /// The rule with this id says something else from now on.
        case changed
    }

    let id: String
    /// `AuthorizeSecurityGroupIngress`.
    let name: String
    let time: Timestamp
    let group: String
    let identity: CloudIdentity
    /// From where, as the cloud saw it, and through what, as the client called itself.
    let address: String
    let userAgent: String
    /// `trail.json:3`
    let place: String
    private(set) var rules: [(rule: GroupRule, effect: Effect)] = []
    /// By the id that the cloud gave a rule.
    private(set) var ids: [(id: String, effect: Effect)] = []
    /// Rules that a change of AWS left behind; it does not say of which direction.
    private(set) var undirected: [GroupRule] = []
    /// Which rules got which ids, as far as the answer to the call tells.
    private(set) var numbered: [(id: String, rule: GroupRule)] = []
    private(set) var createsGroup = false

    /// nil for a call that failed, which changed nothing, and for one that names no group.
    init?(_ event: KubernetesObject) throws(WrongType) {
        let root = event.root
        if let error = try root["errorCode"].string(), !error.isEmpty { return nil }
        guard let cloud = event.cloud, let group = try GroupChange.group(root, cloud), !group.isEmpty else { return nil }
        guard let text = try root["eventTime"].string(), let time = Timestamp(text) else {
            throw WrongType(value: root["eventTime"], expected: "a time, as 2026-01-31T12:00:00Z")
        }
        id = event.name
        name = try root["eventName"].string() ?? ""
        self.time = time
        // AWS and Alibaba Cloud write the one word differently.
        address = (try? root["sourceIPAddress"].string()) ?? (try? root["sourceIpAddress"].string()) ?? ""
        userAgent = (try? root["userAgent"].string()) ?? ""
        place = "\(root.source):\(root.position.line)"
        self.group = group
        switch cloud {
        case .aws: identity = try CloudIdentity(aws: root["userIdentity"])
        case .alibaba: identity = try CloudIdentity(alibaba: root["userIdentity"], eventType: try root["eventType"].string() ?? "")
        }
        if cloud == .aws { try readAWS(root) } else { try readAlibaba(root["requestParameters"]) }
    }

    private static func group(_ root: Value, _ cloud: Cloud) throws(WrongType) -> String? {
        let (request, response) = (root["requestParameters"], root["responseElements"])
        let places: [Value]
        switch cloud {
        case .aws:
            // A call that names the group by its name: only the answer has the id.
            let rules = try response["securityGroupRuleSet"]["items"].items()
            places =
                [request["groupId"], request["ModifySecurityGroupRulesRequest"]["GroupId"], response["groupId"]]
                + rules.prefix(1).map { $0["groupId"] }
        case .alibaba: places = [request["SecurityGroupId"], response["SecurityGroupId"]]
        }
        for place in places { if let id = try place.string(), !id.isEmpty { return id } }
        return nil
    }

    // MARK: - AWS

    private mutating func readAWS(_ root: Value) throws(WrongType) {
        let request = root["requestParameters"]
        switch name {
        case "AuthorizeSecurityGroupIngress": try readPermissions(request, .ingress, .added)
        case "AuthorizeSecurityGroupEgress": try readPermissions(request, .egress, .added)
        case "RevokeSecurityGroupIngress": try readPermissions(request, .ingress, .removed)
        case "RevokeSecurityGroupEgress": try readPermissions(request, .egress, .removed)
        case "ModifySecurityGroupRules": try readModification(request["ModifySecurityGroupRulesRequest"])
        case "CreateSecurityGroup": createsGroup = true
        default: return
        }
        for item in try root["responseElements"]["securityGroupRuleSet"]["items"].items() {
            let direction: GroupRule.Direction = try item["isEgress"].bool() == true ? .egress : .ingress
            guard let id = try item["securityGroupRuleId"].string() else { continue }
            numbered.append((id, try AWSRules.readRule(item, direction, of: group, .event).rule))
        }
    }

    private mutating func readPermissions(_ request: Value, _ direction: GroupRule.Direction, _ effect: Effect) throws(WrongType) {
        for permission in try request["ipPermissions"]["items"].items() {
            let read = AWSRules.readPermission(permission, direction, of: group, .event)
            if let broken = read.malformed.first { throw broken }
            rules += read.rules.map { ($0.rule.rule, effect) }
        }
        // One rule may be written flat, as the first versions of the API had it.
        let range = request["cidrIp"]
        if let text = try range.string(), !text.isEmpty {
            let flat = try AWSRules.readRule(request, direction, of: group, .event, rangeField: "CidrIp")
            rules.append((flat.rule, effect))
        }
        for item in try request["securityGroupRuleIds"]["items"].items() {
            let id = try item.kind == .mapping ? item["securityGroupRuleId"].string() : item.string()
            if let id { ids.append((id, effect)) }
        }
    }

    /// One rule stands as a mapping, several as a list of such.
    private mutating func readModification(_ request: Value) throws(WrongType) {
        let updates = request["SecurityGroupRule"]
        var items: [Value] = [updates]
        if updates.kind == .sequence { items = Array(try updates.items()) }
        for item in items {
            if let id = try item["SecurityGroupRuleId"].string() { ids.append((id, .changed)) }
            undirected.append(try AWSRules.readRule(item["SecurityGroupRule"], .ingress, of: group, .description).rule)
        }
    }

    // MARK: - Alibaba Cloud

    private mutating func readAlibaba(_ request: Value) throws(WrongType) {
        let direction: GroupRule.Direction = name.contains("Egress") ? .egress : .ingress
        let effect: Effect
        switch name {
        case "AuthorizeSecurityGroup", "AuthorizeSecurityGroupEgress": effect = .added
        case "RevokeSecurityGroup", "RevokeSecurityGroupEgress": effect = .removed
        case "ModifySecurityGroupRule", "ModifySecurityGroupEgressRule": effect = .changed
        default:
            createsGroup = name == "CreateSecurityGroup"
            return
        }
        for entry in try request.entries() where entry.isKeyed(prefix: "SecurityGroupRuleId") {
            if let id = try entry.string(), !id.isEmpty { ids.append((id, effect)) }
        }
        // A change by id says only what becomes different.
        if effect == .changed, !ids.isEmpty { return }
        for (fields, prefix) in try GroupChange.permissions(request) {
            rules += try AlibabaRules.read(fields, prefix: prefix, direction, of: group).map { ($0.rule, effect) }
        }
    }

    /// `Permissions.1.IpProtocol`, a list of mappings, or one rule by itself.
    private static func permissions(_ request: Value) throws(WrongType) -> [(Value, String)] {
        if request["Permissions"].kind == .sequence { return try request["Permissions"].items().map { ($0, "") } }
        var prefixes: [String] = []
        for entry in try request.entries() where entry.isKeyed(prefix: "Permissions.") {
            let key = entry.key
            guard key.hasSuffix(".IpProtocol") else { continue }
            prefixes.append(String(key.dropLast("IpProtocol".count)))
        }
        if prefixes.isEmpty, request["IpProtocol"].exists { prefixes = [""] }
        return prefixes.map { (request, $0) }
    }
}
