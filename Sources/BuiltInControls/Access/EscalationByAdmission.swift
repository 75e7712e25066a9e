import Controls

extension Control {
    /// A mutating webhook or policy changes objects that controllers write with their own rights: another image in a Pod of kube-system,
    /// another subject in a binding. The ConfigMap `aws-auth` of EKS says whom the API server takes for whom.
    ///
    /// Fields: `subjects` of bindings with all that their role leads to. Allowed: reading such configurations.
    static let escalationByAdmission = Control(
        id: "escalation-by-admission",
        title: "Let nobody change what others send to the API server",
        severity: .high,
        duty: "C7",
        summary: "These rights change requests of others, or who they are taken for, and so use rights of others.",
        remedy: "Remove the write verbs; an operator's own configuration can be installed with it, by whoever installs operators.",
        references: [.cis("5.1.12"), .nsa("role-based access control"), Reference("mitre-attack", "T1546")],
        passing: [
            """
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
            - {apiGroups: ["admissionregistration.k8s.io"], resources: [mutatingwebhookconfigurations], verbs: [get, list]}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - {apiGroups: ["admissionregistration.k8s.io"], resources: [mutatingwebhookconfigurations], verbs: [create, patch]}
            """
        ],
        check: .ways(.admission))
}
