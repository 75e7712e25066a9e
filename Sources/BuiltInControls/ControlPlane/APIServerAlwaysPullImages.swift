import Controls
import Documents
import NodeEvidence

extension Control {
    /// An image that lies on a node is started for anybody who knows its name, without the credentials that pulling it needs.
    ///
    /// Setting: `--enable-admission-plugins` of kube-apiserver. Allowed: with `AlwaysPullImages`, which is off by default.
    static let apiServerAlwaysPullImages = Control(
        id: "kube-apiserver-always-pull-images",
        title: "Let admission have images always pulled",
        severity: .low,
        duty: "A5",
        summary: "Private images that lie on a node can be used by Pods that may not pull them.",
        remedy: "Add `AlwaysPullImages` to `--enable-admission-plugins`.",
        references: [.cis("1.2.11")],
        passing: [
            .machine("kube-apiserver", "--enable-admission-plugins=NodeRestriction,AlwaysPullImages"),
            .pod("kube-apiserver", args: ["--enable-admission-plugins", "ResourceQuota", "--enable-admission-plugins=AlwaysPullImages"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--enable-admission-plugins=ResourceQuota # ✗"),
            .pod("kube-apiserver", "--enable-admission-plugins=ResourceQuota", "--disable-admission-plugins=AlwaysPullImages # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.requireAdmission(server, "AlwaysPullImages", standard: false)
        })
}
