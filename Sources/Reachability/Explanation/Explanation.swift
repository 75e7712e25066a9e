public import Documents
import Kubernetes

/// Why a connection is possible or not: what each side's policies say, in the order in which they are asked.
public struct Explanation: Sendable {
    /// One rule, or one policy none of whose rules matches.
    public struct Step: Sendable {
        /// Index into the inventory.
        public let object: Int
        public let tier: PolicyTier
        /// nil for a policy that selects the Pod and allows nothing of this.
        public let action: PolicyAction?
        /// The rule, or the policy's name.
        public let place: Value
        /// Whether this settles the matter for what it matches.
        public let isFinal: Bool
    }

    /// What decides where no policy does.
    public enum Ground: Sendable {
        /// A rule of the admin or the baseline tier.
        case rule
        /// NetworkPolicies isolate the Pod: what none of them allows is closed.
        case isolation
        /// No policy speaks of it, so it is open.
        case noPolicy
        /// Policies do not apply to Pods on a node's network.
        case hostNetwork
    }

    /// What the policies of one end's Pods say about leaving or arriving.
    public struct Side: Sendable {
        public let direction: Direction
        /// The Pod's workload.
        public let workload: Int
        public let steps: [Step]
        public let ground: Ground
        public let isAllowed: Bool
    }

    /// Egress of the source first, then ingress of the destination; ends outside the cluster have none.
    public let sides: [Side]
    public let isAllowed: Bool
    /// Where an end is a block of addresses: those with which the connection is possible.
    public let addresses: AddressSet?
}

/// One end of a question.
public enum Endpoint: Sendable {
    /// Index into the workloads of the model.
    case workload(Int)
    case addresses(AddressSet)
}

extension NetworkModel {
    /// Why `source` can, or cannot, open a connection to `destination`.
    ///
    /// Where policies tell the Pods of a workload apart, the explanation is about Pods that can, if any can. A block of
    /// addresses is allowed when any of its addresses is; `addresses` says which.
    /// - Returns: nil when neither end is a workload: such a connection does not concern the cluster.
    public func explain(from source: Endpoint, to destination: Endpoint, _ transport: TransportProtocol, _ port: UInt16) -> Explanation? {
        switch (source, destination) {
        case (.workload(let source), .workload(let destination)):
            return explainPods(source, destination, ConnectionSet(transport, PortSet(port)))
        case (.workload(let source), .addresses(let addresses)):
            return explainOutside(.egress, source, addresses, transport, port)
        case (.addresses(let addresses), .workload(let destination)):
            return explainOutside(.ingress, destination, addresses, transport, port)
        case (.addresses, .addresses): return nil
        }
    }

    private func explainPods(_ source: Int, _ destination: Int, _ asked: ConnectionSet) -> Explanation {
        let pairs = workloads[source].groups.flatMap { one in workloads[destination].groups.map { (one, $0) } }
        func trace(_ pair: (Int, Int)) -> [Explanation.Side] {
            var (one, other) = (BitSet(), BitSet())
            one.insert(pair.0)
            other.insert(pair.1)
            return [
                side(.egress, source, pair.0) { rule in
                    CompiledPolicies.resolve(rule.ports, groups.groups[pair.1].ports).isSuperset(of: asked)
                        ? rule.groups.intersection(other) : BitSet()
                } whole: {
                    other
                },
                side(.ingress, destination, pair.1) { rule in
                    CompiledPolicies.resolve(rule.ports, groups.groups[pair.1].ports).isSuperset(of: asked) ? rule.groups.intersection(one) : BitSet()
                } whole: {
                    one
                },
            ]
        }
        let best = pairs.first { connections(fromGroup: $0.0, toGroup: $0.1).isSuperset(of: asked) } ?? pairs.first
        let sides = best.map(trace) ?? []
        return Explanation(sides: sides, isAllowed: sides.allSatisfy(\.isAllowed), addresses: nil)
    }

