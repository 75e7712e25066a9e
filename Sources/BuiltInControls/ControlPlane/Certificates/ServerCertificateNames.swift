import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Clients look for the name they asked for among the alternative names; Go ignores the common name since 1.15. A server without the
    /// right ones is refused, or clients were told not to check.
    ///
    /// Source: the certificate that `--tls-cert-file` of the API server and the kubelet and `--cert-file` of etcd name, and what listening
    /// ports answer with. Asked for: `kubernetes.default.svc` at an API server, the node's name or an address at a kubelet, some name at etcd.
    static let serverCertificateNames = Control(
        id: "server-certificate-names",
        title: "Give servers certificates with the names clients use",
        severity: .medium,
        duty: "A5",
        summary: "A server's certificate lacks the name that clients ask for, so they refuse it or were told not to check names.",
        remedy: "Issue it anew with that name among the subject alternative names.",
        references: [Reference("cwe", "CWE-297")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    processes: [{name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]}]
                    certificates: [{path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}]
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    processes: [{name: kube-apiserver, argv: [kube-apiserver, --tls-cert-file=/pki/apiserver.crt]}]
                    certificates:
                    - path: /pki/apiserver.crt
                      pem: "\(ExampleCertificates.namelessServer)" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            for entry in entries {
                guard let end = entry.end, entry.user.isEmpty else { continue }
                var servers = try machine.uses(of: entry).filter { $0.role == .serving }.map(\.component)
                if let kind = ComponentKind(program: entry.process), !entry.listener.isEmpty { servers.append(kind) }
                for server in servers {
                    guard let missing = server.missingName(in: end.extensions, node: machine.document.nodeName) else { continue }
                    report.fail(entry.pem, "\(entry.text(of: end)), which \(server.noun) shows, \(missing)", value: end.fingerprint)
                }
            }
        })
}

extension ComponentKind {
    fileprivate func missingName(in extensions: CertificateExtensions, node: String) -> String? {
        guard extensions.hasAlternativeNames, !extensions.dnsNames.isEmpty || !extensions.addresses.isEmpty else {
            return "has no subject alternative name"
        }
        switch self {
        case .kubeAPIServer:
            let name = "kubernetes.default.svc"
            return extensions.names(name) ? nil : "does not name \(name), by which Pods ask for it"
        case .kubelet:
            guard !node.isEmpty, extensions.addresses.isEmpty, !extensions.names(node) else { return nil }
            return "names neither an address nor the node '\(node)'"
        default: return nil
        }
    }
}

extension CertificateExtensions {
    /// As RFC 6125: a wildcard stands for one label, the first one.
    fileprivate func names(_ name: String) -> Bool {
        let name = name.lowercased()
        let rest = name.firstIndex(of: ".").map { "*" + name[$0...] }
        return dnsNames.contains { $0.lowercased() == name || $0.lowercased() == rest }
    }
}
