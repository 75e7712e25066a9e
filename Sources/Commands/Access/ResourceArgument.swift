internal import Kubernetes

/// `RESOURCE[.GROUP][/SUBRESOURCE]` or, as kubectl has it, `RESOURCE[.GROUP]/NAME`, looked up in the resources of a cluster.
struct ResourceArgument {
    let resource: APIResource
    /// Empty for all objects.
    let name: String
    let isKnown: Bool
    private(set) var remarks: [String] = []

    /// - Parameters:
    ///   - name: the name given as a word of its own.
    ///   - subresource: that of `--subresource`; then what stands behind a slash is a name.
    /// - Throws: `Failure` with code `usage`.
    init(_ text: String, name: String?, subresource: String?, in table: ResourceTable) throws {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let below = parts.count == 2 ? parts[1] : nil
        guard !parts[0].isEmpty, below?.isEmpty != true, below?.contains("/") != true else {
            throw Failure.usage("'\(text)' is no resource; write pods, deployments.apps, pods/exec, or a path such as /metrics")
        }
        let served = ResourceArgument.look(up: parts[0], in: table)
        let asksBelow = ResourceArgument.isSubresource(below, of: served, name: name, flag: subresource)
        if let below, !asksBelow, let name {
            throw Failure.usage("'\(below)' and '\(name)' cannot both be the name of the object; leave one out")
        }
        let chosen = subresource ?? (asksBelow ? below : nil) ?? ""
        self.name = name ?? (asksBelow ? nil : below) ?? ""
        isKnown = served != nil || parts[0] == "*"
        if let served {
            resource = served.resource(chosen)
            if !chosen.isEmpty, !served.hasSubresource(chosen) { remarks.append("\(served.plural) has no subresource '\(chosen)'; asked as written") }
        } else {
            let (plural, group) = ResourceArgument.split(parts[0])
            resource = APIResource(group, chosen.isEmpty ? plural : "\(plural)/\(chosen)")
            if !isKnown {
                let place = group.isEmpty ? "" : " in group '\(group)'"
                remarks.append("neither Kubernetes nor the estate has a resource '\(plural)'\(place); asked as written, in a namespace")
                if asksBelow { remarks.append("'\(chosen)' was taken for a subresource; give the name of an object as a word of its own") }
            }
        }
    }

    /// `deployments`, `deployments.apps`, and `deployments.v1.apps`, where the version does not matter.
    private static func look(up text: String, in table: ResourceTable) -> ServedResource? {
        let (plural, group) = split(text)
        if let found = table.resource(named: plural, group: group) { return found }
        let parts = group.split(separator: ".", maxSplits: 1)
        guard let version = parts.first, version.wholeMatch(of: /v[0-9]+((alpha|beta)[0-9]+)?/) != nil else { return nil }
        return table.resource(named: plural, group: parts.count == 2 ? String(parts[1]) : "")
    }

    private static func split(_ text: String) -> (plural: String, group: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count == 2 ? parts[1] : "")
    }

    /// Whether what stands behind the slash is a subresource: where the resource has one of that name, where the name stands
    /// elsewhere already, and where nothing is known of the resource.
    private static func isSubresource(_ below: String?, of served: ServedResource?, name: String?, flag: String?) -> Bool {
        guard let below, flag == nil else { return false }
        return served?.hasSubresource(below) ?? true || name != nil
    }
}
