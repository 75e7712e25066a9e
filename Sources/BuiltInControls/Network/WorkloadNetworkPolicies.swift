import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A Pod that no network policy selects may be reached from everywhere and may connect to everything.
    ///
    /// Fields: labels of the Pod against the selectors of NetworkPolicies, Cilium's and administrators' policies. Pods on the host's network are out of
    /// reach of policies.
    static let workloadNetworkPolicies = Control(
        id: "workload-network-policies",
        title: "Select every workload by a network policy",
        severity: .low,
        duty: "C6",
        summary: "No network policy selects the Pod, so anything in the cluster may connect to it and it may connect to anything.",
        remedy: "Add a NetworkPolicy whose `podSelector` matches the Pod's labels, or one for the whole namespace.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {matchExpressions: [{key: app, operator: Exists}]}, ingress: [{ports: [{port: 8080}]}]}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumClusterwideNetworkPolicy
            metadata: {name: base}
            specs: [{endpointSelector: {}, ingress: [{}]}]
            """,
        ],
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                metadata:
                  labels: {app: web} # ✗
                spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: api}
            spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            if try pod.node["hostNetwork"].bool() == true { return report.notApplicable() }
            let object = report.inventory.objects[report.object]
            let isolation = report.inventory.isolation
            if isolation.isSelected(report.object, in: object.namespace) { return }
            if isolation.hasAdministrators, try report.isSelectedByAdministrators() { return }
            let place = pod.labels.isWritten ? pod.labels : pod.metadata.isWritten ? pod.metadata : object.metadata
            if let unread = isolation.unreadKind {
                return report.notObservable(place, "a \(unread) in the estate may select the Pod; Demarc does not read this kind")
            }
            report.fail(place, "no network policy selects the Pods of \(object.displayName)", value: object.name)
        })
}

extension Report {
    fileprivate func isSelectedByAdministrators() throws(WrongType) -> Bool {
        let standing = inventory.analysis(NetworkStanding.self)
        guard let workload = try standing.workload(ofObject: object) else { return false }
        return Direction.allCases.contains { standing.isSelectedByAny(workload, $0) }
    }
}
