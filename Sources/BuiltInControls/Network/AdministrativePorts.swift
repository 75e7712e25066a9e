import Controls
import Documents
import Kubernetes

extension Control {
    /// Remote shells, databases, container engines and the ports of Kubernetes itself are made for a trusted
    /// network; many of them ask for no password. Offered outside the cluster they are found within hours.
    ///
    /// Fields: `spec.ports[].port` and a numeric `targetPort` of Services that are reachable from outside the
    /// cluster (public load balancer, NodePort, external IPs).
    static let administrativePorts = Control(
        id: "administrative-ports",
        title: "Keep administrative ports and databases inside",
        severity: .high,
        duty: "P3b",
        summary: "A Service that people outside the cluster reach offers a port of remote administration, of a database or of Kubernetes itself.",
        remedy: "Make the Service `ClusterIP` or its load balancer internal, and reach it through a bastion, VPN or `kubectl port-forward`.",
        references: [Reference("mitre-attack", "T1133"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {selector: {app: db}, ports: [{port: 5432}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec:
              type: LoadBalancer
              selector: {app: db}
              ports:
              - name: web
                port: 443
              - name: sql
                port: 5432 # ✗
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: bastion}
            spec:
              type: NodePort
              selector: {app: bastion}
              ports:
              - port: 2222
                targetPort: 22 # ✗
            """,
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let hasExternalIPs = try !service.spec["externalIPs"].items().isEmpty
            let reach = try ServiceReach(of: service, report.settings)
            guard hasExternalIPs || reach.mayBePublic else { return report.notApplicable() }
            for port in try service.spec["ports"].items() {
                let target = port["targetPort"]
                if let number = try port["port"].int(), let use = administrativeUse(of: number) {
                    report.fail(port["port"], "Service '\(service.name)' offers \(use) (port \(number)) outside the cluster")
                } else if target.kind == .integer, let number = try target.int(), let use = administrativeUse(of: number) {
                    report.fail(target, "Service '\(service.name)' offers \(use) (port \(number)) outside the cluster")
                }
            }
        })
}
