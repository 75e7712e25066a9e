import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever shows a certificate of the front proxy's authority may name any user and group in headers. If that authority also signs
    /// ordinary client certificates, each of their holders can be `system:masters`, unless only certain names are allowed.
    ///
    /// Source: `--requestheader-client-ca-file` of the API server against `--client-ca-file`; `--requestheader-allowed-names` set saves it.
    /// The API server's own documentation warns of it.
    static let frontProxyOwnAuthority = Control(
        id: "front-proxy-own-authority",
        title: "Give the front proxy an authority of its own",
        severity: .critical,
        duty: "A5",
        summary: "Holders of any client certificate of the cluster may name themselves any user by a header, as the front proxy does.",
        remedy:
            "Make an authority for the front proxy alone and set `--requestheader-client-ca-file` to it; set `--requestheader-allowed-names` too.",
        references: [Reference("cwe", "CWE-290")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - name: kube-apiserver
                      argv: [kube-apiserver, --client-ca-file=/pki/ca.crt, --requestheader-client-ca-file=/pki/front-proxy-ca.crt]
                    certificates:
                    - {path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}
                    - {path: /pki/front-proxy-ca.crt, pem: "\(ExampleCertificates.frontProxyAuthority)"}
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    processes:
                    - name: kube-apiserver
                      argv:
                      - kube-apiserver
                      - --client-ca-file=/pki/ca.crt
                      - --requestheader-client-ca-file=/pki/ca.crt # ✗
                    certificates: [{path: /pki/ca.crt, pem: "\(ExampleCertificates.authority)"}]
                    """))
        ],
        check: .certificates { machine, _, report throws(WrongType) in
            let uses = try machine.uses.filter { $0.component == .kubeAPIServer }
            var isJudged = false
            // Names that one server allows say nothing about another.
            for (member, server) in (try machine.document.components(.kubeAPIServer) ?? []).enumerated() {
                let settings = try ComponentSettings(server, in: machine.document)
                guard let names = report.setting(settings, flag: "requestheader-allowed-names") else {
                    isJudged = true
                    continue
                }
                let proxies = uses.filter { $0.member == member && $0.role == .authority(.frontProxy) }
                let clients = uses.filter { $0.member == member && $0.role == .authority(.clusterClients) }
                guard !proxies.isEmpty, !clients.isEmpty else { continue }
                isJudged = true
                guard names.items.isEmpty else { continue }
                for proxy in proxies {
                    for client in clients { try report.judge(proxy, apartFrom: client, of: machine) }
                }
            }
            if !isJudged { report.notApplicable() }
        })
}

extension Report {
    fileprivate mutating func judge(
        _ proxy: CertificateUse, apartFrom client: CertificateUse, of machine: CertificateEvidence
    ) throws(WrongType) {
        switch try machine.sharedAuthority(proxy, client) {
        case .shared(let why): fail(proxy.place, "\(why), which \(client.setting) names too, and any name is allowed", value: proxy.path)
        case .apart: return
        case .unknown(let path): notObservable(proxy.place, "the evidence holds no certificate of \(path)")
        }
    }
}
