import Controls
import Documents
import NodeEvidence

extension Control {
    /// A certificate that does not lead to the authority its readers trust is refused, or nobody checks it: either way the connection is not
    /// what the configuration says.
    ///
    /// Source: each certificate against the authority that the settings of its readers name (`--client-ca-file`, `--etcd-cafile`,
    /// `--trusted-ca-file`, …), by names, signatures, validity, CA:TRUE, path length and extended key usage, as Go verifies them.
    static let certificateChains = Control(
        id: "certificate-chains",
        title: "Let certificates lead to the authority that checks them",
        severity: .high,
        duty: "A5",
        summary: "A certificate does not verify against the authority that its readers trust, so they refuse it or do not check.",
        remedy: "Issue it by that authority, with its whole chain in the file, and with the extended key usage that it is shown for.",
        references: [Reference("cwe", "CWE-296")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - {name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]}
                    - {name: kube-controller-manager, argv: [kube-controller-manager, --root-ca-file=/pki/ca.crt]}
                    certificates:
                    - {path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - {name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]}
                    - {name: kube-controller-manager, argv: [kube-controller-manager, --root-ca-file=/pki/ca.crt]}
                    certificates:
                    - path: /pki/apiserver.crt
                      pem: "\(ExampleCertificates.foreignServer)" # ✗
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            let moment = try machine.moment
            for entry in entries {
                guard let end = entry.end else { continue }
                let others = Array(entry.bundle.certificates.dropFirst())
                for (trust, purpose) in try machine.checks(of: entry) {
                    // That nobody checks is another control's word.
                    if try machine.isUnchecked(trust) { continue }
                    let named = try machine.authorities(trust)
                    let all = try machine.allAuthorities
                    let roots = named ?? all.filter { !others.map(\.fingerprint).contains($0.fingerprint) }
                    // What is not valid now is said by another control, and this one looks at the rest.
                    let when = end.isValid(at: moment) ? moment : end.notAfter
                    guard let fault = CertificateTrust(roots: roots).fault(of: end, intermediates: others, purpose: purpose, at: when) else {
                        continue
                    }
                    let message = "\(entry.text(of: end)), which \(trust.readers) check: \(fault.text)"
                    // Without the very authority the evidence does not tell.
                    if fault.isBroken, named != nil {
                        report.fail(entry.pem, message, value: end.fingerprint)
                    } else {
                        report.notObservable(entry.pem, message)
                    }
                }
            }
        })
}

extension CertificateUse.Trust {
    /// For messages.
    fileprivate var readers: String {
        switch self {
        case .clusterClients: "API servers"
        case .frontProxy: "extension API servers"
        case .apiServers: "clients of the API server"
        case .etcdServers: "API servers, as etcd's clients,"
        case .etcdClients: "members of etcd"
        case .etcdPeers: "peers of etcd"
        case .kubeletServers: "API servers, as the kubelet's clients,"
        case .kubeletClients: "kubelets"
        case .signing: "all that it signed for"
        }
    }
}
