internal import Controls
internal import Kubernetes
internal import KubernetesClient

/// Which resources of a cluster are worth reading: those that a control judges, and those that an engine asks when it judges another.
enum ClusterKinds {
    /// What the engines look up, whichever controls were chosen.
    static let engines: Set<String> = [
        "AdminNetworkPolicy", "AdvancedHorizontalPodAutoscaler", "AlbConfig", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy",
        "CiliumNetworkPolicy", "ClusterNetworkPolicy", "ClusterRole", "ClusterRoleBinding", "ConfigMap", "CronHPA", "CustomResourceDefinition",
        "EgressFirewall", "GRPCRoute", "Gateway", "GatewayClass", "GlobalNetworkPolicy", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress",
        "IngressClass", "LimitRange", "Namespace", "NetworkPolicy", "Node", "PodDisruptionBudget", "PodNetworking", "PrivilegeGrant",
        "ReferenceGrant", "Role", "RoleBinding", "RuntimeClass", "ScaledObject", "Secret", "SecurityGroupPolicy", "Service", "ServiceAccount",
        "StorageClass", "TCPRoute", "TLSRoute", "UDPRoute",
    ]

    /// The resources to list, each once, in an order that does not depend on the server's.
    static func resources(_ served: [Resource], for controls: [Control]) -> [Resource] {
        // `Pod` among a control's kinds stands for all that make Pods.
        let wanted = controls.reduce(into: engines.union(PodSpec.kinds)) { $0.formUnion($1.subjectKinds) }
        var chosen: [Name: Resource] = [:]
        for resource in served where wanted.contains(resource.kind) && resource.verbs.contains("list") {
            let name = Name(group: resource.group, kind: resource.kind)
            // Versions come in the server's order of preference.
            if chosen[name] == nil { chosen[name] = resource }
        }
        // The objects of this group are served once more by the groups they moved to.
        let moved = chosen.keys.filter { $0.group == "extensions" && wanted.contains($0.kind) }
        for name in moved where chosen.keys.contains(where: { $0.kind == name.kind && $0.group.hasSuffix(".k8s.io") || $0.group == "apps" && $0.kind == name.kind }) {
            chosen[name] = nil
        }
        return chosen.values.sorted { ($0.group, $0.name) < ($1.group, $1.name) }
    }

    private struct Name: Hashable {
        let group: String
        let kind: String
    }
}
