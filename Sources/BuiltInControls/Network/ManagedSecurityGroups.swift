import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A group that a service of the cloud keeps cannot be changed by the account that owns it. When it is open to everyone, only
    /// the platform can close it.
    ///
    /// Fields: `ServiceManaged` in the list of groups; source and ports of each allowing inbound rule.
    static let managedSecurityGroups = Control(
        id: "managed-security-groups",
        title: "Keep the platform's own security groups closed",
        severity: .high,
        duty: "A5",
        summary: "A security group that the platform keeps, and nobody else can change, lets the whole Internet in.",
        remedy: "Ask the provider to narrow the rule; until then keep workloads out of this group.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            SecurityGroupId: sg-lb
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 443/443, SourceCidrIp: 10.0.0.0/8, Policy: Accept, Priority: 1}
            ---
            SecurityGroups:
              SecurityGroup:
              - {SecurityGroupId: sg-lb, SecurityGroupType: enterprise, ServiceManaged: true}
            """
        ],
        failing: [
            """
            SecurityGroupId: sg-lb
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: ingress
                IpProtocol: TCP
                PortRange: 22/22
                SourceCidrIp: 0.0.0.0/0 # ✗
                Policy: Accept
                Priority: 1
            ---
            SecurityGroups:
              SecurityGroup:
              - {SecurityGroupId: sg-lb, SecurityGroupType: enterprise, ServiceManaged: true}
            """
        ],
        check: securityGroupCheck { rule, group, groups, report throws(WrongType) in
            guard group.isManaged else { return report.notApplicable() }
            let open = groups.openConnections(of: rule, in: group)
            guard !open.isEmpty else { return }
            report.fail(
                rule.peerPlace, "\(group.id), which the platform keeps, lets \(rule.rule.peerText) in (\(open))", value: rule.rule.description)
        })
}
