import Documents
import Kubernetes

// Fields that the documents of both clouds share. What no cloud could have answered throws, so that it is a gap and
// neither opens nor closes anything.

extension Value {
    /// A scalar that one tool writes as a string and another as a number; nil when it is missing or empty.
    func scalarText() throws(WrongType) -> String? {
        guard exists else { return nil }
        if kind == .integer { return text }
        guard let text = try string(), !text.isEmpty else { return nil }
        return text
    }

    /// A whole number, also when it is written as a string.
    func wholeNumber(_ expected: StaticString) throws(WrongType) -> Int64? {
        guard let text = try scalarText() else { return nil }
        guard let number = kind == .integer ? try int() : Int64(text) else { throw WrongType(value: self, expected: expected) }
        return number
    }

    /// - Throws: `WrongType` for what is no protocol, or missing.
    func ruleProtocol() throws(WrongType) -> RuleProtocol {
        guard let text = try scalarText(), let known = RuleProtocol(text) else {
            throw WrongType(value: self, expected: "a protocol, such as tcp, or the number of one")
        }
        return known
    }

    /// A block of addresses of one family, as a peer.
    func addressPeer(isIPv6: Bool) throws(WrongType) -> (GroupRule.Peer, String)? {
        guard let text = try scalarText() else { return nil }
        guard let range = AddressRange(text), range.isIPv6 == isIPv6 else {
            throw WrongType(value: self, expected: isIPv6 ? "a block of IPv6 addresses, as fd00::/8" : "a block of IPv4 addresses, as 10.0.0.0/8")
        }
        return (.addresses(range), text)
    }

    /// A group as a peer.
    ///
    /// - Parameter own: the id of the group that holds the rule.
    func groupPeer(own: String) throws(WrongType) -> (GroupRule.Peer, String)? {
        guard let id = try scalarText() else { return nil }
        return (id == own ? .itself : .group(id), id)
    }

    /// A list of ranges as a peer.
    func prefixListPeer() throws(WrongType) -> (GroupRule.Peer, String)? {
        guard let id = try scalarText() else { return nil }
        return (.prefixList(id), id)
    }

    /// Whether this says nothing, or every address there is.
    func isEverywhere() throws(WrongType) -> Bool {
        guard let text = try scalarText() else { return true }
        return AddressRange(text)?.isEverything ?? false
    }
}
