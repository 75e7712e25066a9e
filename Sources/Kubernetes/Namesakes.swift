extension KubernetesObject {
    /// Whether this object only shares its kind's name with one of Kubernetes itself: a Knative `Service`, a Calico
    /// `NetworkPolicy`. What is written for the real kind says nothing about it.
    public var isForeignNamesake: Bool {
        guard let groups = homeGroups[kind] else { return false }
        return !groups.contains { $0 == group }
    }
}

/// The groups in which Kubernetes itself has a kind. What must be switched on is left out: others had the name first.
private let homeGroups: [String: [String]] = {
    let former = Dictionary(
        uniqueKeysWithValues: ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "PodSecurityPolicy", "ReplicaSet"].map { ($0, ["extensions"]) })
    return ServedResource.builtIn.reduce(into: former) { groups, resource in
        if resource.standing == .served || resource.standing == .former { groups[resource.kind, default: []].append(resource.group) }
    }
}()
