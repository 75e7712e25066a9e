import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod holds the token of its service account. Where the account can take over the cluster in a few steps, so can whoever breaks
    /// into the Pod's program.
    ///
    /// Fields: `serviceAccountName`, `automountServiceAccountToken` of the Pod and its service account, with all that the account's
    /// bindings lead to.
    /// Allowed: service accounts that lead nowhere; Pods without a token. Administrators are judged by
    /// `workloads-with-administrative-roles`.
    static let workloadsWithEscalationPaths = Control(
        id: "workloads-with-escalation-paths",
        title: "Do not run Pods as service accounts that can take over the cluster",
        severity: .high,
        duty: "C3",
        summary: "A break-in into this Pod finds a token that leads to control of the cluster.",
        remedy: "Cut the binding that the finding names, or set `automountServiceAccountToken: false`.",
        references: [.cis("5.1.6"), .nsa("role-based access control"), Reference("mitre-attack", "T1528")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: web
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: web
              automountServiceAccountToken: false
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: web}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tokens}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: tokens}
            rules:
            - {apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: web # ✗
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: web}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tokens}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: tokens}
            rules:
            - {apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}
            """
        ],
        check: .pods(judge))
}

private func judge(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard let account = try report.mountedServiceAccount(of: pod) else { return report.notApplicable() }
    // Without bindings nobody has a way; then the whole analysis is saved.
    guard report.inventory.access.holdsBindings else { return }
    let analysis = report.inventory.analysis(EscalationAnalysis.self)
    guard let index = analysis.subject(.account(report.judgedObject.namespace, account)), analysis.isExposed(index),
        let path = analysis.path(of: index), path.severity >= .high
    else { return }
    // An administrator, by itself or as all service accounts are, is judged there.
    let own = path.steps.first { $0.technique.id != Technique.impliedGroupID }
    guard own?.technique.id != "full-access" else { return }
    report.fail(
        pod.node, missing: "serviceAccountName",
        "runs as service account '\(account)', which can take over the cluster: \(analysis.chain(path))\(analysis.cutPhrase(path))",
        value: account, cause: analysis.foreignCut(path))
}

extension EscalationAnalysis {
    /// The binding to cut, where it does not name the subject itself: whoever wrote it opened the way to many, and must act.
    fileprivate func foreignCut(_ path: EscalationPath) -> Finding.Cause? {
        guard case .binding(let binding)? = path.cut, !policy.bindings[binding].subjects.contains(Int32(path.subject)),
            case .estate(let object) = policy.bindings[binding].origin
        else { return nil }
        return Finding.Cause(policy.object(policy.bindings[binding].origin).root["subjects"], object: object)
    }
}
