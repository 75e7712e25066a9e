import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// `ipBlock` is made for addresses outside the cluster. Pods are known by their labels, their addresses change with each start, and network
    /// plugins differ in whether a block counts for them at all: what the rule does is decided by chance.
    ///
    /// Fields: `ipBlock.cidr` of NetworkPolicies against the blocks of the nodes (`podCIDRs`) and the addresses of Pods in the estate.
    /// Allowed: ranges that hold other addresses too.
    static let networkPolicyBlocksOfPods = Control(
        id: "network-policy-blocks-of-pods",
        title: "Select Pods by labels and not by address",
        severity: .low,
        duty: "C6",
        summary: "A network policy names addresses that Pods have; whether such a rule has an effect depends on the network plugin.",
        remedy: "Write a `podSelector`, with a `namespaceSelector` where the Pods live elsewhere.",
        references: [.cis("5.3.2")],
        passing: [
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            spec: {podCIDRs: [10.1.0.0/24]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}]}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            spec: {podCIDRs: [10.1.0.0/24]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            status: {podIP: 10.2.0.17}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress:
              - from:
                - ipBlock:
                    cidr: 10.1.0.64/26 # ✗
                - ipBlock:
                    cidr: 10.2.0.17/32 # ✗
            """
        ],
        check: .policies(["NetworkPolicy"]) { policy, review, object, report throws(WrongType) in
            for block in review.blocksOfPods(of: policy) {
                report.fail(block, "NetworkPolicy '\(object.name)' names addresses of Pods (\(block.text)), which a block may or may not match")
            }
        })
}
