import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A Service whose Pods a policy closes to everybody is dead: callers wait for a time-out, and whoever is called at night removes the policy.
    ///
    /// Fields: `spec.ports[]` of Services against what policies let in to any of the Pods behind. Allowed: a rule that lets somebody in, be it
    /// somebody who is not in the estate.
    static let servicesClosedByPolicies = Control(
        id: "services-closed-by-policies",
        title: "Let somebody reach what a Service serves",
        severity: .medium,
        duty: "C6",
        summary: "Policies keep everybody from the port that the Service leads to, so nobody can use it.",
        remedy: "Allow the clients of the Service in a NetworkPolicy, or remove the port.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0, ports: [{name: http, containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: front}}}], ports: [{port: http}]}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0, ports: [{name: http, containerPort: 8080}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports:
              - name: http
                port: 80 # ✗
                targetPort: http
              - name: metrics
                port: 9090
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, ingress: [{ports: [{port: 9090}]}]}
            """
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let standing = report.inventory.analysis(NetworkStanding.self)
            guard let first = standing.objects(behindService: report.object).first, let workload = standing.model.workload(ofObject: first) else {
                return report.notApplicable()
            }
            for port in try standing.closedPorts(ofService: report.object) {
                report.failUnlessUnread(
                    standing, port["port"], "policies keep everybody from port \(port["port"].text) of Service '\(service.name)'",
                    fix: standing.fix(for: workload, clients: .sameNamespace))
            }
        })
}
