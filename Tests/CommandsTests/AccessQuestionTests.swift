import Access
import Documents
import Kubernetes
import Testing

@testable import Commands

/// How the words of `can-i` and `who-can` are told apart.
struct AccessQuestionTests {
    private static let existing: Set<String> = ["rbac", "dump", "web"]

    private static func question(_ words: [String], sure: Int = 0, files: [String] = []) throws -> AccessQuestion {
        try AccessQuestion(words, surePaths: sure, files: files) { existing.contains($0) }
    }

    private static let words: [([String], Int, [String], String?, [String])] = [
        (["get", "pods", "rbac"], 0, [], nil, ["rbac"]),
        (["get", "pods", "db", "rbac"], 0, [], "db", ["rbac"]),
        (["get", "pods", "rbac", "db"], 0, [], "db", ["rbac"]),
        (["get", "pods", "-"], 0, [], nil, ["-"]),
        (["get", "pods", "db", "-"], 0, [], "db", ["-"]),
        (["get", "pods", "web"], 0, [], nil, ["web"]),
        (["get", "pods", "typo.yaml"], 0, [], nil, ["typo.yaml"]),
        (["get", "pods", "no/such"], 0, [], nil, ["no/such"]),
        (["get", "pods", "db", "a.yml", "b.json"], 0, [], "db", ["a.yml", "b.json"]),
        (["get", "pods", "missing"], 1, [], nil, ["missing"]),
        (["get", "pods", "db", "missing"], 1, [], "db", ["missing"]),
        (["get", "pods", "db"], 0, ["dump"], "db", ["dump"]),
        (["get", "pods"], 0, ["x"], nil, ["x"]),
        (["get", "/metrics", "rbac"], 0, [], nil, ["rbac"]),
    ]

    @Test(arguments: words)
    func wordsAreToldApart(words: [String], sure: Int, files: [String], name: String?, paths: [String]) throws {
        let question = try Self.question(words, sure: sure, files: files)
        #expect(question.verb == "get" && question.name == name && question.paths == paths)
    }

    @Test(arguments: [
        ([], "give a verb and a resource"), (["get"], "give a verb and a resource"), (["get", "", "rbac"], "give a verb and a resource"),
        (["get", "pods"], "which estate?"), (["get", "pods", "db"], "'db' is no file or directory and was taken for the name"),
        (["get", "pods", "db", "cache", "rbac"], "'cache' is no file or directory, and 'db' is the name already"),
    ])
    func whatCannotBeToldApartIsSaid(words: [String], says: String) {
        let failure = #expect(throws: Failure.self) { try Self.question(words) }
        #expect(failure?.code == .usage && failure?.description.contains(says) == true, "\(failure?.description ?? "")")
    }

