import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A rule that lets everyone in on every port makes the group no firewall at all.
    ///
    /// Fields: source, protocol and ports of each allowing inbound rule, less what drops of a higher priority take away. Allowed: all
    /// ports only from sources no wider than `/8` (IPv4) or `/16` (IPv6).
    static let securityGroupOpenToEveryone = Control(
        id: "security-group-open-to-everyone",
        title: "Open no security group to everyone on all ports",
        severity: .critical,
        duty: "P3b",
        summary: "A rule lets the whole Internet in on every port, so that the group keeps nobody out.",
        remedy: "Replace the rule by one for each port that is served, for instance `tcp 443/443` from `0.0.0.0/0`, and remove this one.",
        references: [Reference("mitre-attack", "T1190"), .nsa("network separation and hardening")],
        passing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 443/443, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
              - {Direction: ingress, IpProtocol: ALL, PortRange: -1/-1, SourceCidrIp: 10.0.0.0/8, Policy: Accept, Priority: 1}
              - {Direction: ingress, IpProtocol: ICMP, PortRange: -1/-1, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
            """
        ],
        failing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: ingress
                IpProtocol: ALL
                PortRange: -1/-1
                SourceCidrIp: 0.0.0.0/0 # ✗
                Policy: Accept
                Priority: 1
            """,
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - IpProtocol: "-1"
                Ipv6Ranges:
                - CidrIpv6: ::/0 # ✗
              - IpProtocol: udp
                FromPort: 0
                ToPort: 65535
                IpRanges:
                - CidrIp: 0.0.0.0/0 # ✗
            """,
            """
            SecurityGroupRules:
            - SecurityGroupRuleId: sgr-01
              GroupId: sg-0a1
              IsEgress: false
              IpProtocol: "-1"
              FromPort: -1
              ToPort: -1
              CidrIpv4: 0.0.0.0/0 # ✗
            """,
        ],
        check: securityGroupCheck(kinds: securityGroupKinds + [CloudKind.summary]) { rule, group, groups, report throws(WrongType) in
            guard !group.isManaged, isOpenOnEverything(groups.openConnections(of: rule, in: group)) else { return }
            let ports = rule.rule.protocol == .all ? "port" : "\(rule.rule.protocol) port"
            report.fail(
                rule.peerPlace, "\(rule.rule.peerText) may reach every \(ports) of the members of \(group.id)", value: rule.rule.description)
        })
}
