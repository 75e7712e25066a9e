import ClusterSupport
import NodeEvidence

/// Random audit policies, and requests that their rules are about.
struct RandomAuditPolicy {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64, so that a seed gives the same policy everywhere.
    private mutating func number(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }
    private mutating func chance(_ percent: Int) -> Bool { number(below: 100) < percent }

    private mutating func some(_ elements: [String], percent: Int, most: Int = 3) -> String? {
        guard chance(percent) else { return nil }
        let chosen = (0...number(below: most)).map { _ in "\"\(pick(elements))\"" }
        return "[\(chosen.joined(separator: ","))]"
    }

    static let users = ["alice": ["dev"], "bob": ["ops", "dev"], "carol": []]
    private static let names = ["alice", "bob", "carol", "system:anonymous"]
    private static let groups = ["dev", "ops", "system:authenticated", "system:unauthenticated"]
    private static let verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
    private static let resources = [
        "pods", "pods/status", "pods/exec", "pods/*", "*/status", "*/scale", "*", "secrets", "configmaps", "nodes", "deployments",
        "deployments/scale",
        "deployments/*", "nodes/proxy", "*/proxy", "services/proxy",
    ]
    private static let urls = ["/healthz", "/healthz*", "/version", "/ver*", "*", "/api*", "/apis/*", "/metrics", "/", "/*"]
    private static let stages = AuditStage.allCases.map(\.rawValue)

    /// As JSON, which is YAML too.
    mutating func policy() -> String {
        let rules = (0..<(6 + number(below: 10))).map { _ in rule() }
        let omitted = some(Self.stages, percent: 40, most: 2).map { "\"omitStages\":\($0)," } ?? ""
        return #"{"apiVersion":"audit.k8s.io/v1","kind":"Policy",\#(omitted)"rules":[\#(rules.joined(separator: ","))]}"#
    }

    private mutating func rule() -> String {
        var fields = ["\"level\":\"\(pick(AuditLevel.allCases).rawValue)\""]
        func add(_ name: String, _ list: String?) { if let list { fields.append("\"\(name)\":\(list)") } }
        add("users", some(Self.names, percent: 30, most: 2))
        add("userGroups", some(Self.groups, percent: 30, most: 2))
        add("verbs", some(Self.verbs, percent: 50))
        add("omitStages", some(Self.stages, percent: 15, most: 1))
        if chance(25) {
            add("nonResourceURLs", some(Self.urls, percent: 100, most: 2))
        } else {
            add("namespaces", some(["", "shop", "bank"], percent: 30, most: 2))
            if chance(80) { add("resources", "[\((0...number(below: 2)).map { _ in groupResources() }.joined(separator: ","))]") }
        }
        return "{\(fields.joined(separator: ","))}"
    }

    private mutating func groupResources() -> String {
        let group = chance(60) ? "" : pick(["apps", "rbac.authorization.k8s.io", "batch"])
        var fields = ["\"group\":\"\(group)\""]
        if let list = some(Self.resources, percent: 85) {
            fields.append("\"resources\":\(list)")
            if let names = some(["web", "db", ""], percent: 25) { fields.append("\"resourceNames\":\(names)") }
        }
        return "{\(fields.joined(separator: ","))}"
    }

    /// One request as it goes over the wire, and as a policy sees it.
    mutating func request(tokens: [String: String]) -> (sent: APIServer.Request, seen: AuditRequest) {
        let user = pick(Self.names + ["nobody"])
        var seen = AuditRequest(user: user, groups: (Self.users[user] ?? []) + ["system:authenticated"], verb: "get", path: "/")
        var headers: [String: String] = [:]
        switch user {
        case "system:anonymous":
            seen.groups = ["system:unauthenticated"]
            headers["Authorization"] = ""
        case "nobody":
            (seen.user, seen.groups) = (nil, [])
            headers["Authorization"] = "Bearer wrong"
        default: headers["Authorization"] = "Bearer \(tokens[user] ?? "")"
        }
        guard chance(80) else {
            seen.path = pick(["/healthz", "/healthz/ping", "/version", "/metrics", "/api", "/apis/apps", "/apis", "/", "/other"])
            return (APIServer.Request("GET", seen.path, headers: headers), seen)
        }
        let (method, path, resource, verb) = resourceRequest()
        (seen.resource, seen.verb, seen.path) = (resource, verb, path)
        if method == "PATCH" { headers["Content-Type"] = "application/merge-patch+json" }
        return (APIServer.Request(method, path, body: method == "GET" ? nil : "{}", headers: headers), seen)
    }

    private mutating func resourceRequest() -> (method: String, path: String, AuditRequest.Resource, verb: String) {
        let (group, name, subresources): (String, String, [String]) = pick([
            ("", "pods", ["status", "exec", "log"]), ("", "secrets", []), ("", "configmaps", []), ("", "nodes", ["proxy", "status"]),
            ("", "services", ["proxy", "status"]), ("apps", "deployments", ["scale", "status"]), ("rbac.authorization.k8s.io", "roles", []),
        ])
        let namespace = name == "nodes" ? "" : pick(["shop", "bank", "other"])
        let base = (group.isEmpty ? "/api/v1" : "/apis/\(group)/v1") + (namespace.isEmpty ? "" : "/namespaces/\(namespace)") + "/\(name)"
        var resource = AuditRequest.Resource(group: group, name, namespace: namespace)
        guard chance(70) else {
            let (method, query, verb) = pick([
                ("GET", "", "list"), ("GET", "?watch=true", "watch"), ("POST", "", "create"), ("DELETE", "", "deletecollection"),
            ])
            return (method, base + query, resource, verb)
        }
        resource.object = pick(["web", "db", "x"])
        if !subresources.isEmpty, chance(50) { resource.subresource = pick(subresources) }
        let path = "\(base)/\(resource.object)" + (resource.subresource.isEmpty ? "" : "/\(resource.subresource)")
        var choices = [("GET", "get"), ("PUT", "update"), ("PATCH", "patch"), ("DELETE", "delete")]
        if !resource.subresource.isEmpty { choices.append(("POST", "create")) }
        let (method, verb) = pick(choices)
        return (method, path, resource, verb)
    }
}
