import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Databases, caches and administrative interfaces trust their network; many ask for no password at all. Open to every namespace, they are open to
    /// whatever is broken into anywhere in the cluster.
    ///
    /// Fields: `ports[].containerPort` with a number that such a program is known for, against what policies let a Pod open that nobody has named:
    /// one without labels, in a namespace without labels. Allowed: a policy that names who may connect.
    static let internalPorts = Control(
        id: "internal-ports-open-to-every-namespace",
        title: "Let named Pods alone reach databases and administrative ports",
        severity: .medium,
        duty: "C6",
        summary: "Pods of every namespace may connect to a database or an administrative port.",
        remedy: "Add a NetworkPolicy that selects the Pods and names in `from` who may connect.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening"), Reference("mitre-attack", "T1210")],
        passing: [
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: db, labels: {app: db}}
                spec: {containers: [{name: db, image: registry.example.com/db:1.0, ports: [{containerPort: 5432}]}]}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: db}
                spec:
                  podSelector: {matchLabels: {app: db}}
                  ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}], ports: [{port: 5432}]}]
                """, fixedContainers: "the ports of init containers serve nobody once the Pod runs")
        ],
        failing: [
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: db, labels: {app: db}}
                spec:
                  containers:
                  - name: db
                    image: registry.example.com/db:1.0
                    ports:
                    - containerPort: 8080
                    - containerPort: 5432 # ✗
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: db}
                spec:
                  podSelector: {matchLabels: {app: db}}
                  ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [games]}]}}]}]
                """, fixedContainers: "the ports of init containers serve nobody once the Pod runs"),
            Example(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: cache, labels: {app: cache}}
                spec:
                  containers:
                  - name: cache
                    image: registry.example.com/cache:1.0
                    ports:
                    - containerPort: 6379 # ✗
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: cache}
                spec: {selector: {app: cache}, ports: [{port: 6379}]}
                """, fixedContainers: "the ports of init containers serve nobody once the Pod runs"),
        ],
        check: .pods { pod, report throws(WrongType) in
            guard !pod.usesHostNetwork else { return report.notApplicable() }
            for container in pod.containers where container.role == .regular || container.role == .sidecar {
                for port in try container.node["ports"].items() {
                    guard let number = try port["containerPort"].int(), let use = administrativeUse(of: number) else { continue }
                    try judge(port, number, use, container, pod, &report)
                }
            }
        })
}

private func judge(
    _ port: Value, _ number: Int64, _ use: StaticString, _ container: Container, _ pod: PodSpec, _ report: inout Report
) throws(WrongType) {
    let standing = report.inventory.analysis(NetworkStanding.self)
    guard let workload = try standing.workload(ofObject: report.object), let bits = UInt16(exactly: number) else { return report.notApplicable() }
    let transport = try TransportProtocol(rawValue: port["protocol"].string() ?? "TCP") ?? .tcp
    guard standing.strangerIngress(of: workload).contains(transport, bits) else { return }
    report.enter(container)
    report.failUnlessUnread(
        standing, port["containerPort"], "\(report.subject) serves \(use) (port \(number)), which Pods of every namespace may connect to",
        value: "\(number)", fix: standing.isSelected(workload, .ingress) ? nil : standing.fix(for: workload, clients: .sameNamespace))
}
