import Controls
import Documents
import NodeEvidence

extension Control {
    /// etcd lets in whoever shows a certificate of its authority, without asking who it is. If that authority is the cluster's, every
    /// kubelet and every user with a client certificate can read and write all that is stored: Secrets, roles, everything.
    ///
    /// Source: `--trusted-ca-file` of etcd against `--client-ca-file` of the API server and `--cluster-signing-cert-file` of the controller
    /// manager: the same certificate, the same key, or the same issuer above both.
    static let etcdOwnAuthority = Control(
        id: "etcd-own-authority",
        title: "Give etcd an authority of its own",
        severity: .critical,
        duty: "A5",
        summary: "etcd trusts the authority that signs client certificates of the cluster, so each of their holders can read and write all of etcd.",
        remedy:
            "Make an authority for etcd alone, issue its certificates and the API server's client certificate anew, and set `--trusted-ca-file` to it.",
        references: [.cis("2.7"), Reference("cwe", "CWE-269")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - {name: kube-apiserver, argv: [kube-apiserver, --client-ca-file=/pki/ca.crt]}
                    - {name: etcd, argv: [etcd, --trusted-ca-file=/pki/etcd/ca.crt]}
                    certificates:
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    - {path: /pki/etcd/ca.crt, pem: "\(ExampleCertificates.etcdAuthority)"}
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - {name: kube-apiserver, argv: [kube-apiserver, --client-ca-file=/pki/ca.crt]}
                    - name: etcd
                      argv:
                      - etcd
                      - --trusted-ca-file=/pki/ca.crt # ✗
                    certificates:
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    """))
        ],
        check: .certificates { machine, _, report throws(WrongType) in
            let etcd = try machine.uses.filter { $0.role == .authority(.etcdClients) }
            guard !etcd.isEmpty else {
                for reason in machine.unknown[.etcd] ?? [] { report.notObservable(machine.document.root, reason) }
                return report.notApplicable()
            }
            let cluster = try machine.uses.filter { $0.role == .authority(.clusterClients) || $0.role == .authority(.signing) }
            guard !cluster.isEmpty else {
                return report.notObservable(machine.document.root, "no authority of the cluster's clients is named in the evidence")
            }
            for use in etcd {
                var why = ""
                var others: [String] = []
                for other in cluster {
                    switch try machine.sharedAuthority(use, other) {
                    case .shared(let reason):
                        let name = "\(other.setting) of \(other.component.noun)"
                        if why.isEmpty { why = reason }
                        if !others.contains(name) { others.append(name) }
                    case .apart: continue
                    case .unknown(let path): report.notObservable(use.place, "the evidence holds no certificate of \(path)")
                    }
                }
                guard !others.isEmpty else { continue }
                let names = others.count > 1 ? "name" : "names"
                report.fail(use.place, "\(why), which \(others.joined(separator: " and ")) \(names) too", value: use.path)
            }
        })
}

/// Whether two settings come down to one authority.
enum AuthorityComparison {
    case shared(String), apart
    /// The file whose certificates are missing.
    case unknown(String)
}

extension CertificateEvidence {
    func sharedAuthority(_ one: CertificateUse, _ other: CertificateUse) throws(WrongType) -> AuthorityComparison {
        if one.path == other.path { return .shared("\(one.setting) is \(one.path)") }
        guard let first = try entry(one.path, for: one.component) else { return .unknown(one.path) }
        guard let second = try entry(other.path, for: other.component) else { return .unknown(other.path) }
        let keys = Dictionary(first.bundle.certificates.map { ($0.keyFingerprint, $0) }, uniquingKeysWith: { one, _ in one })
        // Trusting what stands above an authority is trusting the authority.
        let trust = CertificateTrust(roots: first.bundle.certificates)
        for rival in second.bundle.certificates {
            if let same = keys[rival.keyFingerprint] { return .shared("\(one.setting) holds '\(same.subject.text)' with the key") }
            if !rival.isSelfIssued, trust.fault(of: rival, purpose: nil, at: rival.notAfter) == nil {
                return .shared("\(one.setting) holds '\(rival.issuer.text)', the issuer of the authority '\(rival.subject.text)'")
            }
        }
        return .apart
    }
}
