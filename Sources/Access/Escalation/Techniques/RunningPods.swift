import Kubernetes

extension Technique {
    static let execIntoPods = Technique(
        id: "exec-into-pods",
        title: "Run commands in a running Pod and read its token",
        condition: "the Pod runs and mounts a token; its image holds a program to run",
        gives: "the service account the Pod runs as",
        source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-connect-requests-to-exec-of-pod",
        severity: .critical,
        needs: [.exec],
        goal: .runningPods)

    /// A websocket begins with a GET. Since 1.35 the API server asks for `create` too.
    static let execIntoPodsByGet = Technique(
        id: "exec-into-pods-by-get",
        title: "Run commands in a running Pod by a websocket and read its token",
        condition: "the API server is older than 1.35, or its gate AuthorizePodWebsocketUpgradeCreatePermission is off; the Pod mounts a token",
        gives: "the service account the Pod runs as",
        source: "https://github.com/kubernetes/kubernetes/pull/134577",
        severity: .medium,
        needs: [.execByGet],
        goal: .runningPods)

    static let attachToPods = Technique(
        id: "attach-to-pods",
        title: "Attach to a Pod that reads commands and have it hand out its token",
        condition: "a container says stdin: true and takes what it reads for commands, as a shell does",
        gives: "the service account the Pod runs as",
        source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-connect-requests-to-attach-of-pod",
        severity: .high,
        needs: [.attach],
        goal: .listeningPods)

    static let addEphemeralContainers = Technique(
        id: "add-ephemeral-containers",
        title: "Put a container beside those of a running Pod and mount its token",
        condition: "the Pod runs and mounts a token",
        gives: "the service account the Pod runs as",
        source: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
        severity: .critical,
        needs: [.ephemeralContainers],
        goal: .debuggedPods)

    /// The image is one of the few fields of a Pod that may change.
    static let changePodImages = Technique(
        id: "change-pod-images",
        title: "Give a running Pod another image and read its token",
        condition: "the Pod runs and mounts a token; the image can be pulled",
        gives: "the service account the Pod runs as",
        source: "https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement",
        severity: .critical,
        needs: [.changePods],
        goal: .runningPods)

    static let privilegedDebugContainer = Technique(
        id: "privileged-debug-container",
        title: "Make the ephemeral container privileged",
        condition: "the namespace enforces no Pod Security level (or privileged), and Pods share the kernel of nodes",
        gives: "root on the node where the Pod runs",
        source: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
        severity: .high)

    static let breakOutOfPod = Technique(
        id: "break-out-of-pod",
        title: "Break out of a Pod that is allowed to",
        condition: "the Pod is privileged, has a capability that breaks out, or mounts the node's own directories",
        gives: "root on the node where the Pod runs",
        source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        severity: .high)
}

extension Need {
    static let exec = Need(.limit, Permission(.create, "", "pods/exec"))
    static let execByGet = Need(.limit, Permission(.get, "", "pods/exec"))
    static let attach = Need(.limit, Permission(.create, "", "pods/attach"))
    static let ephemeralContainers = Need(.limit, Permission(.change, "", "pods/ephemeralcontainers"))
    static let changePods = Need(.limit, Permission(.change, "", "pods"))
    static let enterPods = Need(
        .ignored, Permission(.create, "", "pods/exec"), Permission(.change, "", "pods/ephemeralcontainers"), Permission(.change, "", "pods"))
}
