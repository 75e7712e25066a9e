import Kubernetes

extension Technique {
    /// `get` is enough: the kubelet takes websockets for commands and asks for the verb of the HTTP method.
    static let proxyToKubelets = Technique(
        id: "proxy-to-kubelets",
        title: "Run commands in Pods by the kubelet's API",
        condition: "the kubelet asks the API server who may do that, as it does by default",
        gives: "code in every Pod of the nodes",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/",
        severity: .critical,
        needs: [.proxyToNodes],
        goal: .everyRunningPod)

    /// The node authorizer lets a kubelet ask for tokens of the service accounts of its Pods.
    static let nodeTokens = Technique(
        id: "node-tokens",
        title: "Take the tokens of the Pods of a node",
        condition: "a Pod with the service account runs there",
        gives: "the service accounts of the Pods, whether they mount tokens or not",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/node/",
        severity: .critical)

    static let neighbouringPods = Technique(
        id: "neighbouring-pods",
        title: "Take the tokens of Pods that run on the same node",
        condition: "the Pod is scheduled to this node, now or later; only Pods of DaemonSets certainly are",
        gives: "the service accounts of the Pods, whether they mount tokens or not",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/node/",
        severity: .medium)

    static let stealPods = Technique(
        id: "steal-pods",
        title: "Drive Pods onto a node one controls by taints on the others",
        condition: "a running Pod breaks out of its own, and tolerations do not keep the wanted Pods where they are",
        gives: "the service accounts of the Pods, as from every node",
        source: "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
        severity: .high,
        needs: [.changeNodes, .enterPods],
        goal: .nodesOfBreakoutPods)

    static let controlPlaneNode = Technique(
        id: "control-plane-node",
        title: "Take the keys of the cluster from a node of the control plane",
        condition: "a node of the control plane is in the estate and takes Pods that tolerate its taint",
        gives: "control of the cluster",
        source: "https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/",
        severity: .high)
}

extension Need {
    static let proxyToNodes = Need(.ignored, Permission([.get, .create], "", "nodes/proxy", clusterScoped: true))
    static let changeNodes = Need(.ignored, Permission(.change, "", "nodes", clusterScoped: true))
}
