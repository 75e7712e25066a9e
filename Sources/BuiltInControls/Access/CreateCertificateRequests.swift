import Controls
import Kubernetes

extension Control {
    /// A request alone gives nothing, but together with an approver that looks at too little it gives a client certificate.
    ///
    /// Fields: `certificatesigningrequests` in `rules`. Allowed: reading.
    static let createCertificateRequests = Control(
        id: "create-certificate-requests",
        title: "Allow certificate requests only where they are needed",
        severity: .low,
        duty: "C3",
        summary: "A certificate request is half of a lasting identity; the other half is a careless approver.",
        remedy: "Remove `create` on certificate requests from roles that need no certificates.",
        references: [Reference("mitre-attack", "T1098")],
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
              - list
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: requester}
            rules:
            - apiGroups: ["certificates.k8s.io"]
              resources:
              - certificatesigningrequests # ✗
              verbs:
              - create
            """
        ],
        check: .powers(Power(["create"], [.certificateRequests()])))
}
