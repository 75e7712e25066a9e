public import Controls
internal import Kubernetes
public import KubernetesClient

/// Which resources of a cluster are worth reading: those that a control judges, and those that an engine asks when it judges another.
public enum ClusterKinds {
    /// What the engines look up, whichever controls were chosen.
    public static let engines: Set<String> = [
        "AdminNetworkPolicy", "AdvancedHorizontalPodAutoscaler", "AlbConfig", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy",
        "CiliumNetworkPolicy", "ClusterNetworkPolicy", "ClusterRole", "ClusterRoleBinding", "ConfigMap", "CronHPA", "CustomResourceDefinition",
        "EgressFirewall", "GRPCRoute", "Gateway", "GatewayClass", "GlobalNetworkPolicy", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress",
        "IngressClass", "LimitRange", "MutatingAdmissionPolicy", "MutatingWebhookConfiguration", "Namespace", "NetworkPolicy", "Node",
        "PodDisruptionBudget", "PodNetworking", "PrivilegeGrant",
        "ReferenceGrant", "Role", "RoleBinding", "RuntimeClass", "ScaledObject", "Secret", "SecurityGroupPolicy", "Service", "ServiceAccount",
        "StorageClass", "TCPRoute", "TLSRoute", "UDPRoute",
    ]

    /// `Pod` among a control's kinds stands for all that make Pods.
    public static func kinds(for controls: [Control]) -> Set<String> {
        let all = controls.reduce(into: engines.union(PodSpec.kinds)) { kinds, control in
            // A server gives every object in the version that it is asked for, so this one has nothing to learn.
            if control.id != removedAPIs { kinds.formUnion(control.subjectKinds) }
        }
        return all.subtracting(fleeting)
    }

    private static let removedAPIs = "removed-apis"
    /// What programs write by the thousand, and nobody decides.
    private static let fleeting: Set<String> = ["Event", "Lease"]

    /// The resources to list, each once, in an order that does not depend on the server's.
    public static func resources(_ served: [Resource], for controls: [Control]) -> [Resource] {
        let wanted = kinds(for: controls)
        var chosen: [Name: Resource] = [:]
        for resource in served where wanted.contains(resource.kind) && resource.verbs.contains("list") {
            let name = Name(group: resource.group, kind: resource.kind)
            // Versions come in the server's order of preference.
            if chosen[name] == nil { chosen[name] = resource }
        }
        // The objects of this group are served once more by the groups they moved to.
        let homes = Set(chosen.keys.filter { $0.group == "apps" || $0.group == "policy" || $0.group.hasSuffix(".k8s.io") }.map(\.kind))
        chosen = chosen.filter { $0.key.group != "extensions" || !homes.contains($0.key.kind) }
        return chosen.values.sorted { ($0.group, $0.name) < ($1.group, $1.name) }
    }

    private struct Name: Hashable {
        let group: String
        let kind: String
    }
}
