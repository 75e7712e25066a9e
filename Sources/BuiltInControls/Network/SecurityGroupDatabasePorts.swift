import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Databases and queues are meant for the programs that use them. A rule for whole networks lets everything in them try the
    /// password; from the Internet, everybody.
    ///
    /// Fields: source and ports of each allowing inbound rule. Allowed: sources of at most 65,536 addresses (`/16`, the largest network a
    /// VPC has), or a group. Rules for all ports from the Internet are another control's.
    static let securityGroupDatabasePorts = Control(
        id: "security-group-database-ports",
        title: "Open databases in security groups to their programs only",
        severity: .high,
        duty: "P3b",
        summary: "A rule lets more than one network in on a port of a database or queue.",
        remedy: "Name the group of the programs as the source, or their subnet, for instance `tcp 5432/5432` from `10.20.4.0/24`.",
        references: [Reference("mitre-attack", "T1190"), .nsa("network separation and hardening")],
        passing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, IpRanges: [{CidrIp: 10.20.4.0/24}], UserIdGroupPairs: [{GroupId: sg-0b2}]}
              - {IpProtocol: tcp, FromPort: 8080, ToPort: 8080, IpRanges: [{CidrIp: 10.0.0.0/8}]}
            """
        ],
        failing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - IpProtocol: tcp
                FromPort: 3306
                ToPort: 3306
                IpRanges:
                - CidrIp: 10.0.0.0/8 # ✗
                - CidrIp: 0.0.0.0/0 # ✗
                - CidrIp: 10.20.0.0/16
            """,
            """
            SecurityGroupId: sg-db
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: ingress
                IpProtocol: TCP
                PortRange: 6000/7000
                SourceCidrIp: 172.16.0.0/12 # ✗
                Policy: Accept
                Priority: 1
            """,
        ],
        check: securityGroupCheck { rule, group, groups, report throws(WrongType) in
            guard rule.rule.direction == .ingress, rule.rule.isAllowing, case .addresses(let range) = rule.rule.peer else { return }
            guard range.prefixLength < (range.isIPv6 ? 48 : 16), !group.isManaged else { return }
            // What drops leave open to the Internet is worked out; from private networks the rule itself is judged.
            let open = rule.isInternetWide ? groups.openConnections(of: rule, in: group) : rule.connections
            if isOpenOnEverything(open) { return }
            guard let port = databasePorts.first(where: { open.contains(.tcp, $0) }) else { return }
            let use = database(on: Int64(port)) ?? "a database"
            report.fail(
                rule.peerPlace, "\(rule.rule.peerText) may reach \(use) (port \(port)) of the members of \(group.id)", value: rule.rule.description)
        })
}
