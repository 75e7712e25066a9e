import Blame
import Documents
import Foundation
import Kubernetes
import Responsibility

/// Audit events written by hand, as the API server writes them.
struct Log {
    private(set) var lines: [String] = []

    /// - Parameters:
    ///   - object: `deployments.apps shop/web`, with a subresource behind the name where there is one: `… web/scale`.
    ///   - request: JSON; nil for a level without bodies.
    @discardableResult
    mutating func add(
        _ verb: String, _ object: String, by user: String = "alice", at second: Int, request: String? = nil, response: String? = nil,
        code: Int = 200, query: String = "", as impersonated: String? = nil, stage: String = "ResponseComplete",
        agent: String = "kubectl/v1.36.0 (linux/amd64)",
        id: String? = nil, groups: [String] = ["system:authenticated"], userExtra: String = "", extra: String = ""
    ) -> String {
        let words = object.split(separator: " ")
        let kind = words[0].split(separator: ".", maxSplits: 1).map(String.init)
        let place = words[1].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let (namespace, name, below) = (place[0], place.count > 1 ? place[1] : "", place.count > 2 ? place[2] : "")
        let level = response != nil ? "RequestResponse" : request != nil ? "Request" : "Metadata"
        let time = "2026-11-24T05:\(Log.two(second / 60)):\(Log.two(second % 60))"
        let list = groups.map { "\"\($0)\"" }.joined(separator: ",")
        var line =
            "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"\(level)\",\"auditID\":\"\(id ?? "id-\(second)")\",\"stage\":\"\(stage)\""
        line +=
            ",\"requestURI\":\"/x\(query.isEmpty ? "" : "?" + query)\",\"verb\":\"\(verb)\",\"user\":{\"username\":\"\(user)\",\"groups\":[\(list)]\(userExtra)}"
        if let impersonated { line += ",\"impersonatedUser\":{\"username\":\"\(impersonated)\",\"groups\":[\"system:authenticated\"]}" }
        line += ",\"sourceIPs\":[\"10.0.0.9\"],\"userAgent\":\"\(agent)\",\"objectRef\":{\"resource\":\"\(kind[0])\",\"namespace\":\"\(namespace)\""
        if !name.isEmpty { line += ",\"name\":\"\(name)\"" }
        if kind.count > 1 { line += ",\"apiGroup\":\"\(kind[1])\"" }
        if !below.isEmpty { line += ",\"subresource\":\"\(below)\"" }
        line += "},\"responseStatus\":{\"code\":\(code)}"
        if let request { line += ",\"requestObject\":\(request)" }
        if let response { line += ",\"responseObject\":\(response)" }
        line += ",\"requestReceivedTimestamp\":\"\(time).000000Z\",\"stageTimestamp\":\"\(time).500000Z\"\(extra)}"
        lines.append(line)
        return line
    }

    /// A log of other lines, as where some are missing.
    mutating func keep(_ lines: [String]) { self.lines = lines }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    func collected(_ selection: Selection) -> AuditCollector {
        var collector = AuditCollector(selection)
        collector.take(bytes, of: "audit.log", first: 1)
        return collector
    }

    func history(of subject: Subject) -> ObjectHistory {
        Blamer(collected(Selection([subject.name])).records, inventory: Inventory([]), model: Log.model).history(of: subject)
    }

    static let model = BuiltInModel.acs

    /// An answer as `demarc blame` gives it, with what stands behind the subject.
    func blame(_ subject: Subject, _ field: String? = nil, estate: String = "") throws -> BlameResult {
        let objects = SourceObjects(DocumentTree.parse(estate, source: "estate.yaml").tree).objects
        let inventory = Inventory(objects)
        var selection = Selection([subject.name])
        var blamer = Blamer([], inventory: inventory, model: Log.model)
        for _ in 0..<6 {
            let collector = collected(selection)
            blamer = Blamer(collector.records, counts: collector.counts, inventory: inventory, model: Log.model)
            selection.formUnion(blamer.needed(for: subject))
        }
        return blamer.blame(subject, field: try field.map { try FieldQuestion($0) })
    }

    static let deployment = Subject(ObjectName(group: "apps", resource: "deployments", namespace: "shop", name: "web"), kind: "Deployment")
    static let pod = Subject(ObjectName(group: "", resource: "pods", namespace: "shop", name: "web-7d9f-x2k"), kind: "Pod")

    /// A Deployment as the server answers with it.
    static func web(
        version: Int, generation: Int = 1, replicas: Int = 1, image: String = "web:1", privileged: Bool? = nil, labels: String = "",
        before: String = ""
    ) -> String {
        let context = privileged.map { ",\"securityContext\":{\"privileged\":\($0)}" } ?? ""
        return """
            {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"shop","uid":"u1","resourceVersion":"\(version)",\
            "generation":\(generation),"labels":{\(labels)}},"spec":{"replicas":\(replicas),"template":{"spec":{"containers":[\(before)\
            {"name":"app","image":"\(image)"\(context)}]}}}}
            """
    }
}

enum BuiltInModel {
    static let acs: ResponsibilityModel = {
        guard let model = ResponsibilityModel.builtIn("acs") else { preconditionFailure("there is no model acs") }
        return model
    }()
}
