import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Whoever breaks into what the outside reaches stands in the Pod network; and whatever else the Pod listens on, its metrics,
    /// its debugger, is open to every other Pod that was broken into.
    ///
    /// Fields: labels of a Pod to which a public load balancer, a NodePort, a host port, an Ingress or a route leads, against the
    /// selectors of all policies. Allowed: a policy that closes the Pod but for what it allows.
    static let exposedWorkloadsWithoutPolicy = Control(
        id: "exposed-workloads-without-policy",
        title: "Close exposed workloads but for the ports they serve",
        severity: .medium,
        duty: "P3b",
        summary: "People outside the cluster reach this workload, and no policy closes the ports that it does not mean to serve.",
        remedy: "Add a NetworkPolicy that selects the Pods and allows the served ports alone.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1190")],
        overrides: ["workload-network-policies"],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8443}]}]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: db, labels: {app: db}}
            spec: {containers: [{name: db, image: registry.example.com/db:1.0}]}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              labels: {app: web} # ✗
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: front}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: out}
            spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard !pod.usesHostNetwork, let exposure = try report.exposure() else { return report.notApplicable() }
            let (standing, workload) = (exposure.standing, exposure.workload)
            guard !standing.isSelected(workload, .ingress), standing.strangerIngress(of: workload).isAll else { return }
            let object = report.judgedObject
            report.failUnlessUnread(
                standing, pod.labelsPlace(in: object),
                "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, and no policy closes their other ports",
                value: object.name, fix: standing.fix(for: workload, clients: .sameNamespace))
        })
}
