public import Controls

/// Every control that comes with Demarc. A new control is one file and one line here.
public enum BuiltInControls {
    public static let all: [Control] = listed.map(\.heedingBrokenEvidence)

    private static let listed: [Control] =
        podSecurity + workload + network + exposure + tenancy + storage + access + extensions + patch + sandboxes + grants + controlPlane
        + certificates + encryption + audit + node + listeners

    /// The Pod Security Standards (`Pod/`): the twelve checks of the baseline level, then the seven of the restricted one.
    static let podSecurity: [Control] = [
        .privilegedContainers, .hostNamespaces, .hostPorts, .hostPathVolumes, .addedCapabilities, .seLinuxOptions, .procMount, .appArmorProfile,
        .seccompProfile, .sysctls, .windowsHostProcess, .probeHosts,
        .volumeTypes, .privilegeEscalation, .runAsNonRoot, .runAsUser, .requiredSeccompProfile, .droppedCapabilities, .maskedProcMount,
    ]

    /// Container and workload hygiene beyond the standards (`Workload/`).
    static let workload: [Control] = [
        .imageTags, .imageDigests, .allowedRegistries, .imagePullPolicies, .cPURequests, .cPULimits, .memoryRequests, .memoryLimits,
        .ephemeralStorageLimits, .emptyDirSizeLimits, .livenessProbes, .readinessProbes, .readOnlyRootFilesystems, .serviceAccountTokens,
        .serviceAccountTokenLifetimes, .deprecatedServiceAccountField, .defaultServiceAccounts, .nonExistentServiceAccounts,
        .secretsInEnvironment, .credentialsInEnvironment, .credentialsInArguments, .credentialsInConfigMaps, .containerRuntimeSockets,
        .sensitiveHostPaths, .cloudCredentialPaths, .writableHostPaths, .hostPathSubPaths, .sharedProcessNamespaces, .lowUserIDs,
        .lowGroupIDs, .rootGroup, .runAsGroups, .nodeTakeoverCapabilities, .netRawCapability, .sandboxRuntimeClasses,
        .sandboxedHostNamespaces, .nodeNames, .controlPlaneNodes, .systemPriorities, .hostAliases, .sudo, .sSHServers, .sSHServices,
        .serviceLinks, .terminationGracePeriods, .ephemeralContainers, .safeToEvict, .hostSysctlAnnotations, .sandboxSysctlAnnotations,
        .nakedPods, .rollingUpdates, .stalledRollouts, .blockingDisruptionBudgets, .requiredLabels, .defaultNamespace, .disruptionBudgets,
        .singleReplicas, .restrictedPodSecurity,
    ]

    /// Programs of the control plane (`ControlPlane/`), by evidence of a machine or Pods that run them.
    static let controlPlane: [Control] = [
        .apiServerAnonymousAuth, .apiServerTokenAuthFile, .apiServerExternalIPsAdmission, .apiServerKubeletClientCertificate,
        .apiServerKubeletAuthority, .apiServerAlwaysAllow, .apiServerNodeAuthorization, .apiServerRBACAuthorization, .apiServerEventRateLimit,
        .apiServerAlwaysAdmit, .apiServerAlwaysPullImages, .apiServerServiceAccountAdmission, .apiServerNamespaceLifecycle,
        .apiServerNodeRestriction, .apiServerProfiling, .apiServerAuditLogPath, .apiServerAuditLogAge, .apiServerAuditLogBackups,
        .apiServerAuditLogSize, .apiServerServiceAccountLookup, .apiServerServiceAccountKey, .apiServerEtcdCertificate,
        .apiServerServingCertificate, .apiServerClientAuthority, .apiServerEtcdAuthority, .apiServerEncryptionConfiguration,
        .apiServerCipherSuites, .apiServerTokenExtension, .apiServerKubeletHTTPS, .apiServerSecurityContextDeny, .apiServerSecurePort,
        .apiServerAuditPolicy, .apiServerInsecurePort, .apiServerBasicAuth, .apiServerSecurityAdmission, .apiServerAlphaAPIs,
        .apiServerFeatureGates, .apiServerIssuer, .apiServerRequestHeaderNames, .apiServerMinimumTLS, .apiServerEtcdServers,
        .controllerManagerPodGC, .controllerManagerProfiling, .controllerManagerAccounts, .controllerManagerTokenKey,
        .controllerManagerRootAuthority, .controllerManagerKubeletCertificates, .controllerManagerAddress, .controllerManagerSigningDuration,
        .schedulerProfiling, .schedulerAddress, .etcdServingCertificate, .etcdClientCertificates, .etcdStatedClientCertificates, .etcdAutoTLS,
        .etcdPeerCertificate,
        .etcdPeerClientCertificates, .etcdStatedPeerCertificates, .etcdPeerAutoTLS, .etcdAuthority, .etcdClientListeners, .etcdPeerListeners,
        .etcdMetricsListeners,
        .etcdProfiling, .etcdVersion2,
        .apiServerManifestMode, .apiServerManifestOwner, .controllerManagerManifestMode, .controllerManagerManifestOwner,
        .schedulerManifestMode, .schedulerManifestOwner, .etcdManifestMode, .etcdManifestOwner, .etcdDataMode, .etcdDataOwner,
        .administratorKubeconfigsMode, .administratorKubeconfigsOwner, .schedulerKubeconfigMode, .schedulerKubeconfigOwner,
        .controllerManagerKubeconfigMode, .controllerManagerKubeconfigOwner, .clusterPKIOwner, .certificatesMode, .privateKeysMode,
        .sharedClientAuthorityMode, .sharedClientAuthorityOwner,
        .serviceAccountSigningKey, .encryptionConfigurationFile, .auditPolicyFile, .auditLogMode,
    ]

