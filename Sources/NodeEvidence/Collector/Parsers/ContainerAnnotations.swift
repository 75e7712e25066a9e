internal import Documents

/// What the runtime notes in the annotations of a container's `config.json`. Nothing else of that file is kept: it holds the container's environment.
/// Sources: containerd's internal/cri/annotations, CRI-O's github.com/cri-o/cri-o/internal/annotations.
struct ContainerAnnotations {
    private let values: [String: String]

    init(_ bytes: [UInt8]) {
        let parsed = DocumentTree.parse(bytes, source: "config.json", syntax: .json)
        values = parsed.tree.roots.first.flatMap { try? $0["annotations"].stringMap() } ?? [:]
    }

    func describe(_ container: inout CollectedContainer) {
        container.type = first("io.kubernetes.cri.container-type", "io.kubernetes.cri-o.ContainerType")
        container.sandbox = first("io.kubernetes.cri.sandbox-id", "io.kubernetes.cri-o.SandboxID")
        container.podName = first("io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name")
        container.podNamespace = first("io.kubernetes.cri.sandbox-namespace", "io.kubernetes.pod.namespace")
        container.podUID = first("io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid")
        container.containerName = first("io.kubernetes.cri.container-name", "io.kubernetes.container.name")
        container.handler = first("io.containerd.cri.runtime-handler", "io.kubernetes.cri.runtime-handler", "io.kubernetes.cri-o.RuntimeHandler")
    }

    private func first(_ names: String...) -> String? {
        names.lazy.compactMap { values[$0] }.first { !$0.isEmpty }
    }
}
