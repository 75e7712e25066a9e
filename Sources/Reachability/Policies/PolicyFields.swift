import Documents
import Kubernetes

// Fields that the kinds of policies share. What the API server refuses throws, so that a policy it would never take in
// decides nothing here.

extension TransportProtocol {
    /// - Throws: `WrongType` for what is no protocol of a port. Missing is TCP.
    init(_ value: Value) throws(WrongType) {
        guard let text = try value.string() else {
            self = .tcp
            return
        }
        guard let known = TransportProtocol(rawValue: text) else { throw WrongType(value: value, expected: "TCP, UDP or SCTP") }
        self = known
    }
}

/// A port number.
func readPort(_ value: Value) throws(WrongType) -> UInt16? {
    guard let number = try value.int() else { return nil }
    guard (1...65535).contains(number) else { throw WrongType(value: value, expected: "a port from 1 to 65535") }
    return UInt16(truncatingIfNeeded: number)
}

/// The name of a port: up to 15 small letters, digits and single hyphens, one letter at least (RFC 6335 section 5.1).
func readPortName(_ value: Value) throws(WrongType) -> String? {
    guard let name = try value.string() else { return nil }
    let bytes = Array(name.utf8)
    let isPlain = bytes.allSatisfy { $0 &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") }
    guard isPlain, (1...15).contains(bytes.count), bytes.contains(where: { $0 &- UInt8(ascii: "a") < 26 }), !name.hasPrefix("-"),
        !name.hasSuffix("-"), !name.contains("--")
    else { throw WrongType(value: value, expected: "the name of a port, such as http") }
    return name
}

/// A block of addresses with its prefix length.
func readBlock(_ value: Value) throws(WrongType) -> AddressRange {
    guard let text = try value.string(), text.contains("/"), let range = AddressRange(text) else {
        throw WrongType(value: value, expected: "a block of addresses, such as 10.0.0.0/8 or fd00::/8")
    }
    return range
}

extension Value {
    /// The only field written in this mapping.
    /// - Throws: `WrongType` when there is none or more than one, or one that is not known.
    func onlyField(of known: [StaticString], expected: StaticString) throws(WrongType) -> Value {
        var found: [Value] = []
        for entry in try entries() where entry.exists { found.append(entry) }
        guard found.count == 1, let field = found.first, field.isKeyed(anyOf: known) else { throw WrongType(value: self, expected: expected) }
        return field
    }
}
