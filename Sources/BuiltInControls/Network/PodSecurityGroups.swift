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

    /// At most five groups may be bound to one Pod, each once; the platform refuses the Pod otherwise, at the time it is made.
    ///
    /// Fields: as above. Source: ECI's page on security groups.
    static let podSecurityGroupList = Control(
        id: "pod-security-group-list",
        title: "Write security groups as the platform takes them",
        severity: .low,
        duty: "C6",
        summary: "The platform takes at most five different security groups for a Pod and refuses it otherwise.",
        remedy: "Name one to five groups, separated by commas, each once and all of one type.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {network.alibabacloud.com/security-group-ids: "sg-one,sg-two"}}
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
                network.alibabacloud.com/security-group-ids: "sg-1,sg-2,sg-3,sg-4,sg-5,sg-6" # ✗
                k8s.aliyun.com/eci-security-group: "default" # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            for key in securityGroupAnnotations {
                let annotation = pod.annotations[key]
                guard let text = try annotation.string() else { continue }
                let ids = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
                if ids.count > 5 {
                    report.fail(annotation, "the Pod names \(ids.count) security groups, the platform takes five")
                } else if Set(ids).count < ids.count || !ids.allSatisfy({ $0.hasPrefix("sg-") }) {
                    report.fail(annotation, "'\(text)' is no list of different security groups")
                }
            }
        })
}

private let securityGroupAnnotations: [StaticString] = [
    "network.alibabacloud.com/security-group-ids", "k8s.aliyun.com/eci-security-group",
]
