import Access
import ClusterSupport
import Foundation
import Testing

/// Techniques played out against a real API server: where the analysis sees a way the requests go through, where it sees none
/// they are refused.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct APIServerTechniqueTests {
    /// One request of an attacker. `{user}` stands for the user's name.
    struct Request: Sendable {
        let method: String
        let path: String
        var body: String?
        var headers: [String: String] = [:]
    }

    /// A user with some rights, what it tries, and whether that should succeed.
    struct Play: Sendable {
        let name: String
        let manifests: String
        let attack: [Request]
        let isOpen: Bool
        /// Afterwards the user itself reads Secrets of kube-system; otherwise the attack did so.
        var provesItself = true
    }

    private static let rbac = "/apis/rbac.authorization.k8s.io/v1"

    private static func bind(_ role: String, in namespace: String = "") -> Request {
        let place = namespace.isEmpty ? "clusterrolebindings" : "namespaces/\(namespace)/rolebindings"
        let kind = namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        return Request(
            method: "POST", path: "\(rbac)/\(place)",
            body: """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "\(kind)", "metadata": {"name": "taken-by-{user}"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "\(role)"},
                 "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{user}"}]}
                """)
    }

    /// Writes every right into a ClusterRole; without a name it creates one with these labels.
    private static func write(_ name: String?, labels: String = "{}") -> Request {
        Request(
            method: name == nil ? "POST" : "PUT", path: "\(rbac)/clusterroles\(name.map { "/\($0)" } ?? "")",
            body: """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                 "metadata": {"name": "\(name ?? "made-by-{user}")", "labels": \(labels)},
                 "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
                """)
    }

    private static let secrets = "/api/v1/namespaces/kube-system/secrets"
    private static let token = Request(
        method: "POST", path: "/api/v1/namespaces/shop/serviceaccounts/boss/token",
        body: #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#)

    private static func read(as headers: [String: String]) -> Request { Request(method: "GET", path: secrets, headers: headers) }

    private static func pod(_ account: String) -> Request {
        Request(
            method: "POST", path: "/api/v1/namespaces/shop/pods",
            body: """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-of-{user}"},
                 "spec": {"serviceAccountName": "\(account)", "automountServiceAccountToken": false, "containers": [{"name": "a", "image": "b"}]}}
                """)
    }

    private static func cluster(_ rules: String...) -> String {
        Rbac.clusterRole("power-of-{user}", rules) + Rbac.bind("power-of-{user}", "power-of-{user}", to: "User {user}")
    }

    private static func shop(_ rules: String...) -> String {
        Rbac.role("shop", "power-of-{user}", rules) + Rbac.bind("power-of-{user}", "Role/power-of-{user}", to: "User {user}", in: "shop")
    }

    static let roles: [Play] = [
        Play(
            name: "bind", manifests: cluster("bind rbac:clusterroles", "create rbac:clusterrolebindings"), attack: [bind("cluster-admin")],
            isOpen: true),
        Play(
            name: "bindings without bind", manifests: cluster("create,update rbac:clusterrolebindings"), attack: [bind("cluster-admin")],
            isOpen: false),
        Play(
            name: "bind of a harmless role", manifests: cluster("bind rbac:clusterroles view", "create rbac:clusterrolebindings"),
            attack: [bind("cluster-admin")], isOpen: false),
        Play(
            name: "bind of a powerful role by name", manifests: cluster("bind rbac:clusterroles strong", "create rbac:clusterrolebindings"),
            attack: [bind("strong")], isOpen: true),
        Play(
            name: "bind in the namespace", manifests: shop("bind rbac:clusterroles", "create rbac:rolebindings"),
            attack: [bind("cluster-admin", in: "shop")], isOpen: true, provesItself: false),
        Play(
            name: "bind in another namespace",
            manifests: Rbac.role("bank", "b-of-{user}", "bind rbac:clusterroles")
                + Rbac.bind("b-of-{user}", "Role/b-of-{user}", to: "User {user}", in: "bank") + shop("create rbac:rolebindings"),
            attack: [bind("cluster-admin", in: "shop")], isOpen: false),
        Play(
            name: "escalate", manifests: cluster("escalate,update rbac:clusterroles"), attack: [write("power-of-{user}")], isOpen: true),
        Play(name: "update without escalate", manifests: cluster("update rbac:clusterroles"), attack: [write("power-of-{user}")], isOpen: false),
        Play(
            name: "escalate of another role", manifests: cluster("escalate rbac:clusterroles other", "update rbac:clusterroles"),
            attack: [write("power-of-{user}")], isOpen: false),
        Play(
            name: "escalate by name does not create",
            manifests: cluster("escalate rbac:clusterroles made-by-{user}", "create rbac:clusterroles")
                + Rbac.bind("view-of-{user}", "view", to: "User {user}"),
            attack: [write(nil, labels: #"{"rbac.authorization.k8s.io/aggregate-to-view": "true"}"#)], isOpen: false),
    ]

    /// The last one: afterwards `view` has every right.
    static let aggregation = [
        Play(
            name: "escalate by aggregation",
            manifests: cluster("escalate,create rbac:clusterroles") + Rbac.bind("view-of-{user}", "view", to: "User {user}"),
            attack: [write(nil, labels: #"{"rbac.authorization.k8s.io/aggregate-to-view": "true"}"#)], isOpen: true)
    ]

    static let identities: [Play] = [
        Play(
            name: "groups alone", manifests: cluster("impersonate :groups"),
            attack: [read(as: ["Impersonate-User": "nobody", "Impersonate-Group": "system:masters"])], isOpen: false),
        Play(
            name: "groups without a user", manifests: cluster("impersonate :groups"), attack: [read(as: ["Impersonate-Group": "system:masters"])],
            isOpen: false),
        Play(
            name: "groups and a user", manifests: cluster("impersonate :groups", "impersonate :users nobody"),
            attack: [read(as: ["Impersonate-User": "nobody", "Impersonate-Group": "system:masters"])], isOpen: true, provesItself: false),
        Play(
            name: "any user", manifests: cluster("impersonate :users"),
            attack: [read(as: ["Impersonate-User": "system:kube-controller-manager"])], isOpen: true, provesItself: false),
        Play(
            name: "a service account by the right over users", manifests: cluster("impersonate :users system:serviceaccount:shop:boss"),
            attack: [read(as: ["Impersonate-User": "system:serviceaccount:shop:boss"])], isOpen: false),
        Play(
            name: "a service account", manifests: shop("impersonate :serviceaccounts"),
            attack: [read(as: ["Impersonate-User": "system:serviceaccount:shop:boss"])], isOpen: true, provesItself: false),
        Play(name: "a token", manifests: shop("create :serviceaccounts/token boss"), attack: [token], isOpen: true, provesItself: false),
        Play(name: "a token of another", manifests: shop("create :serviceaccounts/token web"), attack: [token], isOpen: false),
        Play(name: "a Pod", manifests: shop("create :pods"), attack: [pod("boss")], isOpen: true, provesItself: false),
        Play(name: "a Pod by name", manifests: shop("create :pods pod-of-{user}"), attack: [pod("boss")], isOpen: false),
        Play(
            name: "Secrets by name, listed",
            manifests: shop("list :secrets token-of-boss"),
            attack: [Request(method: "GET", path: "/api/v1/namespaces/shop/secrets?fieldSelector=metadata.name%3Dtoken-of-boss")], isOpen: true,
            provesItself: false),
        Play(
            name: "other Secrets by name, listed", manifests: shop("list :secrets other"),
            attack: [Request(method: "GET", path: "/api/v1/namespaces/shop/secrets")], isOpen: false),
        Play(
            // The empty name is that of a request without one.
            name: "a Pod by the empty name", manifests: shop("create :pods x").replacing("resourceNames: [\"x\"]", with: "resourceNames: [\"\"]"),
            attack: [pod("boss")], isOpen: true, provesItself: false),
        Play(
            // A request for one namespace carries that namespace, so a Role there allows it.
            name: "the labels of the own namespace", manifests: shop("create :pods", "patch :namespaces"),
            attack: [
                Request(
                    method: "PATCH", path: "/api/v1/namespaces/shop", body: #"{"metadata": {"labels": {"taken-by": "{user}"}}}"#,
                    headers: ["Content-Type": "application/merge-patch+json"])
            ], isOpen: true, provesItself: false),
    ]

    /// The stronger service account that waits in the namespace.
    private static let estate =
        Rbac.namespace("shop", enforce: "restricted") + Rbac.namespace("bank", enforce: "restricted") + Rbac.clusterRole("strong", "* *:*")
        + Rbac.boss
        + "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: boss, namespace: shop}\n"
        + Rbac.tokenSecret("shop/token-of-boss", account: "boss")

    @Test(.timeLimit(.minutes(60)))
    func theServerAgrees() async throws {
        let plays = (Self.roles + Self.identities + Self.aggregation).enumerated().map { (user: "user-\($0.offset)", play: $0.element) }
        let users = Dictionary(uniqueKeysWithValues: plays.map { ($0.user, [String]()) })
        let manifests = Self.estate + plays.map { $0.play.manifests.replacing("{user}", with: $0.user) }.joined()
        let analysis = escalation(manifests)
        #expect(analysis.faults.isEmpty)
        try await APIServer.running(users: users, controllers: ["clusterrole-aggregation"]) { server in
            for answer in try server.create(manifests) { try #require(answer.status == 201, "\(answer.body)") }
            for (user, play) in plays {
                #expect((analysis.way(.user(user)) != nil) == play.isOpen, "\(play.name): \(analysis.way(.user(user)) ?? "no way")")
                let headers = ["Authorization": "Bearer \(try #require(server.tokens[user]))"]
                try Self.wait(server, headers, play.manifests)
                for request in play.attack {
                    let answer = try server.request(
                        request.method, request.path.replacing("{user}", with: user), body: request.body?.replacing("{user}", with: user),
                        headers: headers.merging(request.headers) { $1 })
                    #expect((200..<300).contains(answer.status) == play.isOpen, "\(play.name): \(answer.status) \(answer.body)")
                }
                guard play.provesItself else { continue }
                #expect(try Self.readsSecrets(server, headers, patiently: play.isOpen) == play.isOpen, "\(play.name)")
            }
        }
    }

    /// The authorizer hears of a new binding a moment after it is stored. Each look is a request of its own, so that there is
    /// nothing to sleep for.
    private static func readsSecrets(_ server: APIServer, _ headers: [String: String], patiently isPatient: Bool) throws -> Bool {
        for _ in 0..<(isPatient ? 3_000 : 1) where try server.get(secrets, headers: headers).status == 200 { return true }
        return false
    }

    /// Until the user's own binding counts: its rights can be asked for.
    private static func wait(_ server: APIServer, _ headers: [String: String], _ manifests: String) throws {
        let review = #"{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "shop"}}"#
        let expected = manifests.split(separator: "verbs: [\"").dropFirst().compactMap { $0.split(separator: "\"").first }.last ?? ""
        for _ in 0..<3_000 {
            let answer = try server.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", review, headers: headers)
            if answer.body.contains("\"\(expected)\"") { return }
        }
        Issue.record("the server does not hear of the rights")
    }
}
