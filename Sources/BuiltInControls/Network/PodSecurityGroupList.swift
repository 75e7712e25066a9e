import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// At most five groups may be bound to one Pod, each once, all of one network and one type; the platform refuses the Pod otherwise,
    /// at the time it is made.
    ///
    /// Fields: as above; `VpcId` and `SecurityGroupType` of groups whose documents are in the estate. Source: ECI's page on security groups.
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
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                network.alibabacloud.com/security-group-ids: "sg-one,sg-two" # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            {SecurityGroupId: sg-one, VpcId: vpc-a, InnerAccessPolicy: Drop, Permissions: {Permission: []}}
            ---
            {SecurityGroupId: sg-two, VpcId: vpc-b, InnerAccessPolicy: Drop, Permissions: {Permission: []}}
            """,
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
                } else if report.knowsSecurityGroups, let misfit = misfit(among: ids.compactMap { report.securityGroups.group(String($0)) }) {
                    report.fail(annotation, "the Pod names \(misfit) together")
                }
            }
        })
}
