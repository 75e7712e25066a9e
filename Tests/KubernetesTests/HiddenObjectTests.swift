import Documents
import Kubernetes
import Testing

/// Ways to write an object so that kubectl creates it, or a person believes it judged, while a control would not see it.
struct HiddenObjectTests {
    private func read(_ text: String) -> SourceObjects { SourceObjects(DocumentTree.parse(text).tree) }

    /// kubectl 1.33 creates the Pod of each of these.
    @Test(arguments: [
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, items: [POD]}", "{apiVersion: v1, kind: Deployment, items: [POD]}",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, items: [POD]}]}",
        "{apiVersion: apps/v1, kind: PodList, items: [POD]}", "{apiVersion: example.com/v1, kind: Bag, items: [POD]}",
    ])
    func whateverHasItemsIsAList(list: String) {
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: hidden}, spec: {containers: [{name: app}]}}"
        let read = read(list.replacing("POD", with: pod))
        #expect(read.objects.contains { $0.name == "hidden" && $0.pod?.containers.count == 1 })
    }

    @Test func whatIsNotCalledAListStaysAnObject() {
        let read = read("{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: app}]}, items: []}")
        #expect(read.objects.map(\.name) == ["x"])
    }

    @Test(arguments: [
        ("v1", "Pod", true), ("/v1", "Pod", true), ("v2", "Pod", true), ("core/v1", "Pod", false), ("v1", "pod", false), ("v1", "Pod ", false),
        ("v1", "Deployment", false), ("apps/v1", "Pod", false), ("Apps/v1", "Deployment", false), ("apps /v1", "Deployment", false),
        ("apps/v1/x", "Deployment", false), ("apps/v1beta1", "Deployment", true), ("extensions/v1beta1", "DaemonSet", true),
        ("batch/v1", "Jobs", false),
        ("rbac.authorization.k8s.io/v1", "Clusterrole", false), ("rbac.authorization.k8s.io/v1", "RoleList", true), ("core/v1", "PODS", true),
        ("networking.istio.io/v1", "Gateway", true), ("serving.knative.dev/v1", "Service", true), ("v1", "Config", true),
        ("skaffold/v4beta11", "Config", true), ("compute/v1", "Deployment", false),
    ])
    func kindsThatKubernetesDoesNotHaveAreNamed(apiVersion: String, kind: String, isServable: Bool) throws {
        let read = read("{apiVersion: \"\(apiVersion)\", kind: \"\(kind)\", metadata: {name: x}}")
        #expect(try #require(read.objects.first).isServable == isServable)
        #expect(read.unserved.isEmpty == isServable)
    }

    @Test func objectsThatStandTwiceAreNamed() {
        func repeated(_ text: String) -> [Int] { Inventory(read(text).objects).repeated }
        let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}}}\n---\n"
        #expect(repeated(policy + policy) == [1])
        #expect(repeated(policy + policy.replacing("networking.k8s.io", with: "crd.projectcalico.org")).isEmpty)
        #expect(repeated(policy + policy.replacing("name: deny", with: "name: deny, namespace: shop")).isEmpty)
        #expect(repeated(policy.replacing("name:", with: "generateName:") + policy.replacing("name:", with: "generateName:")).isEmpty)
        let sources = ["a", "b"].map { DocumentTree.parse(policy, source: $0).tree }
        #expect(Inventory(sources.flatMap { SourceObjects($0).objects }).repeated.isEmpty)
    }
}
