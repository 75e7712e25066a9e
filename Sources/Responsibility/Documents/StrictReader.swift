public import Documents

/// What is wrong with a document of ours: where, what, and what to do. Documents that grant or decide are
/// read strictly, since a misspelt field that is silently dropped would widen or void them.
public struct DocumentFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let source: String
    public let position: Position
    /// `spec.workload.kind`, empty for the document itself.
    public let fieldPath: String
    public let message: String
    public let remedy: String

    public init(source: String, position: Position, fieldPath: String, message: String, remedy: String) {
        self.source = source
        self.position = position
        self.fieldPath = fieldPath
        self.message = message
        self.remedy = remedy
    }

    init(_ problem: DocumentProblem) {
        self.init(
            source: problem.source, position: problem.position ?? Position(line: 1, column: 1), fieldPath: "", message: problem.message,
            remedy: "write the document as valid YAML or JSON, each key once")
    }

    /// `model.yaml:12:5: message; remedy`
    public var description: String { "\(source):\(position.line):\(position.column): \(message); \(remedy)" }
}

/// A fault together with the place it is about, for those that make a finding of it.
struct PlacedFault: Sendable {
    let place: Value
    let fault: DocumentFault
}

/// Reads a document field by field and collects everything that is wrong instead of stopping at the first
/// fault, so that a person fixes a document in one go.
struct StrictReader {
    private(set) var placed: [PlacedFault] = []

    var faults: [DocumentFault] { placed.map(\.fault) }

    mutating func fault(_ place: Value, _ message: String, _ remedy: String) {
        let fault = DocumentFault(source: place.source, position: place.position, fieldPath: place.fieldPath, message: message, remedy: remedy)
        placed.append(PlacedFault(place: place, fault: fault))
    }

    /// The mapping has only known keys, each once.
    mutating func fields(of value: Value, called name: String, known: [String]) {
        guard value.exists else { return }
        guard let entries = try? value.entries() else { return fault(value, "\(name) should be a mapping", "write it as key: value lines") }
        var count = 0
        for entry in entries {
            count += 1
            if !known.contains(entry.key) {
                fault(entry, "\(name) has no field '\(entry.key)'", "remove it, or use one of \(known.joined(separator: ", "))")
            }
        }
        if count != value.count { fault(value, "\(name) has a key twice", "write each key once") }
    }

    /// A text that says something; empty (with a fault) when it is missing and required.
    mutating func text(_ parent: Value, _ field: String, required: Bool = true) -> String {
        let value = parent.entry(named: field)
        do {
            if let text = try value.string(), !text.isEmpty { return text }
            if required || value.isWritten { missing(value, field) }
        } catch {
            fault(value, "'\(field)' should be a text", "put it in quotes")
        }
        return ""
    }

    private mutating func missing(_ value: Value, _ field: String) {
        fault(value, value.isWritten ? "'\(field)' is empty" : "'\(field)' is missing", "write \(field): …")
    }

    mutating func flag(_ parent: Value, _ field: String) -> Bool {
        let value = parent.entry(named: field)
        do {
            return try value.bool() ?? false
        } catch {
            fault(value, "'\(field)' should be true or false", "write \(field): true or leave it out")
            return false
        }
    }

    mutating func integer(_ parent: Value, _ field: String, default standard: Int, in range: ClosedRange<Int>) -> Int {
        let value = parent.entry(named: field)
        guard let number = try? value.int() ?? Int64(standard), range.contains(Int(clamping: number)) else {
            fault(value, "'\(field)' should be a whole number from \(range.lowerBound) to \(range.upperBound)", "correct the number")
            return standard
        }
        return Int(number)
    }

    mutating func items(_ parent: Value, _ field: String, required: Bool = false) -> [Value] {
        let value = parent.entry(named: field)
        guard let items = try? value.items() else {
            fault(value, "'\(field)' should be a list", "write each item on a line that starts with '- '")
            return []
        }
        if required && items.isEmpty { fault(value, "'\(field)' needs at least one item", "add one") }
        return Array(items)
    }

    mutating func texts(_ parent: Value, _ field: String) -> [String] {
        var texts: [String] = []
        for item in items(parent, field) {
            if let text = try? item.string(), !text.isEmpty {
                texts.append(text)
            } else {
                fault(item, "an item of '\(field)' should be a text", "put it in quotes")
            }
        }
        return texts
    }

    /// One of a closed set of words.
    mutating func word<Word: RawRepresentable & CaseIterable>(_ parent: Value, _ field: String, required: Bool = true) -> Word?
    where Word.RawValue == String {
        let written = text(parent, field, required: required)
        guard !written.isEmpty else { return nil }
        if let word = Word(rawValue: written) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        fault(parent.entry(named: field), "'\(field)' cannot be '\(written)'", "use one of \(words)")
        return nil
    }

    mutating func time(_ parent: Value, _ field: String, required: Bool = true) -> Timestamp? {
        let written = text(parent, field, required: required)
        guard !written.isEmpty else { return nil }
        if let time = Timestamp(written) { return time }
        fault(parent.entry(named: field), "'\(written)' is no RFC 3339 time", "write it as 2026-12-31T00:00:00Z")
        return nil
    }

    mutating func span(_ parent: Value, _ field: String, required: Bool = true) -> Span? {
        let written = text(parent, field, required: required)
        guard !written.isEmpty else { return nil }
        if let span = Span(written) { return span }
        fault(parent.entry(named: field), "'\(written)' is no length of time", "write days, hours or minutes: 90d, 12h, 30m")
        return nil
    }

    /// `apiVersion`, `kind` and the keys every document of ours has.
    mutating func document(_ root: Value, kind: String, known: [String] = ["apiVersion", "kind", "metadata", "spec"]) {
        fields(of: root, called: "the document", known: known)
        if (try? root["apiVersion"].string()) != "demarc.dev/v1alpha1" {
            fault(root["apiVersion"], "'apiVersion' should be demarc.dev/v1alpha1", "write apiVersion: demarc.dev/v1alpha1")
        }
        if (try? root["kind"].string()) != kind { fault(root["kind"], "'kind' should be \(kind)", "write kind: \(kind)") }
    }
}
