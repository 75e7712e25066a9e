import Admission
import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// A review as the API server writes it, put together from a manifest.
struct Review {
    var manifest: String
    var old: String?
    var operation = "CREATE"
    var resource = "pods"
    var subresource = ""
    var namespace = "shop"
    var name = ""
    var user = "ann@example.com"
    var groups = ["developers", "system:authenticated"]
    var isDryRun = false

    init(_ manifest: String) { self.manifest = manifest }

    func with(_ change: (inout Review) -> Void) -> Review {
        var review = self
        change(&review)
        return review
    }

    var body: [UInt8] {
        get throws {
            let root = try #require(DocumentTree.parse(manifest, source: "object.yaml").tree.roots.first)
            let apiVersion = root["apiVersion"].text.split(separator: "/")
            let group = apiVersion.count > 1 ? String(apiVersion[0]) : ""
            var request: [String: Any] = [
                "uid": "7f0a-11", "operation": operation, "namespace": namespace, "dryRun": isDryRun,
                "kind": ["group": group, "version": String(apiVersion.last ?? ""), "kind": root["kind"].text],
                "resource": ["group": group, "version": String(apiVersion.last ?? ""), "resource": resource],
                "userInfo": ["username": user, "uid": "u-1", "groups": groups],
                "object": try Review.json(root),
            ]
            request["name"] = name.isEmpty ? root["metadata"]["name"].text : name
            if !subresource.isEmpty { request["subResource"] = subresource }
            if let old {
                request["oldObject"] = try Review.json(try #require(DocumentTree.parse(old, source: "old.yaml").tree.roots.first))
            }
            let review: [String: Any] = ["apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request]
            return [UInt8](try JSONSerialization.data(withJSONObject: review, options: .sortedKeys))
        }
    }

    static func json(_ value: Value) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(CanonicalJSON.text(of: value).utf8), options: .fragmentsAllowed)
    }
}

/// What an answer says, read by another reader than the one that belongs to the project.
struct Reply {
    let answer: AdmissionAnswer
    let response: [String: Any]

    init(_ answer: AdmissionAnswer) throws {
        self.answer = answer
        let review = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(review["apiVersion"] as? String == "admission.k8s.io/v1" && review["kind"] as? String == "AdmissionReview")
        response = try #require(review["response"] as? [String: Any])
        #expect(response["uid"] as? String == "7f0a-11")
        #expect(isAllowed == (answer.decision != .deny))
    }

    var isAllowed: Bool { response["allowed"] as? Bool == true }
    var warnings: [String] { response["warnings"] as? [String] ?? [] }
    var notes: [String: String] { response["auditAnnotations"] as? [String: String] ?? [:] }
    var message: String { (response["status"] as? [String: Any])?["message"] as? String ?? "" }

    var fields: [String] {
        let details = (response["status"] as? [String: Any])?["details"] as? [String: Any]
        return (details?["causes"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
    }

    /// The operations of the patch, in order: `add /spec/x`.
    var patch: [[String: Any]] {
        guard let text = response["patch"] as? String, let data = Data(base64Encoded: text) else { return [] }
        return (try? JSONSerialization.jsonObject(with: data)) as? [[String: Any]] ?? []
    }
}

enum Fixture {
    static let controls = BuiltInControls.all + GrantControls.all
    static let acs = ResponsibilityModel.builtIn("acs") ?? ResponsibilityModel(name: "", title: "", duties: [])
    static let engine = AdmissionEngine(
        model: acs, catalogue: Catalogue(controls), exemptNamespaces: ["kube-system", "kube-node-lease", "demarc-system"])
    static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    static func ask(
        _ review: Review, _ stage: AdmissionAnswer.Stage = .validate, engine: AdmissionEngine = engine,
        target: ConnectionTarget = .unknown, estate: AdmissionEstate = AdmissionEstate(), at now: Timestamp = now
    ) throws -> Reply {
        try Reply(engine.rule(stage, AdmissionRequest(review.body), target: target, in: estate, at: now).answer)
    }

    static func objects(_ manifest: String) -> [KubernetesObject] { SourceObjects(DocumentTree.parse(manifest).tree).objects }

    /// A Pod that meets the restricted standard.
    static let hardened = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec:
          runtimeClassName: gvisor
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            seccompProfile: {type: RuntimeDefault}
          containers:
          - name: app
            image: registry.example.com/web@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
            securityContext:
              allowPrivilegeEscalation: false
              capabilities: {drop: [ALL]}
        """

    static let privileged = """
        apiVersion: v1
        kind: Pod
        metadata: {name: probe, namespace: shop}
        spec:
          serviceAccountName: probe
          containers:
          - name: app
            image: registry.example.com/probe@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
            securityContext: {privileged: true}
        """
}
