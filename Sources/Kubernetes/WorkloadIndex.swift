import Documents

/// The objects that make Pods, by namespace and by the labels of their Pods, so that a selector is answered
/// without a walk over the estate.
public struct WorkloadIndex: Sendable {
    private let byNamespace: [String: [Int]]
    /// By a hash of namespace, key and value; collisions are sorted out by matching the selector in full.
    private let byLabel: [UInt64: [Int]]

    init(_ objects: [KubernetesObject]) {
        var byNamespace: [String: [Int]] = [:]
        var byLabel: [UInt64: [Int]] = [:]
        for (index, object) in objects.enumerated() {
            guard let pod = object.pod else { continue }
            byNamespace[object.namespace, default: []].append(index)
            // Labels that are no mapping of strings are a gap of the controls that judge this Pod.
            guard let labels = try? pod.labels.entries() else { continue }
            for label in labels {
                byLabel[WorkloadIndex.hash(object.namespace, label), default: []].append(index)
            }
        }
        self.byNamespace = byNamespace
        self.byLabel = byLabel
    }

    /// Indexes of the objects that make Pods in a namespace, in the order they were read.
    public func all(in namespace: String) -> [Int] { byNamespace[namespace] ?? [] }

    public var namespaces: some Sequence<String> { byNamespace.keys }

    /// Indexes of those whose Pods the selector matches. A Pod whose labels can't be read matches nothing.
    ///
    /// - Parameter matters: leaves out objects before their labels are looked at.
    public func select(
        _ selector: LabelSelector, in namespace: String, of objects: [KubernetesObject], where matters: (Int) -> Bool = { _ in true }
    ) -> [Int] {
        candidates(selector, in: namespace).filter { index in
            guard matters(index), let labels = objects[index].pod?.labels else { return false }
            return (try? selector.matches(labels)) ?? false
        }
    }

    /// Whether the selector matches any Pod of the namespace.
    func matchesAny(_ selector: LabelSelector, in namespace: String, of objects: [KubernetesObject]) -> Bool {
        candidates(selector, in: namespace).contains { index in
            guard let labels = objects[index].pod?.labels else { return false }
            return (try? selector.matches(labels)) ?? false
        }
    }

    /// The objects with the rarest of the labels the selector asks for: a label that all Pods of a namespace carry
    /// must not make every selector walk over all of them.
    private func candidates(_ selector: LabelSelector, in namespace: String) -> [Int] {
        var rarest: [Int]?
        for asked in selector.requirements where asked.operator == .in {
            let found: [Int]
            if asked.values.count == 1 {
                found = byLabel[WorkloadIndex.hash(namespace, asked.key, asked.values[0])] ?? []
            } else {
                found = Set(asked.values.flatMap { byLabel[WorkloadIndex.hash(namespace, asked.key, $0)] ?? [] }).sorted()
            }
            if found.count < rarest?.count ?? .max { rarest = found }
        }
        return rarest ?? all(in: namespace)
    }

    // MARK: - FNV-1a over the bytes, with a zero byte between the parts

    private static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func mix(_ hash: inout UInt64, _ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = hash &* 0x100_0000_01b3
    }

    private static func hash(_ namespace: String, _ label: Value) -> UInt64 {
        var hash = start
        mix(&hash, namespace.utf8)
        label.withKey { mix(&hash, $0) }
        label.withText { mix(&hash, $0) }
        return hash
    }

    private static func hash(_ namespace: String, _ key: String, _ value: String) -> UInt64 {
        var hash = start
        mix(&hash, namespace.utf8)
        mix(&hash, key.utf8)
        mix(&hash, value.utf8)
        return hash
    }
}
