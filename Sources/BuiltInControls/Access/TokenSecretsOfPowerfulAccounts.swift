import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A token in a Secret never expires and is read by everybody who reads Secrets of the namespace, lists them, or mounts them.
    /// Where its service account can take over the cluster, so can they.
    ///
    /// Fields: `type` of Secrets with the annotation `kubernetes.io/service-account.name`. Allowed: tokens of service accounts that lead
    /// nowhere; those are judged by `service-account-token-secrets`.
    static let tokenSecretsOfPowerfulAccounts = Control(
        id: "token-secrets-of-powerful-accounts",
        title: "Keep no lasting token of a service account that can take over the cluster",
        severity: .critical,
        duty: "C2",
        summary: "A token that never expires lies where everybody who reads Secrets takes it, and it leads to control of the cluster.",
        remedy: "Delete the Secret; have tokens issued when they are needed, by a projected volume or `kubectl create token`.",
        references: [.cis("5.1.2"), .nsa("role-based access control"), Reference("mitre-attack", "T1552.007")],
        overrides: ["service-account-token-secrets"],
        passing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: robot, namespace: shop, annotations: {kubernetes.io/service-account.name: robot}}
            type: kubernetes.io/service-account-token
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: operator, namespace: shop, annotations: {kubernetes.io/service-account.name: operator}}
            type: kubernetes.io/service-account-token # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: operator}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: operator}
            """
        ],
        check: .objects(["Secret"]) { secret, report throws(WrongType) in
            let type = secret.root["type"]
            guard try type.equals("kubernetes.io/service-account-token"),
                let account = try secret.annotations["kubernetes.io/service-account.name"].string()
            else { return report.notApplicable() }
            let analysis = report.inventory.analysis(EscalationAnalysis.self)
            guard let subject = analysis.subject(.account(secret.namespace, account)), let path = analysis.path(of: subject),
                path.severity >= .high
            else { return }
            report.fail(
                type, "Secret '\(secret.name)' holds a token of '\(account)', which can take over the cluster: \(analysis.chain(path))",
                value: secret.name)
        })
}
