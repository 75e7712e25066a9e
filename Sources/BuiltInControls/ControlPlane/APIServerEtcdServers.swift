import Controls
import Documents
import NodeEvidence

extension Control {
    /// Everything the cluster knows passes between API server and etcd, Secrets included.
    ///
    /// Settings: `--etcd-servers` and `--etcd-servers-overrides` of kube-apiserver. Allowed: `https:`, or an address on the machine itself.
    static let apiServerEtcdServers = Control(
        id: "kube-apiserver-etcd-servers",
        title: "Reach etcd over TLS",
        severity: .high,
        duty: "A5",
        summary: "Secrets pass between API server and etcd in clear text.",
        remedy: "Use `https:` in `--etcd-servers`.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-319")],
        passing: [
            .machine("kube-apiserver", "--etcd-servers=https://10.0.0.5:2379"),
            .machine("kube-apiserver", "--etcd-servers=http://127.0.0.1:2379"),
        ],
        failing: [
            .machine("kube-apiserver", "--etcd-servers=https://10.0.0.5:2379,http://10.0.0.6:2379 # ✗"),
            .pod("kube-apiserver", "--etcd-servers-overrides", "/events#http://10.0.0.7:2379;https://10.0.0.8:2379 # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            for flag in ["etcd-servers", "etcd-servers-overrides"] {
                guard let servers = report.setting(server, flag: flag) else { return }
                // An override reads `group/resource#server;server`.
                let addresses = servers.items.flatMap { ($0.split(separator: "#").last ?? "").split(separator: ";") }
                let plain = addresses.filter { ListenURL(String($0)).isPlainBeyondTheMachine }
                if !plain.isEmpty { report.fail(servers.place, "\(servers.name) has \(plain.joined(separator: ", ")) without TLS") }
            }
        })
}
