import Controls
import Documents
import Kubernetes
import Reachability

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
func judgeDefaults(_ direction: Direction, _ object: KubernetesObject, _ report: inout Report) {
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
    if isolation.defaults(of: namespace).contains(direction == .ingress ? .ingress : .egress) { return }
    if isolation.hasAdministrators, report.inventory.analysis(NetworkStanding.self).closesNewPods(in: namespace, direction) { return }
    let (place, _) = object.root.descend(object.kind == "Namespace" ? "metadata.name" : "metadata.namespace")
    if let unread = isolation.unreadKind {
        return report.notObservable(place, "a \(unread) in the estate may close namespace '\(namespace)'; Demarc does not read this kind")
    }
    let word = direction == .ingress ? "incoming" : "outgoing"
    report.fail(
        place, "no policy closes namespace '\(namespace)' for \(word) connections", value: namespace,
        // Everybody asks the platform's own namespaces, for names and much else.
        fix: report.settings.providerNamespaces.contains(namespace) ? nil : closing(namespace, direction))
}

/// Closes a namespace to others, or keeps it from them, and leaves it open in itself.
private func closing(_ namespace: String, _ direction: Direction) -> @Sendable () -> String { { defaultPolicy(direction, namespace) } }

private func defaultPolicy(_ direction: Direction, _ namespace: String) -> String {
    let inside = ManifestText.list([.map(["podSelector": .map([])])])
    let rules: [ManifestText] =
        direction == .ingress
        ? [.map(["from": inside])]
        : [
            .map(["to": inside]),
            .map([
                "to": .list([.map(["namespaceSelector": .map(["matchLabels": .map(["kubernetes.io/metadata.name": .text("kube-system")])])])]),
                "ports": SuggestedPolicy.ports(ConnectionSet(tcp: PortSet(53), udp: PortSet(53))),
            ]),
        ]
    let name = direction == .ingress ? "closed-to-others" : "kept-inside"
    let manifest = ManifestText.map([
        "apiVersion": .text("networking.k8s.io/v1"), "kind": .text("NetworkPolicy"),
        "metadata": .map(["name": .text(name), "namespace": .text(namespace)]),
        "spec": .map([
            "podSelector": .map([]), "policyTypes": .list([.text(direction == .ingress ? "Ingress" : "Egress")]), direction.rawValue: .list(rules),
        ]),
    ])
    return "# Leaves the namespace open in itself; allow by name who else connects before applying it.\n" + manifest.yaml
}
