import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// What people outside the cluster reach is attacked first. This control does not call it wrong; it says for each workload
    /// that it is reachable, and through what, so that its other findings weigh more.
    ///
    /// Fields: Services that select the Pod and are public load balancers, NodePorts or have external IPs, Ingresses and routes that
    /// lead to a Service that selects it, host ports; as far as policies let anybody come that way.
    static let exposedWorkloads = Control(
        id: "exposed-workloads",
        title: "Know which workloads the outside reaches",
        severity: .info,
        duty: "P3b",
        summary: "People outside the cluster reach this workload, so its weaknesses are found first.",
        remedy: "Keep it if it is meant to be public; otherwise remove the route or make the Service internal.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: db, labels: {app: db}}
            spec: {containers: [{name: db, image: registry.example.com/db:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {selector: {app: db}, ports: [{port: 5432}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web # ✗
              labels: {app: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: front}
            spec:
              rules:
              - host: www.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            """
        ],
        check: .pods { _, report throws(WrongType) in
            guard let exposure = try report.exposure() else {
                if try report.runsNothing { report.notApplicable() }
                return
            }
            let name = report.judgedObject.displayName
            let service = exposure.entry.kind == .hostPort ? "" : exposure.entry.path.last.map { report.inventory.objects[$0].name } ?? ""
            let way = exposure.way(in: report.inventory)
            report.fail(report.namePlace, "\(name) is reachable through \(way)", value: service)
        })
}
