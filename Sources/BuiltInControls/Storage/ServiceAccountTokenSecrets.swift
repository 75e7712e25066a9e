import Controls
import Documents
import Kubernetes

extension Control {
    /// A token Secret of a service account never expires and stays valid in every copy; tokens that Pods get live an hour and end
    /// with the Pod.
    ///
    /// Fields: `type` of Secrets. Forbidden: `kubernetes.io/service-account-token`.
    static let serviceAccountTokenSecrets = Control(
        id: "service-account-token-secrets",
        title: "Make no lasting service-account tokens",
        severity: .medium,
        duty: "C3",
        summary: "The Secret asks for a service-account token that never expires.",
        remedy: "Use a projected token in Pods and `kubectl create token` for everything else.",
        references: [Reference("mitre-attack", "T1528"), Reference("cwe", "CWE-613")],
        passing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            type: Opaque
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}
            type: kubernetes.io/service-account-token # ✗
            """
        ],
        check: .objects(["Secret"]) { secret, report throws(WrongType) in
            let type = secret.root["type"]
            if try type.equals("kubernetes.io/service-account-token") {
                report.fail(type, "Secret '\(secret.name)' holds a token that never expires", value: secret.name)
            }
        })
}
