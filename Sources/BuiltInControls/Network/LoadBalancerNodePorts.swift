import Controls
import Documents
import Kubernetes

extension Control {
    /// A load balancer Service also opens a port on every node, a second door that its source ranges don't guard on
    /// every platform. Where balancers talk to Pods directly, nobody needs it.
    ///
    /// Fields: `spec.allocateLoadBalancerNodePorts` of LoadBalancer Services. Allowed: false.
    static let loadBalancerNodePorts = Control(
        id: "load-balancer-node-ports",
        title: "Open no node ports for load balancers",
        severity: .info,
        duty: "C6",
        summary: "A load balancer Service opens a port on every node as well, unless told not to.",
        remedy: "Set `allocateLoadBalancerNodePorts: false` where the load balancer addresses Pods directly.",
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, selector: {app: web}, ports: [{port: 443}]}
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
            """
        ],
        checks: [
            .since(
                1, 24,
                .objects(["Service"]) { service, report throws(WrongType) in
                    guard service.isCoreService, try service.spec["type"].equals("LoadBalancer") else { return report.notApplicable() }
                    if try service.spec["allocateLoadBalancerNodePorts"].bool() != false {
                        report.fail(
                            service.spec, missing: "allocateLoadBalancerNodePorts", "Service '\(service.name)' opens a port on every node as well")
                    }
                })
        ])
}
