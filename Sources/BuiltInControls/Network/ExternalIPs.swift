import Controls
import Documents
import Kubernetes

extension Control {
    /// Traffic of the whole cluster to an address in `externalIPs` goes to this Service, without any check of who
    /// owns the address: whoever may write Services can take the traffic to any host (CVE-2020-8554, unfixed).
    ///
    /// Fields: `spec.externalIPs`. Allowed: none.
    static let externalIPs = Control(
        id: "external-ips",
        title: "Forbid external IPs on Services",
        severity: .high,
        duty: "C6",
        summary: "A Service takes the cluster's traffic to every address in `externalIPs`, whoever that address belongs to (CVE-2020-8554).",
        remedy: "Remove `externalIPs`; give the Service a load balancer of the platform.",
        references: [.ackPolicy("ACKExternalIPs"), Reference("cve", "CVE-2020-8554")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}], externalIPs: []}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 53}]
              externalIPs:
              - 192.0.2.53 # ✗
            """
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            for address in try service.spec["externalIPs"].items() {
                report.fail(address, "Service '\(service.name)' takes the traffic to \(address.text)")
            }
        })
}
