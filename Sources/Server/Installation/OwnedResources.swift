internal import Documents
internal import KubernetesClient

/// The resources that the server writes, and the label that says so.
enum OwnedResources {
    /// Who we are among the managers of fields.
    static let manager = "demarc"

    static let secrets = Resource(version: "v1", name: "secrets", kind: "Secret", isNamespaced: true)
    static let configMaps = Resource(version: "v1", name: "configmaps", kind: "ConfigMap", isNamespaced: true)
    static let namespaces = Resource(version: "v1", name: "namespaces", kind: "Namespace", isNamespaced: false)
    static let clusterRoles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", name: "clusterroles", kind: "ClusterRole", isNamespaced: false)
    static let leases = Resource(group: "coordination.k8s.io", version: "v1", name: "leases", kind: "Lease", isNamespaced: true)
    static let validatingWebhooks = admission("validatingwebhookconfigurations", "ValidatingWebhookConfiguration")
    static let mutatingWebhooks = admission("mutatingwebhookconfigurations", "MutatingWebhookConfiguration")
    static let policies = admission("validatingadmissionpolicies", "ValidatingAdmissionPolicy")
    static let bindings = admission("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding")

    private static func admission(_ name: String, _ kind: String) -> Resource {
        Resource(group: "admissionregistration.k8s.io", version: "v1", name: name, kind: kind, isNamespaced: false)
    }

    /// Reports of either project, in every version that may be served.
    static let reports: [Resource] =
        ["v1beta1", "v1alpha1"].flatMap { version in
            [
                Resource(group: "openreports.io", version: version, name: "reports", kind: "Report", isNamespaced: true),
                Resource(group: "openreports.io", version: version, name: "clusterreports", kind: "ClusterReport", isNamespaced: false),
            ]
        }
        + ["v1beta1", "v1alpha2"].flatMap { version in
            [
                Resource(group: "wgpolicyk8s.io", version: version, name: "policyreports", kind: "PolicyReport", isNamespaced: true),
                Resource(group: "wgpolicyk8s.io", version: version, name: "clusterpolicyreports", kind: "ClusterPolicyReport", isNamespaced: false),
            ]
        }

    static let labels = ManifestText.map(["app.kubernetes.io/name": .text("demarc"), "app.kubernetes.io/managed-by": .text("demarc")])
}
