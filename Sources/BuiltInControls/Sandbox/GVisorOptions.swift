import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// gVisor's options open its sandbox step by step: the network of the machine, its sockets, drivers, logs of everything a program does.
    ///
    /// Evidence: the file that `ConfigPath` of a handler of gVisor names, its table `runsc_config`. Allowed: none of `network=host`, `host-uds`,
    /// `host-fifo=open`, `nvproxy`, `tpuproxy`, `debug`, `strace`, `profile`, `rootless`, `ignore-cgroups`, `net-raw`, `allow-flag-override`, `platform=ptrace`.
    static let gVisorOptions = Control(
        id: "gvisor-options",
        title: "Keep gVisor's sandbox closed",
        severity: .high,
        duty: "A3",
        summary: "An option of gVisor gives containers a part of the machine that the sandbox is there to keep from them.",
        remedy: "Remove the option from `runsc.toml`, or give it to a handler of its own for the few Pods that need it.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc.options]
                  TypeUrl = "io.containerd.runsc.v1.options"
                  ConfigPath = "/etc/containerd/runsc.toml"
            - path: /etc/containerd/runsc.toml
              content: |
                [runsc_config]
                  platform = "systrap"
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            files:
            - path: /etc/containerd/config.toml
              content: |
                version = 2
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
                  runtime_type = "io.containerd.runsc.v1"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc.options]
                  TypeUrl = "io.containerd.runsc.v1.options"
                  ConfigPath = "/etc/containerd/runsc.toml"
            - path: /etc/containerd/runsc.toml
              content: | # ✗
                [runsc_config]
                  network = "host"
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            var isThere = false
            try report.judgeRuntimes { runtime, report throws(WrongType) in
                let paths = Set(runtime.handlers.filter { $0.engine == .gVisor }.compactMap(\.configurationPath))
                for path in paths.sorted() {
                    isThere = true
                    try report.judgeGVisor(path, runtime)
                }
                if runtime.handlers.contains(where: { $0.engine == .gVisor }) { isThere = true }
            }
            if !isThere { report.notApplicable() }
        })
}

extension Report {
    fileprivate mutating func judgeGVisor(_ path: String, _ runtime: RuntimeConfiguration) throws(WrongType) {
        guard let file = try evidence?.file(path) else {
            return notObservable(judgedObject.root["files"], "the evidence does not hold \(path), where gVisor's options are")
        }
        // Without the file gVisor runs on its defaults, which are closed.
        guard !file.isMissing else { return }
        let (options, problem) = GVisorOption.read(file)
        let place = file.content ?? file.place
        if let problem {
            notObservable(place, "\(problem.line == 0 ? "" : "line \(problem.line) of ")\(path): \(problem.message)")
        }
        for option in options {
            fail(
                place, "line \(option.line) of \(path): \(option.name) is '\(option.value)': \(option.threat)",
                value: "\(option.name)=\(option.value)")
        }
    }
}
