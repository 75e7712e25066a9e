import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

@testable import Responsibility

/// A dump of a cluster holds a workload and its Pods; a fault is reported once, at the root.
struct RepeatedFindingsTests {
    /// A Deployment and a Pod that names it as its controller.
    private func dump(referenceUID: String = "u1", podValue: String = "true", ownerKind: String = "DaemonSet") -> String {
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: web, namespace: shop, uid: u1}
        spec:
          template:
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: {privileged: true}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-1
          namespace: shop
          ownerReferences:
          - {apiVersion: apps/v1, kind: \(ownerKind), name: web, uid: \(referenceUID), controller: true}
        spec:
          containers:
          - name: sidecar
            image: registry.example.com/proxy:1.0
          - name: app
            image: registry.example.com/app:1.0
            securityContext: {privileged: \(podValue), runAsUser: 0}
        """
    }

    /// Names of the objects whose findings stay.
    private func kept(_ manifest: String, control id: String) throws -> [String] {
        let controls = BuiltInControls.all.filter { $0.id == id }
        let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects)
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let attributor = Attributor(model: model, inventory: inventory, controls: controls, now: Timestamp(secondsSinceEpoch: 0))
        let findings = attributor.attribute(
            Catalogue(controls).judge(inventory, objects: inventory.objects.indices).findings, controls: controls)
        let repeated = RepeatedFindings(findings, in: inventory)
        return findings.filter { !repeated.contains($0) }.map { inventory.objects[$0.finding.object].name }
    }

    @Test func theFaultOfATemplateIsReportedAtTheRoot() throws {
        #expect(try kept(dump(), control: "privileged-containers") == ["web"])
    }

    @Test(arguments: ["u2", "''"])
    func aReferenceWithAnotherUIDHidesNothing(uid: String) throws {
        #expect(try kept(dump(referenceUID: uid), control: "privileged-containers") == ["web", "web-1"])
    }

    @Test func anOwnerOutsideTheEstateHidesNothing() throws {
        #expect(try kept(dump(ownerKind: "StatefulSet"), control: "privileged-containers") == ["web", "web-1"])
    }

    /// A Deployment that was mended, and a former template of it.
    private func history(replicas: String, referenceUID: String = "u1", kind: String = "ReplicaSet") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, uid: u1}
        spec:
          template:
            spec:
              containers:
              - name: app
                securityContext: {privileged: false}
        ---
        apiVersion: apps/v1
        kind: \(kind)
        metadata:
          name: web-1
          namespace: shop
          ownerReferences:
          - {apiVersion: apps/v1, kind: Deployment, name: web, uid: \(referenceUID), controller: true}
        spec:
          replicas: \(replicas)
          template:
            spec:
              containers:
              - name: app
                securityContext: {privileged: true}
        """
    }

    @Test func aFormerTemplateIsNotHeldAgainstItsDeployment() throws {
        #expect(try kept(history(replicas: "0"), control: "privileged-containers") == [])
    }

    @Test(arguments: ["1", "null", "'0'", "-1"])
    func aTemplateThatMakesPodsCounts(replicas: String) throws {
        #expect(try kept(history(replicas: replicas), control: "privileged-containers") == ["web-1"])
    }

    @Test func onlyAReplicaSetOfItsOwnDeploymentIsFormer() throws {
        #expect(try kept(history(replicas: "0", referenceUID: "u2"), control: "privileged-containers") == ["web-1"])
        #expect(try kept(history(replicas: "0", kind: "StatefulSet"), control: "privileged-containers") == ["web-1"])
    }

    @Test func aFaultOnlyThePodHasStays() throws {
        #expect(try kept(dump(), control: "run-as-user") == ["web-1"])
    }
}
