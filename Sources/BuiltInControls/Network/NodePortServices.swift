import Controls
import Documents
import Kubernetes

extension Control {
    /// A NodePort opens one port of every node, past load balancers, Ingress and their filters, and whoever
    /// reaches any node reaches the program. On serverless platforms there is no node to reach.
    ///
    /// Fields: `spec.type` of Services. Allowed: anything but `NodePort`.
    static let nodePortServices = Control(
        id: "node-port-services",
        title: "Forbid NodePort Services",
        severity: .medium,
        duty: "C6",
        summary: "A NodePort opens a port on every node, where no load balancer, certificate or source filter stands in front of the program.",
        remedy: "Use `type: ClusterIP` behind an Ingress or Gateway, or a load balancer with source ranges.",
        references: [.ackPolicy("ACKBlockNodePort"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80}]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort # ✗
              selector: {app: web}
              ports: [{port: 80, nodePort: 30080}]
            """
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let type = service.spec["type"]
            if try type.equals("NodePort") { report.fail(type, "Service '\(service.name)' opens a port on every node") }
        })
}
