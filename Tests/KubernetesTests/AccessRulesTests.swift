import Documents
import Testing

@testable import Kubernetes

private func rule(_ json: String) throws -> PolicyRule {
    try PolicyRule(try #require(DocumentTree.parse(json).tree.roots.first))
}

private func inventory(_ yaml: String) -> Inventory {
    Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
}

/// One request and what kube-apiserver's RBAC authorizer answers to it.
struct Request: CustomTestStringConvertible, Sendable {
    let rule: String
    let verb: String
    let resource: APIResource
    var name = ""
    let isAllowed: Bool

    var testDescription: String { "\(verb) \(resource.group)/\(resource.path) \(name) by \(rule)" }
}

struct PolicyRuleTests {
    static let pods = APIResource("", "pods")
    static let exec = APIResource("", "pods/exec")
    static let podsRule = #"{"apiGroups":[""],"resources":["pods"],"verbs":["get","create","list"]}"#
    static let named =
        #"{"apiGroups":[""],"resources":["pods","pods/exec"],"verbs":["get","create","list","deletecollection"],"resourceNames":["a"]}"#

    static let requests = [
        Request(rule: podsRule, verb: "get", resource: pods, name: "a", isAllowed: true),
        Request(rule: podsRule, verb: "delete", resource: pods, name: "a", isAllowed: false),
        Request(rule: podsRule, verb: "get", resource: exec, name: "a", isAllowed: false),
        Request(rule: podsRule, verb: "get", resource: APIResource("metrics.k8s.io", "pods"), isAllowed: false),
        Request(rule: #"{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}"#, verb: "escalate", resource: exec, isAllowed: true),
        Request(rule: #"{"apiGroups":[""],"resources":["*"],"verbs":["create"]}"#, verb: "create", resource: exec, isAllowed: true),
        Request(rule: #"{"apiGroups":[""],"resources":["pods/*"],"verbs":["create"]}"#, verb: "create", resource: exec, isAllowed: false),
        Request(rule: #"{"apiGroups":[""],"resources":["*/exec"],"verbs":["create"]}"#, verb: "create", resource: exec, isAllowed: true),
        Request(rule: #"{"apiGroups":[""],"resources":["*/exec"],"verbs":["create"]}"#, verb: "create", resource: pods, isAllowed: false),
        Request(rule: #"{"apiGroups":[""],"resources":["*/xec"],"verbs":["create"]}"#, verb: "create", resource: exec, isAllowed: false),
        Request(rule: #"{"apiGroups":[],"resources":["pods"],"verbs":["get"]}"#, verb: "get", resource: pods, isAllowed: false),
        Request(rule: #"{"resources":["pods"],"verbs":["get"]}"#, verb: "get", resource: pods, isAllowed: false),
        Request(rule: #"{"apiGroups":[null],"resources":["pods"],"verbs":["get"]}"#, verb: "get", resource: pods, isAllowed: true),
        Request(rule: #"{"apiGroups":[""],"resources":["Pods"],"verbs":["get"]}"#, verb: "get", resource: pods, isAllowed: false),
        Request(rule: #"{"apiGroups":[""],"resources":["pods"],"verbs":["GET"]}"#, verb: "get", resource: pods, isAllowed: false),
        Request(rule: named, verb: "get", resource: pods, name: "a", isAllowed: true),
        Request(rule: named, verb: "get", resource: pods, name: "b", isAllowed: false),
        Request(rule: named, verb: "create", resource: pods, isAllowed: false),
        Request(rule: named, verb: "create", resource: exec, name: "a", isAllowed: true),
        Request(rule: named, verb: "list", resource: pods, isAllowed: false),
        Request(rule: named, verb: "list", resource: pods, name: "a", isAllowed: true),
        Request(rule: named, verb: "deletecollection", resource: pods, isAllowed: false),
    ]

    @Test(arguments: requests)
    func allowsWhatTheAuthorizerAllows(request: Request) throws {
        #expect(try rule(request.rule).allows(request.verb, request.resource, name: request.name) == request.isAllowed)
    }

    @Test(arguments: [
        ("*", "/metrics", true), ("/metrics", "/metrics", true), ("/metrics", "/metrics/x", false), ("/logs/*", "/logs/a/b", true),
        ("/logs/*", "/logs", false), ("/log*", "/logs", true), ("/*", "/version", true),
    ])
    func matchesPaths(pattern: String, path: String, isAllowed: Bool) throws {
        let rule = try rule(#"{"nonResourceURLs":["\#(pattern)"],"verbs":["get"]}"#)
        #expect(try rule.allows("get", url: path) == isAllowed)
        #expect(try !rule.allows("post", url: path))
    }

    @Test(arguments: [
        (#"{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}"#, true), (#"{"apiGroups":[""],"resources":["pods","*"],"verbs":["get","*"]}"#, true),
        (#"{"apiGroups":["apps"],"resources":["*"],"verbs":["*"]}"#, false), (#"{"apiGroups":["*"],"resources":["*"],"verbs":["get"]}"#, false),
        (#"{"apiGroups":["*"],"resources":["*"],"verbs":["*"],"resourceNames":["a"]}"#, false),
        (#"{"nonResourceURLs":["*"],"verbs":["*"]}"#, false),
    ])
    func knowsAdministrators(json: String, expected: Bool) throws {
        #expect(try rule(json).isAdministrative == expected)
    }

    @Test func wrongTypesAreNeverRead() throws {
        #expect(throws: WrongType.self) { try rule(#"{"apiGroups":[""],"resources":["pods"],"verbs":[1]}"#).allows("get", Self.pods) }
        #expect(throws: WrongType.self) { try rule(#"{"apiGroups":"*","resources":["pods"],"verbs":["get"]}"#).allows("get", Self.pods) }
        #expect(throws: WrongType.self) { try rule("[]") }
    }
}

struct AccessIndexTests {
    private let estate = inventory(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: wide}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: narrow}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: idle}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: wide}
        roleRef: {kind: ClusterRole, name: wide}
        subjects: [{kind: User, name: "system:serviceaccount:shop:web"}, {kind: Group, name: "system:serviceaccounts:shop"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: narrow, namespace: shop}
        roleRef: {kind: ClusterRole, name: narrow}
        subjects: [{kind: ServiceAccount, name: web}]
        ---
        apiVersion: iam.example.com/v1
        kind: RoleBinding
        metadata: {name: foreign, namespace: shop}
        roleRef: {kind: ClusterRole, name: idle}
        """)

    @Test func tellsHowFarARoleReaches() throws {
        func reach(_ name: String) throws -> Reach {
            estate.reach(of: try #require(estate.object(kind: "ClusterRole", namespace: "", name: name)))
        }
        #expect(try reach("wide") == .cluster)
        #expect(try reach("narrow") == .namespaces(["shop"]))
        #expect(try reach("idle") == .unbound)
    }

    @Test func findsBindingsOfAServiceAccountByEachOfItsNames() {
        func bindings(_ account: String, _ namespace: String) -> [String] {
            RightsHolder.holders(ofServiceAccount: account, in: namespace).flatMap { estate.clusterBindings(of: $0) }.map { estate.objects[$0].name }
        }
        #expect(bindings("web", "shop") == ["wide", "wide"])
        #expect(bindings("other", "shop") == ["wide"])
        #expect(bindings("web", "bank").isEmpty)
        #expect(estate.access.holds("ClusterRole", in: ""))
        #expect(!estate.access.holds("ServiceAccount", in: "shop"))
    }

    @Test(arguments: [
        ("{kind: ServiceAccount, name: web}", "shop/web"), ("{kind: ServiceAccount, name: web, namespace: ci}", "ci/web"),
        ("{kind: User, name: 'system:serviceaccount:ci:web'}", "ci/web"), ("{kind: User, name: 'system:serviceaccount:ci'}", nil),
        ("{kind: User, name: jane}", nil), ("{kind: Group, name: 'system:serviceaccount:ci:web'}", nil),
    ])
    func readsServiceAccounts(subject: String, expected: String?) throws {
        let binding = try #require(estate.object(kind: "RoleBinding", namespace: "shop", name: "narrow"))
        let node = try #require(DocumentTree.parse(subject).tree.roots.first)
        let account = try BindingSubject(node, in: binding).serviceAccount
        #expect(account.map { "\($0.namespace)/\($0.name)" } == expected)
    }
}

struct BootstrapRoleTests {
    private func role(_ name: String, _ rule: String) throws -> (KubernetesObject, PolicyRule) {
        let yaml = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: '\(name)'}\nrules: [\(rule)]\n"
        let object = try #require(SourceObjects(DocumentTree.parse(yaml).tree).objects.first)
        return (object, try #require(try object.policyRules().first))
    }

    @Test(arguments: [
        ("cluster-admin", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", true),
        ("cluster-admin", "{nonResourceURLs: ['*'], verbs: ['*']}", true),
        ("cluster-admin2", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", false),
        ("view", "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", false),
        ("admin", "{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]}", true),
        ("view", "{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]}", false),
        ("edit", "{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate, get]}", false),
        ("edit", "{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate], resourceNames: [a]}", false),
    ])
    func knowsTheAPIServersOwnRules(name: String, rule: String, expected: Bool) throws {
        let (object, rule) = try role(name, rule)
        #expect(try BootstrapRoles.holds(rule, in: object) == expected)
    }

    @Test func orderOfItemsMeansNothing() throws {
        let rule =
            "{verbs: [watch, list, get], resources: [services/proxy, secrets, pods/proxy, pods/portforward, pods/exec, pods/attach], apiGroups: ['']}"
        let (object, read) = try role("edit", rule)
        #expect(try BootstrapRoles.holds(read, in: object))
    }
}