    @Test func aDirectoryLikeANameIsRemarked() throws {
        #expect(
            try Self.question(["get", "pods", "web", "rbac"]).remarks == [
                "'web' exists here and is read as a path; to ask about an object of that name, write pods/web"
            ])
        #expect(try Self.question(["get", "pods", "rbac"]).remarks.isEmpty)
    }

    // MARK: - Requests

    private static let table = ResourceTable(
        of: Inventory(
            SourceObjects(
                DocumentTree.parse(
                    """
                    {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec:
                     {group: example.com, scope: Cluster, names: {plural: widgets, kind: Widget}, versions: [{name: v1, subresources: {status: {}}}]}}
                    """
                ).tree
            ).objects))

    private static func reading(
        _ verb: String, _ target: String, name: String? = nil, subresource: String? = nil, scope: AccessQuestion.Scope = .namespace("shop")
    ) throws -> AccessQuestion.Reading {
        try question([verb, target] + (name.map { [$0] } ?? []) + ["rbac"]).reading(table, subresource: subresource, scope: scope)
    }

    private static let requests: [(String, String, String?, String?, AccessRequest)] = [
        ("get", "po", nil, nil, AccessRequest("get", APIResource("", "pods"), namespace: "shop")),
        ("get", "pods/db", nil, nil, AccessRequest("get", APIResource("", "pods"), namespace: "shop", name: "db")),
        ("create", "pods/exec", nil, nil, AccessRequest("create", APIResource("", "pods/exec"), namespace: "shop")),
        ("create", "pods/exec", "db", nil, AccessRequest("create", APIResource("", "pods/exec"), namespace: "shop", name: "db")),
        ("create", "pods/exec", nil, "log", AccessRequest("create", APIResource("", "pods/log"), namespace: "shop", name: "exec")),
        ("get", "pods/foo", "db", nil, AccessRequest("get", APIResource("", "pods/foo"), namespace: "shop", name: "db")),
        (
            "update", "deployments.apps/scale", "db", nil,
            AccessRequest("update", APIResource("apps", "deployments/scale"), namespace: "shop", name: "db")
        ),
        ("get", "deployments.v1.apps", nil, nil, AccessRequest("get", APIResource("apps", "deployments"), namespace: "shop")),
        ("get", "deployments.v1beta1", nil, nil, AccessRequest("get", APIResource("apps", "deployments"), namespace: "shop")),
        ("get", "nodes", nil, nil, AccessRequest("get", APIResource("", "nodes", clusterScoped: true))),
        ("get", "Widget", nil, nil, AccessRequest("get", APIResource("example.com", "widgets", clusterScoped: true))),
        ("get", "widgets/status", nil, nil, AccessRequest("get", APIResource("example.com", "widgets/status", clusterScoped: true))),
        (
            "get", "namespaces/bank", nil, nil,
            AccessRequest("get", APIResource("", "namespaces", clusterScoped: true), namespace: "bank", name: "bank")
        ),
        ("list", "namespaces", "bank", nil, AccessRequest("list", APIResource("", "namespaces", clusterScoped: true), name: "bank")),
        ("*", "*", nil, nil, AccessRequest("*", APIResource("", "*"), namespace: "shop")),
        ("get", "*/scale", nil, nil, AccessRequest("get", APIResource("", "*/scale"), namespace: "shop")),
        ("get", "gizmos.example.org", nil, nil, AccessRequest("get", APIResource("example.org", "gizmos"), namespace: "shop")),
        ("get", "gizmos/status", nil, nil, AccessRequest("get", APIResource("", "gizmos/status"), namespace: "shop")),
        (
            "impersonate", "userextras/scopes", nil, nil,
            AccessRequest("impersonate", APIResource("authentication.k8s.io", "userextras/scopes", clusterScoped: true))
        ),
        ("get", "/metrics", nil, nil, AccessRequest("get", url: "/metrics")),
    ]

    @Test(arguments: requests)
    func requestsAreThoseOfKubectl(verb: String, target: String, name: String?, subresource: String?, request: AccessRequest) throws {
        #expect(try Self.reading(verb, target, name: name, subresource: subresource).request == request)
    }

    @Test(arguments: [
        ("get", "gizmos", "neither Kubernetes nor the estate has a resource 'gizmos'"), ("gett", "pods", "'gett' is no verb"),
        ("get", "pods/foo", ""), ("get", "nodes", "lives outside namespaces, so 'shop' does not matter"), ("get", "pods", ""),
        ("use", "psp", "outside"),
        ("create", "pods/db", "a request to create carries no name"), ("deletecollection", "pods/db", "carries no name"),
        ("connect", "/metrics", "'connect' is no verb of a path"), ("list", "pods/db", ""), ("create", "pods/exec", ""),
    ])
    func remarksSayWhatIsOdd(verb: String, target: String, says: String) throws {
        let remarks = try Self.reading(verb, target).remarks
        #expect(says.isEmpty ? remarks.isEmpty : remarks.count == 1 && remarks[0].contains(says), "\(remarks)")
    }

    @Test(
        arguments: [
            ("pods/", nil, nil), ("pods/a/b", nil, nil), ("/metrics", "db", nil), ("/metrics", nil, "scale"), ("pods/db", "web-1", "log"),
        ] as [(String, String?, String?)])
    func wrongResourcesAreUsage(target: String, name: String?, subresource: String?) {
        let failure = #expect(throws: Failure.self) { try Self.reading("get", target, name: name, subresource: subresource) }
        #expect(failure?.code == .usage)
    }

    @Test func allNamespacesAsksWithoutOne() throws {
        #expect(try Self.reading("get", "pods", scope: .allNamespaces).request == AccessRequest("get", APIResource("", "pods")))
        #expect(try Self.reading("get", "pods", scope: .allNamespaces).isNamespaced)
        #expect(try !Self.reading("get", "nodes", scope: .allNamespaces).isNamespaced)
    }
}
