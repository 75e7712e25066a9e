import Controls
import Documents
import NodeEvidence

extension Control {
    /// Alpha APIs may have errors, change without notice and get no promise of fixes; few need more than one of them.
    ///
    /// Setting: `--runtime-config` of kube-apiserver. Allowed: without `api/all=true` and `api/alpha=true`.
    static let apiServerAlphaAPIs = Control(
        id: "kube-apiserver-alpha-apis",
        title: "Serve no alpha APIs as a whole",
        severity: .medium,
        duty: "A5",
        summary: "Unfinished APIs are open to attack that nobody uses.",
        remedy: "Name the single API versions that are needed in `--runtime-config`.",
        references: [Reference("cwe", "CWE-1188")],
        passing: [
            .machine("kube-apiserver", "--runtime-config=batch/v2alpha1=true"),
            .machine("kube-apiserver", "--runtime-config=api/all=true,api/all=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--runtime-config=api/all=true # ✗"),
            .pod("kube-apiserver", "--runtime-config", "api/beta=true,api/alpha # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let versions = report.setting(server, flag: "runtime-config") else { return }
            var values: [String: String] = [:]
            for item in versions.items {
                let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                values[String(pair[0])] = pair.count > 1 ? String(pair[1]) : "true"
            }
            for name in ["api/all", "api/alpha"] {
                guard let value = values[name] else { continue }
                let version = Setting(name: "\(versions.name) \(name)", values: [value], place: versions.place, isSet: true)
                guard let isOn = version.bool else { report.undecided(version, "neither true nor false"); continue }
                if isOn { report.fail(version.place, "\(version.name) is \(value)") }
            }
        })
}
