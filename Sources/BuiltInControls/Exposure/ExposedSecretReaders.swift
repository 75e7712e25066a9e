import Access
import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A break-in finds the token of the service account in the Pod. Where it reads Secrets, passwords and keys of other programs go the same
    /// way.
    ///
    /// Fields: the service account whose token the Pod gets and what bindings give it, its groups included, where something from outside leads
    /// to the Pod. Allowed: no token, or no `get`, `list` or `watch` of more Secrets than those named one by one.
    static let exposedSecretReaders = Control(
        id: "exposed-secret-readers",
        title: "Let no exposed workload read Secrets by the API",
        severity: .high,
        duty: "C3",
        summary: "People outside the cluster reach this workload, and the token in it reads Secrets of other programs.",
        remedy: "Mount the Secrets that are needed and set `automountServiceAccountToken: false`, or name them in `resourceNames` of the role.",
        references: [Reference("mitre-attack", "T1190"), Reference("mitre-attack", "T1552.007"), .cis("5.1.2")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}}
            spec:
              serviceAccountName: web
              automountServiceAccountToken: false
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
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
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
            kind: RoleBinding
            metadata: {name: web, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects: [{kind: ServiceAccount, name: web}]
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            guard let exposure = try report.exposure(atLeast: .unknown), let account = try report.mountedServiceAccount(of: pod) else {
                return report.notApplicable()
            }
            let object = report.judgedObject
            let policy = report.inventory.analysis(AccessPolicy.self)
            let requester = Requester(user: ServiceAccountName(namespace: object.namespace, name: account).user)
            for namespace in ["", object.namespace] {
                guard let reason = policy.reason(toReadSecretsIn: namespace, requester) else { continue }
                let binding = policy.bindings[reason.binding]
                let name = binding.namespace.isEmpty ? "ClusterRoleBinding \(binding.name)" : "RoleBinding \(binding.namespace)/\(binding.name)"
                let reach = binding.namespace.isEmpty ? "every Secret of the cluster" : "every Secret of namespace '\(object.namespace)'"
                return report.failUnlessUnread(
                    exposure.standing, pod.node, missing: "serviceAccountName",
                    "\(exposure.way(in: report.inventory)) leads outsiders to these Pods, whose service account '\(account)' "
                        + "reads \(reach) by \(name)", value: account)
            }
        })
}

private let secrets = APIResource("", "secrets")

extension AccessPolicy {
    /// Why somebody may read Secrets whose names nobody wrote down.
    fileprivate func reason(toReadSecretsIn namespace: String, _ requester: Requester) -> AccessReason? {
        for verb in ["list", "watch", "get"] {
            if case .allowed(let reason) = decide(AccessRequest(verb, secrets, namespace: namespace), by: requester) { return reason }
        }
        return nil
    }
}
