extension Benchmark {
    /// Rows for Kubernetes 1.22 and 1.23, with some that later editions dropped, and one that they turned into its opposite.
    public static let cis1x23 = Benchmark(
        id: "cis-1.23", title: "CIS Kubernetes Benchmark 1.23", sections: cis1x10.sections.filter { $0.id != "4.3" },
        rows: same("1.1", 1...21), same("1.2", 1...2),
        [
            Row(
                "1.2.3", "Leave the admission plugin that denies external addresses of Services disabled", isAutomated: true,
                lookAt: "`--enable-admission-plugins` of kube-apiserver. This edition wants DenyServiceExternalIPs absent; every later "
                    + "one wants it there, because such addresses let a Service catch the traffic of others. Enable it, and state the "
                    + "reason for this row."),
            Row("1.2.4", "Let the API server talk to kubelets over TLS"),
        ],
        same("1.2", 5...12, from: 4),
        [Row("1.2.13", "Deny security contexts, or check Pods by policies at admission")],
        same("1.2", 14...16, from: 12),
        [Row("1.2.17", "Serve the API on a port with TLS")],
        same("1.2", 18...32, from: 15), same("1.3", 1...7), same("1.4", 1...2), same("2", 1...7), same("3.1", 1), same("3.2", 1...2),
        same("4.1", 1...10), same("4.2", 1...5),
        [Row("4.2.6", "Let the kubelet stop at kernel settings it does not expect")],
        same("4.2", 7...13, from: 6), same("5.1", 1...8, by: .person), same("5.2", 1...13, of: cis1x11, by: .person), same("5.3", 1...2),
        same("5.4", 1...2), same("5.5", 1), same("5.7", 1...4, as: "5.6"))
}
