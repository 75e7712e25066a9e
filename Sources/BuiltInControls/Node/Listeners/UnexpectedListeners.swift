import Controls
import Documents
import NodeEvidence

/// Ports that one message names.
private let mostPorts = 20

extension Control {
    /// A machine of a cluster serves Pods and the control plane. Whatever else listens on its addresses can be reached by every Pod, past all
    /// network policies, and nobody watches it.
    ///
    /// Source: listening sockets other than on loopback whose program and port are in no table of known ones. The kernel's own sockets have
    /// no program; those of overlays (VXLAN, Geneve, WireGuard) are known by their port.
    static let unexpectedListeners = Control(
        id: "unexpected-listeners",
        title: "Let nothing else listen on machines of the cluster",
        severity: .medium,
        duty: "A5",
        summary: "A program that is no known part of a node listens on the machine's addresses, where every Pod reaches it.",
        remedy: "Stop it, bind it to 127.0.0.1, or run it as a Pod behind a Service, where policies apply.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-1327")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets:
            - {protocol: tcp, address: 0.0.0.0, port: 22, process: sshd}
            - {protocol: tcp, address: "::", port: 31234, process: kube-proxy}
            - {protocol: tcp, address: 127.0.0.1, port: 41234, process: containerd}
            - {protocol: udp, address: 0.0.0.0, port: 8472}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets:
            - {protocol: tcp, address: 0.0.0.0, port: 111, process: rpcbind} # ✗
            - {protocol: tcp, address: "::", port: 41234, process: containerd} # ✗
            """
        ],
        check: .listeners { reviews, evidence, report in
            var ownerless: [String] = []
            var seen: Set<String> = []
            for review in reviews {
                switch review.standing {
                case .unexpected: report.fail(review.socket.place, "\(review.socket.text) is none that is known", value: "\(review.socket.port)")
                case .unknownProgram:
                    let port = "\(review.socket.port)/\(review.socket.transport)"
                    if seen.insert(port).inserted { ownerless.append(port) }
                default: break
                }
            }
            guard !ownerless.isEmpty else { return }
            let shown = ownerless.prefix(mostPorts).joined(separator: ", ")
            let more = ownerless.count > mostPorts ? " and \(ownerless.count - mostPorts) more" : ""
            report.notObservable(evidence.root["sockets"], "the programs were not to be seen that listen at \(shown)\(more)")
        })
}
