import Documents
import Kubernetes
import Testing

struct PodSpecTests {
    private func objects(_ text: String) -> SourceObjects { SourceObjects(DocumentTree.parse(text).tree) }

    private static let template = "{metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: a}]}}"

    @Test(arguments: [
        "{apiVersion: v1, kind: Pod, metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: a}]}}",
        "{apiVersion: v1, kind: PodTemplate, template: \(template)}",
        "{apiVersion: v1, kind: ReplicationController, spec: {template: \(template)}}",
        "{apiVersion: apps/v1, kind: Deployment, spec: {template: \(template)}}",
        "{apiVersion: apps/v1beta2, kind: Deployment, spec: {template: \(template)}}",
        "{apiVersion: extensions/v1beta1, kind: DaemonSet, spec: {template: \(template)}}",
        "{apiVersion: apps/v1, kind: ReplicaSet, spec: {template: \(template)}}",
        "{apiVersion: apps/v1, kind: StatefulSet, spec: {template: \(template)}}",
        "{apiVersion: apps/v1, kind: DaemonSet, spec: {template: \(template)}}",
        "{apiVersion: batch/v1, kind: Job, spec: {template: \(template)}}",
        "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: \(template)}}}}",
        "{apiVersion: batch/v1beta1, kind: CronJob, spec: {jobTemplate: {spec: {template: \(template)}}}}",
        "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {template: \(template)}}",
        "{apiVersion: serving.knative.dev/v1, kind: Service, spec: {template: \(template)}}",
        "{apiVersion: serving.knative.dev/v1, kind: Configuration, spec: {template: \(template)}}",
        "{apiVersion: serving.knative.dev/v1, kind: Revision, metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: a}]}}",
        "{apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, spec: {template: \(template)}}",
        "{apiVersion: apps.kruise.io/v1beta1, kind: StatefulSet, spec: {template: \(template)}}",
        "{apiVersion: apps.kruise.io/v1alpha1, kind: DaemonSet, spec: {template: \(template)}}",
        "{apiVersion: apps.kruise.io/v1alpha1, kind: BroadcastJob, spec: {template: \(template)}}",
        "{apiVersion: apps.kruise.io/v1alpha1, kind: AdvancedCronJob, spec: {template: {jobTemplate: {spec: {template: \(template)}}}}}",
        "{apiVersion: apps.kruise.io/v1alpha1, kind: AdvancedCronJob, spec: {template: {broadcastJobTemplate: {spec: {template: \(template)}}}}}",
    ])
    func findsThePodOfEveryKind(manifest: String) throws {
        let pod = try #require(objects(manifest).objects.first?.pod)
        #expect(pod.containers.map(\.name) == ["app"])
        #expect(try pod.labels["app"].string() == "web")
        #expect(pod.malformed == nil)
    }

    @Test(arguments: [
        "{apiVersion: v1, kind: Service}", "{apiVersion: example.com/v1, kind: Deployment}", "{apiVersion: example.com/v1, kind: Pod}",
        "{apiVersion: v1, kind: Deployment}",
    ])
    func takesNothingElseForAPod(manifest: String) throws {
        let read = objects(manifest)
        #expect(read.objects.count == 1 && read.objects.allSatisfy { $0.pod == nil })
    }

    @Test func tellsContainersApart() throws {
        let pod = try #require(
            objects(
                """
                apiVersion: v1
                kind: Pod
                spec:
                  initContainers: [{name: setup}, {name: mesh, restartPolicy: Always}]
                  containers: [{name: app}]
                  ephemeralContainers: [{name: debugger}]
                """
            ).objects.first?.pod)
        #expect(pod.containers.map(\.name) == ["setup", "mesh", "app", "debugger"])
        #expect(pod.containers.map(\.role) == [.initialization, .sidecar, .regular, .ephemeral])
    }

    /// Null is as good as missing, in lists and mappings too.
    @Test(arguments: ["{}", "{spec: null}", "{spec: {containers: null, securityContext: null, os: null}}", "{spec: {containers: []}}"])
    func readsEmptyPods(body: String) throws {
        let pod = try #require(objects("{apiVersion: v1, kind: Pod, \(body.dropFirst().dropLast())}").objects.first?.pod)
        #expect(pod.containers.isEmpty && pod.malformed == nil)
        #expect(!pod.isWindows && !pod.hasUserNamespace && !pod.usesHostNetwork)
    }

    @Test(arguments: [
        ("spec: [1]", "spec"), ("spec: {containers: {}}", "spec.containers"), ("spec: {containers: [app]}", "spec.containers[0]"),
        ("spec: {containers: [null]}", ""), ("spec: {containers: [{name: 1}]}", "spec.containers[0].name"),
        ("spec: {containers: [{securityContext: []}]}", "spec.containers[0].securityContext"),
        ("spec: {securityContext: yes}", "spec.securityContext"),
        ("spec: {os: windows}", "spec.os"), ("spec: {hostUsers: 'false'}", "spec.hostUsers"), ("metadata: {annotations: []}", "metadata.annotations"),
        ("spec: {initContainers: [{restartPolicy: 1}]}", "spec.initContainers[0].restartPolicy"),
    ])
    func namesWhatIsMalformed(body: String, path: String) throws {
        let pod = try #require(objects("{apiVersion: v1, kind: Pod, \(body)}").objects.first?.pod)
        #expect((pod.malformed?.value.fieldPath ?? "") == path)
    }

    @Test func readsWhatDecidesOverOtherFields() throws {
        let pod = try #require(
            objects("{apiVersion: v1, kind: Pod, spec: {os: {name: windows}, hostUsers: no, hostNetwork: on}}").objects.first?.pod)
        #expect(pod.isWindows && pod.hasUserNamespace && pod.usesHostNetwork)
    }

    @Test func opensLists() {
        let read = objects("{apiVersion: v1, kind: PodList, items: [{metadata: {name: a}}, {kind: Pod, apiVersion: v1, metadata: {name: b}}, 7]}")
        #expect(read.objects.map(\.name) == ["a", "b"])
        #expect(read.objects.allSatisfy { $0.pod != nil })
        #expect(read.malformed.count + read.foreign.count == 1)
    }
}

struct KubernetesVersionTests {
    @Test(arguments: [("1.36", 36), ("v1.36.2", 36), ("1.36+", 36), ("v1.9.11-gke.5", 9), ("1.36.0-rc.1+build", 36)])
    func reads(text: String, minor: Int) {
        #expect(KubernetesVersion(text) == KubernetesVersion(1, minor))
    }

    @Test(arguments: ["", "1", "v1", "2.0", "1.x", "latest", "1.", "one.two"])
    func refuses(text: String) {
        #expect(KubernetesVersion(text) == nil)
    }

    @Test func ordersByNumber() {
        #expect(KubernetesVersion(1, 9) < KubernetesVersion(1, 10))
        #expect(KubernetesVersion.newest.description == "1.37")
    }
}
