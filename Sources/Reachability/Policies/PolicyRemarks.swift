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
        for (index, policy) in policies.enumerated() where policy.tier != .namespace {
            for other in policies.indices.dropFirst(index + 1) {
                guard policies[other].tier == policy.tier, policies[other].priority == policy.priority else { break }
                let meet = Direction.allCases.contains { policy.rules($0) != nil && policies[other].rules($0) != nil }
                guard meet, !compiled.policies[index].subjects.isDisjoint(with: compiled.policies[other].subjects) else { continue }
                let (one, two) = (objects[policy.object], objects[policies[other].object])
                gaps.append(
                    ReachabilityGap(
                        two.spec["priority"], .undefined,
                        "\(two.displayName) has the priority of \(one.displayName) and selects some of the same Pods: which is asked first is "
                            + "undefined; give them different priorities"))
            }
        }
    }
}
