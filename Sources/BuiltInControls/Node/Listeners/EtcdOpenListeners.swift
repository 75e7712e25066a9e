import Controls
import Documents
import NodeEvidence

extension Control {
    /// etcd is the cluster: who talks to it reads every Secret and writes every role, past the API server. Only client certificates keep
    /// others on the network from it; likewise Docker's API over TLS.
    ///
    /// Source: listening sockets other than on loopback, with the settings of etcd: `--client-cert-auth` or `--trusted-ca-file` for 2379,
    /// `--peer-client-cert-auth` or `--peer-trusted-ca-file` for 2380 (either makes etcd ask; `pkg/transport` of etcd).
    static let etcdOpenListeners = Control(
        id: "etcd-listeners-without-client-certificates",
        title: "Let nobody reach etcd without a client certificate",
        severity: .critical,
        duty: "A5",
        summary: "etcd listens on the network and asks for no client certificate, so whoever reaches it is the cluster's master.",
        remedy: "Set `--client-cert-auth` with `--trusted-ca-file` (and the same for peers), or listen on 127.0.0.1.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes: [{name: etcd, argv: [etcd, --client-cert-auth=true, --trusted-ca-file=/pki/ca.crt]}]
            sockets: [{protocol: tcp, address: 192.0.2.10, port: 2379, process: etcd}]
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes: [{name: etcd, argv: [etcd, --client-cert-auth=true]}]
            sockets:
            - {protocol: tcp, address: 192.0.2.10, port: 2379, process: etcd}
            - {protocol: tcp, address: "::", port: 2380, process: etcd} # ✗
            """
        ],
        check: .listeners { reviews, evidence, report throws(WrongType) in
            let listeners = reviews.filter { $0.likely?.program == ComponentKind.etcd.rawValue && $0.likely?.standing == .mutual }
            guard !listeners.isEmpty else { return }
            guard let members = report.section(try evidence.components(.etcd), "processes") else { return }
            for review in listeners { try report.judgeEtcd(review, members, evidence) }
        })
}

extension Report {
    fileprivate mutating func judgeEtcd(_ review: ListenerReview, _ members: [Component], _ evidence: EvidenceDocument) throws(WrongType) {
        guard let known = review.likely else { return }
        guard !members.isEmpty else { return notObservable(review.socket.place, "the evidence does not show how etcd was started") }
        let (prefix, section) =
            known.ports.contains(2_380) ? ("peer-", "peer-transport-security") : ("", "client-transport-security")
        for member in members {
            let settings = try ComponentSettings(member, in: evidence)
            guard let asks = setting(settings, flag: "\(prefix)client-cert-auth", field: "\(section).client-cert-auth", standard: "false"),
                let authority = setting(settings, flag: "\(prefix)trusted-ca-file", field: "\(section).trusted-ca-file")
            else { continue }
            if asks.bool != true, authority.text.isEmpty {
                fail(review.socket.place, "\(review.socket.text) is \(known.title), and asks for no certificate", value: "\(review.socket.port)")
            }
        }
    }
}
