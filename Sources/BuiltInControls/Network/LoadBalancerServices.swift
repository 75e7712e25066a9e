import Controls
import Documents
import Kubernetes

extension Control {
    /// Each load balancer is a door into the cluster and a bill. This control does not call it wrong: it lists the
    /// doors, so that one that nobody approved is seen.
    ///
    /// Fields: `spec.type` of Services. Allowed: anything but `LoadBalancer`.
    static let loadBalancerServices = Control(
        id: "load-balancer-services",
        title: "Approve each load balancer",
        severity: .info,
        duty: "C6",
        summary: "A Service of type LoadBalancer makes a door into the cluster that should exist on purpose.",
        remedy: "Share one entry through an Ingress or Gateway, or apply for this load balancer.",
        references: [.ackPolicy("ACKBlockLoadBalancer")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: ClusterIP, selector: {app: web}, ports: [{port: 80}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer # ✗
              selector: {app: web}
              ports: [{port: 443}]
            """
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let type = service.spec["type"]
            if try type.equals("LoadBalancer") { report.fail(type, "Service '\(service.name)' makes a load balancer") }
        })
}
