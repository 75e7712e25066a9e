import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever may create events can flood the API server and etcd with them.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: with `EventRateLimit`, which is off by default.
    static let apiServerEventRateLimit = Control(
        id: "kube-apiserver-event-rate-limit",
        title: "Limit the rate of events",
        severity: .low,
        duty: "A5",
        summary: "A flood of events slows the API server down and fills etcd.",
        remedy: "Add `EventRateLimit` to `--enable-admission-plugins` and configure its limits.",
        references: [.cis("1.2.9"), Reference("cwe", "CWE-770")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction,EventRateLimit"),
            .pod("kube-apiserver", args: ["--enable-admission-plugins", "ResourceQuota", "--enable-admission-plugins=EventRateLimit"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--enable-admission-plugins=ResourceQuota # ✗"),
            .pod("kube-apiserver", "--enable-admission-plugins=ResourceQuota", "--disable-admission-plugins=EventRateLimit # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "EventRateLimit", standard: false)
        })
}
