import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Without a list kube-proxy opens every node port on all addresses of the machine, those that face the Internet included.
    ///
    /// Settings: `nodePortAddresses` in kube-proxy's file, else `--nodeport-addresses`, all addresses unless set. Allowed: ranges that do not
    /// hold every address, or `primary`.
    static let proxyNodePortAddresses = Control(
        id: "kube-proxy-node-port-addresses",
        title: "Open node ports on inner addresses only",
        severity: .low,
        duty: "A5",
        summary: "Every node port is open on all addresses of the machine, also outer ones.",
        remedy: "Set `nodePortAddresses` to the range of the inner network.",
        references: [.nsa("network separation and hardening"), Reference("cwe", "CWE-1327")],
        passing: [
            .machine("kube-proxy", "--nodeport-addresses=10.0.0.0/8"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf",
                files: [
                    "/var/lib/kube-proxy/config.conf": """
                    kind: KubeProxyConfiguration
                    nodePortAddresses: [10.0.0.0/8]
                    """
                ]),
        ],
        failing: [
            .machine("kube-proxy # ✗"),
            .machine(
                "kube-proxy", "--config=/var/lib/kube-proxy/config.conf",
                files: [
                    "/var/lib/kube-proxy/config.conf # ✗": """
                    kind: KubeProxyConfiguration
                    nodePortAddresses: [0.0.0.0/0]
                    """
                ]),
            .pod("kube-proxy", "--nodeport-addresses", "10.0.0.0/8,::/0 # ✗"),
        ],
        check: .component(.kubeProxy) { proxy, report throws(WrongType) in
            let (flag, field) = ("nodeport-addresses", "nodePortAddresses")
            guard let ranges = report.setting(proxy, flag: flag, field: field, as: .list) else { return }
            guard !ranges.items.isEmpty else {
                return report.fail(ranges.place, "\(proxy.label(flag, field)) is not set: node ports are open on all addresses")
            }
            let open = ranges.items.filter { AddressRange($0)?.isEverything == true }
            if !open.isEmpty { report.fail(ranges.place, "\(ranges.name) has \(open.joined(separator: ", "))") }
        })
}
