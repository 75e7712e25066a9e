extension KubernetesObject {
    /// Whether this object only shares its kind's name with one of Kubernetes itself: a Knative `Service`, a Calico
    /// `NetworkPolicy`. What is written for the real kind says nothing about it.
    public var isForeignNamesake: Bool {
        guard let groups = homeGroups[kind] else { return false }
        return !groups.contains { $0 == group }
    }
}

/// The groups in which Kubernetes itself has a kind, or a cloud. What must be switched on is left out: others had the name first.
private let homeGroups: [String: [String]] = {
    var former = Dictionary(
        uniqueKeysWithValues: ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "PodSecurityPolicy", "ReplicaSet"].map { ($0, ["extensions"]) })
    // Controllers of the clouds have a kind of this name too, which says what a group shall be and not what it is.
    former[CloudKind.securityGroup] = ["ecs.aliyuncs.com", "ec2.amazonaws.com"]
    former[KubernetesObject.nodeEvidenceKind] = ["demarc.dev"]
    return ServedResource.builtIn.reduce(into: former) { groups, resource in
        if resource.standing == .served || resource.standing == .former { groups[resource.kind, default: []].append(resource.group) }
    }
}()
