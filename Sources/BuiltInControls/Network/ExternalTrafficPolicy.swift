import Controls
import Documents
import Kubernetes

extension Control {
    /// With the default policy `Cluster` a node forwards the connection under its own address, so audit logs,
    /// network policies with ranges and the program itself never learn who called.
    ///
    /// Fields: `spec.externalTrafficPolicy` of NodePort and LoadBalancer Services. Allowed: `Local`.
    static let externalTrafficPolicy = Control(
        id: "external-traffic-policy",
        title: "Keep the address of the caller",
        severity: .info,
        duty: "C6",
        summary: "With `externalTrafficPolicy: Cluster` the caller's address is replaced by a node's, which blinds logs and policies with ranges.",
        remedy: "Set `externalTrafficPolicy: Local`, unless the load balancer talks to Pods directly.",
        references: [.nsa("audit logging and threat detection")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 443}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: # ✗
              type: LoadBalancer
              selector: {app: web}
              ports: [{port: 443}]
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
              externalTrafficPolicy: Cluster # ✗
              selector: {app: web}
              ports: [{port: 443}]
            """,
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService, try ServiceReach(of: service, report.settings) != .cluster else { return report.notApplicable() }
            if try !service.spec["externalTrafficPolicy"].equals("Local") {
                report.fail(service.spec, missing: "externalTrafficPolicy", "Service '\(service.name)' hides its callers behind node addresses")
            }
        })
}
