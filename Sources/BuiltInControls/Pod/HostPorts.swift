import Controls
import Documents
import Kubernetes

extension Control {
    /// A host port opens a port on every node the Pod runs on, past Services and often past network policies.
    ///
    /// Fields: `ports[*].hostPort` of every container. Allowed: unset, 0. In a Pod with `hostNetwork` the API server
    /// sets each missing host port to the container port, so those count as written.
    /// Standard: Pod Security Standards, baseline, since 1.0.
    static let hostPorts = Control(
        id: "host-ports",
        title: "Forbid host ports",
        severity: .high,
        duty: "C5",
        summary: "A host port is reachable on the node's own address, where network policies for Pods often do not look.",
        remedy: "Remove `hostPort` and publish the port through a Service.",
        references: [
            .podSecurity(.baseline, "hostPorts"), .cis("5.2.12"), .ackPolicy("ACKPSPHostNetworkingPorts"), .ackInspection("hostPortSet"),
        ],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                ports:
                - containerPort: 8080
                - {containerPort: 8443, hostPort: 0}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                ports:
                - containerPort: 8080
                  hostPort: 80 # ✗
                - containerPort: 8443
                  hostPort: 443 # ✗
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              hostNetwork: true
              containers:
              - name: app
                image: registry.example.com/app:1.0
                ports:
                - containerPort: 8080 # ✗
            """,
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard let ports = container.node.written("ports") else { return }
            for port in try ports.items() {
                if let hostPort = port.written("hostPort"), let number = try hostPort.int(), number != 0 {
                    report.fail(hostPort, "container '\(container.name)' opens port \(number) of its host")
                } else if pod.usesHostNetwork, let number = try port["containerPort"].int(), number != 0 {
                    report.fail(
                        port["containerPort"], "container '\(container.name)' opens port \(number) of its host, since the Pod uses the host's network"
                    )
                }
            }
        })
}
