import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A peer that selects no Pod lets nobody in: either a label was misspelt and a client is cut off, or the client is gone and the rule waits
    /// for whoever takes its labels.
    ///
    /// Fields: `from[]` and `to[]` of the rules, where the namespaces they look in have Pods in the estate. Allowed: labels of one of those Pods.
    static let networkPolicyUnmatchedPeers = Control(
        id: "network-policy-unmatched-peers",
        title: "Name existing Pods as peers of network policies",
        severity: .low,
        duty: "C6",
        summary: "A rule names peers that no Pod of those namespaces matches, so it allows nothing today and something unknown tomorrow.",
        remedy: "Correct the labels, or remove the peer together with its rule: an empty list of peers allows everybody.",
        references: [.cis("5.3.2")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec:
              podSelector: {}
              ingress:
              - from:
                - podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}
                - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}
                  podSelector: {matchLabels: {app: gateway}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec:
              podSelector: {}
              ingress:
              - from:
                - podSelector: {matchLabels: {app: web}}
                - podSelector: {matchLabels: {app: wbe}} # ✗
            """
        ],
        check: .policies { policy, review, object, report throws(WrongType) in
            for peer in review.unmatchedPeers(of: policy) {
                report.fail(peer, "a peer of \(object.kind) '\(object.name)' matches no Pod, though its namespaces have some", value: object.name)
            }
        })
}
