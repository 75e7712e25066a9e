import Controls
import Documents
import Kubernetes

extension Control {
    /// A policy that selects nothing protects nothing: a changed label leaves its Pods open while everybody believes in it.
    ///
    /// Fields: `spec.podSelector` of NetworkPolicies. Allowed: empty, or labels of a Pod in the same namespace.
    static let danglingNetworkPolicies = Control(
        id: "dangling-network-policies",
        title: "Select existing Pods in network policies",
        severity: .low,
        duty: "C6",
        summary: "A network policy that selects no Pod protects nothing, though it looks as if it did.",
        remedy: "Correct the labels or remove the policy.",
        references: [.cis("5.3.2")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec:
              podSelector: # ✗
                matchLabels: {app: web}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: api}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        check: .objects(["NetworkPolicy"]) { policy, report throws(WrongType) in
            guard policy.isCoreNetworkPolicy else { return report.notApplicable() }
            let selector = try LabelSelector(policy.spec["podSelector"])
            guard !selector.matchesEverything, !report.inventory.hasWorkloads(selector, in: policy.namespace) else { return }
            report.fail(policy.spec["podSelector"], "NetworkPolicy '\(policy.name)' selects no Pod of the estate", value: policy.name)
        })
}
