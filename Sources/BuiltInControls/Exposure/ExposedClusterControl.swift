import Access
import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// The shortest way from a stranger to the whole cluster: a door from outside, a program behind it, and a token in the Pod that leads, be it
    /// over several steps, to everything.
    ///
    /// Fields: the service account whose token the Pod gets and what bindings give it, its groups included, followed over every known technique
    /// (Secrets, Pods, tokens, roles, webhooks, nodes), where something from outside leads to the Pod. Allowed: one of both, never both.
    static let exposedClusterControl = Control(
        id: "exposed-cluster-control",
        title: "Let no exposed workload take the cluster",
        severity: .critical,
        duty: "C3",
        summary: "People outside the cluster reach this workload, and the token in it leads to control of the cluster.",
        remedy: "Cut the way that `demarc access risks` shows, or set `automountServiceAccountToken: false`.",
        references: [Reference("mitre-attack", "T1190"), Reference("mitre-attack", "T1078.004"), .cis("5.1.1")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec:
              serviceAccountName: web
              containers: [{name: app, image: registry.example.com/app:1.0}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
            subjects: [{kind: ServiceAccount, name: web}]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec:
              serviceAccountName: web # ✗
              containers: [{name: app, image: registry.example.com/app:1.0}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: web}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: escalator}
            subjects: [{kind: ServiceAccount, namespace: shop, name: web}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: escalator}
            rules:
            - apiGroups: [rbac.authorization.k8s.io]
              resources: [clusterroles]
              verbs: [patch, escalate]
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let exposure = try report.exposure(atLeast: .unknown), let account = try report.mountedServiceAccount(of: pod) else {
                return report.notApplicable()
            }
            let object = report.judgedObject
            let escalation = report.inventory.analysis(EscalationAnalysis.self)
            // An account that no binding names has what its groups have.
            let names = Requester(user: ServiceAccountName(namespace: object.namespace, name: account).user).subjects
            guard let subject = names.lazy.compactMap(escalation.subject).first(where: escalation.isExposed), let path = escalation.path(of: subject)
            else { return }
            let steps = path.length == 1 ? "in one step" : "in \(path.length) steps"
            // Membership in groups is no technique.
            let first = path.steps.first { !$0.grants.isEmpty }.map { ", beginning with: \($0.technique.title)" } ?? ""
            report.failUnlessUnread(
                exposure.standing, pod.node, missing: "serviceAccountName",
                "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, whose service account '\(account)' takes the cluster "
                    + "\(steps)\(first)", value: account)
        })
}
