import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Whoever connects to the container runtime starts containers as he likes, with the whole machine in them. Connecting takes the
    /// right to write the socket.
    ///
    /// Files: the socket of `--container-runtime-endpoint`, else those of containerd, CRI-O and Docker. Allowed: user root; a group other
    /// than root must not write, nor others.
    static let runtimeSocketMode = Control(
        id: "container-runtime-socket-mode",
        title: "Let root alone command the container runtime",
        severity: .critical,
        duty: "A5",
        summary: "Others than root may connect to the container runtime, and so are root on the machine.",
        remedy: "`chown root:root SOCKET; chmod 660 SOCKET`, and the same in the runtime's configuration (containerd: `[grpc]` uid and gid).",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --container-runtime-endpoint=unix:///run/containerd/containerd.sock]}
            files:
            - {path: /run/containerd/containerd.sock, type: socket, mode: "0660", owner: root, group: root}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --container-runtime-endpoint=unix:///run/containerd/containerd.sock]}
            files:
            - path: /run/containerd/containerd.sock
              type: socket
              mode: "0666" # ✗
              owner: root
              group: root
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet]}
            files:
            - path: /run/docker.sock
              type: socket
              mode: "0660"
              owner: root
              group: docker # ✗
            """,
        ],
        check: .files(.runtimeSocket) { socket, report throws(WrongType) in
            guard let mode = socket.mode else { return report.notObservable(socket.place, "the mode of \(socket.path) was not read") }
            if mode & 0o002 != 0 { report.fail(socket.place["mode"], "\(socket.path) has mode \(mode.octal): everybody may connect") }
            try report.judgeUser(of: socket, by: .root)
            if mode & 0o020 != 0 { try report.judgeGroup(of: socket, by: .root) }
        })
}