    private func explainOutside(
        _ direction: Direction, _ workload: Int, _ addresses: AddressSet, _ transport: TransportProtocol, _ port: UInt16
    ) -> Explanation {
        let types = direction == .ingress ? ingress : egress
        func open(_ group: Int) -> AddressSet {
            let parts = types.kind(of: group).external.parts.filter { $0.connections.contains(transport, port) }
            return AddressSet(unionOf: parts.map(\.region)).intersection(addresses)
        }
        let groups = workloads[workload].groups
        let group = groups.first { !open($0).isEmpty } ?? groups.first ?? 0
        let side = side(direction, workload, group) { rule in
            let connections =
                direction == .egress ? rule.ports.numbers : CompiledPolicies.resolve(rule.ports, self.groups.groups[group].ports)
            return connections.contains(transport, port) ? rule.addresses.intersection(addresses) : .empty
        } whole: {
            addresses
        }
        let allowed = AddressSet(unionOf: groups.map(open))
        return Explanation(sides: [side], isAllowed: !allowed.isEmpty, addresses: allowed)
    }

    /// Walks the policies of one Pod in order.
    ///
    /// - Parameters:
    ///   - matched: the part of the other end that a rule matches with the connection asked for.
    ///   - whole: the other end.
    private func side<R: Region>(
        _ direction: Direction, _ workload: Int, _ group: Int, matched: (CompiledPolicies.Rule) -> R, whole: () -> R
    ) -> Explanation.Side {
        if groups.groups[group].isHostNetwork {
            return Explanation.Side(direction: direction, workload: workload, steps: [], ground: .hostNetwork, isAllowed: true)
        }
        var walk = PolicyWalk(rest: whole())
        let selecting = (direction == .ingress ? ingress : egress).kind(of: group).policies
        for tier in [PolicyTier.admin, .namespace, .baseline] where !walk.rest.isEmpty && !(tier == .baseline && walk.isIsolated) {
            for index in selecting where policies[index].tier == tier {
                let rules = zip(policies[index].rules(direction) ?? [], compiled.policies[index].rules(direction) ?? [])
                walk.visit(policies[index], objects[policies[index].object].metadata["name"], rules.map { ($0, matched($1)) })
            }
            walk.endTier()
        }
        return Explanation.Side(
            direction: direction, workload: workload, steps: walk.steps, ground: walk.ground, isAllowed: walk.isAllowed)
    }
}

/// What the policies met so far say of one other end.
private struct PolicyWalk<R: Region> {
    /// What no policy has decided yet.
    var rest: R
    /// What the current tier passed on to the next.
    private var passed = R()
    private(set) var steps: [Explanation.Step] = []
    private(set) var isIsolated = false
    private var hasAllowed = false
    private var hasRule = false

    init(rest: R) { self.rest = rest }

    mutating func visit(_ policy: Policy, _ name: Value, _ rules: [(rule: NetworkRule, matched: R)]) {
        if policy.tier == .namespace { isIsolated = true }
        var isSilent = true
        for (rule, matched) in rules {
            let found = matched.intersection(rest)
            guard !found.isEmpty else { continue }
            isSilent = false
            steps.append(
                Explanation.Step(object: policy.object, tier: policy.tier, action: rule.action, place: rule.place, isFinal: rule.action != .pass))
            if rule.action == .allow { hasAllowed = true }
            // Further NetworkPolicies that allow the same are named too; in the ordered tiers the first match decides.
            guard policy.tier != .namespace else { continue }
            hasRule = true
            if rule.action == .pass { passed = passed.union(found) }
            rest = rest.subtracting(found)
        }
        if isSilent, policy.tier == .namespace {
            steps.append(Explanation.Step(object: policy.object, tier: policy.tier, action: nil, place: name, isFinal: false))
        }
    }

    mutating func endTier() {
        rest = rest.union(passed)
        passed = R()
    }

    var isAllowed: Bool { hasAllowed || (!isIsolated && !rest.isEmpty) }

    var ground: Explanation.Ground {
        if isIsolated && !rest.isEmpty && !hasAllowed { return .isolation }
        return hasRule || hasAllowed ? .rule : .noPolicy
    }
}
