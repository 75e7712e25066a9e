import Access

/// Decides who is the author of what differs after one request. Nobody is named for what may have stood there before: a value is the
/// work of the request that created the object, of a patch whose body sets it, or of one before which nothing can have come between.
struct AuthorshipStep {
    let number: Int
    /// Changes without a body since the last state that was seen.
    let blind: [BlindChange]
    let deed: Change.Deed
    /// No state was known before.
    var isFirst = false
    var isCreation = false
    /// The record has the request that created the object.
    var knowsCreation = false
    /// The server has shown the whole object before.
    var followsWhole = false
    /// What it left is known from the server's answer.
    var isAnswered = false
    /// The body of the request sets just the fields it names, whatever was there.
    var sets = false
    var writesStatus = false
    var isOtherVersion = false
    /// The client had read the last answer that is known, and the server refuses a write over anything newer.
    var continuesVersion = false
    /// The client had read the generation of the last answer that is known, and the server has counted at most this one since.
    var continuesGeneration = false
    /// Since the last answer that is known the server has counted no change of the spec but this one.
    var countsOne = false
    /// The requests that are known explain how far the server has counted.
    var explainsGeneration = false
    /// The server has counted more changes of the spec than are in the record.
    var skipsGeneration = false
    /// The client had read a state that is not in the record.
    var skipsVersion = false

    func origin(_ path: FieldPath, _ asked: Asked, _ kind: Difference.Kind) -> Authorship {
        if isCreation { return .change(number) }
        let blind = blind.filter { KubernetesKinds.mayWrite($0.deed, path, writesStatus: writesStatus) }
        if sets, mayWrite(path), asked.makes(kind) {
            return makes(path, asked, kind, blind) ? .change(number) : among(path, blind)
        }
        // While the whole was not known, what comes to light was there, unless a patch without an answer put it there.
        let comesToLight = kind == .added && (isAnswered ? !asked.isNamed || !knowsCreation : !sets && !knowsCreation)
        if isFirst || !followsWhole && comesToLight { return .before(number) }
        guard mayWrite(path), !isOtherVersion else { return .among(blind.map(\.number) + (isOtherVersion ? [number] : []), incomplete: true) }
        return continues(path, asked, kind) ? .change(number) : among(path, blind)
    }

    /// Whether a patch, of which the body has the value, is its author. It may only confirm what somebody else wrote, of whom the record does not
    /// tell.
    private func makes(_ path: FieldPath, _ asked: Asked, _ kind: Difference.Kind, _ blind: [BlindChange]) -> Bool {
        switch asked.extent {
        case .whole where !continues(path, asked, kind):
            // Whoever sends a whole for a part that he changes is counted for that, and whoever made the rest would be too.
            followsWhole && path.top == "spec" && countsOne && blind.isEmpty && !isOtherVersion
        case .whole, .read: continues(path, asked, kind)
        default: blind.isEmpty && !skipsGeneration && !skipsVersion
        }
    }

    /// Whether nothing can have come between the last state that is known and this request.
    private func continues(_ path: FieldPath, _ asked: Asked, _ kind: Difference.Kind) -> Bool {
        // Without an answer a body proves what it says, and not that the server left out what it does not say.
        let isShown = isAnswered || kind != .removed && asked.isNamed
        return followsWhole && isShown && !isOtherVersion && (continuesVersion || path.top == "spec" && continuesGeneration)
    }

    private func among(_ path: FieldPath, _ blind: [BlindChange]) -> Authorship {
        .among(blind.map(\.number) + [number], incomplete: blind.isEmpty || !followsWhole || !(path.top == "spec" && explainsGeneration))
    }

    /// Whether something shows that a request is missing, and not only that one may be.
    func misses(at path: FieldPath) -> Bool { path.top == "spec" && (skipsGeneration || explainsGeneration) ? skipsGeneration : skipsVersion }

    /// Whether a request of this kind can write there at all.
    private func mayWrite(_ path: FieldPath) -> Bool { KubernetesKinds.mayWrite(deed, path, writesStatus: writesStatus) }
}

/// A request that changed an object, of which the record has no body.
struct BlindChange {
    let number: Int
    let deed: Change.Deed
}

/// Facts about kinds that a log does not tell.
enum KubernetesKinds {
    /// Groups of Kubernetes itself have no dot, or end like this.
    static func isBuiltIn(_ group: String) -> Bool { !group.contains(".") || group.hasSuffix(".k8s.io") && !group.hasSuffix(".x-k8s.io") }

    /// Whether a request can write at a place at all.
    static func mayWrite(_ deed: Change.Deed, _ path: FieldPath, writesStatus: Bool) -> Bool {
        switch deed {
        case .wroteStatus: path.top != "spec"
        case .scaled: path.isAlong("replicas")
        case .bound: path.isAlong("nodeName")
        case .addedContainer: path.isAlong("ephemeralContainers")
        default: path.top != "status" || writesStatus
        }
    }

    private static let withoutStatus: Set<String> = ["configmaps", "secrets", "serviceaccounts", "endpoints", "events", "leases", "endpointslices"]

    /// Whether the version of an object of this kind changes only with what its own requests write: it has no status, and nobody counts its specs.
    static func versionTellsAll(of name: ObjectName) -> Bool {
        // The status of a Namespace changes when it goes.
        name.group == "rbac.authorization.k8s.io" || name.group.isEmpty && (name.resource == "namespaces" || withoutStatus.contains(name.resource))
    }

    /// Where a kind has such a subresource, requests for the object itself leave the status as it is. Of custom kinds only their
    /// definition tells.
    static func hasStatusSubresource(_ name: ObjectName) -> Bool { isBuiltIn(name.group) && !withoutStatus.contains(name.resource) }
}
