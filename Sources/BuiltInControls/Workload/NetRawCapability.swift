import Controls
import Documents
import Kubernetes

extension Control {
    /// Container runtimes give NET_RAW to everyone. With it a container forges packets: it answers ARP and DNS in the
    /// name of its neighbours.
    ///
    /// Fields: `securityContext.capabilities` of init, sidecar and regular containers on Linux. Allowed: ALL or NET_RAW dropped.
    /// Standard: CIS 5.2.8.
    static let netRawCapability = Control(
        id: "net-raw-capability",
        title: "Drop the capability to send raw packets",
        severity: .low,
        duty: "C5",
        summary: "A container may send raw packets by default, and so answer in the name of its neighbours on the Pod network.",
        remedy: "Drop `ALL` capabilities, or at least `NET_RAW`.",
        references: [.cis("5.2.8")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  capabilities: {drop: [ALL]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext:
                  capabilities: {drop: [NET_RAW]}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app # ✗
                image: registry.example.com/app:1.0
              - name: proxy
                image: registry.example.com/proxy:1.0
                securityContext:
                  capabilities:
                    drop: [SYS_CHROOT] # ✗
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard container.role != .ephemeral, !pod.isWindows else { return report.notApplicable() }
            for item in try container.securityContext["capabilities"]["drop"].items() {
                if try item.equals("ALL") { return }
                if try item.equals("NET_RAW") { return }
                if try item.equals("all") { return }
                if try item.equals("net_raw") { return }
            }
            report.fail(
                container.node, missing: "securityContext.capabilities.drop", "container '\(container.name)' may send raw packets", value: "NET_RAW")
        })
}
