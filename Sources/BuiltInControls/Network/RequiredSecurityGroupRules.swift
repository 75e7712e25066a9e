import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A platform needs some rules of the groups it makes: without them nodes no longer reach the control plane, and Pods no
    /// longer each other. Some platforms put them back, but only when the cluster is updated next.
    ///
    /// Fields: the rules of a group that carries the platform's own mark, against those that the model says are required.
    static let requiredSecurityGroupRules = Control(
        id: "required-security-group-rules",
        title: "Leave in place the rules that the platform needs",
        severity: .high,
        duty: "P3a",
        summary: "A rule that the platform creates in its security group and needs is missing, so the cluster may stop working.",
        remedy: "Add the rule again exactly as the message states it, for instance `all` from the group itself, or update the cluster.",
        passing: [
            """
            SecurityGroups:
            - GroupId: sg-0c1
              Tags: [{Key: "aws:eks:cluster-name", Value: shop}]
              IpPermissions:
              - {IpProtocol: "-1", UserIdGroupPairs: [{GroupId: sg-0c1}]}
            - GroupId: sg-0b2
              Tags: [{Key: Name, Value: eks-cluster-sg-shop-1}]
              IpPermissions: []
            """
        ],
        failing: [
            """
            SecurityGroups:
            - GroupId: sg-0c1
              Tags: [{Key: "aws:eks:cluster-name", Value: shop}]
              IpPermissions: [] # ✗
              IpPermissionsEgress:
              - {IpProtocol: "-1", IpRanges: [{CidrIp: 0.0.0.0/0}]}
            """
        ],
        check: .objects([CloudKind.securityGroup]) { record, report throws(WrongType) in
            let platform = report.settings.platformGroups
            let required = platform.rules.filter(\.isRequired)
            guard !required.isEmpty, let group = try report.describedGroup(record), platform.marks.contains(where: group.carries) else {
                return report.notApplicable()
            }
            if let broken = group.malformed.first { throw broken }
            guard group.isComplete else { return report.notObservable(record.root, "not all rules of \(group.id) are in the estate") }
            for row in required where group.unlisted.contains(row.rule.direction) {
                return report.notObservable(
                    record.root, "the document of \(group.id) was narrowed and lacks \(AWSRules.list(of: row.rule.direction))")
            }
            for row in required where !group.rules.contains(where: { $0.rule.isLike(row.rule) }) {
                let list = group.cloud == .aws ? AWSRules.list(of: row.rule.direction) : "Permissions"
                report.fail(
                    record.root, missing: list, "\(group.id) lacks the rule '\(row.rule)' (\(row.title))", value: row.rule.description)
            }
        })
}
