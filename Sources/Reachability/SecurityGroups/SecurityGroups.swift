public import Documents
public import Kubernetes

/// The security groups of an estate, and which of its workloads are in them.
public struct SecurityGroups: EstateAnalysis {
    /// In the order in which they were read; of two descriptions of one group the last.
    public let groups: [SecurityGroup]
    private let byID: [String: Int]
    private let rows: [String: GroupList.Row]
    /// Rows that could not be read, by the id of the rule.
    public let brokenRows: [String: WrongType]
    private let assignments: GroupAssignments
    let cache = GroupCache()
    /// Indexes of the objects that make Pods.
    let podObjects: [Int]
    /// Whether some Pods are given no group, so that they are in the cluster's.
    private let hasClusterPods: Bool

    public init(of inventory: Inventory) {
        let list = GroupList(inventory)
        groups = list.groups
        rows = list.rows
        brokenRows = list.brokenRows
        byID = Dictionary(list.groups.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { $1 })
        assignments = GroupAssignments(inventory)
        podObjects = inventory.objects.indices.filter { inventory.objects[$0].pod != nil }
        hasClusterPods = podObjects.contains { [assignments] in assignments.isOfCluster($0) }
    }

    public var isEmpty: Bool { groups.isEmpty }

    public func group(_ id: String) -> SecurityGroup? { byID[id].map { groups[$0] } }

    /// The group that a record of the estate describes, nil when a later record describes the same one.
    public func group(ofObject object: Int, id: String) -> SecurityGroup? {
        guard let group = group(id), group.object == object else { return nil }
        return group
    }

    /// The rule that a row of AWS' list of rules is, by its id, with the group that holds it.
    public func row(_ id: String) -> (group: SecurityGroup, rule: SecurityGroupRule)? {
        guard let row = rows[id], let group = group(row.group) else { return nil }
        return (group, row.rule)
    }

    /// Whether an object of the estate puts Pods into this group; nil when some Pods' groups are not known.
    public func isInhabited(_ id: String, _ cluster: ClusterGroup) -> Bool? {
        if assignments.named.contains(id) { return true }
        let set = clusterGroups(cluster)
        if set.ids.contains(id) { return true }
        return assignments.hasUnknown || set.unknown != nil && hasClusterPods ? nil : false
    }

    /// Whether a SecurityGroupPolicy or PodNetworking gives groups to some Pod of the estate, as far as can be told.
    public func assigns(_ object: KubernetesObject) -> Bool { assignments.assigning.contains(object.displayName) }

    // MARK: - Which groups a workload has

    /// How the group of a cluster is found, which all Pods have that are given no other.
    public struct ClusterGroup: Sendable {
        /// As somebody configured it; empty looks for a mark.
        public let ids: [String]
        public let marks: [PlatformGroups.Mark]

        public init(ids: [String], marks: [PlatformGroups.Mark]) {
            self.ids = ids
            self.marks = marks
        }
    }

    /// The groups of the Pods that an object of the inventory is or makes.
    public func groups(ofObject object: Int, _ cluster: ClusterGroup) -> GroupSet {
        switch assignments.assignment(of: object) {
        case .named(let ids, let place): set(ids, at: place)
        case .cluster: clusterGroups(cluster)
        case .unknown(let why, let place): GroupSet(ids: [], groups: [], unknown: why, place: place)
        }
    }

    /// The groups of an interface that was given these.
    public func set(_ ids: [String], at place: Value? = nil) -> GroupSet {
        GroupSet(ids: ids, groups: ids.compactMap(group), unknown: ids.isEmpty ? "no group is named" : nil, place: place)
    }

    private func clusterGroups(_ cluster: ClusterGroup) -> GroupSet {
        if !cluster.ids.isEmpty { return set(cluster.ids) }
        let marked = groups.filter { group in cluster.marks.contains { group.carries($0) } }
        if marked.count == 1 { return set([marked[0].id]) }
        let why =
            marked.isEmpty
            ? "which group the cluster's Pods are in is not in the estate; name it under clusterSecurityGroups in .demarc.yaml"
            : "\(marked.count) groups are marked by the platform; name the cluster's under clusterSecurityGroups in .demarc.yaml"
        return GroupSet(ids: [], groups: [], unknown: why, place: nil)
    }

    // MARK: - What groups let through

    func filter(_ set: GroupSet, _ direction: GroupRule.Direction) -> GroupFilter {
        guard set.unknown == nil else { return GroupFilter(set, direction) }
        return cache.filter(GroupCache.FilterKey(ids: set.ids, direction: direction)) { GroupFilter(set, direction) }
    }

