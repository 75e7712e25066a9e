import Controls
import Documents
import Kubernetes
import Reachability

/// Every kind of policy that is judged rule by rule.
let policyKinds = ["NetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"]

extension Check {
    /// A check of each policy. Policies of the same name in other groups are not applicable, nor is one that a later one replaces.
    ///
    /// - Parameter judge: gets the policy's number in the review. A policy that the API server refuses is a gap.
    static func policies(
        _ kinds: [String] = policyKinds,
        _ judge: @escaping @Sendable (Int, PolicyReview, KubernetesObject, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(kinds) { object, report throws(WrongType) in
            guard object.isJudgedPolicy else { return report.notApplicable() }
            let review = report.inventory.analysis(PolicyReview.self)
            guard let policy = try review.policy(ofObject: report.object) else { return report.notApplicable() }
            try judge(policy, review, object, &report)
        }
    }
}

extension KubernetesObject {
    /// Whether this is a policy of Kubernetes or of its network policy API; Calico and others have kinds of the same name.
    var isJudgedPolicy: Bool { kind == "NetworkPolicy" ? isCoreNetworkPolicy : isInGroup(policyAPI) }
}

extension Report {
    /// `Deployment shop/web`, with how many more there are.
    func displayName(of workload: Int, others: Int, in model: NetworkModel) -> String {
        let first = model.workloads[workload]
        return "\(first.kind) \(first.namespace)/\(first.name)" + (others == 0 ? "" : " and \(others) more workload\(others == 1 ? "" : "s")")
    }
}
