internal import SystemPackage

extension Gathering {
    private static let tasks: FilePath = "/run/containerd/io.containerd.runtime.v2.task"
    private static let storage: FilePath = "/run/containers/storage/overlay-containers"

    /// The tasks of containerd and CRI-O, from the bundles they keep for them.
    mutating func gatherContainers() {
        var containers: [CollectedContainer]?
        if let namespaces = systemNames(Gathering.tasks) {
            containers = []
            for namespace in namespaces {
                for name in systemNames(Gathering.tasks.appending(namespace)) ?? [] {
                    containers?.append(containerdTask(Gathering.tasks.appending(namespace).appending(name), namespace.string, name.string))
                }
            }
        }
        if let names = systemNames(Gathering.storage) {
            containers = containers ?? []
            for name in names {
                let bundle = Gathering.storage.appending(name).appending("userdata")
                guard let bytes = systemFile(bundle.appending("config.json"), limit: 4 << 20) else { continue }
                var container = CollectedContainer(id: name.string, namespace: "cri-o")
                ContainerAnnotations(bytes).describe(&container)
                container.pid = systemFile(bundle.appending("pidfile")).flatMap { Int($0.firstLine) }
                containers?.append(container)
            }
        }
        guard var found = containers else { return }
        describeProcesses(of: &found)
        evidence.containers = found.sorted { ($0.namespace, $0.id) < ($1.namespace, $1.id) }
    }

    private mutating func containerdTask(_ bundle: FilePath, _ namespace: String, _ id: String) -> CollectedContainer {
        var container = CollectedContainer(id: id, namespace: namespace)
        if let bytes = systemFile(bundle.appending("config.json"), limit: 4 << 20) { ContainerAnnotations(bytes).describe(&container) }
        container.pid = systemFile(bundle.appending("init.pid")).flatMap { Int($0.firstLine) }
        container.shim = systemFile(bundle.appending("shim-binary-path")).flatMap { Shim.runtime(ofBinary: $0.firstLine) }
        // The shim of runc notes which program it was told to start; empty where it was told none.
        container.binary = systemFile(bundle.appending("runtime")).map(\.firstLine).flatMap { $0.isEmpty ? nil : $0 }
        return container
    }

    /// What runs in each container, by control groups; and the shim, where the bundle does not name it, by its arguments.
    private func describeProcesses(of containers: inout [CollectedContainer]) {
        var names: [String: Set<String>] = [:]
        var shims: [String: String] = [:]
        for process in evidence.processes ?? [] {
            if let id = process.container { names[id, default: []].insert(process.name) }
            guard process.name.hasPrefix("containerd-shim"), let argv = process.argv, let program = argv.first,
                let runtime = Shim.runtime(ofBinary: process.executable ?? program), let id = ComponentFlags.values(of: argv)["id"]?.last
            else { continue }
            // A sandbox runs in the control group of its Pod where the runtime puts it there: what it holds is found by the id it was started for.
            shims[id] = runtime
        }
        for process in evidence.processes ?? [] {
            guard process.name.hasPrefix("runsc"), let argv = process.argv, let id = argv.last(where: { Shim.isContainerID($0) }) else { continue }
            names[id, default: []].insert(process.name)
        }
        for index in containers.indices {
            let container = containers[index]
            // The shim of a sandbox serves all containers of the Pod.
            containers[index].shim = container.shim ?? shims[container.id] ?? container.sandbox.flatMap { shims[$0] }
            containers[index].processes = (names[container.id] ?? []).sorted()
        }
    }
}

/// Shims of containerd.
enum Shim {
    /// `/usr/bin/containerd-shim-runsc-v1` is the runtime `io.containerd.runsc.v1`: containerd's rule the other way round
    /// (github.com/containerd/containerd, core/runtime/v2/README.md).
    static func runtime(ofBinary path: String) -> String? {
        guard let name = path.split(separator: "/").last, name.hasPrefix("containerd-shim-") else { return nil }
        let parts = name.dropFirst("containerd-shim-".count).split(separator: "-")
        guard let version = parts.last, parts.count >= 2 else { return nil }
        return "io.containerd.\(parts.dropLast().joined(separator: "-")).\(version)"
    }

    static func isContainerID(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
    }
}
