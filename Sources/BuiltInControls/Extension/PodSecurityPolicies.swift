import Controls
import Documents
import Kubernetes

extension Control {
    /// Kubernetes 1.25 removed PodSecurityPolicy. A manifest that still has one looks protected and is not.
    ///
    /// Fields: the kind. Allowed: none from 1.25 on; before, the control is not applicable.
    static let podSecurityPolicies = Control(
        id: "pod-security-policies",
        title: "Replace PodSecurityPolicies",
        severity: .medium,
        duty: "C5",
        summary: "From Kubernetes 1.25 on nothing enforces this object.",
        remedy: "Label namespaces for Pod Security admission, or use a ValidatingAdmissionPolicy, and delete the object.",
        references: [.cis("5.2.1")],
        passing: [
            Example(
                """
                apiVersion: policy/v1beta1
                kind: PodSecurityPolicy
                metadata: {name: restricted}
                spec: {privileged: false}
                """, version: KubernetesVersion(1, 24))
        ],
        failing: [
            """
            apiVersion: policy/v1beta1
            kind: PodSecurityPolicy # ✗
            metadata: {name: restricted}
            spec: {privileged: false}
            """
        ],
        checks: [
            .since(
                1, 25,
                .objects(["PodSecurityPolicy"]) { object, report throws(WrongType) in
                    report.fail(object.root["kind"], "\(object.displayName) is enforced by nothing")
                })
        ])
}
