import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A hole in a program that strangers talk to is a matter of time. Where the Pod is one with its node, the hole is one in the node and
    /// in everything that runs there.
    ///
    /// Fields: what makes a Pod one with its node (`privileged`, capabilities that break out, directories with the node's programs or
    /// credentials), where something from outside leads to the Pod. Allowed: one of both, never both.
    static let exposedNodeAccess = Control(
        id: "exposed-node-access",
        title: "Let no exposed workload take its node",
        severity: .critical,
        duty: "C5",
        summary: "People outside the cluster reach this workload, and whoever breaks into it has the node.",
        remedy: "Take the privilege away, or put a program without it between the outside and this one.",
        references: [Reference("mitre-attack", "T1190"), Reference("mitre-attack", "T1611"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, labels: {app: agent}}
            spec:
              containers:
              - name: agent
                image: registry.example.com/agent:1.0
                securityContext: {privileged: true}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: agent}
            spec: {selector: {app: agent}, ports: [{port: 9100}]}
            """
        ],
        failing: [
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, labels: {app: web}}
                spec:
                  containers:
                  - name: app
                    image: registry.example.com/app:1.0
                    securityContext:
                      privileged: true # ✗
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
                """),
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                volumeMounts: [{name: run, mountPath: /run/docker.sock}]
              volumes:
              - name: run
                hostPath:
                  path: /var/run/docker.sock # ✗
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: front}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let place = try pod.nodeAccess(), let exposure = try report.exposure(atLeast: .unknown) else { return report.notApplicable() }
            report.failUnlessUnread(
                exposure.standing, place,
                "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, and by this a break-in there is one into the node",
                value: report.judgedObject.name)
        })
}
