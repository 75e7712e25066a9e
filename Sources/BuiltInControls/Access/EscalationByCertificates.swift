import Controls

extension Control {
    /// A client certificate says who one is. Whoever may request one and approve it is any user or group but `system:masters`, for as
    /// long as the certificate holds, and nobody can take it back.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: approval by those who cannot request, and for
    /// serving certificates.
    static let escalationByCertificates = Control(
        id: "escalation-by-certificates",
        title: "Let nobody issue themselves the certificate of somebody who controls the cluster",
        severity: .high,
        duty: "C3",
        summary: "Requests that one approves oneself give certificates in any name, or those of nodes.",
        remedy: "Split requesting from approving, and limit `approve` to the signers that are meant.",
        references: [.cis("5.1.11"), .nsa("role-based access control"), Reference("mitre-attack", "T1649")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: approvers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: approver}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: approver}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: approver}
            rules:
            - {apiGroups: ["certificates.k8s.io"], resources: [certificatesigningrequests], verbs: [create]}
            - {apiGroups: ["certificates.k8s.io"], resources: [certificatesigningrequests/approval], verbs: [update]}
            - {apiGroups: ["certificates.k8s.io"], resources: [signers], verbs: [approve], resourceNames: ["kubernetes.io/kubelet-serving"]}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: approvers}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: approver}
            subjects:
            - {kind: ServiceAccount, namespace: ci, name: approver} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: approver}
            rules:
            - {apiGroups: ["certificates.k8s.io"], resources: [certificatesigningrequests], verbs: [create]}
            - {apiGroups: ["certificates.k8s.io"], resources: [certificatesigningrequests/approval], verbs: [update]}
            - {apiGroups: ["certificates.k8s.io"], resources: [signers], verbs: [approve], resourceNames: ["kubernetes.io/kube-apiserver-client"]}
            """
        ],
        check: .ways(.certificates))
}
