internal import Documents
internal import Kubernetes
internal import KubernetesClient

/// How much of a cluster is kept. Who may write objects may write many and large ones; that must cost this server no more than it can bear.
public struct EstateLimits: Sendable, Equatable {
    /// Bytes of one value of a ConfigMap. What is longer keeps its beginning.
    public var valueBytes = 16 << 10
    /// Bytes of all keys and values of a ConfigMap. What comes behind is left out.
    public var dataBytes = 64 << 10
    /// Bytes of all objects. The kind that takes the most of it when it is not enough becomes a gap.
    public var totalBytes = 256 << 20
    /// Bytes of a page of a list while it is read; several lists are read at once.
    public var pageBytes = 16 << 20

    public init() {}

    /// What an object costs beside its text and its nodes, rounded up.
    static let objectBytes = 512

    static func cost(of object: KubernetesObject) -> Int { object.root.treeMemory + objectBytes }

    /// What is kept of an object.
    /// - Returns: whether something is gone that a control would have judged.
    func trimmed(_ root: Value, of resource: Resource) -> (root: Value, isCut: Bool) {
        switch (resource.group, resource.kind) {
        case ("", "ConfigMap"): trimmedData(root)
        // The schema of a definition is the most of it, and no control judges it.
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): (EstateLimits.withoutSchemas(root), false)
        default: (root, false)
        }
    }

    private func trimmedData(_ root: Value) -> (root: Value, isCut: Bool) {
        guard root.treeMemory > min(valueBytes, dataBytes) else { return (root, false) }
        var changes: [Int: ManifestText.Change] = [:]
        var left = dataBytes
        let isCut = cut(root["data"], &left, &changes)
        // No control looks at binary data: nothing is lost with it.
        _ = cut(root["binaryData"], &left, &changes)
        return changes.isEmpty ? (root, false) : (EstateLimits.copy(root, changes), isCut)
    }

    /// - Returns: whether something was cut.
    private func cut(_ data: Value, _ left: inout Int, _ changes: inout [Int: ManifestText.Change]) -> Bool {
        guard let entries = try? data.entries() else { return false }
        let before = changes.count
        for entry in entries {
            let size = entry.withText(\.count)
            let cost = entry.key.utf8.count + min(size, valueBytes)
            if cost > left {
                changes[entry.identity] = .remove
            } else if size > valueBytes {
                changes[entry.identity] = .replace(.text(entry.withText { String(decoding: $0.prefix(valueBytes), as: UTF8.self) }))
            }
            left -= min(cost, left)
        }
        return changes.count > before
    }

    private static func withoutSchemas(_ root: Value) -> Value {
        // Version `v1beta1` has one for all versions.
        var schemas = [root["spec"]["validation"]]
        if let versions = try? root["spec"]["versions"].items() { schemas += versions.map { $0["schema"] } }
        let changes = schemas.filter(\.isWritten).map { ($0.identity, ManifestText.Change.remove) }
        return changes.isEmpty ? root : copy(root, Dictionary(changes) { one, _ in one })
    }

    /// A tree of its own, so that what was cut is let go.
    private static func copy(_ root: Value, _ changes: [Int: ManifestText.Change]) -> Value {
        ManifestText(root) { changes[$0.identity] }.parsed(source: root.source).tree.roots.first ?? root
    }
}
