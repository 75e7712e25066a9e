internal import Blame
internal import Kubernetes

/// `pod/web`, `deployment.apps/web`, `deploy/web`: one object, as kubectl's users write it.
struct ObjectArgument {
    let subject: Subject

    /// - Throws: `Failure` with code `usage`.
    init(_ text: String, namespace: String, in table: ResourceTable) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Failure.usage("'\(text)' is no object; write its kind and its name: deployment/web")
        }
        let words = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
        let group = words.count == 2 ? words[1] : ""
        if let served = table.resource(named: words[0], group: group) {
            subject = Subject(served, namespace: namespace, name: parts[1])
        } else if words.count == 2 {
            // A custom resource that the estate does not define: its plural as written.
            subject = Subject(ObjectName(group: group, resource: words[0].lowercased(), namespace: namespace, name: parts[1]), kind: words[0])
        } else {
            throw Failure.usage("neither Kubernetes nor the estate has a kind '\(words[0])'; write RESOURCE.GROUP/NAME for a custom resource")
        }
    }
}
