import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// One interface takes five groups at most, all of one network and one type. Otherwise the Pods that the object selects are
    /// refused, at the time they are made.
    ///
    /// Fields: `spec.securityGroups.groupIds` of SecurityGroupPolicies, `spec.securityGroupIDs` of PodNetworkings. Network and type are
    /// compared where the groups are in the estate.
    static let securityGroupAssignments = Control(
        id: "security-group-assignments",
        title: "Assign security groups that fit together",
        severity: .low,
        duty: "C6",
        summary: "An object gives Pods groups that one interface cannot have together, so the Pods do not start.",
        remedy: "Name one to five groups, each once, all of one network and one type.",
        passing: [
            """
            apiVersion: vpcresources.k8s.aws/v1beta1
            kind: SecurityGroupPolicy
            metadata: {name: web}
            spec: {podSelector: {}, securityGroups: {groupIds: [sg-0a1, sg-0b2]}}
            ---
            SecurityGroups:
            - {GroupId: sg-0a1, VpcId: vpc-1, IpPermissions: []}
            - {GroupId: sg-0b2, VpcId: vpc-1, IpPermissions: []}
            """
        ],
        failing: [
            """
            apiVersion: vpcresources.k8s.aws/v1beta1
            kind: SecurityGroupPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              securityGroups:
                groupIds: [sg-0a1, sg-0b2] # ✗
            ---
            SecurityGroups:
            - {GroupId: sg-0a1, VpcId: vpc-1, IpPermissions: []}
            - {GroupId: sg-0b2, VpcId: vpc-2, IpPermissions: []}
            ---
            apiVersion: network.alibabacloud.com/v1beta1
            kind: PodNetworking
            metadata: {name: shop}
            spec:
              selector: {podSelector: {}}
              securityGroupIDs: [sg-1, sg-2, sg-3, sg-4, sg-5, sg-6] # ✗
            """
        ],
        check: .objects(["SecurityGroupPolicy", "PodNetworking"]) { policy, report throws(WrongType) in
            guard policy.isInGroup("vpcresources.k8s.aws") || policy.isInGroup("network.alibabacloud.com") else { return report.notApplicable() }
            let list = policy.kind == "PodNetworking" ? policy.spec["securityGroupIDs"] : policy.spec["securityGroups"]["groupIds"]
            let ids = try list.strings()
            if ids.count > 5 {
                report.fail(list, "\(policy.displayName) names \(ids.count) security groups, an interface takes five", value: policy.name)
            } else if Set(ids).count < ids.count {
                report.fail(list, "\(policy.displayName) names a security group twice", value: policy.name)
            } else if let misfit = misfit(among: ids.compactMap(report.securityGroups.group)) {
                report.fail(list, "\(policy.displayName) names \(misfit) together", value: policy.name)
            }
        })
}
