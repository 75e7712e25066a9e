import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Check {
    /// Called with all listening sockets of a machine's evidence.
    static func listeners(_ judge: @escaping @Sendable ([ListenerReview], EvidenceDocument, inout Report) throws(WrongType) -> Void) -> Check {
        .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence else { return report.notApplicable() }
            guard let sockets = report.section(try evidence.sockets, "sockets") else { return }
            let moved = try movedListeners(evidence)
            var running: [String] = []
            for kind in ComponentKind.allCases where try evidence.components(kind)?.isEmpty == false { running.append(kind.rawValue) }
            try judge(sockets.map { ListenerReview($0, moved: moved, running: running) }, evidence, &report)
        }
    }

    /// Ports that a setting moved away from where they are known.
    private static func movedListeners(_ evidence: EvidenceDocument) throws(WrongType) -> [Int: KnownListener] {
        var moved: [Int: KnownListener] = [:]
        for (kind, flag, field, usual) in movable {
            for component in try evidence.components(kind) ?? [] {
                guard case .known(let setting) = try ComponentSettings(component, in: evidence).reading(flag: flag, field: field), setting.isSet
                else { continue }
                guard let known = KnownListener.find(program: kind.rawValue, port: usual, transport: "tcp") else { continue }
                for port in setting.items.compactMap({ Int($0.split(separator: ":").last.map { $0.prefix { $0.isNumber } } ?? "") }) {
                    moved[port] = known
                }
            }
        }
        return moved
    }

    /// Settings that name a port, or addresses that end in one.
    private static let movable: [(ComponentKind, String, String?, Int)] = [
        (.kubeAPIServer, "secure-port", nil, 6_443), (.kubeAPIServer, "insecure-port", nil, 8_080),
        (.kubelet, "port", "port", 10_250), (.kubelet, "read-only-port", "readOnlyPort", 10_255), (.kubelet, "healthz-port", "healthzPort", 10_248),
        (.kubeScheduler, "secure-port", nil, 10_259), (.kubeControllerManager, "secure-port", nil, 10_257),
        (.kubeProxy, "metrics-bind-address", "metricsBindAddress", 10_249), (.kubeProxy, "healthz-bind-address", "healthzBindAddress", 10_256),
        (.etcd, "listen-client-urls", "listen-client-urls", 2_379), (.etcd, "listen-peer-urls", "listen-peer-urls", 2_380),
        (.etcd, "listen-metrics-urls", "listen-metrics-urls", 2_381),
    ]
}

extension ListenerReview {
    /// Known by its port, whoever holds the socket.
    ///
    /// A socket without a process that stands at a TCP port of a program that runs here is taken for that program's: what asks for no
    /// credentials is too grave to leave it at "nobody saw it".
    var likely: KnownListener? {
        switch standing {
        case .expected(let known), .tooWide(let known), .plaintext(let known), .mutual(let known): known
        case .unknownProgram(let known): known
        case .loopback, .unexpected, .client: nil
        }
    }
}

extension EvidenceSocket {
    /// For messages: `kubelet at 0.0.0.0:10255/tcp`.
    var text: String {
        let host = address.contains(":") ? "[\(address)]" : address.isEmpty ? "*" : address
        return "\(process.map { "'\($0)'" } ?? "a program that was not to be seen") at \(host):\(port)/\(transport)"
    }
}
