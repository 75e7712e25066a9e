import Controls
import Documents
import Kubernetes

extension Control {
    /// A ClusterRole with an `aggregate-to-*` label adds its rules to `view`, `edit` or `admin` for everybody who
    /// has one of those, in every namespace, without any binding.
    ///
    /// Fields: `rules` of ClusterRoles with such a label. Allowed: rules on the operator's own kinds, whatever they allow there.
    /// Rules written into the default roles themselves are judged by `changed-default-roles`.
    static let extendDefaultRoles = Control(
        id: "extend-default-roles",
        title: "Do not add dangerous rules to the default roles",
        severity: .high,
        duty: "C7",
        summary: "One label gives the rules to every holder of a default role in every namespace.",
        remedy: "Take the rule out of the aggregated role and bind it to those who need it.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}
            rules:
            - apiGroups: ["example.com"]
              resources:
              - widgets
              verbs:
              - get
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}
            rules:
            - apiGroups: [""]
              resources:
              - secrets
              verbs:
              - get
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}
            rules:
            - apiGroups: ["example.com"]
              resources:
              - "*"
              verbs:
              - "*"
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}
            rules:
            - apiGroups: [""]
              resources:
              - secrets # ✗
              verbs:
              - get
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}
            rules:
            - apiGroups: [""]
              resources:
              - serviceaccounts # ✗
              verbs:
              - impersonate
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: more
              labels: {rbac.authorization.k8s.io/aggregate-to-admin: "true"}
            rules:
            - apiGroups: [""]
              resources:
              - namespaces # ✗
              - persistentvolumes # ✗
              verbs:
              - create
              - patch
            """,
        ],
        check: .rules(["ClusterRole"], judge))
}

private func judge(_ rule: PolicyRule, _ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard let target = try aggregationTarget(role) else { return }
    let isForView = target == "view"
    for item in try rule.resources.items() {
        let isDangerous = try allowed(dangerous, by: rule, on: item)
        let isForbiddenToViewers = try isForView ? allowed(dangerousForViewers, by: rule, on: item) : false
        guard isDangerous || isForbiddenToViewers else { continue }
        if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
        report.fail(item, "ClusterRole '\(role.name)' adds \(item.text) to the default role '\(target)' of every namespace")
    }
}

private func allowed(_ powers: [Power], by rule: PolicyRule, on item: Value) throws(WrongType) -> Bool {
    for power in powers where try power.covers(item, of: rule, isRole: false) {
        let verbs = try power.verbs(of: rule)
        if !verbs.isEmpty { return true }
    }
    return false
}

/// The least of the default roles that this one is added to, nil when to none.
private func aggregationTarget(_ role: KubernetesObject) throws(WrongType) -> String? {
    if try role.labels["rbac.authorization.k8s.io/aggregate-to-view"].equals("true") { return "view" }
    if try role.labels["rbac.authorization.k8s.io/aggregate-to-edit"].equals("true") { return "edit" }
    return try role.labels["rbac.authorization.k8s.io/aggregate-to-admin"].equals("true") ? "admin" : nil
}

/// What not even `admin` has: each leads out of the namespace.
private let dangerous: [Power] = [
    .escalate, .bind, .impersonate, .nodesProxy, .writeAdmission, Power(["create", "update", "patch"], [.clusterRoles, .clusterRoleBindings]),
    Power(["update", "patch"], [.nodes, APIResource("", "namespaces"), .certificateRequests("/approval")]), Power(["approve"], [.signers]),
    Power(["create"], [APIResource("", "persistentvolumes", clusterScoped: true)]),
    Power(["create", "update", "patch"], [APIResource("apiregistration.k8s.io", "apiservices", clusterScoped: true)]),
]
/// `view` is given to people who must not see credentials and change nothing.
private let dangerousForViewers: [Power] = [
    .readSecrets, .execute, .createPods, .createTokens, Power(["create", "get"], [APIResource("", "pods/attach")], names: .count),
    Power(["update", "patch"], [APIResource("", "pods/ephemeralcontainers")], names: .count),
    Power(["create", "update", "patch"], [.secrets, .roles, .roleBindings]),
]
