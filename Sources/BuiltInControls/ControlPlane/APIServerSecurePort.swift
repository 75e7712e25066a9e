import Controls
import Documents
import NodeEvidence

extension Control {
    /// With port 0 old API servers served no TLS, and so no authentication either; from 1.20 on they refuse to start.
    ///
    /// Setting: `--secure-port` of kube-apiserver, 6443 unless set. Allowed: any port but 0.
    static let apiServerSecurePort = Control(
        id: "kube-apiserver-secure-port",
        title: "Serve the API over TLS",
        severity: .critical,
        duty: "A5",
        summary: "The API server has no port where it asks who calls.",
        remedy: "Set `--secure-port` to a port, or remove it.",
        references: [Reference("cis-1.23", "1.2.17"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("kube-apiserver", "--secure-port=6443"),
            .machine("kube-apiserver", "--anonymous-auth=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--secure-port", "0 # ✗"),
            .pod("kube-apiserver", "--secure-port=0 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let port = report.setting(server, flag: "secure-port", standard: "6443") else { return }
            guard let number = port.int, (0...65_535).contains(number) else { return report.undecided(port, "no port") }
            if number == 0 { report.fail(port.place, "\(port.name) is 0, so no TLS is served") }
        })
}
