import Access

/// Decides who is the author of what differs after one request. A value is the work of the request that the record shows to have
/// written it; where other requests may have come between, they are named beside it or said to be missing.
struct AuthorshipStep {
    let number: Int
    /// Changes without a body since the last state that was seen.
    let blind: [Int]
    let deed: Change.Deed
    /// No state was known before.
    var isFirst = false
    var isCreation = false
    /// The body of the request sets just the fields it names, whatever was there.
    var sets = false
    var writesStatus = false
    var isOtherVersion = false
    /// The server counts each change of the spec; one or more are not in the record.
    var skipsGeneration = false
    var knowsGeneration = false
    /// The client had read a state that is not in the record.
    var skipsVersion = false

    func origin(_ path: FieldPath, _ asked: Asked) -> Authorship {
        if isCreation { return .change(number) }
        if sets, asked.isNamed, mayWrite(path) { return .change(number) }
        if isFirst { return .before(number) }
        guard mayWrite(path), !isOtherVersion else { return .among(blind + (isOtherVersion ? [number] : []), incomplete: true) }
        // The generation counts changes of the spec alone; of the rest only the version that was read can tell.
        let isIncomplete = path.top == "spec" && knowsGeneration ? skipsGeneration : skipsVersion
        return blind.isEmpty && !isIncomplete ? .change(number) : .among(blind + [number], incomplete: isIncomplete)
    }

    /// Whether a request of this kind can write there at all.
    private func mayWrite(_ path: FieldPath) -> Bool {
        switch deed {
        case .wroteStatus: path.top != "spec"
        case .scaled, .bound: true
        default: path.top != "status" || writesStatus
        }
    }
}

/// Facts about kinds that a log does not tell.
enum KubernetesKinds {
    /// Groups of Kubernetes itself have no dot, or end like this.
    static func isBuiltIn(_ group: String) -> Bool { !group.contains(".") || group.hasSuffix(".k8s.io") && !group.hasSuffix(".x-k8s.io") }

    private static let withoutStatus: Set<String> = ["configmaps", "secrets", "serviceaccounts", "endpoints", "events", "leases", "endpointslices"]

    /// Where a kind has such a subresource, requests for the object itself leave the status as it is. Of custom kinds only their
    /// definition tells.
    static func hasStatusSubresource(_ name: ObjectName) -> Bool { isBuiltIn(name.group) && !withoutStatus.contains(name.resource) }
}
