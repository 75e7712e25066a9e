import Kubernetes
import Synchronization

/// Ten thousand Pods share few sets of groups and few policies: what follows from each is worked out once.
final class GroupCache: Sendable {
    struct FilterKey: Hashable {
        let ids: [String]
        let direction: GroupRule.Direction
    }

    struct ExposureKey: Hashable {
        let ids: [String]
        /// What policies say of addresses outside.
        let policies: [ExternalConnections]
    }

    typealias Exposure = (open: ConnectionSet, possible: ConnectionSet)

    private let filters = Mutex<[FilterKey: GroupFilter]>([:])
    private let rules = Mutex<[FilterKey: [GroupSet.Asked]]>([:])
    private let clusters = Mutex<[SecurityGroups.ClusterGroup: GroupSet]>([:])
    private let exposures = Mutex<[ExposureKey: Exposure]>([:])
    /// By group, for each of its rules.
    private let openConnections = Mutex<[String: [ConnectionSet]]>([:])

    func filter(_ key: FilterKey, _ make: () -> GroupFilter) -> GroupFilter { GroupCache.kept(filters, key, make) }

    func rules(_ key: FilterKey, _ make: () -> [GroupSet.Asked]) -> [GroupSet.Asked] { GroupCache.kept(rules, key, make) }

    func cluster(_ key: SecurityGroups.ClusterGroup, _ make: () -> GroupSet) -> GroupSet { GroupCache.kept(clusters, key, make) }

    func exposure(_ key: ExposureKey, _ make: () -> Exposure) -> Exposure { GroupCache.kept(exposures, key, make) }

    func open(_ group: String, _ make: () -> [ConnectionSet]) -> [ConnectionSet] { GroupCache.kept(openConnections, group, make) }

    /// Worked out outside the lock: two that ask at the same time work out the same.
    private static func kept<Key: Hashable & Sendable, Answer: Sendable>(
        _ answers: borrowing Mutex<[Key: Answer]>, _ key: Key, _ make: () -> Answer
    ) -> Answer {
        if let known = answers.withLock({ $0[key] }) { return known }
        let made = make()
        answers.withLock { $0[key] = made }
        return made
    }
}
