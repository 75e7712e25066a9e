public import Controls

/// Every control that comes with Demarc. A new control is one file and one line here.
public enum BuiltInControls {
    public static let all: [Control] = podSecurity + workload + network + storage + access + extensions + grants

    /// The Pod Security Standards (`Pod/`).
    static let podSecurity: [Control] = [
        .privilegedContainers
    ]

    /// Container and workload hygiene beyond the standards (`Workload/`).
    static let workload: [Control] = []

    /// Exposure (`Network/`).
    static let network: [Control] = [
        .nodePortServices,
        .loadBalancerServices,
        .internetLoadBalancers,
        .loadBalancerSourceRanges,
        .loadBalancerNodePorts,
        .plaintextLoadBalancers,
        .administrativePorts,
        .externalIPs,
        .externalNameTargets,
        .externalTrafficPolicy,
        .danglingServices,
        .ingressTLS,
        .ingressRedirect,
        .ingressWildcardHosts,
        .ingressDefaultBackend,
        .ingressClasses,
        .ingressPaths,
        .ingressSnippets,
        .ingressAnnotationInjection,
        .ingressForeignTargets,
        .ingressOpenCORS,
        .ingressNginxSnippetSetting,
        .ingressNginxVersion,
        .retiredIngressController,
        .danglingIngressBackends,
        .gatewayListenerTLS,
        .httpRoutesOverTLS,
        .gatewayCertificates,
        .gatewayWildcardHostnames,
        .gatewayOpenToAllNamespaces,
        .danglingGatewayBackends,
        .openReferenceGrants,
        .publicPodAddresses,
        .podSecurityGroups,
        .podSecurityGroupList,
        .networkPolicyAgent,
        .podNetworkingSelectors,
        .defaultDenyIngress,
        .defaultDenyEgress,
        .workloadNetworkPolicies,
        .networkPolicyAllowsAll,
        .networkPolicyAllNamespaces,
        .networkPolicyOpenRanges,
        .networkPolicyMetadataEgress,
        .danglingNetworkPolicies,
        .namespacePodSecurity,
        .privilegedNamespaces,
        .namespaceAdmissionExemptions,
        .exposedWorkloads,
        .exposedInterfaces,
        .internetIngress,
        .oldTLSVersions,
        .endpointAddresses,
        .meshMutualTLS,
        .meshAuthorization,
        .meshGatewayTLS,
    ]

    /// Storage, encryption and Secrets (`Storage/`).
    static let storage: [Control] = [
        .storageClassEncryption,
        .storageClassReclaimPolicy,
        .hostPersistentVolumes,
        .unboundPersistentVolumes,
        .volumeTransportEncryption,
        .volumeCredentials,
        .gitRepoVolumes,
        .flexVolumes,
        .sharedVolumeClaims,
        .volumeSizes,
        .objectStorageLocations,
        .secretsInManifests,
        .serviceAccountTokenSecrets,
        .encryptionConfigurations,
        .encryptionProviders,
    ]

    /// RBAC (`Access/`).
    static let access: [Control] = []

    /// Webhooks, aggregated APIs, custom resources (`Extension/`).
    static let extensions: [Control] = []

    /// Privilege grants themselves (`Grants/`).
    static let grants: [Control] = []
}
