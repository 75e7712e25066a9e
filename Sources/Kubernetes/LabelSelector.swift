public import Documents

/// A label selector, read once and matched often: `matchLabels` and `matchExpressions`, all of which must hold.
///
/// An empty selector matches everything. What a *missing* selector means differs from API to API, so whoever reads
/// one asks `exists` first; here it reads as empty.
public struct LabelSelector: Sendable, Hashable {
    public let requirements: [Requirement]

    public struct Requirement: Sendable, Hashable {
        public enum Operator: String, Sendable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        public let key: String
        public let `operator`: Operator
        /// Empty for `Exists` and `DoesNotExist`.
        public let values: [String]

        public init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }

        /// - Parameter label: the value of the label `key`, nil when the object has no such label. `NotIn` holds
        ///   for an object without the label, as the API server has it.
        public func matches(_ label: String?) -> Bool {
            switch `operator` {
            case .in: label.map(values.contains) ?? false
            case .notIn: label.map { !values.contains($0) } ?? true
            case .exists: label != nil
            case .doesNotExist: label == nil
            }
        }
    }

    public init(_ requirements: [Requirement]) { self.requirements = requirements }

    /// - Throws: `WrongType` for a selector the API server refuses: unknown operator, values where none may be or
    ///   none where some must be, keys or values that are no labels.
    public init(_ selector: Value) throws(WrongType) {
        var requirements: [Requirement] = []
        _ = try selector.entries()
        for entry in try selector["matchLabels"].entries() {
            guard isLabelKey(entry.key) else { throw WrongType(value: entry, expected: "under a valid label key") }
            requirements.append(Requirement(key: entry.key, operator: .in, values: [try labelValue(entry)]))
        }
        for expression in try selector["matchExpressions"].items() {
            requirements.append(try LabelSelector.requirement(expression))
        }
        self.requirements = requirements
    }

    /// `spec.selector` of Services and ReplicationControllers: a plain mapping of labels.
    public init(mapping: Value) throws(WrongType) {
        var requirements: [Requirement] = []
        for entry in try mapping.entries() {
            requirements.append(Requirement(key: entry.key, operator: .in, values: [try labelValue(entry)]))
        }
        self.requirements = requirements
    }

    public var matchesEverything: Bool { requirements.isEmpty }

    public func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels[$0.key]) }
    }

    /// Matches against `metadata.labels` as written.
    /// - Throws: `WrongType` when a label that is asked for is no string.
    public func matches(_ labels: Value) throws(WrongType) -> Bool {
        _ = try labels.entries()
        for requirement in requirements {
            let label = labels.entry(named: requirement.key)
            guard requirement.matches(label.isWritten ? try label.string() ?? "" : nil) else { return false }
        }
        return true
    }

    private static func requirement(_ expression: Value) throws(WrongType) -> Requirement {
        let key = try expression["key"].string() ?? ""
        guard isLabelKey(key) else { throw WrongType(value: expression["key"], expected: "a valid label key") }
        let name = try expression["operator"].string() ?? ""
        guard let `operator` = Requirement.Operator(rawValue: name) else {
            throw WrongType(value: expression["operator"], expected: "In, NotIn, Exists or DoesNotExist")
        }
        var values: [String] = []
        for item in try expression["values"].items() { values.append(try labelValue(item)) }
        switch `operator` {
        case .in, .notIn:
            guard !values.isEmpty else { throw WrongType(value: expression["values"], expected: "a sequence with a value for In and NotIn") }
        case .exists, .doesNotExist:
            guard values.isEmpty else { throw WrongType(value: expression["values"], expected: "empty for Exists and DoesNotExist") }
        }
        return Requirement(key: key, operator: `operator`, values: values)
    }
}

extension KubernetesObject {
    /// The labels, each a valid one.
    /// - Throws: `WrongType` for labels or annotations that the API server refuses; it takes no object with one of them.
    public func validLabels() throws(WrongType) -> [String: String] {
        var valid: [String: String] = [:]
        for entry in try labels.entries() {
            guard isLabelKey(entry.key) else { throw WrongType(value: entry, expected: "under a valid label key") }
            valid[entry.key] = try labelValue(entry)
        }
        for entry in try annotations.entries() {
            guard isLabelKey(entry.key.lowercased()) else { throw WrongType(value: entry, expected: "under a valid annotation key") }
            guard entry.kind == .string || !entry.exists else { throw WrongType(value: entry, expected: "a string") }
        }
        return valid
    }
}

private func labelValue(_ value: Value) throws(WrongType) -> String {
    let text = try value.string() ?? ""
    guard text.isEmpty || isLabelName(text.utf8) else { throw WrongType(value: value, expected: "a valid label value") }
    return text
}

/// `name` or `prefix/name`, the prefix a DNS subdomain.
private func isLabelKey(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isLabelName(parts[0].utf8)
    case 2: return isDNSSubdomain(parts[0]) && isLabelName(parts[1].utf8)
    default: return false
    }
}

/// Up to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends.
private func isLabelName(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    guard let first = name.first, let last = name.last, name.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
        && name.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
}

/// Up to 253 lowercase letters, digits, `-` and `.`, each part with a letter or digit at both ends: what most names must be.
public func isDNSSubdomain(_ name: some StringProtocol) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    // A dot stands between two letters or digits, as each end of the name is one.
    var last = UInt8(ascii: ".")
    for byte in name.utf8 {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "-"):
            if last == UInt8(ascii: ".") || byte == UInt8(ascii: ".") && last == UInt8(ascii: "-") { return false }
        default: if !isLowercaseOrDigit(byte) { return false }
        }
        last = byte
    }
    return isLowercaseOrDigit(last)
}

private func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
}
