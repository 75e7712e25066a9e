extension Benchmark {
    /// Rows for Azure Kubernetes Service: what its customers can see and change.
    public static let aks = Benchmark(
        id: "aks-1.8", title: "CIS Azure Kubernetes Service Benchmark 1.8",
        sections: [
            Section("2.1", "Logging of the control plane"), Section("3.1", "Files of the nodes"), Section("3.2", "Kubelet"),
            Section("4.1", "Roles and service accounts"), Section("4.2", "Pod security"), Section("4.4", "Network policies"),
            Section("4.5", "Secrets"), Section("4.6", "General"), Section("5.1", "Images and their registry"),
            Section("5.2", "Cloud identities"), Section("5.3", "Encryption keys"), Section("5.4", "Cluster network"),
            Section("5.5", "Who may sign in, and how"),
        ],
        rows: [
            Row(
                "2.1.1", "Send the control plane's audit logs to a workspace",
                lookAt: "`az monitor diagnostic-settings list --resource CLUSTER_ID`. The categories kube-audit or kube-audit-admin, "
                    + "kube-apiserver, kube-controller-manager and kube-scheduler go to a place where they are kept and watched.")
        ],
        same("3.1", 1...2, as: "4.1", from: 5),
        [
            Row("3.1.3", "Restrict the mode of the file with the node's cloud identity"),
            Row("3.1.4", "Give the file with the node's cloud identity to root"),
        ],
        same("3.2", 1...6, as: "4.2"), same("3.2", 7, as: "4.2", from: 8), same("3.2", 8...9, as: "4.2", from: 10),
        same("4.1", 1...6, as: "5.1", by: .person), same("4.1", 7...12, as: "5.1", from: 8),
        same("4.2", 1...5, as: "5.2", from: 2, by: .person), same("4.4", 1, as: "5.3"), same("4.4", 2, as: "5.3"), same("4.5", 1...2, as: "5.4"),
        same("4.6", 1, as: "5.6"), same("4.6", 2, as: "5.6", from: 3), same("4.6", 3, as: "5.6", from: 4, by: .controls), ofTheService)

    private static let ofTheService: [Row] = [
        Row(
            "5.1.1", "Scan images for known vulnerabilities",
            lookAt: "Defender for Cloud's plan for containers (`az security pricing show --name Containers`), or the scanner you use "
                + "instead. Every image is scanned, and findings reach those who build it."),
        Row(
            "5.1.2", "Limit who may write to the container registry",
            lookAt: "`az role assignment list --scope REGISTRY_ID`. People push through pipelines; few hold AcrPush, Contributor or "
                + "Owner, and the admin user is disabled."),
        Row(
            "5.1.3", "Let the cluster only read from the container registry",
            lookAt: "Role assignments of the kubelet's identity (`az aks show --query identityProfile.kubeletidentity`). It has AcrPull "
                + "on the registry and nothing wider."),
        Row(
            "5.1.4", "Run images of approved registries only",
            lookAt: "Azure Policy for the cluster (allowed container images) or another admission policy, in its refusing form. It names "
                + "the registries you approved."),
        Row(
            "5.2.1", "Give workloads cloud identities of their own",
            lookAt: "`az aks show --query securityProfile.workloadIdentity`, and service accounts with "
                + "`azure.workload.identity/client-id`. Workloads that call the cloud have an identity each, and none uses the nodes'."),
        Row(
            "5.3.1", "Encrypt Secrets with a key of your own",
            lookAt: "`az aks show --query securityProfile.azureKeyVaultKms`. It is enabled and names a key that you hold."),
        Row(
            "5.4.1", "Restrict who reaches the API endpoint",
            lookAt: "`az aks show --query apiServerAccessProfile`. The cluster is private, or `authorizedIpRanges` is your addresses."),
        Row(
            "5.4.2", "Close the public API endpoint",
            lookAt: "The same output: `enablePrivateCluster` is true and `enablePrivateClusterPublicFqdn` is false."),
        Row(
            "5.4.3", "Run nodes without public addresses",
            lookAt: "`az aks nodepool list --query '[].enableNodePublicIp'` and `kubectl get nodes -o wide`. No pool gives its nodes a "
                + "public address."),
        Row(
            "5.4.4", "Turn on network policies",
            lookAt: "`az aks show --query networkProfile.networkPolicy`. It names an engine (azure, calico or cilium), and a policy that "
                + "denies everything has an effect."),
        Row(
            "5.4.5", "Serve load balancers over TLS",
            lookAt: "Each Ingress, Gateway and Service of type LoadBalancer. What they offer outside is HTTPS with a valid certificate, "
                + "and HTTP only redirects."),
        Row(
            "5.5.1", "Let people sign in with Entra ID",
            lookAt: "`az aks show --query '{aad: aadProfile, local: disableLocalAccounts}'`. The integration is managed, and local "
                + "accounts are disabled."),
        Row(
            "5.5.2", "Authorize with Azure's roles",
            lookAt: "`az aks show --query aadProfile.enableAzureRbac` is true, and the role assignments on the cluster and its "
                + "namespaces are those you expect."),
    ]
}
