import Controls
import Documents
import Kubernetes

extension Control {
    /// A PodNetworking moves Pods into other switches and security groups. Without a selector it takes every Pod of the cluster,
    /// also those of other teams.
    ///
    /// Fields: `spec.selector.podSelector` and `spec.selector.namespaceSelector`. Allowed: labels in at least one.
    static let podNetworkingSelectors = Control(
        id: "pod-networking-selectors",
        title: "Limit which Pods a PodNetworking moves",
        severity: .medium,
        duty: "P3a",
        summary: "A PodNetworking without a selector puts every Pod of the cluster into its security groups.",
        remedy: "Select the Pods or namespaces it is for by label.",
        passing: [
            """
            apiVersion: network.alibabacloud.com/v1beta1
            kind: PodNetworking
            metadata: {name: shop}
            spec:
              securityGroupIDs: [sg-one]
              selector: {namespaceSelector: {matchLabels: {team: shop}}}
            """
        ],
        failing: [
            """
            apiVersion: network.alibabacloud.com/v1beta1
            kind: PodNetworking
            metadata: {name: shop}
            spec:
              securityGroupIDs: [sg-one]
              selector: # ✗
                podSelector: {}
            """
        ],
        check: .objects(["PodNetworking"]) { networking, report throws(WrongType) in
            let selector = networking.spec["selector"]
            let pods = try LabelSelector(selector["podSelector"])
            let namespaces = try LabelSelector(selector["namespaceSelector"])
            guard pods.matchesEverything, namespaces.matchesEverything else { return }
            report.fail(
                selector.exists ? selector : networking.spec, "PodNetworking '\(networking.name)' moves every Pod of the cluster",
                value: networking.name)
        })
}
