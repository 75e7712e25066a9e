import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// In the modes `batch` and `blocking` events wait in memory: `batch` throws them away when they come faster than they go, and both lose
    /// them when the server ends. Whoever wants no trace makes noise first. A log on standard output is kept by whoever keeps the container's.
    ///
    /// Settings: `--audit-log-mode` (`blocking` by default, which waits) and `--audit-log-path` of kube-apiserver; `--audit-webhook-mode`
    /// (`batch` by default) where a webhook is the only backend.
    static let auditDelivery = Control(
        id: "audit-log-delivery",
        title: "Lose no audit events",
        severity: .medium,
        duty: "A5",
        summary: "The API server throws audit events away under load, so whoever makes enough noise leaves no trace.",
        remedy:
            "Write them to a file with `--audit-log-path` and `--audit-log-mode=blocking-strict` (or `blocking`), beside the webhook if there is one.",
        references: [.nsa("audit logging"), Reference("cwe", "CWE-778")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --audit-log-path=/var/log/audit.log, --audit-webhook-config-file=/etc/hook]}]
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --audit-log-path=/var/log/audit.log
              - --audit-log-mode=batch # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --audit-webhook-config-file=/etc/hook # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report in
            guard let path = report.setting(server, flag: "audit-log-path"), let hook = report.setting(server, flag: "audit-webhook-config-file")
            else { return }
            guard !path.text.isEmpty || !hook.text.isEmpty else { return report.notApplicable() }
            if path.text.isEmpty {
                guard let mode = report.setting(server, flag: "audit-webhook-mode", standard: "batch"), mode.text == "batch" else { return }
                let place = mode.isSet ? mode.place : hook.place
                report.fail(place, "a webhook in mode batch is the only place audit events go to", value: "batch")
            } else {
                guard let mode = report.setting(server, flag: "audit-log-mode", standard: "blocking"), mode.text == "batch" else { return }
                report.fail(mode.place, "\(mode.name) is batch", value: "batch")
            }
        })
}
