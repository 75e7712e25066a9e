// `sign` with a write to `certificatesigningrequests/status` is no way: the certificate that is put there is worth nothing
// without the key of the cluster's authority, which no right of RBAC hands out.

extension Technique {
    /// The admission plugin CertificateSubjectRestriction refuses the group system:masters, and nothing else.
    static let approveClientCertificates = Technique(
        id: "approve-client-certificates",
        title: "Request a client certificate in any name and approve it",
        condition: "kube-controller-manager signs for kubernetes.io/kube-apiserver-client, as it does by default",
        gives: "every user, service account, node and group but system:masters",
        source: "kubernetes plugin/pkg/admission/certificates (approval, subjectrestriction)",
        severity: .critical,
        needs: [.createCertificateRequests, .approveCertificateRequests, .approveForClients],
        goal: .everyone)

    static let approveNodeCertificates = Technique(
        id: "approve-node-certificates",
        title: "Request a certificate of a node and approve it",
        condition: "kube-controller-manager signs for kubernetes.io/kube-apiserver-client-kubelet, as it does by default",
        gives: "the identity of every node",
        source: "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/",
        severity: .critical,
        needs: [.createCertificateRequests, .approveCertificateRequests, .approveForKubelets],
        goal: .everyNode)

    /// What a bootstrap token may do. The approver looks at the name's beginning, not at whose node it is.
    static let requestNodeCertificates = Technique(
        id: "request-node-certificates",
        title: "Request a certificate of any node and have it approved by itself",
        condition: "kube-controller-manager approves and signs such requests, as it does by default",
        gives: "the identity of every node",
        source: "kubernetes pkg/controller/certificates/approver",
        severity: .critical,
        needs: [.createCertificateRequests, .approveOwnNodeClient],
        goal: .everyNode)
}

extension Need {
    private static let group = "certificates.k8s.io"

    static let createCertificateRequests = Need(
        .forbidden, Permission(.create, group, "certificatesigningrequests", clusterScoped: true))
    static let approveCertificateRequests = Need(
        .ignored, Permission(.change, group, "certificatesigningrequests/approval", clusterScoped: true))
    static let approveForClients = Need(
        .oneOf(["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"]), Permission(.approve, group, "signers", clusterScoped: true))
    static let approveForKubelets = Need(
        .oneOf(["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/*"]), Permission(.approve, group, "signers", clusterScoped: true))
    static let approveOwnNodeClient = Need(
        .forbidden, Permission(.create, group, "certificatesigningrequests/nodeclient", clusterScoped: true))
}
