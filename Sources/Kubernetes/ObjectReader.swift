public import Documents

/// The objects of a parsed source, with lists opened, and what of it was no object.
public struct SourceObjects: Sendable {
    public var objects: [KubernetesObject] = []
    /// Documents that are no Kubernetes object, such as values files; told apart from objects that are broken.
    public var foreign: [Value] = []
    public var malformed: [WrongType] = []
    /// Objects of a kind that Kubernetes does not have in their group; no control knows them.
    public var unserved: [KubernetesObject] = []

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
            guard let documents = CloudDocuments(root) else { return foreign.append(root) }
            objects += documents.objects
            malformed += documents.malformed
            foreign += documents.foreign
            return
        }
        let isList = kind.hasSuffix("List")
        if root["items"].isWritten {
            try readItems(of: root, kind: isList && kind != "List" ? String(kind.dropLast(4)) : nil, apiVersion: apiVersion, defaultNamespace)
            if isList { return }
        }
        add(try KubernetesObject(root: root, apiVersion: apiVersion, kind: kind, defaultNamespace: defaultNamespace))
    }

    /// kubectl takes every document with `items` for a list, whatever its kind, and creates what stands there. Another
    /// client sends such a document as it is, so one that is not called a list is judged as an object too.
    private mutating func readItems(of root: Value, kind: String?, apiVersion: String, _ defaultNamespace: String) throws(WrongType) {
        for item in try root["items"].items() {
            do throws(WrongType) {
                try readItem(item, kind: kind, apiVersion: apiVersion, defaultNamespace: defaultNamespace)
            } catch {
                malformed.append(error)
            }
        }
    }

    private mutating func add(_ object: KubernetesObject) {
        objects.append(object)
        if !object.isServable { unserved.append(object) }
    }

    /// Items of a typed list need no kind of their own.
    private mutating func readItem(_ item: Value, kind: String?, apiVersion: String, defaultNamespace: String) throws(WrongType) {
        let ownKind = try item["kind"].string()
        if let kind, ownKind == nil {
            let ownVersion = try item["apiVersion"].string()
            add(try KubernetesObject(root: item, apiVersion: ownVersion ?? apiVersion, kind: kind, defaultNamespace: defaultNamespace))
        } else {
            try read(item, defaultNamespace: defaultNamespace)
        }
    }
}
