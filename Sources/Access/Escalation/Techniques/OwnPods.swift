import Kubernetes

extension Technique {
    static let createPods = Technique(
        id: "create-pods",
        title: "Run a Pod as any service account of the namespace",
        condition: "the service account exists; no admission policy forbids the Pod its name",
        gives: "the service accounts of the namespace",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
        severity: .critical,
        needs: [.createPods],
        goal: .ownPods)

    static let createWorkloads = Technique(
        id: "create-workloads",
        title: "Have a controller run a Pod as any service account of the namespace",
        condition: "the service account exists; update and patch need a workload that is there",
        gives: "the service accounts of the namespace",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
        severity: .critical,
        needs: [.writeWorkloads],
        goal: .ownPods)

    static let privilegedPod = Technique(
        id: "privileged-pod",
        title: "Run a privileged Pod on any node",
        condition: "the namespace enforces no Pod Security level, no other policy refuses the Pod, and Pods share the kernel of nodes",
        gives: "root on every node that Pods can be scheduled to",
        source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#privileged",
        severity: .high)

    static let liftPodSecurity = Technique(
        id: "lift-pod-security",
        title: "Take the Pod Security label off a namespace, then run a privileged Pod there",
        condition: "no other policy refuses the Pod, and Pods share the kernel of nodes",
        gives: "root on every node that Pods can be scheduled to",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification",
        severity: .high,
        needs: [.changeNamespaces, .runPods],
        goal: .namespaceNodes)

    /// Pod Security looks at volumes of a Pod, not at what a claim of it is bound to.
    static let hostVolume = Technique(
        id: "host-volume",
        title: "Create a PersistentVolume with a path of the node and mount it by a claim",
        condition: "no policy forbids hostPath or local volumes, and Pods share the kernel of nodes",
        gives: "root on every node that Pods can be scheduled to",
        source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation",
        severity: .high,
        needs: [.createVolumes, .createClaims, .runPods],
        goal: .everyNode)
}

extension Need {
    static let createPods = Need(.forbidden, Permission(.create, "", "pods"))
    static let writeWorkloads = Need(.ignored, workloads)
    static let runPods = Need(.ignored, [Permission(.create, "", "pods")] + workloads)
    /// A request for one namespace carries that namespace, so that a RoleBinding there allows it.
    static let changeNamespaces = Need(.limit, Permission(.change, "", "namespaces"))
    static let createVolumes = Need(.forbidden, Permission(.create, "", "persistentvolumes", clusterScoped: true))
    /// StatefulSets have their claims created for them.
    static let createClaims = Need(.forbidden, Permission(.create, "", "persistentvolumeclaims"), Permission(.create, "apps", "statefulsets"))

    /// What Kubernetes' own controllers make Pods of.
    private static let workloads = [
        Permission(.write, "apps", "deployments"), Permission(.write, "apps", "daemonsets"), Permission(.write, "apps", "statefulsets"),
        Permission(.write, "apps", "replicasets"), Permission(.write, "", "replicationcontrollers"), Permission(.write, "batch", "jobs"),
        Permission(.write, "batch", "cronjobs"),
    ]
}
