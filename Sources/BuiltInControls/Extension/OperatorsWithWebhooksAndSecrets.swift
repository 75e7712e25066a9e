import Controls
import Documents
import Kubernetes

extension Control {
    /// An operator that may change webhooks sees every object; one that also reads all Secrets holds all there is.
    /// A break-in into that one Pod ends in every application.
    ///
    /// Fields: the ClusterRoles bound to the Pod's service account cluster-wide. Allowed: one of both, or either
    /// with `resourceNames`.
    /// Administrators of the cluster are found by `workloads-with-administrative-roles`.
    static let operatorsWithWebhooksAndSecrets = Control(
        id: "operators-with-webhooks-and-secrets",
        title: "Keep operators from holding webhooks and all Secrets",
        severity: .high,
        duty: "C7",
        summary: "A break-in into this operator reads every Secret and rewrites every object of the cluster.",
        remedy: "Let the operator read Secrets in the namespaces it serves, and name its own webhook in `resourceNames`.",
        references: [Reference("mitre-attack", "T1552.007")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: operator, namespace: shop}
            spec:
              serviceAccountName: operator
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}
            - {apiGroups: [""], resources: [configmaps], verbs: [get, list]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: operator, namespace: shop}
            spec:
              serviceAccountName: operator # ✗
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch]}
            - {apiGroups: [""], resources: [secrets], verbs: [get, list]}
            """
        ],
        check: .pods(judge))
}

private func judge(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard let account = try report.mountedServiceAccount(of: pod) else { return report.notApplicable() }
    var rights = 0
    for holder in RightsHolder.holders(ofServiceAccount: account, in: report.judgedObject.namespace) {
        rights |= try report.answer(about: holder) { report throws(WrongType) in try operatorRights(holder, report) }
    }
    guard rights == writesWebhooks | readsSecrets else { return }
    report.fail(
        pod.node, missing: "serviceAccountName", "service account '\(account)' may change webhooks and read all Secrets of the cluster",
        value: account)
}

private let writesWebhooks = 1
private let readsSecrets = 2

/// Which of the two the ClusterRoleBindings of a holder give.
private func operatorRights(_ holder: RightsHolder, _ report: Report) throws(WrongType) -> Int {
    var rights = 0
    for index in report.inventory.clusterBindings(of: holder) {
        guard let rules = try report.inventory.role(of: report.inventory.objects[index])?.policyRules() else { continue }
        for rule in rules where try !rule.isAdministrative {
            if try Power.writeAdmission.isAllowed(by: rule) { rights |= writesWebhooks }
            if try Power.readSecrets.isAllowed(by: rule) { rights |= readsSecrets }
        }
    }
    return rights
}
