import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever is not the API server has little to ask the kubelet. systemd can refuse the others before the kubelet hears them.
    ///
    /// Settings: `IPAddressDeny=` in the unit of the kubelet or its drop-ins; no setting of the kubelet itself. Only edition 1.11 of the benchmark asks for it. Allowed: set, with
    /// `IPAddressAllow=` for those who may. Source: systemd.resource-control(5).
    static let kubeletAddressFilter = Control(
        id: "kubelet-ip-address-deny",
        title: "Let only known addresses reach the kubelet",
        severity: .low,
        duty: "A5",
        summary: "Every machine that can route to the node can talk to its kubelet.",
        remedy: "Set `IPAddressDeny=any` and `IPAddressAllow=` in a drop-in of `kubelet.service`.",
        references: [Reference("cis-1.11", "4.2.15"), .nsa("network separation and hardening")],
        passing: [
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", version: "1.30.2",
                files: [
                    "/etc/systemd/system/kubelet.service": """
                    [Service]
                    IPAddressDeny=any
                    IPAddressAllow=10.0.0.0/8
                    """
                ])
        ],
        failing: [
            .machine(
                "kubelet", "--config=/var/lib/kubelet/config.yaml", version: "1.30.2",
                files: [
                    "/etc/systemd/system/kubelet.service # ✗": """
                    [Service]
                    ExecStart=/usr/bin/kubelet
                    """
                ])
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            guard let evidence = report.evidence, report.benchmark.id == "cis-1.11" else { return report.notApplicable() }
            guard let files = report.section(try evidence.files, "files") else { return }
            let units = files.filter { $0.path.contains("/kubelet.service") && $0.content != nil && !$0.isTruncated }
            guard let last = units.last?.content else {
                return report.notObservable(kubelet.component.place, "the evidence holds no unit of the kubelet")
            }
            let lines = units.flatMap { $0.content?.text.split(separator: "\n") ?? [] }
            // An empty value takes back what came before.
            let value = lines.last { $0.hasPrefix("IPAddressDeny=") }?.dropFirst("IPAddressDeny=".count) ?? ""
            if value.isEmpty { report.fail(last, "no unit of the kubelet sets IPAddressDeny") }
        })
}