    /// Certificates of a machine (`ControlPlane/Certificates/`), by evidence.
    static let certificates: [Control] = [
        .readableCertificates, .expiredCertificates, .endingCertificates, .certificateChains, .certificateKeys, .certificateDigests,
        .serverCertificateNames, .etcdOwnAuthority, .frontProxyOwnAuthority, .mastersCertificates, .longLivedClientCertificates,
        .authorityCertificates, .sharedCertificateKeys, .privateKeyFiles,
    ]

    /// Encryption of what an API server stores (`ControlPlane/Encryption/`), beyond the two controls of `Storage/`.
    static let encryption: [Control] = [
        .refusedEncryption, .encryptionCoverage, .encryptionKeyAge, .retiredEncryptionKeys, .keyServiceSockets, .encryptionReload,
    ]

    /// The audit log of an API server (`ControlPlane/Audit/`).
    static let audit: [Control] = [
        .auditChanges, .auditCoverage, .auditSecrets, .refusedAuditPolicy, .auditDelivery, .auditTruncation,
    ]

    /// Listening ports of a machine (`Node/Listeners/`), by evidence.
    static let listeners: [Control] = [
        .plaintextListeners, .etcdOpenListeners, .wideListeners, .unexpectedListeners,
    ]

    /// Machines and kubelets (`Node/`), by evidence.
    static let node: [Control] = [
        .kubeletAnonymousAuth, .kubeletAuthorization, .kubeletClientAuthority, .kubeletReadOnlyPort, .kubeletIdleTimeout, .kubeletUtilChains,
        .kubeletHostnameOverride, .kubeletEventRate, .kubeletServingCertificate, .kubeletCertificateRotation, .kubeletServerRotation,
        .kubeletCipherSuites, .kubeletPodPidsLimit, .kubeletSeccompDefault, .kubeletKernelDefaults, .kubeletAddressFilter, .kubeletUnsafeSysctls,
        .kubeletStaticPodURL, .kubeletTokenAuthentication, .kubeletLogQuery, .kubeletMinimumTLS, .kubeletFeatureGates, .kubeletImageCredentials,
        .proxyMetricsAddress, .proxyProfiling, .proxyNodePortAddresses,
        .networkPluginConfigurationMode, .networkPluginConfigurationOwner, .kubeletServiceMode, .kubeletServiceOwner,
        .kubeProxyKubeconfigMode, .kubeProxyKubeconfigOwner, .kubeletKubeconfigMode, .kubeletKubeconfigOwner, .kubeletClientAuthorityMode,
        .kubeletClientAuthorityOwner, .kubeletConfigurationMode, .kubeletConfigurationOwner, .kubeletKeys, .bootstrapKubeconfig,
        .cloudIdentityMode, .cloudIdentityOwner, .runtimeSocketMode, .sensitiveFilesParentDirectories, .othersWriteFiles,
    ]

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
        .publicPodGroups,
        .internetReachableWorkloads,
        .securityGroupOpenToEveryone,
        .securityGroupAdministrativePorts,
        .securityGroupDatabasePorts,
        .securityGroupOpenEgress,
        .managedSecurityGroups,
        .requiredSecurityGroupRules,
        .shadowedDropRules,
        .emptySecurityGroupPeers,
        .securityGroupAssignments,
        .danglingSecurityGroupPolicies,
        .networkPolicyAgent,
        .podNetworkingSelectors,
        .defaultDenyIngress,
        .defaultDenyEgress,
        .workloadNetworkPolicies,
        .networkPolicyAllowsAll,
        .networkPolicyAllNamespaces,
        .networkPolicyOpenRanges,
        .networkPolicyMetadataEgress,
        .networkPolicyNodeEgress,
        .networkPolicyExcessIngress,
        .networkPolicyNameLookups,
        .servicesClosedByPolicies,
        .danglingNetworkPolicies,
        .networkPolicyUnmatchedPeers,
        .networkPolicyBlocksOfPods,
        .networkPolicyCoveredRules,
        .adminPolicyPreemptedRules,
        .adminPolicyOverrides,
        .baselinePolicyMissing,
        .hostNetworkPolicies,
        .internalPorts,
        .administrativeRoutes,
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

