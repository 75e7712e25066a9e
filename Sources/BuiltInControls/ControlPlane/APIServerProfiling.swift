import Controls
import Documents
import NodeEvidence

extension Control {
    /// Profiles show how the program works inside, and taking them costs it time.
    ///
    /// Setting: `--profiling` of kube-apiserver, true unless set. Allowed: false.
    static let apiServerProfiling = Control(
        id: "kube-apiserver-profiling",
        title: "Switch off profiling of the API server",
        severity: .low,
        duty: "A5",
        summary: "Whoever may read `/debug/pprof` sees inside the API server and can slow it down.",
        remedy: "Set `--profiling=false`.",
        references: [.cis("1.2.15"), Reference("cwe", "CWE-215")],
        passing: [
            .machine("kube-apiserver", "--profiling=false"),
            .pod("kube-apiserver", args: ["--profiling=false"]),
        ],
        failing: [
            .machine("kube-apiserver # ✗"),
            .machine("kube-apiserver", "--profiling=false", "--profiling # ✗"),
            .pod("kube-apiserver", "--profiling=true # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "profiling", standard: true, is: false)
        })
}
