import Documents
import Kubernetes

/// Reads what a model says of the security groups that its platform makes.
enum SecurityGroupReader {
    /// - Parameter sources: ids under `spec.sources`.
    static func read(_ value: Value, sources: Set<String>, _ strict: inout StrictReader) -> PlatformGroups {
        strict.fields(of: value, called: "securityGroups", known: ["marks", "rules"])
        var groups = PlatformGroups()
        for row in strict.items(value, "marks") {
            groups.sources += citations(row, sources, &strict)
            if let mark = mark(row, &strict) {
                if groups.marks.contains(mark) { strict.fault(row, "mark '\(mark)' is there twice", "keep one of them") }
                groups.marks.append(mark)
            }
        }
        for row in strict.items(value, "rules") {
            groups.sources += citations(row, sources, &strict)
            guard let rule = rule(row, &strict) else { continue }
            if groups.rules.contains(where: { $0.rule == rule.rule }) {
                strict.fault(row, "rule '\(rule.rule)' is there twice", "keep one of them")
            }
            groups.rules.append(rule)
        }
        if groups.marks.isEmpty, !groups.rules.isEmpty {
            strict.fault(
                value, "without a mark no group is the platform's, so no rule is either", "write marks: with what only the platform can write")
        }
        return groups
    }

    private static func mark(_ row: Value, _ strict: inout StrictReader) -> PlatformGroups.Mark? {
        strict.fields(of: row, called: "a mark", known: ["tag", "serviceManaged", "title", "sources"])
        _ = strict.text(row, "title", required: false)
        if row["tag"].isWritten == row["serviceManaged"].isWritten {
            strict.fault(row, "a mark is exactly one of tag, serviceManaged", "write one of them")
            return nil
        }
        if row["serviceManaged"].isWritten {
            if !strict.flag(row, "serviceManaged") { strict.fault(row["serviceManaged"], "only a group that is managed is marked", "write true") }
            return .managed
        }
        let key = strict.text(row, "tag")
        guard !key.isEmpty else { return nil }
        guard Cloud.allCases.contains(where: { $0.reserves(tag: key) }) else {
            strict.fault(
                row["tag"], "customers can write a tag called '\(key)'",
                "name one that begins with aws:, acs: or aliyun, which clouds keep for themselves")
            return nil
        }
        return .tag(key)
    }

    private static func rule(_ row: Value, _ strict: inout StrictReader) -> PlatformGroups.Rule? {
        strict.fields(of: row, called: "a rule", known: ["direction", "protocol", "ports", "peer", "required", "title", "sources"])
        let title = strict.text(row, "title")
        let isRequired = strict.flag(row, "required")
        guard let direction: GroupRule.Direction = strict.word(row, "direction"), let proto = ruleProtocol(row, &strict),
            let ports = ports(row, proto, &strict), let (peer, text) = peer(row, &strict)
        else { return nil }
        let rule = GroupRule(direction, proto, ports, peer: peer, written: text)
        return PlatformGroups.Rule(rule, isRequired: isRequired, title: title)
    }

    private static func citations(_ row: Value, _ sources: Set<String>, _ strict: inout StrictReader) -> [String] {
        let cited = strict.texts(row, "sources")
        for id in cited where !sources.contains(id) {
            strict.fault(row["sources"], "there is no source '\(id)'", "add it under spec.sources or correct the id")
        }
        return cited
    }

    private static func ruleProtocol(_ row: Value, _ strict: inout StrictReader) -> RuleProtocol? {
        let text = strict.text(row, "protocol")
        guard !text.isEmpty else { return nil }
        if let known = RuleProtocol(text) { return known }
        strict.fault(row["protocol"], "'\(text)' is no protocol", "use all, tcp, udp, icmp, icmpv6, gre, sctp, or a number in quotes")
        return nil
    }

    /// `443`, `8000-8080`; all when it is left out.
    private static func ports(_ row: Value, _ proto: RuleProtocol, _ strict: inout StrictReader) -> GroupRule.Ports? {
        let value = row["ports"]
        guard value.isWritten else { return .all }
        let parts = value.text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { (48...57).contains($0) } ? UInt16(part) : nil }
        guard proto.hasPorts, (1...2).contains(parts.count), numbers.count == parts.count, let first = numbers.first, let last = numbers.last,
            0 < first, first <= last
        else {
            strict.fault(
                value, "'ports' should be a port of tcp or udp, or two with a - between them",
                "write \"443\" or \"8000-8080\", or leave it out for all")
            return nil
        }
        return .range(first, last)
    }

    private static func peer(_ row: Value, _ strict: inout StrictReader) -> (GroupRule.Peer, String)? {
        let text = strict.text(row, "peer")
        guard !text.isEmpty else { return nil }
        if text == "self" { return (.itself, text) }
        if let range = AddressRange(text) { return (.addresses(range), text) }
        strict.fault(row["peer"], "'\(text)' is neither self nor a block of addresses", "write self, or a block such as 0.0.0.0/0")
        return nil
    }
}
