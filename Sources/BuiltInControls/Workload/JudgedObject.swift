import Controls
import Kubernetes

extension Report {
    /// The object whose Pod a check looks at: the Pod itself or the workload that makes it.
    var judgedObject: KubernetesObject { inventory.objects[object] }
}