    /// What people outside reach, and what is worse for it (`Exposure/`).
    static let exposure: [Control] = [
        .exposedWorkloadsWithoutPolicy,
        .exposedWorkloadsOpenEgress,
        .exposedMetadataAccess,
        .exposedNodeAccess,
        .exposedSecretReaders,
        .exposedClusterControl,
    ]

    /// Tenants that share a cluster (`Tenancy/`).
    static let tenancy: [Control] = [
        .tenantNetworkCrossing,
        .tenantServiceCrossing,
        .tenantAccessCrossing,
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
    static let access: [Control] = [
        .writeSecrets,
        .execIntoPods,
        .attachToPods,
        .portForwardToPods,
        .addEphemeralContainers,
        .escalateRoles,
        .bindRoles,
        .impersonate,
        .proxyToNodes,
        .writeNodes,
        .createServiceAccountTokens,
        .approveCertificateRequests,
        .signCertificates,
        .createCertificateRequests,
        .writeAdmissionConfiguration,
        .writeCustomResourceDefinitions,
        .createPersistentVolumes,
        .writeRoles,
        .deleteEvents,
        .writeEndpoints,
        .writeNamespaces,
        .fullAccessClusterRoles,
        .fullAccessRoles,
        .wildcardVerbs,
        .wildcardResources,
        .wildcardApiGroups,
        .readSecretsClusterWide,
        .readSecretsInNamespaces,
        .createWorkloadsClusterWide,
        .createWorkloadsInNamespaces,
        .writeClusterDns,
        .wildcardNonResourceUrls,
        .extendDefaultRoles,
        .rulesWithoutEffect,
        .refusedRolesAndBindings,
        .clusterAdminBindings,
        .clusterAdminInNamespaces,
        .defaultRolesClusterWide,
        .mastersGroupBindings,
        .anonymousBindings,
        .authenticatedBindings,
        .authenticatedElevatedRights,
        .defaultServiceAccountBindings,
        .allServiceAccountsBindings,
        .missingRoleBindings,
        .missingServiceAccountBindings,
        .foreignServiceAccountBindings,
        .workloadsWithAdministrativeRoles,
        .workloadsWithEscalationPaths,
        .escalationByStrongerAccounts,
        .escalationByAccountsEverywhere,
        .escalationByNodes,
        .escalationByRoles,
        .escalationByImpersonation,
        .escalationByCertificates,
        .escalationByAdmission,
        .escalationForEveryone,
        .escalationForDefaultAccounts,
        .tokenSecretsOfPowerfulAccounts,
        .changedDefaultRoles,
        .changedDefaultBindings,
        .reducedDefaultRoles,
        .clusterAdministratorCount,
        .unusedServiceAccounts,
        .redundantBindings,
        .unboundRoles,
        .singleUserBindings,
    ]

    /// Webhooks, aggregated APIs, custom resources (`Extension/`).
    static let extensions: [Control] = [
        .admissionOfEverything,
        .admissionOfProtectedResources,
        .webhookCoversProviderNamespaces,
        .webhookFailsClosedEverywhere,
        .webhookFailsOpen,
        .webhookTimeout,
        .webhookSideEffects,
        .webhookWithoutCa,
        .webhookOutsideCluster,
        .webhookReinvocation,
        .webhookMatchPolicy,
        .webhookDeadlock,
        .admissionPolicyBindingScope,
        .apiServiceWithoutTlsVerification,
        .apiServiceOfCoreGroups,
        .conversionWebhookWithoutCa,
        .conversionWebhookOutsideCluster,
        .crdPreservesUnknownFields,
        .crdInProtectedGroup,
        .podSecurityPolicies,
        .operatorsWithWebhooksAndSecrets,
    ]

    /// What keeps up with Kubernetes' own changes (`Patch/`).
    static let patch: [Control] = [
        .removedAPIs,
        .kubernetesComponentAdvisories,
        .nodePackageAdvisories,
        .nodePackageLesserAdvisories,
        .nodePackagesWithoutFix,
        .nodeKernelAdvisories,
        .fixNotEffective,
        .kernelNotRebooted,
        .replacedLibraries,
    ]

    /// Whether sandboxes are what they are called (`Sandbox/`).
    static let sandboxes: [Control] = [
        .sandboxClaims,
        .sandboxHandlers,
        .runtimeClassHandlers,
        .sandboxDefaultRuntime,
        .gVisorOptions,
        .sandboxHostDevices,
    ]

    /// Privilege grants themselves (`Grants/`).
    static let grants: [Control] = []
}
