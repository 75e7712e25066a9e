extension KubernetesObject {
    /// Whether this object only shares its kind's name with one of Kubernetes itself: a Knative `Service`, a Calico
    /// `NetworkPolicy`. What is written for the real kind says nothing about it.
    public var isForeignNamesake: Bool {
        guard let groups = homeGroups[kind] else { return false }
        return !groups.contains { $0 == group }
    }
}

/// The groups in which Kubernetes itself, or a cloud, has the kinds that others like to name theirs after.
private let homeGroups: [String: [String]] = [
    "Pod": [""], "Service": [""], "Secret": [""], "ConfigMap": [""], "Namespace": [""], "Node": [""], "Endpoints": [""], "ServiceAccount": [""],
    "PersistentVolume": [""], "PersistentVolumeClaim": [""], "EndpointSlice": ["discovery.k8s.io"],
    "Ingress": ["networking.k8s.io", "extensions"], "NetworkPolicy": ["networking.k8s.io", "extensions"], "IngressClass": ["networking.k8s.io"],
    "Deployment": ["apps", "extensions"], "DaemonSet": ["apps", "extensions"], "StatefulSet": ["apps"], "ReplicaSet": ["apps", "extensions"],
    "Job": ["batch"], "CronJob": ["batch"], "Role": ["rbac.authorization.k8s.io"], "ClusterRole": ["rbac.authorization.k8s.io"],
    "RoleBinding": ["rbac.authorization.k8s.io"], "ClusterRoleBinding": ["rbac.authorization.k8s.io"], "StorageClass": ["storage.k8s.io"],
    // Controllers of the clouds have kinds of this name too, which say what a group shall be and not what it is.
    "SecurityGroup": ["ecs.aliyuncs.com", "ec2.amazonaws.com"],
    "PodDisruptionBudget": ["policy"], "CustomResourceDefinition": ["apiextensions.k8s.io"], "APIService": ["apiregistration.k8s.io"],
]
