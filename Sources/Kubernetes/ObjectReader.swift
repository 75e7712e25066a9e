public import Documents

/// The objects of a parsed source, with lists opened, and what of it was no object.
public struct SourceObjects: Sendable {
    public var objects: [KubernetesObject] = []
    /// Documents that are no Kubernetes object, such as values files; told apart from objects that are broken.
    public var foreign: [Value] = []
    public var malformed: [WrongType] = []

    public init(_ tree: DocumentTree, defaultNamespace: String = "default") {
        for root in tree.roots {
            do throws(WrongType) {
                try read(root, defaultNamespace: defaultNamespace)
            } catch {
                malformed.append(error)
            }
        }
    }

    private mutating func read(_ root: Value, defaultNamespace: String) throws(WrongType) {
        guard root.exists else { return }
        guard root.kind == .mapping, let kind = try root["kind"].string(), let apiVersion = try root["apiVersion"].string() else {
            foreign.append(root)
            return
        }
        if kind.hasSuffix("List"), root["items"].isWritten {
            let itemKind = kind == "List" ? nil : String(kind.dropLast(4))
            for item in try root["items"].items() {
                do throws(WrongType) {
                    try readItem(item, kind: itemKind, apiVersion: apiVersion, defaultNamespace: defaultNamespace)
                } catch {
                    malformed.append(error)
                }
            }
            return
        }
        objects.append(try KubernetesObject(root: root, apiVersion: apiVersion, kind: kind, defaultNamespace: defaultNamespace))
    }

    /// Items of a typed list need no kind of their own.
    private mutating func readItem(_ item: Value, kind: String?, apiVersion: String, defaultNamespace: String) throws(WrongType) {
        let ownKind = try item["kind"].string()
        if let kind, ownKind == nil {
            let ownVersion = try item["apiVersion"].string()
            objects.append(try KubernetesObject(root: item, apiVersion: ownVersion ?? apiVersion, kind: kind, defaultNamespace: defaultNamespace))
        } else {
            try read(item, defaultNamespace: defaultNamespace)
        }
    }
}
