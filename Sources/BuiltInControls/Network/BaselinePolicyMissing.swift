import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A cluster whose administrators write policies can close every namespace that has none of its own, also those that come tomorrow, by one
    /// object; without it each team must think of it.
    ///
    /// Fields: the estate's AdminNetworkPolicy objects (ClusterNetworkPolicy of tier `Admin`) and whether a baseline stands behind them. One
    /// finding, at the first. Not applicable where every namespace is closed by default.
    static let baselinePolicyMissing = Control(
        id: "baseline-policy-missing",
        title: "Close namespaces without policies by a baseline",
        severity: .low,
        duty: "P4",
        summary: "Administrators write network policies here, but no baseline closes the namespaces that have none of their own.",
        remedy: "Add a BaselineAdminNetworkPolicy that denies connections between namespaces; NetworkPolicies take its place where there are some.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: metadata}
            spec:
              priority: 10
              subject: {namespaces: {}}
              egress: [{action: Deny, to: [{networks: [169.254.169.254/32]}]}]
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: BaselineAdminNetworkPolicy
            metadata: {name: default}
            spec:
              subject: {namespaces: {}}
              ingress: [{action: Deny, from: [{namespaces: {}}]}]
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
            metadata:
              name: metadata # ✗
            spec:
              priority: 10
              subject: {namespaces: {}}
              egress: [{action: Deny, to: [{networks: [169.254.169.254/32]}]}]
            """
        ],
        check: .policies(["AdminNetworkPolicy", "ClusterNetworkPolicy"]) { policy, review, object, report throws(WrongType) in
            guard review.isFirstOfAdministrators(policy) else { return report.notApplicable() }
            if review.hasBaseline { return }
            let open = review.openNamespaces
            guard let first = open.first else { return report.notApplicable() }
            let others = open.count == 1 ? "" : " and \(open.count - 1) more"
            report.fail(
                report.namePlace, "no baseline closes namespace '\(first)'\(others), which no other policy closes for incoming connections",
                value: object.kind, fix: { object.apiVersion.hasSuffix("/v1alpha1") ? baseline : clusterBaseline })
        })
}

private let baseline = """
    # NetworkPolicies take its place where they select Pods.
    apiVersion: policy.networking.k8s.io/v1alpha1
    kind: BaselineAdminNetworkPolicy
    metadata:
      name: default
    spec:
      subject:
        namespaces: {}
      ingress:
      - name: closed
        action: Deny
        from:
        - namespaces: {}

    """

private let clusterBaseline = """
    # NetworkPolicies take its place where they select Pods.
    apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    metadata:
      name: baseline
    spec:
      tier: Baseline
      priority: 100
      subject:
        namespaces: {}
      ingress:
      - name: closed
        action: Deny
        from:
        - namespaces: {}

    """
