import Controls
import Documents
import Kubernetes

extension Control {
    /// Namespaces carry quotas, policies and permissions. `default` is where things land that nobody thought about, side
    /// by side with what belongs to others.
    ///
    /// Fields: `metadata.namespace` where it is written: what a manifest leaves open is decided when it is applied.
    /// Allowed: anything but `default`; what Kubernetes itself keeps there, and what another object owns.
    /// Standard: CIS 5.7.4.
    static let defaultNamespace = Control(
        id: "default-namespace",
        title: "Use namespaces of your own",
        severity: .low,
        duty: "C8b",
        summary: "In `default` everything lies together: no quota, policy or permission can tell one application from the next.",
        remedy: "Create a namespace for the application and set it in `metadata.namespace`.",
        references: [.cis("5.6.4"), .ackPolicy("ACKRestrictNamespaces")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: kubernetes, namespace: default}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              namespace: default # ✗
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .objects(namespacedKinds) { object, report throws(WrongType) in
            let namespace = object.metadata["namespace"]
            guard try namespace.equals("default") else { return }
            let isOwned = try !object.metadata["ownerReferences"].items().isEmpty
            if isOwned || belongsToKubernetes(object) { return report.notApplicable() }
            report.fail(namespace, "\(object.kind) '\(object.name)' lies in namespace 'default'")
        })
}

/// What a new cluster has there.
private func belongsToKubernetes(_ object: KubernetesObject) -> Bool {
    switch object.kind {
    case "Service", "Endpoints", "EndpointSlice": object.name == "kubernetes"
    case "ServiceAccount": object.name == "default"
    case "ConfigMap": object.name == "kube-root-ca.crt"
    default: false
    }
}

private let namespacedKinds = [
    "Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob", "PodTemplate", "Service",
    "Endpoints", "EndpointSlice", "Ingress", "NetworkPolicy", "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding",
    "PersistentVolumeClaim", "PodDisruptionBudget", "HorizontalPodAutoscaler", "ResourceQuota", "LimitRange", "Lease", "Gateway", "HTTPRoute",
    "Rollout", "CloneSet", "CSIStorageCapacity", "ControllerRevision",
]
