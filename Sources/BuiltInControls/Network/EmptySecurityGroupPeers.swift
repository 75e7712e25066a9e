import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A rule that lets in the members of a group lets in whatever is put into that group later. A group that nothing is in any more
    /// is a door that somebody may still open.
    ///
    /// Fields: groups that are the source of allowing inbound rules. Allowed: groups that Pods of the estate are in, and the group
    /// itself. What else is in a group only the cloud knows, so a person must look.
    static let emptySecurityGroupPeers = Control(
        id: "empty-security-group-peers",
        title: "Review rules for security groups that no Pod is in",
        severity: .info,
        duty: "C6",
        summary: "A rule lets in the members of a group that no Pod of the estate is in: a leftover, or trust in something outside the cluster.",
        remedy: "Remove the rule if nothing is in the group, or narrow it to the ports that its members need.",
        passing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - {IpProtocol: tcp, FromPort: 80, ToPort: 80, UserIdGroupPairs: [{GroupId: sg-0a1}, {GroupId: sg-0b2}]}
            - {GroupId: sg-0b2, IpPermissions: []}
            ---
            apiVersion: vpcresources.k8s.aws/v1beta1
            kind: SecurityGroupPolicy
            metadata: {name: web}
            spec: {podSelector: {}, securityGroups: {groupIds: [sg-0b2]}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        failing: [
            """
            SecurityGroups:
            - GroupId: sg-0a1
              IpPermissions:
              - IpProtocol: tcp
                FromPort: 80
                ToPort: 80
                UserIdGroupPairs:
                - GroupId: sg-0b2 # ✗
            - {GroupId: sg-0b2, IpPermissions: []}
            """
        ],
        check: securityGroupCheck { rule, group, groups, report throws(WrongType) in
            guard rule.rule.direction == .ingress, rule.rule.isAllowing, case .group(let id) = rule.rule.peer else { return }
            guard groups.group(id) != nil, groups.isInhabited(id, report.clusterGroup) == false else { return }
            report.manual(rule.peerPlace, "no Pod of the estate is in \(id), whose members may reach \(group.id) (\(rule.connections))")
        })
}
