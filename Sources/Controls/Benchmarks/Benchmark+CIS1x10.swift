extension Benchmark {
    /// Rows for Kubernetes 1.28.
    public static let cis1x10 = Benchmark(
        id: "cis-1.10", title: "CIS Kubernetes Benchmark 1.10",
        sections: cis1x12.sections.map { $0.id == "5.6" ? Section("5.7", $0.title) : $0 },
        rows: same("1.1", 1...21), same("1.2", 1...29), same("1.3", 1...7), same("1.4", 1...2), same("2", 1...7), same("3.1", 1...3),
        same("3.2", 1...2), same("4.1", 1...10), same("4.2", 1...13), same("4.3", 1), same("5.1", 1...13),
        same("5.2", 1...13, of: cis1x11), same("5.3", 1...2), same("5.4", 1...2), same("5.5", 1), same("5.7", 1...4, as: "5.6"))
}
