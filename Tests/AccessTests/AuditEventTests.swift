import Access
import Documents
import Kubernetes
import Testing

struct AuditEventTests {
    /// An event with some fields replaced, or left out where the text is empty.
    static func event(_ fields: [String: String] = [:]) -> String {
        let usual = [
            "kind": "\"Event\"", "apiVersion": "\"audit.k8s.io/v1\"", "level": "\"Metadata\"", "stage": "\"ResponseComplete\"",
            "requestURI": "\"/api/v1/namespaces/shop/pods/web\"", "verb": "\"get\"",
            "user": "{\"username\": \"ann\", \"groups\": [\"dev\", \"system:authenticated\"]}",
            "objectRef": "{\"resource\": \"pods\", \"namespace\": \"shop\", \"name\": \"web\", \"apiVersion\": \"v1\"}",
            "requestReceivedTimestamp": "\"2026-11-24T05:18:49.123456Z\"",
            "annotations": "{\"authorization.k8s.io/decision\": \"allow\", \"authorization.k8s.io/reason\": \"RBAC: allowed by …\"}",
        ]
        let all = usual.merging(fields) { $1 }.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
        return "{\(all.map { "\"\($0)\": \($1)" }.joined(separator: ", "))}"
    }

    static func read(_ text: String) throws(WrongType) -> AuditEvent.Reading {
        try AuditEvent.read(DocumentTree.parse(Array(text.utf8), source: "audit.log", syntax: .json).tree.roots[0])
    }

    private static func allowed(_ fields: [String: String] = [:]) throws -> AuditEvent {
        guard case .allowed(let event) = try read(event(fields)) else { throw Unexpected() }
        return event
    }

    private struct Unexpected: Error {}

    private static let pods = APIResource("", "pods")

    private static let requests: [([String: String], AccessRequest)] = [
        ([:], AccessRequest("get", pods, namespace: "shop", name: "web")),
        (["verb": "\"list\"", "objectRef": "{\"resource\": \"pods\", \"namespace\": \"shop\"}"], AccessRequest("list", pods, namespace: "shop")),
        // The log takes the name from the object that is created, the authorizer never saw it.
        (["verb": "\"create\""], AccessRequest("create", pods, namespace: "shop")),
        (
            ["verb": "\"create\"", "objectRef": "{\"resource\": \"pods\", \"namespace\": \"shop\", \"name\": \"web\", \"subresource\": \"exec\"}"],
            AccessRequest("create", APIResource("", "pods/exec"), namespace: "shop", name: "web")
        ),
        (
            ["objectRef": "{\"resource\": \"nodes\", \"name\": \"n1\"}"], AccessRequest("get", APIResource("", "nodes"), name: "n1")
        ),
        (
            ["objectRef": "{\"resource\": \"deployments\", \"apiGroup\": \"apps\", \"namespace\": \"shop\", \"name\": \"x\"}"],
            AccessRequest("get", APIResource("apps", "deployments"), namespace: "shop", name: "x")
        ),
        (["objectRef": "", "requestURI": "\"/metrics?x=/y\""], AccessRequest("get", url: "/metrics")),
        (["objectRef": "", "requestURI": "\"/logs/a%20b%2\""], AccessRequest("get", url: "/logs/a b%2")),
        (["objectRef": "{}", "requestURI": "\"/\""], AccessRequest("get", url: "/")),
        (["apiVersion": "\"audit.k8s.io/v1beta1\"", "stage": "\"Panic\""], AccessRequest("get", pods, namespace: "shop", name: "web")),
    ]

    @Test(arguments: requests)
    func requestsAreThoseTheAuthorizerSaw(fields: [String: String], request: AccessRequest) throws {
        let event = try Self.allowed(fields)
        #expect(event.request == request && event.user == "ann" && event.groups == ["dev", "system:authenticated"])
        #expect(event.time == "2026-11-24T05:18:49.123456Z" && event.impersonations.isEmpty)
    }

    @Test func theImpersonatedUserCountsAndTheOtherImpersonates() throws {
        let event = try Self.allowed([
            "impersonatedUser": """
            {"username": "bob", "groups": ["ops", "system:authenticated"], "uid": "7", "extra": {"scopes": ["a", "b"]}}
            """
        ])
        #expect(event.user == "bob" && event.groups == ["ops", "system:authenticated"])
        #expect(event.impersonations.allSatisfy { $0.user == "ann" && $0.groups == ["dev", "system:authenticated"] && $0.impersonations.isEmpty })
        let authentication = "authentication.k8s.io"
        #expect(
            event.impersonations.map(\.request) == [
                AccessRequest("impersonate", APIResource("", "users", clusterScoped: true), name: "bob"),
                AccessRequest("impersonate", APIResource("", "groups", clusterScoped: true), name: "ops"),
                AccessRequest("impersonate", APIResource(authentication, "uids", clusterScoped: true), name: "7"),
                AccessRequest("impersonate", APIResource(authentication, "userextras/scopes", clusterScoped: true), name: "a"),
                AccessRequest("impersonate", APIResource(authentication, "userextras/scopes", clusterScoped: true), name: "b"),
            ])
    }

    @Test func serviceAccountsAreImpersonatedInTheirNamespace() throws {
        let groups = "[\"system:serviceaccounts\", \"system:serviceaccounts:shop\", \"system:authenticated\"]"
        let event = try Self.allowed(["impersonatedUser": "{\"username\": \"system:serviceaccount:shop:web\", \"groups\": \(groups)}"])
        #expect(
            event.impersonations.map(\.request) == [AccessRequest("impersonate", APIResource("", "serviceaccounts"), namespace: "shop", name: "web")])
    }

    @Test func othersDoNotCount() throws {
        guard case .unfinished = try Self.read(Self.event(["stage": "\"RequestReceived\""])) else { return #expect(Bool(false)) }
        guard case .unfinished = try Self.read(Self.event(["stage": "\"ResponseStarted\""])) else { return #expect(Bool(false)) }
        for annotations in ["{\"authorization.k8s.io/decision\": \"forbid\"}", "{}", ""] {
            guard case .notAllowed = try Self.read(Self.event(["annotations": annotations])) else { return #expect(Bool(false)) }
        }
    }

    @Test(arguments: [
        (["kind": "\"Pod\""], "", "an Event of audit.k8s.io"), (["apiVersion": "\"v1\""], "", "an Event of audit.k8s.io"),
        (["kind": "1"], "kind", "a string"), (["user": "{}"], "user", "a user with a name"), (["user": "[]"], "user", "a mapping"),
        (["user": "{\"username\": \"ann\", \"groups\": \"dev\"}"], "user.groups", "a sequence"), (["verb": ""], "", "an event with a verb"),
        (["objectRef": "", "requestURI": ""], "", "an event with an object or a path"),
        (["requestReceivedTimestamp": "\"yesterday\""], "requestReceivedTimestamp", "an event with a time in UTC"),
        (["requestReceivedTimestamp": "\"2026-11-24T05:18:49+02:00\""], "requestReceivedTimestamp", "an event with a time in UTC"),
        (["requestReceivedTimestamp": ""], "", "an event with a time in UTC"),
        (["objectRef": "{\"resource\": 3}"], "objectRef.resource", "a string"),
        (["impersonatedUser": "{\"groups\": []}"], "impersonatedUser", "a user with a name"),
    ])
    func brokenEventsSayWhere(fields: [String: String], path: String, expected: String) {
        let error = #expect(throws: WrongType.self) { try Self.read(Self.event(fields)) }
        #expect(error?.value.fieldPath == path)
        #expect(error.map { "\($0.expected)" } == expected)
    }
}
