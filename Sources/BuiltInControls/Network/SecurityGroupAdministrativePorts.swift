import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Ports of remote administration and of Kubernetes itself are tried by everybody's scanners within minutes. A group that lets
    /// the Internet in on them leaves a password, or nothing, between it and the machine.
    ///
    /// Fields: the source and the ports of each allowing inbound rule, less what drops of a higher priority take away. Allowed:
    /// sources no wider than `/8` (IPv4) or `/16` (IPv6). Rules for all ports are another control's.
    static let securityGroupAdministrativePorts = Control(
        id: "security-group-administrative-ports",
        title: "Close administrative ports of security groups to the Internet",
        severity: .high,
        duty: "P3b",
        summary: "A rule lets the whole Internet in on a port of remote administration or of Kubernetes itself.",
        remedy:
            "Narrow the source to the addresses that administer, for instance `tcp 22/22` from the bastion's address with `/32`, or remove the rule.",
        references: [Reference("mitre-attack", "T1133"), .nsa("network separation and hardening")],
        passing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 198.51.100.7/32, Policy: Accept, Priority: 1}
              - {Direction: ingress, IpProtocol: TCP, PortRange: 3389/3389, SourceCidrIp: 0.0.0.0/0, Policy: Drop, Priority: 1}
              - {Direction: ingress, IpProtocol: TCP, PortRange: 3389/3389, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 2}
            """,
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - {IpProtocol: tcp, FromPort: 443, ToPort: 443, IpRanges: [{CidrIp: 0.0.0.0/0}]}
              - {IpProtocol: tcp, FromPort: 22, ToPort: 22, UserIdGroupPairs: [{GroupId: sg-0b2}]}
            """,
        ],
        failing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: ingress
                IpProtocol: TCP
                PortRange: 22/22
                SourceCidrIp: 0.0.0.0/0 # ✗
                Policy: Accept
                Priority: 1
              - Direction: ingress
                IpProtocol: tcp
                PortRange: 3000/4000
                Ipv6SourceCidrIp: "::/0" # ✗
                Policy: accept
                Priority: "100"
            """,
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - IpProtocol: tcp
                FromPort: 10250
                ToPort: 10250
                IpRanges:
                - CidrIp: 0.0.0.0/1 # ✗
                - CidrIp: 10.0.0.0/8
            """,
        ],
        check: securityGroupCheck { rule, group, groups, report throws(WrongType) in
            let open = groups.openConnections(of: rule, in: group)
            if group.isManaged || isOpenOnEverything(open) { return }
            guard let port = administrationPorts.first(where: { open.contains(.tcp, $0) || open.contains(.udp, $0) }) else { return }
            let use = administration(on: Int64(port)) ?? "administration"
            report.fail(
                rule.peerPlace, "\(rule.rule.peerText) may reach \(use) (port \(port)) of the members of \(group.id)", value: rule.rule.description)
        })
}

/// Whether every port of a protocol is open: that is one fault, not one for each use of a port.
func isOpenOnEverything(_ connections: ConnectionSet) -> Bool { connections.tcp == .allPorts || connections.udp == .allPorts }
