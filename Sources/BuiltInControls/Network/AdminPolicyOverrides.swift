import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// An Allow of an administrator is final: NetworkPolicies of the namespace are not asked any more. Whoever closed their Pods does not learn that
    /// they are open.
    ///
    /// Fields: rules with `Allow` (`Accept`) of AdminNetworkPolicy and ClusterNetworkPolicy against what the NetworkPolicies of the selected Pods
    /// allow. Allowed: `Pass`, or what those allow as well.
    static let adminPolicyOverrides = Control(
        id: "admin-policy-overrides-network-policies",
        title: "Pass connections on to the policies of namespaces",
        severity: .low,
        duty: "P3b",
        summary: "An administrator's rule allows connections that the Pods' own network policies close.",
        remedy: "Write `Pass`, so that the namespace's policies decide, or tell the owners of the Pods.",
        references: [.nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed, namespace: shop}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: inside}
            spec:
              priority: 10
              subject: {namespaces: {}}
              ingress: [{action: Pass, from: [{namespaces: {}}]}]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed, namespace: shop}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: inside}
            spec:
              priority: 10
              subject: {namespaces: {}}
              ingress:
              - action: Allow # ✗
                from: [{namespaces: {}}]
            """
        ],
        check: .policies(["AdminNetworkPolicy", "ClusterNetworkPolicy"]) { policy, review, object, report throws(WrongType) in
            for override in review.overridingRules(of: policy) {
                let action = override.rule["action"]
                let workload = report.displayName(of: override.workload, others: override.others, in: review.standing.model)
                let ports = override.connections.isAll ? "on every port" : "on \(override.connections)"
                report.fail(
                    action,
                    "\(object.kind) '\(object.name)' opens \(workload) for \(override.direction == .ingress ? "incoming" : "outgoing") connections "
                        + "\(ports), which their own policies close", value: object.name,
                    fix: { object.manifest { $0.identity == action.identity ? .replace(.text("Pass")) : nil } })
            }
        })
}
