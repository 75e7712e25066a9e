import Controls
import Kubernetes

extension Control {
    /// An approved request gives a client certificate for any user or group its signer allows, and no certificate can be revoked.
    /// Approving takes both the subresource and the verb `approve` on a signer.
    ///
    /// Fields: `certificatesigningrequests/approval`, `signers` in `rules`. Allowed: none outside the control plane.
    static let approveCertificateRequests = Control(
        id: "approve-certificate-requests",
        title: "Keep approving certificates to the control plane",
        severity: .high,
        duty: "C3",
        summary: "An approver of certificates makes identities that nobody can revoke before they expire.",
        remedy: "Remove the approval; the controller manager approves what nodes need.",
        references: [.cis("5.1.11"), Reference("mitre-attack", "T1098")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - certificatesigningrequests
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: approver}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - certificatesigningrequests/approval # ✗
              verbs:
              - update
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: approver}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - signers # ✗
              verbs:
              - approve
            """,
        ],
        check: .powers(
            Power(["update", "patch"], [.certificateRequests("/approval")], names: .count), Power(["approve"], [.signers], names: .count)))
}
