import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod whose service account is bound to cluster-admin, or to a role that allows the same, makes every hole
    /// in its program a way to own the cluster.
    ///
    /// Fields: `serviceAccountName`, `automountServiceAccountToken` of the Pod and its service account, with the
    /// ClusterRoleBindings of the estate.
    /// Allowed: narrower roles; Pods without a token.
    static let workloadsWithAdministrativeRoles = Control(
        id: "workloads-with-administrative-roles",
        title: "Do not run Pods as administrators of the cluster",
        severity: .critical,
        duty: "C3",
        summary: "A break-in into this Pod takes the cluster by the token it finds there.",
        remedy: "Bind a role with what the program uses, or set `automountServiceAccountToken: false`.",
        references: [.cis("5.1.1"), .nsa("role-based access control"), Reference("mitre-attack", "T1528")],
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
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: view
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
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: cluster-admin
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
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
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: cluster-admin
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: # ✗
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: operator
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:shop"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*"
              verbs:
              - "*"
            """,
        ],
        check: .pods(judge))
}

private func judge(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard let account = try report.mountedServiceAccount(of: pod) else { return report.notApplicable() }
    for holder in RightsHolder.holders(ofServiceAccount: account, in: report.judgedObject.namespace) {
        let index = try report.answer(about: holder) { report throws(WrongType) in
            for index in report.inventory.clusterBindings(of: holder) where try report.isAdministrative(report.inventory.objects[index]) {
                return index
            }
            return -1
        }
        guard index >= 0 else { continue }
        let binding = report.inventory.objects[index].displayName
        report.fail(
            pod.node, missing: "serviceAccountName", "runs as service account '\(account)', administrator of the cluster by \(binding)",
            value: account)
        return
    }
}
