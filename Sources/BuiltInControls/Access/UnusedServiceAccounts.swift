import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// A service account that no Pod runs as keeps its rights: whoever may create Pods or tokens in the namespace takes them, and
    /// nobody misses it.
    ///
    /// Fields: ServiceAccounts with the bindings that name them and the Pods of their namespace. Allowed: accounts that a Pod
    /// runs as; those without rights; `default`, which is always there.
    static let unusedServiceAccounts = Control(
        id: "unused-service-accounts",
        title: "Take away the rights of service accounts that no Pod runs as",
        severity: .low,
        duty: "C3",
        summary: "Nobody seems to need the account, but whoever may run Pods in the namespace gets its rights.",
        remedy: "Delete the account and its bindings. If a program outside the cluster uses it, give that an identity of its own.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1078.004")],
        passing: [
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web, namespace: shop}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: web
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: web}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: migration # ✗
              namespace: shop
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              serviceAccountName: web
              containers:
              - {name: app, image: registry.example.com/app:1.0}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: migration, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects:
            - {kind: ServiceAccount, namespace: shop, name: migration}
            """
        ],
        check: .objects(["ServiceAccount"]) { account, report throws(WrongType) in
            // Where the estate holds no workloads of the namespace, they are applied from somewhere else.
            guard account.name != "default", report.inventory.access.holdsBindings, !report.inventory.workloads(in: account.namespace).isEmpty else {
                return report.notApplicable()
            }
            let analysis = report.inventory.analysis(EscalationAnalysis.self)
            let subject = AccessSubject.account(account.namespace, account.name)
            guard !analysis.isRunByPods(subject), let index = analysis.policy.subject(subject) else { return }
            let bindings = analysis.policy.bindings(of: index).filter { analysis.policy.bindings[Int($0)].role != nil }
            guard let first = bindings.first else { return }
            let name = analysis.policy.object(analysis.policy.bindings[Int(first)].origin).displayName
            let more = bindings.count > 1 ? " and \(bindings.count - 1) more" : ""
            report.fail(account.metadata["name"], "no Pod of the estate runs as '\(account.name)', but \(name)\(more) gives it rights")
        })
}
