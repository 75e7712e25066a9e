extension Benchmark {
    /// Rows for Google Kubernetes Engine: what its customers can see and change.
    public static let gke = Benchmark(
        id: "gke-1.9.0", title: "CIS Google Kubernetes Engine Benchmark 1.9.0",
        sections: [
            Section("3.1", "Files of the nodes"), Section("4.1", "Roles and service accounts"), Section("4.2", "Pod security"),
            Section("4.3", "Network policies"), Section("4.4", "Secrets"), Section("4.5", "Admission by others"), Section("4.6", "General"),
            Section("5.1", "Images and their registry"), Section("5.2", "Cloud identities"), Section("5.3", "Encryption keys"),
            Section("5.4", "Metadata of nodes"), Section("5.5", "Images and upgrades of nodes"), Section("5.6", "Cluster network"),
            Section("5.7", "Logging"), Section("5.8", "Who may sign in, and how"), Section("5.9", "Storage"), Section("5.10", "Other settings"),
        ],
        rows: [
            // Which kubeconfig is meant differs between the edition's text and its commands: both have to be in order.
            Row("3.1.1", "Restrict the modes of the node's kubeconfigs"),
            Row("3.1.2", "Give the node's kubeconfigs to root"),
        ],
        same("3.1", 3...4, as: "4.1", from: 9), same("4.1", 1...3, as: "5.1"), same("4.1", 4...5, as: "5.1", from: 5),
        same("4.1", 6, as: "5.1", from: 7, by: .controls), same("4.1", 7, as: "5.1", from: 8),
        [
            Row("4.1.8", "Give anonymous users no rights"),
            Row("4.1.9", "Give unauthenticated users no rights beyond the standard ones"),
            Row("4.1.10", "Give the group of all users no rights beyond the standard ones"),
            Row(
                "4.2.1", "Enforce the baseline level of Pod security in every namespace",
                lookAt: "`kubectl get namespaces -L pod-security.kubernetes.io/enforce`. Every namespace with workloads of yours says "
                    + "`baseline` or `restricted`."),
        ],
        same("4.3", 1, as: "5.3"), same("4.3", 2, as: "5.3", by: .controls), same("4.4", 1, as: "5.4", by: .controls), same("4.4", 2, as: "5.4"),
        same("4.5", 1, as: "5.5"), same("4.6", 1...3, as: "5.6"), same("4.6", 4, as: "5.6", by: .controls), images, nodePools, network, others)

    private static let images: [Row] = [
        Row(
            "5.1.1", "Scan images for known vulnerabilities", isAutomated: true,
            lookAt: "`gcloud services list --enabled` has containerscanning.googleapis.com, or another scanner sees every image. "
                + "Findings reach those who build it."),
        Row(
            "5.1.2", "Limit who may write to the image repositories",
            lookAt: "`gcloud artifacts repositories get-iam-policy REPOSITORY` and the project's policy. People push through pipelines; "
                + "few hold a role that writes or administers."),
        Row(
            "5.1.3", "Let the cluster only read from the image repositories",
            lookAt: "Roles of the nodes' service account. On repositories it has roles/artifactregistry.reader and nothing wider."),
        Row(
            "5.1.4", "Run trusted images only",
            lookAt: "`gcloud container clusters describe CLUSTER --format='value(binaryAuthorization)'` and `gcloud container binauthz "
                + "policy export`. The policy is evaluated, and its default rule refuses."),
        Row(
            "5.2.1", "Run nodes with a service account of their own", isAutomated: true,
            lookAt: "`gcloud container node-pools describe POOL --format='value(config.serviceAccount)'` for each pool. It is not "
                + "`default`, and the account has only roles that nodes need."),
        Row(
            "5.2.2", "Give workloads cloud identities of their own",
            lookAt: "`gcloud container clusters describe CLUSTER --format='value(workloadIdentityConfig.workloadPool)'` names a pool, "
                + "and workloads that call the cloud have service accounts bound to it."),
        Row(
            "5.3.1", "Encrypt Secrets with a key of your own in Cloud KMS",
            lookAt: "`gcloud container clusters describe CLUSTER --format='value(databaseEncryption)'`. The state is ENCRYPTED, with a "
                + "key that you hold."),
        Row(
            "5.4.1", "Serve workloads their metadata through GKE's server",
            lookAt: "`workloadMetadataConfig.mode` of each node pool is GKE_METADATA, so that Pods do not get the node's credentials."),
    ]

    private static let nodePools: [Row] = [
        Row(
            "5.5.1", "Run nodes with Container-Optimized OS",
            lookAt: "`config.imageType` of each node pool is COS_CONTAINERD."),
        Row("5.5.2", "Repair nodes automatically", lookAt: "`management.autoRepair` of each node pool is true."),
        Row("5.5.3", "Upgrade nodes automatically", lookAt: "`management.autoUpgrade` of each node pool is true."),
        Row(
            "5.5.4", "Follow a release channel",
            lookAt: "`gcloud container clusters describe CLUSTER --format='value(releaseChannel.channel)'` says STABLE or REGULAR."),
        Row("5.5.5", "Run shielded nodes", lookAt: "`shieldedNodes.enabled` of the cluster is true."),
        Row(
            "5.5.6", "Monitor the integrity of nodes",
            lookAt: "`config.shieldedInstanceConfig.enableIntegrityMonitoring` of each node pool is true, and somebody hears of a "
                + "failure."),
        Row(
            "5.5.7", "Boot nodes securely",
            lookAt: "`config.shieldedInstanceConfig.enableSecureBoot` of each node pool is true."),
    ]

    private static let network: [Row] = [
        Row(
            "5.6.1", "Record flows of the cluster's network",
            lookAt: "`networkConfig.enableIntraNodeVisibility` of the cluster is true, and `gcloud compute networks subnets describe "
                + "SUBNET` says `enableFlowLogs: true`."),
        Row("5.6.2", "Give Pods addresses of the VPC", lookAt: "`ipAllocationPolicy.useIpAliases` of the cluster is true."),
        Row(
            "5.6.3", "Restrict who reaches the API endpoint",
            lookAt: "`masterAuthorizedNetworksConfig` of the cluster is enabled, and its blocks are your addresses."),
        Row(
            "5.6.4", "Close the public API endpoint",
            lookAt: "`privateClusterConfig.enablePrivateEndpoint` of the cluster is true."),
        Row(
            "5.6.5", "Run nodes without public addresses",
            lookAt: "`privateClusterConfig.enablePrivateNodes` of the cluster is true, and `kubectl get nodes -o wide` shows no external "
                + "address."),
        Row(
            "5.6.6", "Protect nodes by firewall rules",
            lookAt: "`gcloud compute firewall-rules list` for the network and tags of the nodes. Nothing but load balancers and the "
                + "control plane reaches them."),
        Row(
            "5.6.7", "Serve ways in with managed certificates", isAutomated: true,
            lookAt: "Each Ingress names ManagedCertificates that exist (`networking.gke.io/managed-certificates`), and no Service of "
                + "type LoadBalancer offers plain text outside."),
    ]

    private static let others: [Row] = [
        Row(
            "5.7.1", "Send logs and metrics to the cloud's services",
            lookAt: "`loggingService` and `monitoringService` of the cluster are set, and its components include the control plane and "
                + "workloads."),
        Row(
            "5.7.2", "Record system calls of nodes",
            lookAt: "A DaemonSet that runs auditd on the nodes and sends its log away is there, and its Pods run on every node."),
        Row(
            "5.8.1", "Issue no client certificates",
            lookAt: "`masterAuth.clientKey` of the cluster is empty, and kubeconfigs get tokens from the cloud's sign-in."),
        Row(
            "5.8.2", "Give rights to groups of Google Workspace",
            lookAt: "`authenticatorGroupsConfig` of the cluster is enabled, and bindings name groups instead of single people."),
        Row("5.8.3", "Turn off the authorization of old clusters", lookAt: "`legacyAbac.enabled` of the cluster is empty or false."),
        Row(
            "5.9.1", "Encrypt persistent disks with a key of your own",
            lookAt: "`gcloud compute disks describe DISK` of the volumes names `diskEncryptionKey.kmsKeyName`, and so do the "
                + "StorageClasses."),
        Row("5.9.2", "Encrypt boot disks with a key of your own", lookAt: "`config.bootDiskKmsKey` of each node pool names a key that you hold."),
        Row(
            "5.10.1", "Run no dashboard of Kubernetes",
            lookAt: "`addonsConfig.kubernetesDashboard.disabled` of the cluster is true, and nobody installed one by hand."),
        Row("5.10.2", "Run no alpha cluster", lookAt: "`enableKubernetesAlpha` of the cluster is empty or false."),
        Row(
            "5.10.3", "Run untrusted workloads in the sandbox",
            lookAt: "`config.sandboxConfig` of a node pool says gvisor, and Pods that run foreign code name `runtimeClassName: gvisor`."),
        Row(
            "5.10.4", "Turn on the security posture service",
            lookAt: "`securityPostureConfig.mode` of the cluster is BASIC or ENTERPRISE, and somebody reads what it finds."),
    ]
}
