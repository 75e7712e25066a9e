extension KubernetesObject {
    /// Whether Kubernetes itself could have this kind in this group.
    ///
    /// A control looks for `Pod` in the core group. What is written `core/v1`, `pod` or `apps/v1 Pod` meets none of them
    /// and would come out clean, although the API server refuses it: the author believes it judged and running, and it
    /// is neither. Groups without a dot belong to Kubernetes alone (definitions of custom kinds need one with a dot), so
    /// for them the list of kinds is closed. Files of tools such as `skaffold/v4 Config` resemble objects but are none;
    /// they are told apart by having no kind that Kubernetes has.
    public var isServable: Bool {
        var slashes = 0
        var hasDot = false
        var isPlain = true
        for byte in apiVersion.utf8 {
            if byte == UInt8(ascii: "/") { slashes += 1 }
            if byte == UInt8(ascii: "."), slashes == 0 { hasDot = true }
            if byte <= UInt8(ascii: " ") || byte >= 0x7F || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { isPlain = false }
        }
        guard slashes <= 1, isPlain else { return false }
        let group = self.group
        if let kinds = closedGroups[group] { return kinds.contains(kind) || kind.hasSuffix("List") && kinds.contains(String(kind.dropLast(4))) }
        return hasDot || !namesOfKinds.contains(kind.lowercased())
    }
}

/// The kinds of the groups that nobody can add to, those included that older versions served.
private let closedGroups: [String: Set<String>] = {
    // What is no resource of its own: lists, answers, what only a subresource takes. `Config` is a kubeconfig, which lies
    // beside manifests often enough.
    let others: [String: Set<String>] = [
        "": ["APIGroup", "APIVersions", "Config", "List", "Status"],
        "apps": ["DeploymentRollback", "Scale"],
        "autoscaling": ["Scale"],
        "batch": ["JobTemplate"],
        "extensions": ["DaemonSet", "Deployment", "DeploymentRollback", "Ingress", "NetworkPolicy", "PodSecurityPolicy", "ReplicaSet", "Scale"],
        "policy": ["Eviction"],
        rbacGroup: [],
    ]
    return ServedResource.builtIn.reduce(into: others) { kinds, resource in
        if resource.standing != .virtual { kinds[resource.group]?.insert(resource.kind) }
    }
}()

private let namesOfKinds: Set<String> = Set(closedGroups.values.joined().lazy.filter { $0 != "Config" }.map { $0.lowercased() })
