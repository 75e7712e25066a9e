import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Administrators' policies are asked in order, and the first rule that matches decides. A Deny behind an Allow for the same connections is
    /// never asked: everybody believes in it, and nothing is closed.
    ///
    /// Fields: rules of AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy, by priority and order, for the Pods of the
    /// estate. Allowed: rules that decide about some connection.
    static let adminPolicyPreemptedRules = Control(
        id: "admin-policy-preempted-rules",
        title: "Order administrators' rules so that each decides something",
        severity: .high,
        duty: "A2",
        summary: "An earlier rule decides otherwise about every connection this rule is about, so that it is never asked.",
        remedy: "Give the policy a lower `priority` than the other one, or put the rule in front.",
        references: [.nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: rules}
            spec:
              priority: 10
              subject: {namespaces: {}}
              ingress:
              - {action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 9100}}]}
              - {action: Deny, from: [{namespaces: {}}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: inside}
            spec:
              priority: 10
              subject: {namespaces: {}}
              egress:
              - {action: Allow, to: [{networks: [0.0.0.0/0]}]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: metadata}
            spec:
              priority: 20
              subject: {namespaces: {}}
              egress:
              - action: Deny # ✗
                to: [{networks: [169.254.169.254/32]}]
            """
        ],
        check: .policies(["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"]) {
            policy, review, object, report throws(WrongType) in
            for preempted in review.preemptedRules(of: policy) {
                let by = report.inventory.objects[preempted.byPolicy]
                report.fail(
                    preempted.rule,
                    "this \(preempted.action.rawValue) of \(object.kind) '\(object.name)' never decides: \(by.kind) '\(by.name)' (line "
                        + "\(preempted.byRule.position.line)) says \(preempted.byAction.rawValue) before", value: object.name)
            }
        })
}
