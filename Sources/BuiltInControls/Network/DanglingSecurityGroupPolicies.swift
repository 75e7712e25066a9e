import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Pods that a policy was meant for and does not select are in the node's or the cluster's group instead, with whatever that
    /// lets in, while everybody believes them in groups of their own.
    ///
    /// Fields: the selectors of SecurityGroupPolicies and PodNetworkings. Allowed: those that match a Pod of the estate, or may.
    static let danglingSecurityGroupPolicies = Control(
        id: "dangling-security-group-policies",
        title: "Select existing Pods in policies that assign security groups",
        severity: .low,
        duty: "C6",
        summary: "An object that gives Pods security groups of their own matches none, so its Pods are in the cluster's group.",
        remedy: "Correct the labels or remove the object. A SecurityGroupPolicy needs a podSelector or a serviceAccountSelector.",
        passing: [
            """
            apiVersion: vpcresources.k8s.aws/v1beta1
            kind: SecurityGroupPolicy
            metadata: {name: web, namespace: shop}
            spec: {podSelector: {matchLabels: {app: web}}, securityGroups: {groupIds: [sg-0a1]}}
            ---
            apiVersion: network.alibabacloud.com/v1beta1
            kind: PodNetworking
            metadata: {name: shop}
            spec: {securityGroupIDs: [sg-one], selector: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        failing: [
            """
            apiVersion: vpcresources.k8s.aws/v1beta1
            kind: SecurityGroupPolicy
            metadata: {name: web, namespace: shop}
            spec: # ✗
              podSelector: {matchLabels: {app: web}}
              securityGroups: {groupIds: [sg-0a1]}
            ---
            apiVersion: network.alibabacloud.com/v1beta1
            kind: PodNetworking
            metadata: {name: shop}
            spec:
              securityGroupIDs: [sg-one]
              selector: # ✗
                podSelector: {matchLabels: {app: web}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: api}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """
        ],
        check: .objects(["SecurityGroupPolicy", "PodNetworking"]) { policy, report throws(WrongType) in
            guard policy.isInGroup("vpcresources.k8s.aws") || policy.isInGroup("network.alibabacloud.com") else { return report.notApplicable() }
            let spec = policy.spec
            let selectors =
                policy.kind == "PodNetworking"
                ? [spec["selector"]["podSelector"], spec["selector"]["namespaceSelector"]] : [spec["podSelector"], spec["serviceAccountSelector"]]
            for selector in selectors { _ = try LabelSelector(selector) }
            guard !report.securityGroups.assigns(policy) else { return }
            let place = policy.kind == "PodNetworking" && spec["selector"].exists ? spec["selector"] : spec
            report.fail(place, "\(policy.displayName) gives its groups to no Pod of the estate", value: policy.name)
        })
}
