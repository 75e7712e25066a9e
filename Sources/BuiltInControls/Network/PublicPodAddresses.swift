import Controls
import Documents
import Kubernetes

extension Control {
    /// An elastic IP address on a Pod puts every port the Pod listens on directly on the Internet, past Services, load balancers
    /// and their filters; only the security group is left.
    ///
    /// Fields: Pod annotations `network.alibabacloud.com/pod-with-eip`, `…/pod-eip-instanceid`, and ECI's
    /// `k8s.aliyun.com/eci-with-eip`, `k8s.aliyun.com/eci-eip-instanceid`. Allowed: unset, "false".
    static let publicPodAddresses = Control(
        id: "public-pod-addresses",
        title: "Forbid public addresses on Pods",
        severity: .high,
        duty: "P3b",
        summary: "A Pod with its own public address offers every port it listens on to the Internet, with nothing but a security group in front.",
        remedy: "Reach out through a NAT gateway and let traffic in through a load balancer; apply for the address if the protocol needs it.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, annotations: {network.alibabacloud.com/pod-with-eip: "false"}}
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
                network.alibabacloud.com/pod-with-eip: "true" # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                k8s.aliyun.com/eci-eip-instanceid: eip-example # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            for (annotation, isInstance) in try publicAddresses(of: pod) {
                report.fail(
                    annotation, isInstance ? "the Pod is bound to the public address \(annotation.text)" : "the Pod gets a public address of its own")
            }
        })
}

/// The annotations that give a Pod a public address of its own, and whether each names one that exists already.
func publicAddresses(of pod: PodSpec) throws(WrongType) -> [(annotation: Value, isInstance: Bool)] {
    guard pod.annotations.exists else { return [] }
    var found: [(Value, Bool)] = []
    for key in eipSwitches where try pod.annotations[key].flag() == true { found.append((pod.annotations[key], false)) }
    for key in eipInstances where try !pod.annotations[key].isEmptyString() { found.append((pod.annotations[key], true)) }
    return found
}

private let eipSwitches: [StaticString] = ["network.alibabacloud.com/pod-with-eip", "k8s.aliyun.com/eci-with-eip", "k8s.aliyun.com/pod-with-eip"]
private let eipInstances: [StaticString] = [
    "network.alibabacloud.com/pod-eip-instanceid", "k8s.aliyun.com/eci-eip-instanceid", "k8s.aliyun.com/pod-eip-instanceid",
]
