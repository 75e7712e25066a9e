/// The rules about one Pod's connections in one direction, by tier, for questions about single Pods and groups. What is asked
/// for all kinds of Pods at once goes through `Evaluation`, which shares the work.
struct Tiers<R: Region> {
    typealias Rule = Decisions<R>.Rule

    var admin: [Rule] = []
    /// Whether a NetworkPolicy isolates the Pod in this direction.
    var isIsolated = false
    /// What NetworkPolicies allow; terms may overlap.
    private var allowed: [Relation<R>.Part] = []
    private var baseline: [Rule] = []

    mutating func add(_ tier: PolicyTier, _ action: PolicyAction, _ region: R, _ connections: ConnectionSet) {
        switch tier {
        case .admin: admin.append(Rule(action: action, region: region, connections: connections))
        case .namespace: allowed.append(Relation.Part(region: region, connections: connections))
        case .baseline: baseline.append(Rule(action: action, region: region, connections: connections))
        }
    }

    func decide(in universe: R) -> Relation<R> {
        var decisions = Decisions(in: universe)
        decisions.apply(admin)
        if isIsolated { return decisions.isolated(allowing: Relation(allowing: allowed)) }
        decisions.apply(baseline)
        return decisions.open
    }
}
