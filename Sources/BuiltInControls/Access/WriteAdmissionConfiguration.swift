import Controls

extension Control {
    /// Whoever writes webhook configurations or admission policies sees and changes every object of the cluster, Secrets included,
    /// or switches off the rules that protect it.
    ///
    /// Fields: `admissionregistration.k8s.io` in `rules`. Allowed: reading; writing with `resourceNames` of one's own.
    static let writeAdmissionConfiguration = Control(
        id: "write-admission-configuration",
        title: "Keep admission webhooks and policies to the platform",
        severity: .high,
        duty: "C7",
        summary: "A webhook of one's own reads and changes every object of the cluster; an edited one lets everything through.",
        remedy: "Remove the write verbs, or limit them with `resourceNames` to the operator's own configuration.",
        references: [.cis("5.1.12"), Reference("mitre-attack", "T1546")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["admissionregistration.k8s.io"]
              resources:
              - validatingwebhookconfigurations
              verbs:
              - patch
              resourceNames: [web]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["admissionregistration.k8s.io"]
              resources:
              - validatingwebhookconfigurations # ✗
              - mutatingwebhookconfigurations # ✗
              verbs:
              - create
              - patch
            """
        ],
        check: .powers(.writeAdmission))
}
