import Access
import Controls
import Documents
import Kubernetes

extension Control {
    /// Each administrator is one more credential that is worth the whole cluster. A few people need it in an emergency; programs and
    /// teams do not.
    ///
    /// Fields: `subjects` of ClusterRoleBindings whose role allows everything, counted over the estate. Allowed: as many as
    /// `maximumClusterAdministrators` of the settings (5 unless set), besides `system:masters`.
    static let clusterAdministratorCount = Control(
        id: "cluster-administrator-count",
        title: "Keep the number of cluster administrators small",
        severity: .low,
        duty: "C3",
        summary: "More subjects own the whole cluster than anybody can keep an eye on.",
        remedy: "Bind narrower roles; keep one group for emergencies. Raise `maximumClusterAdministrators` if all of them must stay.",
        references: [.cis("5.1.1"), .nsa("role-based access control"), Reference("mitre-attack", "T1098.006")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: emergency}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: emergency}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: everybody}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: # ✗
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: emergency}
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: platform}
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}
            - {apiGroup: rbac.authorization.k8s.io, kind: User, name: john}
            - {kind: ServiceAccount, namespace: ci, name: deployer}
            - {kind: ServiceAccount, namespace: shop, name: operator}
            """
        ],
        check: .objects(["ClusterRoleBinding"]) { binding, report throws(WrongType) in
            guard binding.isRBAC else { return report.notApplicable() }
            let administrators = report.inventory.analysis(ClusterAdministrators.self)
            let limit = report.settings.maximumClusterAdministrators
            guard let count = administrators.count(at: report.object) else { return report.notApplicable() }
            // One finding for the estate, at the binding that makes them too many.
            guard count.before <= limit, count.after > limit else { return }
            report.fail(
                binding.root["subjects"], "\(administrators.total) subjects are administrators of the cluster, more than \(limit)",
                value: "\(administrators.total)")
        })
}

/// How many subjects are administrators of the whole cluster, binding by binding.
final class ClusterAdministrators: EstateAnalysis {
    private let counts: [Int: (before: Int, after: Int)]
    /// Members of `system:masters` not counted.
    let total: Int

    init(of inventory: Inventory) {
        let policy = inventory.analysis(AccessPolicy.self)
        var counts: [Int: (before: Int, after: Int)] = [:]
        var known: Set<Int32> = []
        let isFull = policy.roles.map { role in role.rules.contains { (try? $0.rule.isAdministrative) ?? false } }
        for binding in policy.bindings where binding.namespace.isEmpty {
            guard let role = binding.role, isFull[role], case .estate(let object) = binding.origin else { continue }
            let before = known.count
            known.formUnion(binding.subjects.filter { policy.subjects[Int($0)] != .group(Requester.mastersGroup) })
            counts[object] = (before, known.count)
        }
        self.counts = counts
        total = known.count
    }

    /// Up to a binding and with it, in the order of the estate; nil when the object makes nobody an administrator.
    func count(at object: Int) -> (before: Int, after: Int)? { counts[object] }
}
