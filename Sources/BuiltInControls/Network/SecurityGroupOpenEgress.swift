import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// What may send to everywhere on every port can take data out and fetch whatever an intruder wants next.
    ///
    /// Fields: destination, protocol and ports of each allowing outbound rule. Allowed: everything only to destinations no wider than
    /// `/8` (IPv4) or `/16` (IPv6).
    static let securityGroupOpenEgress = Control(
        id: "security-group-open-egress",
        title: "Let security groups send only where it is needed",
        severity: .low,
        duty: "P3b",
        summary: "A rule lets whatever is in the group send to the whole Internet on every port.",
        remedy: "Replace it by rules for what is called, for instance `tcp 443/443` to `0.0.0.0/0`, and `udp 53/53` to the resolvers.",
        references: [Reference("mitre-attack", "T1048"), .nsa("network separation and hardening")],
        passing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions: []
              IpPermissionsEgress:
              - {IpProtocol: tcp, FromPort: 443, ToPort: 443, IpRanges: [{CidrIp: 0.0.0.0/0}]}
              - {IpProtocol: "-1", IpRanges: [{CidrIp: 10.0.0.0/8}]}
            """
        ],
        failing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissionsEgress:
              - IpProtocol: "-1"
                IpRanges:
                - CidrIp: 0.0.0.0/0 # ✗
                Ipv6Ranges:
                - CidrIpv6: ::/0 # ✗
            """,
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: egress
                IpProtocol: TCP
                PortRange: 1/65535
                DestCidrIp: 0.0.0.0/0 # ✗
                Policy: Accept
                Priority: 1
            """,
        ],
        check: securityGroupCheck(of: .egress) { rule, group, _, report throws(WrongType) in
            guard rule.rule.direction == .egress, rule.rule.isAllowing, rule.isInternetWide, isOpenOnEverything(rule.connections) else { return }
            report.fail(rule.peerPlace, "the members of \(group.id) may send to \(rule.rule.peerText) on every port", value: rule.rule.description)
        })
}
