import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Tenants of one cluster share its network: without policies every Pod of one reaches every Pod of another, past its Ingress, its authentication
    /// and its logs. Whoever breaks into one tenant is in all of them.
    ///
    /// Fields: what policies let Pods of other tenants open, tenants being those of the responsibility model. Allowed: tenants that `mayReach`
    /// names, and namespaces of nobody. Not applicable where the model names no tenants.
    static let tenantNetworkCrossing = Control(
        id: "tenant-network-crossing",
        title: "Keep the networks of tenants apart",
        severity: .high,
        duty: "A2",
        summary: "Pods of another tenant may connect to this workload.",
        remedy:
            "Close the namespace by a NetworkPolicy that lets in the tenant's own namespaces alone, or name the tenant in `mayReach` of the model.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1210")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: red, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: own, namespace: red}
            spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: blue, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: own, namespace: blue}
            spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: blue}}}]}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web # ✗
              namespace: red
              labels: {app: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: red}
            spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 8080}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: job, namespace: blue, labels: {app: job}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed, namespace: blue}
            spec: {podSelector: {}, policyTypes: [Ingress]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: api # ✗
              namespace: red
              labels: {app: api}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: red}
            spec: {selector: {app: api}, ports: [{port: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: job # ✗
              namespace: blue
              labels: {app: job}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            let tenants = report.settings.tenants
            guard !tenants.isEmpty, let tenant = tenants.tenant(of: report.judgedObject.namespace) else { return report.notApplicable() }
            let crossings = report.inventory.analysis(TenantCrossings.self)
            let standing = crossings.standing
            guard let workload = try standing.workload(ofObject: report.object) else { return report.notApplicable() }
            guard let crossing = crossings.crossing(to: workload, tenants) else { return }
            let (source, destination) = (standing.model.workloads[crossing.source], standing.model.workloads[workload])
            let ports = crossing.connections.isAll ? "every port" : "\(crossing.connections)"
            let others = crossing.others == 0 ? "" : "; \(crossing.others) more workload\(crossing.others == 1 ? "" : "s")"
            let isClosable = !standing.isSelected(workload, .ingress) && !pod.usesHostNetwork
            report.failUnlessUnread(
                standing, report.namePlace,
                "\(tenants.phrase(crossing.owners)) may connect to tenant '\(tenants.all[tenant].name)': "
                    + "\(source) → \(destination) on \(ports)\(others)", value: tenants.all[tenant].name,
                fix: isClosable ? standing.fix(for: workload, clients: .namespaces(crossings.namespaces(reaching: tenant, tenants))) : nil)
        })
}
