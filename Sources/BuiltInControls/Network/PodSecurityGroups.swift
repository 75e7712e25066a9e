import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A Pod may replace the cluster's security group by groups of its own. Their rules stand outside the manifests: what they
    /// let in can't be judged unless the groups are described beside them, and whoever wrote each rule answers for it.
    ///
    /// Fields: Pod annotations `network.alibabacloud.com/security-group-ids` and `k8s.aliyun.com/eci-security-group`; the groups' own
    /// documents (`DescribeSecurityGroupAttribute`).
    static let podSecurityGroups = Control(
        id: "pod-security-groups",
        title: "Review the security groups that Pods bring",
        severity: .medium,
        duty: "P3a",
        summary: "The Pod leaves the cluster's security group for groups whose rules are not in its manifest, so its exposure can't be seen.",
        remedy:
            "Use the cluster's group, or add what `aliyun ecs DescribeSecurityGroupAttribute` answers for each of these groups to what is judged.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {network.alibabacloud.com/security-group-ids: "sg-one"}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            SecurityGroupId: sg-one
            InnerAccessPolicy: Drop
            Permissions: {Permission: []}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                network.alibabacloud.com/security-group-ids: "sg-one,sg-two" # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for key in securityGroupAnnotations {
                let groups = pod.annotations[key]
                guard let ids = try groups.string(), !ids.isEmpty else { continue }
                let known = report.knowsSecurityGroups ? report.securityGroups : nil
                let missing = ids.split(separator: ",").map { $0.filter { $0 != " " } }.filter { known?.group($0) == nil }
                guard !missing.isEmpty else { continue }
                report.notObservable(
                    groups, "the rules of \(missing.joined(separator: ", ")) decide who reaches the Pod, and they are not in the estate")
            }
        })
}
