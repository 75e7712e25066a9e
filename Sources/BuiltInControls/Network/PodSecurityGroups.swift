import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod may replace the cluster's security group by groups of its own. Their rules stand outside the manifests: what they
    /// let in can't be judged here, and whoever wrote each rule answers for it.
    ///
    /// Fields: Pod annotations `network.alibabacloud.com/security-group-ids` and `k8s.aliyun.com/eci-security-group`.
    static let podSecurityGroups = Control(
        id: "pod-security-groups",
        title: "Review the security groups that Pods bring",
        severity: .medium,
        duty: "P3a",
        summary: "The Pod leaves the cluster's security group for groups whose rules are not in its manifest, so its exposure can't be seen.",
        remedy: "Use the cluster's group, or show the rules of these groups to the people who answer for the network.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
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
                if let ids = try groups.string(), !ids.isEmpty {
                    report.notObservable(groups, "the rules of \(ids) decide who reaches the Pod, and they are not in the estate")
                }
            }
        })
}
