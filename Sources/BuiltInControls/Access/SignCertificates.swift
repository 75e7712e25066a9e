import Controls
import Kubernetes

extension Control {
    /// Signing puts a certificate into the status of a request; with the verb `sign` on a cluster's signer its holder hands out what
    /// the cluster trusts.
    ///
    /// Fields: `certificatesigningrequests/status`, `signers` in `rules`. Allowed: signers outside `kubernetes.io` named in `resourceNames`.
    static let signCertificates = Control(
        id: "sign-certificates",
        title: "Keep signing certificates to the control plane",
        severity: .high,
        duty: "C3",
        summary: "A signer of the cluster's own certificates hands out identities that every component trusts.",
        remedy: "Remove the rule, or name your own signer in `resourceNames`.",
        references: [Reference("mitre-attack", "T1098")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: signer}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - signers
              verbs:
              - sign
              resourceNames: [example.com/web]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: signer}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - certificatesigningrequests/status # ✗
              verbs:
              - update
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: signer}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - signers # ✗
              verbs:
              - sign
            """,
        ],
        check: .powers(Power(["update", "patch"], [.certificateRequests("/status")], names: .count), Power(["sign"], [.signers])))
}
