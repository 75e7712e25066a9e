import Controls
import Documents
import NodeEvidence

extension Control {
    /// These ports ask for no credentials: whoever reaches the machine reads all Pods with their environment, or gives orders as root.
    ///
    /// Source: listening sockets other than on loopback: the API server's 8080, the kubelet's 10255 and 4194, the scheduler's 10251, the
    /// controller managers' 10252 and 10253, etcd's 4001, Docker's 2375.
    static let plaintextListeners = Control(
        id: "plaintext-listeners",
        title: "Close ports that ask for no credentials",
        severity: .critical,
        duty: "A5",
        summary: "A program of Kubernetes listens on the network without authentication, and gives something away or takes orders there.",
        remedy: "Set the port to 0 or switch it off (`--read-only-port=0`, `--insecure-port=0`, no `-H tcp://` for dockerd).",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets:
            - {protocol: tcp, address: 0.0.0.0, port: 10250, process: kubelet}
            - {protocol: tcp, address: 127.0.0.1, port: 8080, process: kube-apiserver}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            sockets:
            - {protocol: tcp, address: "::", port: 10255, process: kubelet} # ✗
            - {protocol: tcp, address: 192.0.2.10, port: 2375, process: dockerd} # ✗
            """
        ],
        check: .listeners { reviews, _, report in
            for review in reviews {
                guard let known = review.likely, known.standing == .plaintext else { continue }
                report.fail(review.socket.place, "\(review.socket.text) is \(known.title)", value: "\(review.socket.port)")
            }
        })
}
