/// An API version that Kubernetes stopped serving for some kinds.
///
/// Source: "Deprecated API Migration Guide" of the Kubernetes documentation. Alpha versions are left out: they were
/// never served unless asked for.
public struct RemovedAPI: Sendable, Equatable {
    /// `extensions/v1beta1`
    public let apiVersion: String
    public let kinds: [String]
    /// The first version of Kubernetes that does not serve it.
    public let removedIn: KubernetesVersion
    /// What to write instead, nil when the kind is gone for good.
    public let replacement: String?

    /// The entry for an object's API version and kind, whatever the version of Kubernetes.
    public static func entry(apiVersion: String, kind: String) -> RemovedAPI? {
        byVersion[apiVersion]?.first { $0.kinds.contains(kind) }
    }

    /// Every kind that some entry names, sorted.
    public static let kinds: [String] = Set(all.flatMap(\.kinds)).sorted()

    private static let byVersion = Dictionary(grouping: all, by: \.apiVersion)

    /// Ascending by the version that removed them.
    public static let all: [RemovedAPI] = [
        RemovedAPI("extensions/v1beta1", ["DaemonSet", "Deployment", "ReplicaSet"], in: 16, use: "apps/v1"),
        RemovedAPI("extensions/v1beta1", ["NetworkPolicy"], in: 16, use: "networking.k8s.io/v1"),
        RemovedAPI("extensions/v1beta1", ["PodSecurityPolicy"], in: 16, use: nil),
        RemovedAPI("apps/v1beta1", ["Deployment", "ReplicaSet", "StatefulSet"], in: 16, use: "apps/v1"),
        RemovedAPI("apps/v1beta2", ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], in: 16, use: "apps/v1"),

        RemovedAPI(
            "admissionregistration.k8s.io/v1beta1", ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], in: 22,
            use: "admissionregistration.k8s.io/v1"),
        RemovedAPI("apiextensions.k8s.io/v1beta1", ["CustomResourceDefinition"], in: 22, use: "apiextensions.k8s.io/v1"),
        RemovedAPI("apiregistration.k8s.io/v1beta1", ["APIService"], in: 22, use: "apiregistration.k8s.io/v1"),
        RemovedAPI("authentication.k8s.io/v1beta1", ["TokenReview"], in: 22, use: "authentication.k8s.io/v1"),
        RemovedAPI(
            "authorization.k8s.io/v1beta1", ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview"], in: 22,
            use: "authorization.k8s.io/v1"),
        RemovedAPI("certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], in: 22, use: "certificates.k8s.io/v1"),
        RemovedAPI("coordination.k8s.io/v1beta1", ["Lease"], in: 22, use: "coordination.k8s.io/v1"),
        RemovedAPI("extensions/v1beta1", ["Ingress"], in: 22, use: "networking.k8s.io/v1"),
        RemovedAPI("networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], in: 22, use: "networking.k8s.io/v1"),
        RemovedAPI(
            "rbac.authorization.k8s.io/v1beta1", ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"], in: 22,
            use: "rbac.authorization.k8s.io/v1"),
        RemovedAPI("scheduling.k8s.io/v1beta1", ["PriorityClass"], in: 22, use: "scheduling.k8s.io/v1"),
        RemovedAPI("storage.k8s.io/v1beta1", ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], in: 22, use: "storage.k8s.io/v1"),

        RemovedAPI("batch/v1beta1", ["CronJob"], in: 25, use: "batch/v1"),
        RemovedAPI("discovery.k8s.io/v1beta1", ["EndpointSlice"], in: 25, use: "discovery.k8s.io/v1"),
        RemovedAPI("events.k8s.io/v1beta1", ["Event"], in: 25, use: "events.k8s.io/v1"),
        RemovedAPI("autoscaling/v2beta1", ["HorizontalPodAutoscaler"], in: 25, use: "autoscaling/v2"),
        RemovedAPI("policy/v1beta1", ["PodDisruptionBudget"], in: 25, use: "policy/v1"),
        RemovedAPI("policy/v1beta1", ["PodSecurityPolicy"], in: 25, use: nil),
        RemovedAPI("node.k8s.io/v1beta1", ["RuntimeClass"], in: 25, use: "node.k8s.io/v1"),

        RemovedAPI("autoscaling/v2beta2", ["HorizontalPodAutoscaler"], in: 26, use: "autoscaling/v2"),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta1", ["FlowSchema", "PriorityLevelConfiguration"], in: 26, use: "flowcontrol.apiserver.k8s.io/v1"),
        RemovedAPI("storage.k8s.io/v1beta1", ["CSIStorageCapacity"], in: 27, use: "storage.k8s.io/v1"),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta2", ["FlowSchema", "PriorityLevelConfiguration"], in: 29, use: "flowcontrol.apiserver.k8s.io/v1"),
        RemovedAPI(
            "flowcontrol.apiserver.k8s.io/v1beta3", ["FlowSchema", "PriorityLevelConfiguration"], in: 32, use: "flowcontrol.apiserver.k8s.io/v1"),
    ]

    private init(_ apiVersion: String, _ kinds: [String], in minor: Int, use replacement: String?) {
        self.apiVersion = apiVersion
        self.kinds = kinds
        removedIn = KubernetesVersion(1, minor)
        self.replacement = replacement
    }
}
