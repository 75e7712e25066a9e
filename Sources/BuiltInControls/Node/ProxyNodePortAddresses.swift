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
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --nodeport-addresses=10.0.0.0/8]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --config=/var/lib/kube-proxy/config.conf]}
            files:
            - path: /var/lib/kube-proxy/config.conf
              content: |
                kind: KubeProxyConfiguration
                nodePortAddresses: [10.0.0.0/8]
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kube-proxy
              argv: # ✗
              - kube-proxy
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kube-proxy, argv: [kube-proxy, --config=/var/lib/kube-proxy/config.conf]}
            files:
            - path: /var/lib/kube-proxy/config.conf
              content: | # ✗
                kind: KubeProxyConfiguration
                nodePortAddresses: [0.0.0.0/0]
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-proxy, namespace: kube-system}
            spec:
              containers:
              - name: kube-proxy
                image: registry.example.com/kube-proxy:v1.31.2
                command:
                - kube-proxy
                - --nodeport-addresses
                - 10.0.0.0/8,::/0 # ✗
            """,
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
