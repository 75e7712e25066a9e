import Controls
import Documents
import Kubernetes

extension Control {
    /// A Pod on its node's network has the node's address, and to network policies it is the node. A policy that selects it by its labels looks
    /// as if it closed the Pod, and does nothing; nor do others recognise it as a peer.
    ///
    /// Fields: `hostNetwork` of Pods whose labels a NetworkPolicy selects. Allowed: a network of the Pod's own, or no policy that claims to
    /// close it.
    /// (kubernetes.io, "Network Policies", "NetworkPolicy and hostNetwork Pods")
    static let hostNetworkPolicies = Control(
        id: "host-network-past-policies",
        title: "Keep Pods that policies select off the host's network",
        severity: .medium,
        duty: "C6",
        summary: "A network policy selects the Pod, but on its host's network no policy holds for it.",
        remedy:
            "Remove `hostNetwork` and publish the port by a Service or `hostPort`, or close the port by the node's firewall and leave the Pod out of the policy.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, labels: {app: agent}}
            spec:
              hostNetwork: true
              containers: [{name: agent, image: registry.example.com/agent:1.0}]
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, labels: {app: agent}}
            spec:
              hostNetwork: true # ✗
              containers: [{name: agent, image: registry.example.com/agent:1.0}]
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard pod.usesHostNetwork else { return report.notApplicable() }
            let object = report.judgedObject
            guard report.inventory.isolation.isSelected(report.object, in: object.namespace) else { return }
            report.fail(
                pod.node["hostNetwork"], "a network policy selects the Pod, but on its host's network none holds for it",
                value: "hostNetwork")
        })
}
