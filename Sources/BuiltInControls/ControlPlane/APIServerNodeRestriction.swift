import Controls
import Documents
import NodeEvidence

extension Control {
    /// With the plugin a kubelet changes only its own Node and Pods on it. Without it one taken node draws Pods with their Secrets to itself.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: with `NodeRestriction`, which is off by default.
    static let apiServerNodeRestriction = Control(
        id: "kube-apiserver-node-restriction",
        title: "Limit what kubelets may change",
        severity: .high,
        duty: "A5",
        summary: "A taken node can change other nodes and draw their Pods to itself.",
        remedy: "Add `NodeRestriction` to `--enable-admission-plugins`.",
        references: [.cis("1.2.14"), Reference("mitre-attack", "T1078")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction"),
            .pod("kube-apiserver", args: ["--enable-admission-plugins", "ResourceQuota", "--enable-admission-plugins=NodeRestriction"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--enable-admission-plugins=ResourceQuota # ✗"),
            .pod("kube-apiserver", "--enable-admission-plugins=ResourceQuota", "--disable-admission-plugins=NodeRestriction # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "NodeRestriction", standard: false)
        })
}
