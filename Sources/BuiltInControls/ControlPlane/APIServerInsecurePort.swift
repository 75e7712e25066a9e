import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Whoever reaches the insecure port is administrator of the cluster: nothing there asks who calls or whether they may.
    ///
    /// Settings: `--insecure-port` of kube-apiserver, 8080 on the machine itself before 1.20 unless set, 0 from then on;
    /// `--insecure-bind-address`. Allowed: port 0. Version 1.24 removed both.
    static let apiServerInsecurePort = Control(
        id: "kube-apiserver-insecure-port",
        title: "Close the port without authentication",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the port controls the cluster without credentials.",
        remedy: "Set `--insecure-port=0` or upgrade.",
        references: [.nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .machine("kube-apiserver", "--insecure-port=0", version: "1.18.6"),
        ],
        failing: [
            .machine("kube-apiserver", "--insecure-port=8080 # ✗"),
            .machine("kube-apiserver # ✗", version: "1.18.6"),
            .pod("kube-apiserver", "--insecure-port=8080 # ✗", "--insecure-bind-address=0.0.0.0"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            let standard = report.version(of: server) < KubernetesVersion(1, 20) ? "8080" : "0"
            guard let port = report.setting(server, flag: "insecure-port", standard: standard) else { return }
            guard let number = port.int, (0...65_535).contains(number) else { return report.undecided(port, "no port") }
            if number != 0 { report.fail(port.place, port.isSet ? "\(port.name) is \(number)" : "--insecure-port is not set, so it is \(number)") }
        })
}
