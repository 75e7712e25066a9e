import Controls
import Documents
import Kubernetes

extension Control {
    /// On ACS network policies have no effect until the Pod switches their agent on: a policy is there, everybody believes
    /// in it, and nothing is closed.
    ///
    /// Fields: Pod annotation `alibabacloud.com/enable-network-policy-agent`, for Pods that show a mark of ACS (its compute class or its
    /// network annotations) and that a policy selects. Allowed: "true".
    static let networkPolicyAgent = Control(
        id: "network-policy-agent",
        title: "Switch on what enforces network policies",
        severity: .medium,
        duty: "C6",
        summary: "A network policy selects the Pod, but on ACS it has no effect until the Pod switches the agent on.",
        remedy: "Add the annotation `alibabacloud.com/enable-network-policy-agent: \"true\"` to the Pod.",
        references: [.cis("5.3.1")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              labels: {app: web, alibabacloud.com/compute-class: general-purpose}
              annotations: {alibabacloud.com/enable-network-policy-agent: "true"}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
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
            metadata: # ✗
              name: web
              labels: {app: web, alibabacloud.com/compute-class: general-purpose}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let namespace = report.inventory.objects[report.object].namespace
            guard try showsACS(pod), report.inventory.isolation.isSelected(report.object, in: namespace) else { return report.notApplicable() }
            if try enforcesPolicies(pod) { return }
            let agent = pod.annotations["alibabacloud.com/enable-network-policy-agent"]
            report.fail(
                agent.isWritten ? agent : pod.annotations.exists ? pod.annotations : pod.metadata,
                "a network policy selects the Pod, but nothing on ACS enforces it", value: "alibabacloud.com/enable-network-policy-agent")
        })
}

/// Whether the Pod carries a mark that only ACS reads. Serves to decide what applies, never who answers.
func showsACS(_ pod: PodSpec) throws(WrongType) -> Bool {
    if pod.labels["alibabacloud.com/compute-class"].exists || pod.labels["alibabacloud.com/acs"].exists { return true }
    if pod.annotations["alibabacloud.com/compute-class"].exists { return true }
    return try pod.annotations.entries().contains { $0.keyHasPrefix("network.alibabacloud.com/") }
}

/// Whether network policies have an effect on the Pod, as far as its manifest tells.
func enforcesPolicies(_ pod: PodSpec) throws(WrongType) -> Bool {
    guard try showsACS(pod) else { return true }
    return try pod.annotations["alibabacloud.com/enable-network-policy-agent"].equals("true")
}
