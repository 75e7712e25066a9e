extension Technique {
    /// Every technique, the order being that of reports and of equal paths. No graph holds more than 64 different needs.
    public static let all: [Technique] = rights + consequences

    /// What rights allow.
    static let rights: [Technique] = [
        .fullAccess,
        .bindClusterWide, .bindInNamespace, .bindRole, .escalateClusterRole, .escalateByAggregation, .escalateRole,
        .impersonateGroups, .impersonateUsers,
        .createTokens, .impersonateServiceAccounts, .readTokenSecrets, .createTokenSecrets, .readBootstrapTokens, .forgeBootstrapTokens,
        .createPods, .createWorkloads, .execIntoPods, .addEphemeralContainers, .changePodImages, .attachToPods, .execIntoPodsByGet,
        .proxyToKubelets, .approveClientCertificates, .approveNodeCertificates, .requestNodeCertificates,
        .liftPodSecurity, .hostVolume, .stealPods,
        .mutateByWebhook, .mutateByPolicy, .watchByWebhook, .replaceApiGroup, .mapCloudIdentities,
    ]

    /// What follows from a place reached.
    static let consequences: [Technique] = [
        .mastersGroup, .impliedGroup, .privilegedPod, .privilegedDebugContainer, .breakOutOfPod, .nodeTokens, .neighbouringPods, .controlPlaneNode,
    ]

    private static let indexes = Dictionary(all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })

    /// That of being in a group without anybody's doing, which is no deed of an attacker.
    public static let impliedGroupID = impliedGroup.id

    /// The technique with this id.
    public static func named(_ id: String) -> Technique? { indexes[id].map { all[$0] } }

    /// Its place in `all`.
    var index: Int { Technique.indexes[id] ?? 0 }
}
