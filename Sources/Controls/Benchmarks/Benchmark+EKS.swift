extension Benchmark {
    /// Rows for Amazon EKS: what its customers can see and change.
    public static let eks = Benchmark(
        id: "eks-1.8.0", title: "CIS Amazon EKS Benchmark 1.8.0",
        sections: [
            Section("2.1", "Logging of the control plane"), Section("3.1", "Files of the nodes"), Section("3.2", "Kubelet"),
            Section("4.1", "Roles and service accounts"), Section("4.2", "Pod security"), Section("4.3", "Network policies"),
            Section("4.4", "Secrets"), Section("4.5", "General"), Section("5.1", "Images and their registry"),
            Section("5.2", "Cloud identities"), Section("5.3", "Encryption keys"), Section("5.4", "Cluster network"),
            Section("5.5", "Who may sign in, and how"),
        ],
        rows: [
            Row(
                "2.1.1", "Send the control plane's logs to CloudWatch",
                lookAt: "`aws eks describe-cluster --name CLUSTER --query cluster.logging`. All five types are enabled: api, audit, "
                    + "authenticator, controllerManager, scheduler."),
            Row(
                "2.1.2", "Keep audit logs where they are watched",
                lookAt: "The log group `/aws/eks/CLUSTER/cluster` in CloudWatch. Its retention is what your rules demand, few may delete "
                    + "it, and somebody is alerted by it."),
        ],
        same("3.1", 1...2, as: "4.1", from: 5), same("3.1", 3...4, as: "4.1", from: 9), same("3.2", 1...6, as: "4.2"),
        same("3.2", 7, as: "4.2", from: 8), same("3.2", 8...9, as: "4.2", from: 10), same("4.1", 1...6, as: "5.1"),
        [
            Row(
                "4.1.7", "Manage access to the cluster by access entries",
                lookAt: "`aws eks describe-cluster --name CLUSTER --query cluster.accessConfig` and `aws eks list-access-entries`. The "
                    + "mode is `API`, and the entries are the people and roles you expect; nobody relies on the ConfigMap `aws-auth`.")
        ],
        same("4.1", 8...10, as: "5.1", from: 8), same("4.1", 11...12, as: "5.1", from: 12), same("4.2", 1...5, as: "5.2", from: 2),
        same("4.3", 1, as: "5.3"), same("4.3", 2, as: "5.3", by: .controls), same("4.4", 1, as: "5.4", by: .controls), same("4.4", 2, as: "5.4"),
        same("4.5", 1, as: "5.6"), same("4.5", 2, as: "5.6", from: 4, by: .controls), ofTheService)

    private static let ofTheService: [Row] = [
        Row(
            "5.1.1", "Scan images for known vulnerabilities",
            lookAt: "`aws ecr get-registry-scanning-configuration`, or the scanner you use instead. Every image is scanned when it is "
                + "pushed, and findings reach those who build it."),
        Row(
            "5.1.2", "Limit who may write to ECR",
            lookAt: "IAM policies with `ecr:*` actions and `aws ecr get-repository-policy` of each repository. People push through "
                + "pipelines; few may push or delete by hand."),
        Row(
            "5.1.3", "Let the cluster only read from ECR",
            lookAt: "Policies of the nodes' role. It pulls (`AmazonEC2ContainerRegistryPullOnly` or `…ReadOnly`), and has no "
                + "`ecr:PutImage` or `ecr:*`."),
        Row(
            "5.1.4", "Run images of approved registries only",
            lookAt: "The images that run, and the admission policy that names the registries you approved. It refuses an image from "
                + "elsewhere."),
        Row(
            "5.2.1", "Give workloads cloud identities of their own",
            lookAt: "Service accounts with `eks.amazonaws.com/role-arn`, and `aws eks list-pod-identity-associations`. Workloads that "
                + "call the cloud have a role each, and none needs the nodes' role (metadata hop limit 1)."),
        Row(
            "5.3.1", "Encrypt Secrets with a key of your own in KMS",
            lookAt: "`aws eks describe-cluster --name CLUSTER --query cluster.encryptionConfig`. It names `secrets` and a key that you "
                + "hold."),
        Row(
            "5.4.1", "Restrict who reaches the API endpoint",
            lookAt: "`aws eks describe-cluster --name CLUSTER --query cluster.resourcesVpcConfig`. Private access is on, and "
                + "`publicAccessCidrs` is your addresses, not 0.0.0.0/0."),
        Row(
            "5.4.2", "Close the public API endpoint",
            lookAt: "The same output: `endpointPrivateAccess` is true and `endpointPublicAccess` is false."),
        Row(
            "5.4.3", "Run nodes without public addresses",
            lookAt: "`kubectl get nodes -o wide` and the node groups' subnets. No node has an external address, and the subnets' route "
                + "tables lead to no internet gateway."),
        Row(
            "5.4.4", "Turn on network policies",
            lookAt: "`aws eks describe-addon --addon-name vpc-cni` (`enableNetworkPolicy`) or the plugin you use instead. A policy that "
                + "denies everything has an effect."),
        Row(
            "5.4.5", "Serve load balancers over TLS",
            lookAt: "Listeners of each load balancer that Services and Ingresses made (`aws elbv2 describe-listeners`). They speak HTTPS "
                + "or TLS with a valid certificate, and HTTP only redirects."),
        Row(
            "5.5.1", "Let people sign in with IAM",
            lookAt: "How kubeconfigs get their credentials. They run `aws eks get-token` with roles people assume, and hold no "
                + "certificates or long-lived tokens."),
    ]
}
