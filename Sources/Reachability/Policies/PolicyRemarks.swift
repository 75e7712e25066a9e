import Documents
import Kubernetes

/// What cannot be known about policies that are well-formed.
struct PolicyRemarks {
    private(set) var gaps: [ReachabilityGap] = []

    init(_ policies: [Policy], _ compiled: CompiledPolicies, _ objects: [KubernetesObject], _ nodes: NodeAddresses) {
        for policy in policies where policy.tier != .namespace {
            for rule in (policy.ingress ?? []) + (policy.egress ?? []) { addUnknownPeers(rule, nodes) }
        }
        addEqualPriorities(policies, compiled, objects)
        addLabelsOfRunningPods(policies, compiled.groups, objects)
    }

    private mutating func addUnknownPeers(_ rule: NetworkRule, _ nodes: NodeAddresses) {
        for peer in rule.peers ?? [] {
            switch peer {
            case .domainNames:
                gaps.append(
                    ReachabilityGap(
                        rule.place["to"], .notObservable,
                        "which addresses domainNames stand for only DNS knows; connections this rule allows are not listed"))
            case .nodes where nodes.isEmpty:
                gaps.append(
                    ReachabilityGap(
                        rule.place["to"], .notObservable,
                        "the estate holds no Node, so the addresses this rule speaks of are not known; add the output of: kubectl get nodes -o yaml"))
            default: break
            }
        }
    }

    /// Which of two policies with one priority is asked first is left open by the API, so nothing follows for Pods that
    /// both select.
    private mutating func addEqualPriorities(_ policies: [Policy], _ compiled: CompiledPolicies, _ objects: [KubernetesObject]) {
        for direction in Direction.allCases {
            /// Groups that policies of one tier and priority select, and the policies.
            var selected: (tier: PolicyTier, priority: Int64, groups: BitSet, policies: [Int])?
            for (index, policy) in policies.enumerated() where policy.tier != .namespace && policy.rules(direction) != nil {
                let subjects = compiled.policies[index].subjects
                guard let earlier = selected, earlier.tier == policy.tier, earlier.priority == policy.priority else {
                    selected = (policy.tier, policy.priority, subjects, [index])
                    continue
                }
                if !earlier.groups.isDisjoint(with: subjects),
                    let other = earlier.policies.first(where: { !compiled.policies[$0].subjects.isDisjoint(with: subjects) })
                {
                    add(objects[policy.object], sharesPriorityWith: objects[policies[other].object])
                }
                selected = (policy.tier, policy.priority, earlier.groups.union(subjects), earlier.policies + [index])
            }
        }
    }

    private mutating func add(_ policy: KubernetesObject, sharesPriorityWith other: KubernetesObject) {
        let place = policy.spec["priority"].isWritten ? policy.spec["priority"] : policy.metadata["name"]
        // Both directions of one pair are one thing to mend.
        guard !gaps.contains(where: { $0.reason == .undefined && $0.place.identity == place.identity && $0.place.source == place.source }) else {
            return
        }
        gaps.append(
            ReachabilityGap(
                place, .undefined,
                "\(policy.displayName) has the priority of \(other.displayName) and selects some of the same Pods: which is asked first is "
                    + "undefined; give them different priorities"))
    }

    /// Labels that Kubernetes puts on running Pods, so that templates lack them (kubernetes.io, "Well-Known Labels").
    private static let labelsOfRunningPods: Set<String> = [
        "pod-template-hash", "controller-revision-hash", "pod-template-generation", "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index", "controller-uid", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-completion-index",
    ]

    /// Policies that ask for such a label cannot be judged where an estate has only the templates of Pods.
    private mutating func addLabelsOfRunningPods(_ policies: [Policy], _ groups: PodGroups, _ objects: [KubernetesObject]) {
        guard groups.workloads.contains(where: { !$0.objects.contains { objects[$0].kind == "Pod" } }) else { return }
        for policy in policies {
            let rules = (policy.ingress ?? []) + (policy.egress ?? [])
            let selections =
                [policy.subject] + rules.flatMap { $0.peers ?? [] }.compactMap { if case .pods(let selection) = $0 { selection } else { nil } }
            let keys = selections.flatMap(\.pods.requirements).map(\.key)
            guard let key = keys.first(where: PolicyRemarks.labelsOfRunningPods.contains) else { continue }
            gaps.append(
                ReachabilityGap(
                    objects[policy.object].metadata["name"], .notObservable,
                    "the policy asks for the label '\(key)', which only running Pods have, and some workloads here are templates; "
                        + "add the output of: kubectl get pods -A -o yaml"))
        }
    }
}
