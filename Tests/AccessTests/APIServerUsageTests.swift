import Access
import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

/// Granted versus used with the audit log that a real API server writes.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct APIServerUsageTests {
    private static let rbac = """
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "wide"}, "rules": [
          {"apiGroups": [""], "resources": ["configmaps", "secrets", "serviceaccounts"], "verbs": ["*"]},
          {"apiGroups": [""], "resources": ["users", "groups"], "verbs": ["impersonate"]},
          {"nonResourceURLs": ["/logs/*", "/metrics"], "verbs": ["get"]}]}
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "wide"},
          "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "wide"},
          "subjects": [{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "ann"}]}
        """

    @Test(.timeLimit(.minutes(30))) func theLogOfAServerTellsTheUse() async throws {
        try await APIServer.running(users: ["ann": ["dev"]]) { server in
            for answer in try server.create(Self.rbac) { #expect(answer.status == 201, "\(answer.body)") }
            let ann = ["Authorization": "Bearer \(try #require(server.tokens["ann"]))"]
            let maps = "/api/v1/namespaces/shop/configmaps"
            // Each with the status that shows whether it was allowed.
            #expect(try server.post(maps, "{\"metadata\": {\"name\": \"new\"}}", headers: ann).status == 201)
            #expect(try server.get(maps + "/new", headers: ann).status == 200)
            #expect(try server.get(maps + "?fieldSelector=metadata.name%3Dnew", headers: ann).status == 200)
            #expect(try server.get("/api/v1/namespaces/shop/secrets/none", headers: ann).status == 404)
            #expect(try server.get("/api/v1/namespaces/shop/pods", headers: ann).status == 403)
            #expect(try server.get("/metrics?x=1", headers: ann).status == 200)
            let asBob = ann.merging(["Impersonate-User": "bob", "Impersonate-Group": "ops"]) { $1 }
            #expect(try server.get(maps, headers: asBob).status == 403)
            #expect(try server.get("/version", headers: asBob).status == 200)

            let usage = try Self.usage(server)
            let binding = try #require(usage.bindings.first { usage.policy.bindings[$0].name == "wide" })
            let used = usage.rules(of: binding).flatMap(\.usedPermissions)
            #expect(
                used == [
                    Permissions(verbs: ["*"], targets: ["configmaps", "secrets"]), Permissions(verbs: ["impersonate"], targets: ["users", "groups"]),
                    Permissions(verbs: ["get"], targets: ["/metrics"]),
                ])
            let uses = try #require(usage.uses(of: binding).first).uses
            let verbs = uses.keys.map { "\($0.verb) \($0.path)" }.sorted()
            #expect(
                verbs == [
                    "create configmaps", "get /metrics", "get configmaps", "get secrets", "impersonate groups", "impersonate users",
                    "list configmaps",
                ])
            #expect(usage.unexplained == 0, "the server's own requests are those of system:masters or of its own roles")

            try Self.expectSuggestionSuffices(usage, binding, server)
        }
    }

    private static func usage(_ server: APIServer) throws -> AccessUsage {
        let group = "/apis/rbac.authorization.k8s.io/v1"
        let dump = try ["clusterroles", "clusterrolebindings", "roles", "rolebindings"].map { try server.get("\(group)/\($0)").body }
        let objects = dump.flatMap { SourceObjects(DocumentTree.parse($0, source: "dump.json").tree).objects }
        var recorder = UsageRecorder(AccessPolicy(of: Inventory(objects)))
        for line in try server.auditEvents() {
            let root = try #require(DocumentTree.parse(Array(line.utf8), source: "audit.log", syntax: .json).tree.roots.first)
            if case .allowed(let event) = try AuditEvent.read(root) { recorder.add(event) }
        }
        return recorder.usage
    }

    /// The server takes the suggested role, and it alone allows all that was done.
    private static func expectSuggestionSuffices(_ usage: AccessUsage, _ binding: Int, _ server: APIServer) throws {
        var names = SuggestedNames(usage.policy)
        guard case .narrow(let roles) = usage.suggestion(for: binding, names: &names), roles.count == 1, roles[0].namespace.isEmpty else {
            return #expect(Bool(false), "one ClusterRole is suggested")
        }
        let rules = roles[0].rules.map { rule in
            rule.nonResourceURLs.isEmpty
                ? RBACObject.Rule(
                    verbs: rule.verbs, apiGroups: rule.apiGroups, resources: rule.resources,
                    resourceNames: rule.resourceNames.isEmpty ? nil : rule.resourceNames)
                : RBACObject.Rule(verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs)
        }
        let suggested = [
            RBACObject(kind: "ClusterRole", metadata: .init(name: roles[0].name), rules: rules),
            RBACObject(
                kind: "ClusterRoleBinding", metadata: .init(name: roles[0].name),
                roleRef: .init(apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roles[0].name),
                subjects: [.init(kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "ann")]),
        ]
        for answer in try server.create(try RBACObject.list(suggested)) { #expect(answer.status == 201, "\(answer.body)") }
        #expect(try server.request("DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/wide").status == 200)
        let reviews: [(AccessReview, Bool)] = [
            (AccessReview(user: "ann", .init("create", "configmaps", namespace: "shop")), true),
            (AccessReview(user: "ann", .init("get", "configmaps", name: "new", namespace: "shop")), true),
            (AccessReview(user: "ann", .init("list", "configmaps", name: "new", namespace: "shop")), true),
            (AccessReview(user: "ann", .init("get", "secrets", name: "none", namespace: "shop")), true),
            (AccessReview(user: "ann", .init("impersonate", "users", name: "bob")), true),
            (AccessReview(user: "ann", .init("impersonate", "groups", name: "ops")), true),
            (AccessReview(user: "ann", verb: "get", path: "/metrics"), true),
            (AccessReview(user: "ann", .init("get", "secrets", name: "db", namespace: "shop")), false),
            (AccessReview(user: "ann", .init("delete", "configmaps", name: "new", namespace: "shop")), false),
            (AccessReview(user: "ann", .init("list", "serviceaccounts", namespace: "shop")), false),
            (AccessReview(user: "ann", .init("impersonate", "users", name: "root")), false),
            (AccessReview(user: "ann", verb: "get", path: "/logs/x"), false),
        ]
        #expect(try server.allows(reviews.map(\.0)) == reviews.map(\.1))
    }
}
