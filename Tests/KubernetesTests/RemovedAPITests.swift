import Kubernetes
import Testing

struct RemovedAPITests {
    @Test(arguments: [
        ("extensions/v1beta1", "Deployment", 16), ("extensions/v1beta1", "Ingress", 22), ("apps/v1beta2", "DaemonSet", 16),
        ("batch/v1beta1", "CronJob", 25),
        ("policy/v1beta1", "PodDisruptionBudget", 25), ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32),
    ])
    func knowsWhenAnAPIWasRemoved(apiVersion: String, kind: String, minor: Int) {
        #expect(RemovedAPI.entry(apiVersion: apiVersion, kind: kind)?.removedIn == KubernetesVersion(1, minor))
    }

    @Test(arguments: [
        ("apps/v1", "Deployment"), ("extensions/v1beta1", "Service"), ("apps/v1beta1", "DaemonSet"), ("example.com/v1beta1", "Ingress"),
    ])
    func leavesOthersAlone(apiVersion: String, kind: String) {
        #expect(RemovedAPI.entry(apiVersion: apiVersion, kind: kind) == nil)
    }

    /// No API version and kind stands twice, and no replacement is itself removed.
    @Test func isConsistent() {
        let pairs = RemovedAPI.all.flatMap { entry in entry.kinds.map { entry.apiVersion + " " + $0 } }
        #expect(Set(pairs).count == pairs.count)
        for entry in RemovedAPI.all {
            for kind in entry.kinds {
                guard let replacement = entry.replacement else { continue }
                #expect(RemovedAPI.entry(apiVersion: replacement, kind: kind) == nil, "\(entry.apiVersion) \(kind)")
            }
        }
        #expect(RemovedAPI.all.map(\.removedIn) == RemovedAPI.all.map(\.removedIn).sorted())
    }
}
