import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever may write a Service with `externalIPs` draws traffic for any address to its own Pods (CVE-2020-8554). The plugin refuses new ones.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: with `DenyServiceExternalIPs`, which is off by default. The row of
    /// edition 1.23 asked for the contrary; later editions put it right.
    static let apiServerExternalIPsAdmission = Control(
        id: "kube-apiserver-external-ips-admission",
        title: "Let admission refuse external IPs of Services",
        severity: .medium,
        duty: "A5",
        summary: "Anybody who may write Services can draw traffic for foreign addresses to their own Pods.",
        remedy: "Add `DenyServiceExternalIPs` to `--enable-admission-plugins`.",
        references: [.cis("1.2.3"), Reference("mitre-attack", "T1557")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs"),
            .pod("kube-apiserver", args: ["--enable-admission-plugins", "ResourceQuota", "--enable-admission-plugins=DenyServiceExternalIPs"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--enable-admission-plugins=ResourceQuota # ✗"),
            .pod("kube-apiserver", "--enable-admission-plugins=ResourceQuota", "--disable-admission-plugins=DenyServiceExternalIPs # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "DenyServiceExternalIPs", standard: false)
        })
}
