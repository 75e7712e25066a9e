import Controls
import Documents
import Kubernetes
import Reachability

/// The kinds of records that hold rules of security groups.
let securityGroupKinds = [CloudKind.securityGroup, CloudKind.rule]

extension Report {
    var securityGroups: SecurityGroups { inventory.analysis(SecurityGroups.self) }

    /// How the group of the cluster is found.
    var clusterGroup: SecurityGroups.ClusterGroup {
        SecurityGroups.ClusterGroup(ids: settings.clusterSecurityGroups, marks: settings.platformGroups.marks)
    }

    /// Whether the estate describes any security group.
    var knowsSecurityGroups: Bool { inventory.contains(kind: CloudKind.securityGroup) || inventory.contains(kind: CloudKind.rule) }

    /// The group that a record describes; nil for an object that somebody wrote, and for rows of the list of groups.
    /// - Throws: `WrongType` when a later record describes the same group: which of the two is true cannot be told.
    func describedGroup(_ record: KubernetesObject) throws(WrongType) -> SecurityGroup? {
        guard record.cloud != nil, record.kind == CloudKind.securityGroup else { return nil }
        guard let group = securityGroups.group(ofObject: object, id: record.name) else {
            throw WrongType(value: record.root, expected: "the only description of this group in the estate")
        }
        return group
    }

    /// The rules that a record holds, with their group. A row of AWS' list of rules counts where its group is not described.
    func recordedRules(_ record: KubernetesObject) throws(WrongType) -> (group: SecurityGroup, rules: [SecurityGroupRule])? {
        if let group = try describedGroup(record) { return (group, group.rules) }
        guard record.kind == CloudKind.rule, record.cloud != nil else { return nil }
        if let broken = securityGroups.brokenRows[record.name] { throw broken }
        guard let (group, rule) = securityGroups.row(record.name) else { return nil }
        return group.isComplete ? nil : (group, [rule])
    }
}

extension Control {
    /// The check that most controls of groups are: each rule by itself, then whatever of the group could not be read. Looked
    /// up once for all rules is what is known of all groups.
    ///
    /// - Parameter direction: of the rules that matter; a document without them is not judged.
    static func securityGroupCheck(
        of direction: GroupRule.Direction = .ingress,
        _ judge: @escaping @Sendable (SecurityGroupRule, SecurityGroup, SecurityGroups, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(securityGroupKinds) { record, report throws(WrongType) in
            let groups = report.securityGroups
            guard let (group, rules) = try report.recordedRules(record) else { return report.notApplicable() }
            for rule in rules { try judge(rule, group, groups, &report) }
            if let broken = group.malformed.first(where: { $0.value.isInside(record.root) }) { throw broken }
            guard record.kind == CloudKind.securityGroup else { return }
            if !group.isComplete {
                report.notObservable(record.root, "this is one page of the rules of \(group.id); the others are not in the estate")
            } else if group.unlisted.contains(direction) {
                report.notObservable(record.root, "the document of \(group.id) was narrowed and lacks \(AWSRules.list(of: direction))")
            }
        }
    }
}

/// What groups of one interface must have in common and have not; nil when they fit together.
///
/// Sources: ECS, "Basic and advanced security groups"; ECI, "Assign security groups to a pod"; EC2, security groups belong to a VPC.
func misfit(among groups: [SecurityGroup]) -> String? {
    let networks = Set(groups.map(\.vpc)).subtracting([""]).sorted()
    if networks.count > 1 { return "groups of \(networks.count) networks (\(networks.prefix(3).joined(separator: ", ")))" }
    let kinds = Set(groups.compactMap(\.kind))
    return kinds.count > 1 ? "basic and enterprise groups" : nil
}
