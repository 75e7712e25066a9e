import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Truncation takes the bodies out of events that are too large, and drops what is still too large. A change hidden in a large object has
    /// then no author.
    ///
    /// Settings: `--audit-log-truncate-enabled` and `--audit-webhook-truncate-enabled` of kube-apiserver, off by default, with
    /// `…-truncate-max-event-size` (100 KiB by default). Allowed: off, or at least 1.5 MiB, the most that etcd takes of one request.
    static let auditTruncation = Control(
        id: "audit-log-truncation",
        title: "Keep large audit events whole",
        severity: .low,
        duty: "A5",
        summary: "The API server cuts the body out of large audit events, so a change in a large object has no author.",
        remedy: "Set `--audit-log-truncate-max-event-size` (or that of the webhook) to 1572864 or more, and the batch size above it.",
        references: [Reference("cwe", "CWE-778")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --audit-log-path=/var/log/audit.log]}]
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
              - --audit-log-truncate-enabled # ✗
            """
        ],
        check: .component(.kubeAPIServer) { server, report in
            for (backend, target) in [("log", "audit-log-path"), ("webhook", "audit-webhook-config-file")] {
                guard let used = report.setting(server, flag: target), !used.text.isEmpty else { continue }
                guard let isOn = report.setting(server, flag: "audit-\(backend)-truncate-enabled", standard: "false"), isOn.bool != false else {
                    continue
                }
                guard let most = report.setting(server, flag: "audit-\(backend)-truncate-max-event-size", standard: "102400") else { continue }
                if (most.int ?? 0) < 1_572_864 {
                    report.fail(isOn.place, "events of the \(backend) above \(most.text) bytes are cut", value: backend)
                }
            }
        })
}
