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
    static let network: [Control] = []

    /// Storage, encryption and Secrets (`Storage/`).
    static let storage: [Control] = []

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

    /// Privilege grants themselves (`Grants/`).
    static let grants: [Control] = []
}
