import Controls
import Documents
import Kubernetes

extension Control {
    /// Policy engines skip namespaces that carry certain labels. Whoever may label a namespace so takes it out of every rule,
    /// without a trace in the report of that engine.
    ///
    /// Fields: labels of Namespaces that Gatekeeper, OPA, Sigstore's policy controller and older AKS read as "skip", and AKS's
    /// `admissions.enforcer/disabled` also on webhook configurations.
    static let namespaceAdmissionExemptions = Control(
        id: "namespace-admission-exemptions",
        title: "Leave no namespace outside admission policies",
        severity: .medium,
        duty: "P2b",
        summary: "A label takes the namespace out of admission policies, so nothing there is checked.",
        remedy: "Remove the label; let single workloads through by a grant.",
        references: [Reference("mitre-attack", "T1562")],
        passing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {team: shop}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: shop
              labels:
                admission.gatekeeper.sh/ignore: "true" # ✗
                control-plane: controller-manager # ✗
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: audit
              labels:
                admissions.enforcer/disabled: "true" # ✗
            webhooks: []
            """,
        ],
        check: .objects(["Namespace", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]) { object, report throws(WrongType) in
            let labels = object.kind == "Namespace" ? namespaceExemptions : webhookExemptions
            for (key, engine) in labels {
                let label = object.labels[key]
                guard label.isWritten, try !label.equals("false") else { continue }
                report.fail(label, "\(object.kind) '\(object.name)' is outside \(engine)", value: label.key)
            }
        })
}

private let namespaceExemptions: [(StaticString, StaticString)] = [
    ("admission.gatekeeper.sh/ignore", "Gatekeeper"),
    ("control-plane", "engines that skip system components"),
    ("openpolicyagent.org/webhook", "Open Policy Agent"),
    ("policy.sigstore.dev/exclude", "the image policy of Sigstore"),
]

private let webhookExemptions: [(StaticString, StaticString)] = [
    ("admissions.enforcer/disabled", "the enforcer that keeps webhooks away from system namespaces")
]
