public import Documents

extension KubernetesObject {
    /// The object as people apply it: without status and without what the API server and kubectl keep in `metadata`.
    ///
    /// - Parameter change: nil keeps a value as it is.
    public func manifest(change: (Value) -> ManifestText.Change? = { _ in nil }) -> String {
        let metadata = self.metadata
        return ManifestText(root) { value in
            if value.isKeyed("status"), value.isChild(of: root) { return .remove }
            if value.isKeyed(anyOf: KubernetesObject.serverKept), value.isChild(of: metadata) { return .remove }
            if value.isKeyed("kubectl.kubernetes.io/last-applied-configuration") { return .remove }
            return change(value)
        }.yaml
    }

    private static let serverKept: [StaticString] = [
        "managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "ownerReferences",
    ]
}

extension Value {
    /// Whether this stands directly in `other`, which people ask of places they know to be inside the same document.
    fileprivate func isChild(of other: Value) -> Bool {
        other.entry(named: key).identity == identity
    }
}
