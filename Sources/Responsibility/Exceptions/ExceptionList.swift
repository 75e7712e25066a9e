public import Controls
public import Documents
public import Kubernetes

/// A finding that an organisation lives with for a while: `exceptions:` of `.demarc.yaml`.
///
/// An exception accepts a finding and says why and until when. It moves no responsibility: whoever had to
/// act still has to, later. Only a grant moves it.
public struct FindingException: Sendable {
    /// What reports call it; `exceptions[2]` when the document gives no name.
    public let name: String
    /// The control's id, never a pattern: an exception from everything is a broken scan.
    public let control: String
    public let kind: Pattern?
    public let namespace: Pattern?
    public let object: Pattern?
    public let container: Pattern?
    /// The exact value of the finding.
    public let value: String?
    public let reason: String
    /// The first second in which it no longer holds.
    public let expires: Timestamp
    public let place: Value

    func covers(_ finding: Finding, control: Control, object: KubernetesObject) -> Bool {
        self.control == control.id && matches(kind, object.kind) && matches(namespace, object.namespace) && matches(self.object, object.name)
            && matches(container, finding.container)
            && matches(value, finding, control)
    }

    /// By bytes, as grants compare values.
    private func matches(_ value: String?, _ finding: Finding, _ control: Control) -> Bool {
        guard let value else { return true }
        return PrivilegeValue.normal(value, control: control.id).utf8.elementsEqual(finding.privilegeValue(control: control).utf8)
    }

    private func matches(_ pattern: Pattern?, _ text: String) -> Bool { pattern?.matches(text) ?? true }
}

/// The exceptions of an organisation, judged for one instant.
public struct ExceptionList: Sendable {
    public let exceptions: [FindingException]
    private let now: Timestamp
    /// Indexes of those in force, by control, so that a finding asks only the few that could cover it.
    private let inForce: [String: [Int]]

    public init(_ exceptions: [FindingException] = [], now: Timestamp = Timestamp(secondsSinceEpoch: 0)) {
        self.exceptions = exceptions
        self.now = now
        var inForce: [String: [Int]] = [:]
        for (index, exception) in exceptions.enumerated() where now < exception.expires { inForce[exception.control, default: []].append(index) }
        self.inForce = inForce
    }

    public var isEmpty: Bool { exceptions.isEmpty }

    /// The first exception in force that covers a finding.
    public func exception(for finding: Finding, control: Control, object: KubernetesObject) -> FindingException? {
        guard let candidates = inForce[control.id] else { return nil }
        return candidates.first { exceptions[$0].covers(finding, control: control, object: object) }.map { exceptions[$0] }
    }

    // MARK: - Audit

    /// What speaks against an exception: it has run out, it names no control, or nothing needed it.
    public struct Remark: Sendable, Equatable {
        public enum Kind: String, Sendable { case expired, unused, unknownControl }
        public let exception: String
        public let kind: Kind
        public let source: String
        public let position: Position
        public let message: String
    }

    /// - Parameters:
    ///   - attributed: everything that was found; an exception is used when a finding is accepted under it.
    ///   - controls: what was judged. An exception from a control that was not judged is not called unused.
    public func audit(_ attributed: [AttributedFinding], judged controls: [Control], known: Set<String>) -> [Remark] {
        let used = Set(attributed.compactMap { $0.finding.verdict == .accepted ? $0.grant : nil })
        let judged = Set(controls.map(\.id))
        return exceptions.compactMap { exception in
            if !known.contains(exception.control) {
                return remark(.unknownControl, exception, "names control '\(exception.control)', which does not exist")
            }
            if now >= exception.expires { return remark(.expired, exception, "expired at \(exception.expires); remove it or decide anew") }
            if judged.contains(exception.control), !used.contains(exception.name) {
                return remark(.unused, exception, "covers nothing that was found; remove it")
            }
            return nil
        }
    }

    private func remark(_ kind: Remark.Kind, _ exception: FindingException, _ message: String) -> Remark {
        Remark(
            exception: exception.name, kind: kind, source: exception.place.source, position: exception.place.position,
            message: "exception '\(exception.name)' \(message)")
    }
}

extension ExceptionList {
    /// Reads the list under `exceptions:`, all faults at once.
    ///
    /// - Parameter list: the sequence; a missing one is an empty list.
    public static func read(_ list: Value, now: Timestamp) -> (list: ExceptionList, faults: [DocumentFault]) {
        var strict = StrictReader()
        var exceptions: [FindingException] = []
        guard let items = try? list.items() else {
            strict.fault(list, "'exceptions' should be a list", "write each exception on lines that start with '- '")
            return (ExceptionList([], now: now), strict.faults)
        }
        for (index, item) in items.enumerated() {
            guard let exception = read(item, index: index, &strict) else { continue }
            if exceptions.contains(where: { $0.name == exception.name }) {
                strict.fault(item["name"], "exception '\(exception.name)' is there twice", "give each exception its own name")
            }
            exceptions.append(exception)
        }
        return (ExceptionList(exceptions, now: now), strict.faults)
    }

    private static func read(_ item: Value, index: Int, _ strict: inout StrictReader) -> FindingException? {
        strict.fields(
            of: item, called: "an exception",
            known: ["name", "control", "kind", "namespace", "object", "container", "value", "reason", "expires"])
        let control = strict.text(item, "control")
        let reason = strict.text(item, "reason")
        let written = strict.text(item, "expires")
        let expires = Timestamp(written) ?? Timestamp(endOfDay: written)
        if !written.isEmpty, expires == nil {
            strict.fault(item["expires"], "'\(written)' is no end date", "write 2026-12-31 or 2026-12-31T00:00:00Z")
        }
        let name = strict.text(item, "name", required: false)
        let kind = pattern(item, "kind", &strict)
        let namespace = pattern(item, "namespace", &strict)
        let object = pattern(item, "object", &strict)
        let container = pattern(item, "container", &strict)
        let value = item["value"].isWritten ? PrivilegeValue.text(of: item["value"]) : nil
        guard let expires else { return nil }
        return FindingException(
            name: name.isEmpty ? "exceptions[\(index)]" : name, control: control, kind: kind, namespace: namespace, object: object,
            container: container, value: value, reason: reason, expires: expires, place: item)
    }

    private static func pattern(_ item: Value, _ field: String, _ strict: inout StrictReader) -> Pattern? {
        let text = strict.text(item, field, required: false)
        guard !text.isEmpty else { return nil }
        if let pattern = Pattern(text) { return pattern }
        strict.fault(item.entry(named: field), "'\(text)' has a * before its end", "write an exact name, or a beginning and one * at the end")
        return nil
    }
}
