import Controls
import Documents
import Kubernetes

/// A namespace with a workload, which the examples of both directions begin with.
let namespaceExample = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop}
    spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}

    """

/// A namespace is judged at its Namespace object, or at its first workload when that is not in the estate.
let namespaceSubjects = ["Namespace"] + PodSpec.kinds

/// Fails a namespace whose Pods no policy closes for one direction.
func judgeDefaults(_ direction: NetworkIsolation.Directions, _ word: StaticString, _ object: KubernetesObject, _ report: inout Report) {
    let namespace: String
    if object.kind == "Namespace" {
        namespace = object.name
        guard !report.inventory.workloads(in: namespace).isEmpty else { return report.notApplicable() }
    } else {
        namespace = object.namespace
        guard object.pod != nil, report.inventory.workloads(in: namespace).first == report.object,
            report.inventory.object(kind: "Namespace", namespace: "", name: namespace) == nil
        else { return report.notApplicable() }
    }
    let isolation = report.inventory.isolation
    if isolation.defaults(of: namespace).contains(direction) { return }
    let (place, _) = object.root.descend(object.kind == "Namespace" ? "metadata.name" : "metadata.namespace")
    if let unread = isolation.unreadKind {
        return report.notObservable(place, "a \(unread) in the estate may close namespace '\(namespace)'; Demarc does not read this kind")
    }
    report.fail(place, "no policy closes namespace '\(namespace)' for \(word) connections", value: namespace)
}
