import Documents
import Kubernetes
import Testing

struct ResourceTableTests {
    private static func table(_ manifests: String) -> ResourceTable {
        ResourceTable(of: Inventory(SourceObjects(DocumentTree.parse(manifests).tree).objects))
    }

    private static let definitions = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Cluster
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd, po]}
          versions: [{name: v1, subresources: {status: {}}}, {name: v2, subresources: {scale: {}}}]
        ---
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: pods.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: pods, kind: Pod}
          versions: [{name: v1}]
        ---
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: workloads.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: workloads, kind: Workload}
          versions: [{name: v1}]
        ---
        apiVersion: apiextensions.k8s.io/v1beta1
        kind: CustomResourceDefinition
        metadata: {name: olds.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: olds, kind: Old}
          subresources: {status: {}}
        """

    /// As kubectl resolves them: plural, singular, kind, short name; with a group, also one cut short.
    @Test(arguments: [
        ("po", "", "pods", ""), ("pod", "", "pods", ""), ("Pod", "", "pods", ""), ("PODS", "", "pods", ""), ("deploy", "", "deployments", "apps"),
        ("deployments", "apps", "deployments", "apps"), ("deploy", "app", "deployments", "apps"), ("Deployment", "", "deployments", "apps"),
        ("ev", "", "events", ""), ("events", "events.k8s.io", "events", "events.k8s.io"), ("events", "events", "events", "events.k8s.io"),
        ("ing", "", "ingresses", "networking.k8s.io"), ("crd", "", "customresourcedefinitions", "apiextensions.k8s.io"), ("no", "", "nodes", ""),
        ("endpoints", "", "endpoints", ""), ("cs", "", "componentstatuses", ""), ("users", "", "users", ""),
        ("widget", "", "widgets", "example.com"), ("wd", "", "widgets", "example.com"), ("pods", "example.com", "pods", "example.com"),
        ("workloads", "", "workloads", "example.com"), ("workload", "scheduling", "workloads", "scheduling.k8s.io"),
        ("olds", "ex", "olds", "example.com"),
    ])
    func namesMeanWhatKubectlTakesThemFor(name: String, group: String, plural: String, found: String) throws {
        let resource = try #require(Self.table(Self.definitions).resource(named: name, group: group))
        #expect(resource.plural == plural && resource.group == found)
    }

    @Test(arguments: [("gadgets", ""), ("pods", "apps"), ("deployments", "batch"), ("", ""), ("widgets", "other.com")])
    func othersAreUnknown(name: String, group: String) {
        #expect(Self.table(Self.definitions).resource(named: name, group: group) == nil)
    }

    @Test func subresourcesAndScopesAreThoseOfDiscovery() throws {
        let table = Self.table(Self.definitions)
        let pods = try #require(table.resource(named: "pods"))
        #expect(pods.hasSubresource("exec") && !pods.hasSubresource("scale") && !pods.isClusterScoped)
        #expect(pods.resource("exec") == APIResource("", "pods/exec"))
        let widgets = try #require(table.resource(named: "widgets"))
        #expect(widgets.subresources == ["scale", "status"] && widgets.isClusterScoped)
        #expect(widgets.resource() == APIResource("example.com", "widgets", clusterScoped: true))
        #expect(try #require(table.resource(named: "olds")).subresources == ["status"])
        #expect(try #require(table.resource(named: "userextras")).hasSubresource("scopes"))
    }

    @Test(arguments: [
        ("group: 1", "a string", 2), ("group: ''", "the group of the resource", 2), ("scope: Galaxy", "Cluster or Namespaced", 2),
        ("names: {kind: W}", "the plural name of the resource", 2), ("names: {plural: w}", "the kind of the resource", 2),
        ("versions: 3", "a sequence", 2),
    ])
    func brokenDefinitionsAreNamed(replaced: String, expected: String, line: Int) {
        var fields = ["group": "group: a.com", "scope": "scope: Cluster", "names": "names: {plural: w, kind: W}", "versions": "versions: []"]
        fields[String(replaced.prefix { $0 != ":" })] = replaced
        let table = Self.table(
            """
            {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: w.a.com},
             spec: {\(fields.values.sorted().joined(separator: ", "))}}
            """)
        #expect(table.faults.map { "\($0.expected)" } == [expected])
        #expect(table.faults.map(\.value.position.line) == [line])
        #expect(table.resource(named: "w") == nil)
    }

    /// A kind of the same name from elsewhere is no definition.
    @Test func namesakesDefineNothing() {
        let table = Self.table(
            "{apiVersion: example.com/v1, kind: CustomResourceDefinition, metadata: {name: x}, spec: {group: 3}}")
        #expect(table.faults.isEmpty)
    }

    @Test func theTableIsWellFormed() {
        let resources = ServedResource.builtIn
        #expect(resources.count > 80)
        #expect(Set(resources.map { [$0.group, $0.plural] }).count == resources.count, "a resource stands twice")
        for resource in resources {
            #expect(resource.plural == resource.plural.lowercased() && resource.kind.first?.isUppercase == true, "\(resource)")
            #expect(resource.subresources == resource.subresources.sorted(), "\(resource)")
        }
    }
}
