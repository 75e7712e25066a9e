import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Rules are asked by their priority. A rule that drops what an earlier one has let in already drops nothing, and whoever wrote
    /// it believes the opposite.
    ///
    /// Fields: `Priority`, source or destination, protocol and ports of rules with `Policy: Drop`, against the allowing rules with a
    /// smaller number.
    static let shadowedDropRules = Control(
        id: "shadowed-drop-rules",
        title: "Ask dropping rules before those that allow the same",
        severity: .medium,
        duty: "C6",
        summary: "A rule that drops traffic has no effect, since one that is asked before it lets the same traffic in.",
        remedy: "Give the dropping rule the smaller number (1 is asked first; among equals the one that drops wins), or narrow the allowing one.",
        passing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, Policy: Drop, Priority: 1}
              - {Direction: ingress, IpProtocol: ALL, PortRange: -1/-1, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
              - {Direction: ingress, IpProtocol: TCP, PortRange: 80/80, SourceCidrIp: 10.0.0.0/8, Policy: Accept, Priority: 1}
              - {Direction: ingress, IpProtocol: TCP, PortRange: 81/81, SourceCidrIp: 10.0.0.0/8, Policy: Drop, Priority: 1}
            """
        ],
        failing: [
            """
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - Direction: ingress
                IpProtocol: TCP
                PortRange: 1/1024
                SourceCidrIp: 0.0.0.0/0
                Policy: Accept
                Priority: 1
              - Direction: ingress
                IpProtocol: TCP
                PortRange: 22/22
                SourceCidrIp: 198.51.100.0/24
                Policy: Drop # ✗
                Priority: 2
            """
        ],
        check: .objects([CloudKind.securityGroup]) { record, report throws(WrongType) in
            guard let group = try report.describedGroup(record), group.cloud == .alibaba else { return report.notApplicable() }
            if let broken = group.malformed.first { throw broken }
            // Each drop is compared with each rule before it; a list that no group can have is not.
            guard group.isReadable(.ingress) else {
                return report.notObservable(record.root, "not all rules of \(group.id) are in the estate, or too many")
            }
            let allowing = group.rules.filter { $0.rule.isAllowing && !$0.isConditional }
            for drop in group.rules where !drop.rule.isAllowing {
                guard let earlier = allowing.first(where: { $0.rule.priority < drop.rule.priority && covers($0, drop) }) else { continue }
                report.fail(
                    drop.place["Policy"].exists ? drop.place["Policy"] : drop.place,
                    "'\(drop.rule)' drops nothing: '\(earlier.rule)' has priority \(earlier.rule.priority) and lets all of it in",
                    value: drop.rule.description)
            }
        })
}

/// Whether one rule is about everything that another is about.
private func covers(_ one: SecurityGroupRule, _ other: SecurityGroupRule) -> Bool {
    guard one.rule.direction == other.rule.direction, one.rule.protocol == .all || one.rule.protocol == other.rule.protocol else { return false }
    if one.rule.protocol.hasPorts, !one.connections.isSuperset(of: other.connections) { return false }
    if one.rule.protocol.hasMessages, one.rule.ports != .all, one.rule.ports != other.rule.ports { return false }
    switch (one.rule.peer, other.rule.peer) {
    case (.addresses(let wide), .addresses(let narrow)): return wide.contains(narrow)
    case (let one, let other): return one == other
    }
}
