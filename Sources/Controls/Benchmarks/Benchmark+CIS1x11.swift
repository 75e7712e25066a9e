extension Benchmark {
    /// Rows for Kubernetes 1.29 to 1.31.
    public static let cis1x11 = Benchmark(
        id: "cis-1.11", title: "CIS Kubernetes Benchmark 1.11", sections: cis1x12.sections,
        rows: same("1.1", 1...21), same("1.2", 1...30), same("1.3", 1...7), same("1.4", 1...2), same("2", 1...7), same("3.1", 1...3),
        same("3.2", 1...2), same("4.1", 1...10), same("4.2", 1...14),
        [Row("4.2.15", "Limit which addresses reach the kubelet")],
        same("4.3", 1), same("5.1", 1...13), same("5.2", 1...8),
        [
            Row(
                "5.2.9", "Forbid added capabilities",
                guidance: "Containers with `capabilities.add`, and what would refuse the next one. Each has a reason that names the "
                    + "capability.")
        ],
        same("5.2", 10...13, from: 9), same("5.3", 1...2), same("5.4", 1...2), same("5.5", 1), same("5.6", 1...4))
}