    /// What addresses outside may open (ingress), or may be opened to (egress): for certain, and if everything unknown opens.
    public func external(
        _ set: GroupSet, _ direction: GroupRule.Direction
    ) -> (certain: [ExternalConnections], possible: [ExternalConnections]) {
        let filter = filter(set, direction)
        return (filter.certain.external, filter.possible.external)
    }
}

extension Relation<AddressSet> {
    var external: [ExternalConnections] { parts.map { ExternalConnections(addresses: $0.region, connections: $0.connections) } }
}

/// The groups that the records of an estate describe.
private struct GroupList {
    struct Row: Sendable {
        let group: String
        let rule: SecurityGroupRule
    }

    private(set) var groups: [SecurityGroup] = []
    /// By the id of the rule.
    private(set) var rows: [String: Row] = [:]
    private(set) var brokenRows: [String: WrongType] = [:]
    private var places: [String: Int] = [:]

    init(_ inventory: Inventory) {
        for (index, object) in inventory.objects.enumerated() where object.kind == CloudKind.securityGroup {
            switch object.cloud {
            case .alibaba?: add(SecurityGroup(alibaba: object.root, object: index, id: object.name))
            case .aws?: add(SecurityGroup(aws: object.root, object: index, id: object.name))
            case nil: break
            }
        }
        for summary in inventory.objects(ofKind: CloudKind.summary) where summary.cloud != nil { takeUp(summary) }
        addRows(inventory)
    }

    private mutating func add(_ group: SecurityGroup) {
        if let place = places[group.id] {
            groups[place] = group
        } else {
            places[group.id] = groups.count
            groups.append(group)
        }
    }

    /// What the list of groups says of one that is described.
    private mutating func takeUp(_ summary: KubernetesObject) {
        guard let place = places[summary.name], groups[place].cloud == .alibaba else { return }
        do throws(WrongType) {
            if let type = try summary.root["SecurityGroupType"].string() {
                guard let kind = SecurityGroup.Kind(rawValue: type) else {
                    throw WrongType(value: summary.root["SecurityGroupType"], expected: "normal or enterprise")
                }
                groups[place].kind = kind
            }
            if try summary.root["ServiceManaged"].bool() == true { groups[place].isManaged = true }
            // The command line wraps lists into a mapping of one entry.
            let tags = summary.root["Tags"]
            for tag in try (tags.kind == .mapping ? tags["Tag"] : tags).items() {
                let key = tag["TagKey"].exists ? tag["TagKey"] : tag["Key"]
                if let key = try key.string() { groups[place].tags.append(key) }
            }
        } catch {
            groups[place].malformed.append(error)
        }
    }

    /// Rows of AWS' list of rules: they number the rules of described groups, and stand in for those that are not described.
    private mutating func addRows(_ inventory: Inventory) {
        var rules: [String: [SecurityGroupRule]] = [:]
        var malformed: [String: [WrongType]] = [:]
        var first: [String: Int] = [:]
        for (index, object) in inventory.objects.enumerated() where object.kind == CloudKind.rule && object.cloud == .aws {
            var group = ""
            do throws(WrongType) {
                group = try object.root["GroupId"].string() ?? ""
                guard !group.isEmpty else { throw WrongType(value: object.root, expected: "a rule with the id of its group") }
                if first[group] == nil { first[group] = index }
                let direction: GroupRule.Direction = try object.root["IsEgress"].bool() == true ? .egress : .ingress
                let read = try AWSRules.readRule(object.root, direction, of: group, .description)
                let rule = SecurityGroupRule(read, id: object.name, place: object.root)
                rules[group, default: []].append(rule)
                rows[object.name] = Row(group: group, rule: rule)
            } catch {
                brokenRows[object.name] = error
                if !group.isEmpty { malformed[group, default: []].append(error) }
            }
        }
        for (id, index) in first.sorted(by: { $0.value < $1.value }) {
            let rules = rules[id] ?? []
            guard let place = places[id] else {
                add(
                    SecurityGroup(
                        id: id, aws: inventory.objects[index].root, rules: rules, malformed: malformed[id] ?? [], isComplete: false, object: index))
                continue
            }
            let ids = Dictionary(rules.map { ($0.rule, $0.id) }, uniquingKeysWith: { first, _ in first })
            for rule in groups[place].rules.indices where groups[place].rules[rule].id.isEmpty {
                groups[place].rules[rule].id = ids[groups[place].rules[rule].rule] ?? ""
            }
        }
    }
}
