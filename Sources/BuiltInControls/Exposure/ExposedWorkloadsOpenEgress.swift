import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// What the outside reaches is broken into first. If it may then connect to anywhere, the next tool is fetched and the data is
    /// gone within a minute; if it may not, most attacks end there.
    ///
    /// Fields: what policies allow a Pod to open to most of the Internet, where something from outside leads to the Pod. Allowed: ranges that
    /// are needed, and DNS.
    static let exposedWorkloadsOpenEgress = Control(
        id: "exposed-workloads-open-egress",
        title: "Keep exposed workloads from connecting to the whole Internet",
        severity: .medium,
        duty: "C6",
        summary: "People outside the cluster reach this workload, and it may connect to anybody: a break-in can fetch tools and send data away.",
        remedy: "Close outgoing connections by a NetworkPolicy and allow DNS and the ranges that are needed.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1041")],
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
            spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {matchLabels: {app: web}}
              policyTypes: [Egress]
              egress:
              - ports: [{protocol: UDP, port: 53}]
              - to: [{ipBlock: {cidr: 198.51.100.0/24}}]
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
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {matchLabels: {app: web}}
              policyTypes: [Egress]
              egress:
              - to: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1, except: [198.51.100.0/24]}}]
                ports: [{port: 443}]
            """,
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
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            guard !pod.usesHostNetwork, let exposure = try report.exposure() else { return report.notApplicable() }
            let (standing, workload) = (exposure.standing, exposure.workload)
            let open = standing.internetEgress(of: workload).subtracting(names)
            if open.isEmpty { return }
            let object = report.judgedObject
            let ports = open.union(names).isAll ? "on every port" : "on \(open)"
            report.failUnlessUnread(
                standing, report.namePlace,
                "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, which may connect to the whole Internet \(ports)",
                value: object.name, fix: standing.isSelected(workload, .egress) ? nil : standing.fix(for: workload, egress: .inside))
        })
}

/// Whoever may only ask for names sends little away.
private let names = ConnectionSet(tcp: PortSet(53), udp: PortSet(53))
