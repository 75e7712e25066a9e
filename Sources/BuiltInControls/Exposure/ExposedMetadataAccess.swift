import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// The metadata service of a cloud gives credentials to whoever asks from inside. Behind a door that outsiders come through, one
    /// forged request is enough: the program fetches a URL for the attacker and hands over the cloud identity of the node.
    ///
    /// Fields: what policies allow a Pod to open to 169.254.169.254, 100.100.100.200 or fd00:ec2::254 on TCP 80, where something from
    /// outside leads to the Pod. Allowed: a policy that keeps the Pod from all of them.
    static let exposedMetadataAccess = Control(
        id: "exposed-metadata-access",
        title: "Keep exposed workloads away from the metadata service",
        severity: .high,
        duty: "C6",
        summary: "People outside the cluster reach this workload, and it reaches the metadata service, which hands out cloud credentials.",
        remedy:
            "Add a NetworkPolicy for outgoing connections with the metadata addresses in `except`, and let the platform demand tokens (IMDSv2, hardened mode).",
        references: [Reference("mitre-attack", "T1552.005"), .nsa("network separation and hardening"), Reference("cwe", "CWE-918")],
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
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {matchLabels: {app: web}}
              policyTypes: [Egress]
              egress:
              - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32, 100.100.100.200/32]}}]
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
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let exposure = try report.exposure(atLeast: .unknown) else { return report.notApplicable() }
            let (standing, workload) = (exposure.standing, exposure.workload)
            let reached = MetadataService.addresses.first { service in
                !standing.egress(of: workload, to: service.range).intersection(MetadataService.connections).isEmpty
            }
            guard let reached else { return }
            let object = report.judgedObject
            let fix = standing.isSelected(workload, .egress) || pod.usesHostNetwork ? nil : standing.fix(for: workload, egress: .allButMetadata)
            report.failUnlessUnread(
                standing, report.namePlace,
                "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, which reach the metadata service \(reached.text)",
                value: object.name, fix: fix)
        })
}
