import Controls
import Documents
import Kubernetes
import Reachability

/// That people outside the cluster reach the Pods of an object.
struct Exposure {
    /// Index of the workload the object belongs to.
    let workload: Int
    /// The widest way in.
    let entry: Entry
    let standing: NetworkStanding

    /// `Ingress shop/front`, `a port of its node`.
    func way(in inventory: Inventory) -> String {
        guard entry.kind != .hostPort, let outermost = entry.path.first else { return "a port of its node" }
        return inventory.objects[outermost].displayName
    }
}

extension Report {
    /// The widest way in to the Pods of the judged object that policies leave open, nil when there is none.
    ///
    /// - Parameter reach: how far a way must lead out. Who sits behind a balancer or a proxy that the estate does not show may be
    ///   the Internet; nobody says that of a port of a node.
    func exposure(atLeast reach: Entry.Reach = .nodes) throws(WrongType) -> Exposure? {
        let standing = inventory.analysis(NetworkStanding.self)
        guard let workload = try standing.workload(ofObject: object) else { return nil }
        var widest: Entry?
        for entry in standing.model.entries(of: workload, platforms: settings.loadBalancerPlatforms) {
            guard entry.reach >= reach, !entry.allowed.isEmpty, entry.reach > widest?.reach ?? .nodes || widest == nil else { continue }
            widest = entry
        }
        return widest.map { Exposure(workload: workload, entry: $0, standing: standing) }
    }

    /// Whether no Pod comes of the judged object, a mere template for instance.
    var runsNothing: Bool {
        get throws(WrongType) { try inventory.analysis(NetworkStanding.self).workload(ofObject: object) == nil }
    }

    /// Fails at a place, unless the estate holds policies that are not judged and may say otherwise.
    mutating func failUnlessUnread(
        _ standing: NetworkStanding, _ place: Value, missing field: String = "", _ message: String, value: String? = nil,
        fix: (@Sendable () -> String)? = nil
    ) {
        if let unread = standing.unreadKind {
            let (place, _) = field.isEmpty ? (place, "") : place.descend(field)
            return notObservable(place, "\(message), unless a \(unread) of the estate says otherwise; Demarc does not read this kind")
        }
        fail(place, missing: field, message, value: value, fix: fix)
    }

    /// The name of the judged object, where findings about its workload as a whole stand.
    var namePlace: Value { judgedObject.root.descend("metadata.name").deepest }
}

extension PodSpec {
    /// The labels of the Pod, which a policy must select, or the nearest thing above them.
    func labelsPlace(in object: KubernetesObject) -> Value {
        labels.isWritten ? labels : metadata.isWritten ? metadata : object.metadata
    }
}

extension NetworkStanding {
    /// A policy to apply, nil when the Pods have no labels that one could select.
    func fix(
        for workload: Int, clients: SuggestedPolicy.Clients = .unchanged, egress: SuggestedPolicy.Egress = .unchanged
    ) -> (@Sendable () -> String)? {
        guard SuggestedPolicy.isPossible(for: workload, in: self) else { return nil }
        return { SuggestedPolicy.manifest(for: workload, clients: clients, egress: egress, in: self) ?? "" }
    }
}
