public import Documents

/// Something among the advisories that could not be read, or was not what it should be.
public struct AdvisoryProblem: Sendable, Equatable {
    public let source: String
    public let line: Int
    public let column: Int
    public let message: String
    /// It is about syntax, as opposed to what was written.
    public let isSyntax: Bool

    init(_ value: Value, _ message: String) {
        source = value.source
        line = value.position.line
        column = value.position.column
        self.message = message
        isSyntax = false
    }

    init(_ problem: DocumentProblem) {
        source = problem.source
        line = problem.position?.line ?? 0
        column = problem.position?.column ?? 0
        message = problem.message
        isSyntax = true
    }
}

/// What one file of advisories holds: records in the form of OSV, one or many, or Debian's tracker.
public struct AdvisorySource: Sendable {
    /// A record with the packages it is about.
    struct Record: Sendable {
        let value: Value
        let affected: [(name: String, ecosystem: String, value: Value)]
    }

    private(set) var records: [Record] = []
    /// Tables of the tracker, one a source package, each under its name.
    private(set) var trackers: [Value] = []
    public private(set) var problems: [AdvisoryProblem]

    public var isEmpty: Bool { records.isEmpty && trackers.isEmpty }

    public init(_ parsed: ParsedSource) {
        problems = parsed.problems.map(AdvisoryProblem.init)
        for root in parsed.tree.roots { take(root) }
    }

    /// Reads one file.
    /// - Parameter bytes: JSON in UTF-8.
    public init(_ bytes: [UInt8], source: String, limits: Limits = .standard) {
        self.init(DocumentTree.parse(bytes, source: source, syntax: .json, limits: limits))
    }

    private mutating func take(_ root: Value) {
        do throws(WrongType) {
            if root.kind == .sequence {
                for item in try root.items() { take(record: item) }
            } else if root.kind == .mapping, !root["id"].isWritten, AdvisorySource.isTracker(root) {
                for package in try root.entries() {
                    guard package.kind == .mapping else {
                        problems.append(AdvisoryProblem(package, "the tracker's table of '\(package.key)' should be a mapping; it was not read"))
                        continue
                    }
                    trackers.append(package)
                }
            } else {
                take(record: root)
            }
        } catch {
            problems.append(AdvisoryProblem(error))
        }
    }

    /// The first table that has a row tells: two levels of names, then `releases`.
    private static func isTracker(_ root: Value) -> Bool {
        guard let packages = try? root.entries() else { return false }
        for package in packages {
            guard let rows = try? package.entries() else { continue }
            for row in rows { return row.kind == .mapping && (row["releases"].isWritten || row["scope"].isWritten || row["description"].isWritten) }
        }
        return false
    }

    private mutating func take(record: Value) {
        do throws(WrongType) {
            guard record.kind == .mapping, let id = try record["id"].string(), !id.isEmpty else {
                problems.append(
                    AdvisoryProblem(record, "this is neither a record in the form of OSV (it has no 'id') nor Debian's tracker; it was not read"))
                return
            }
            var affected: [(String, String, Value)] = []
            for entry in try record["affected"].items() {
                guard let name = try entry["package"]["name"].string(), let ecosystem = try entry["package"]["ecosystem"].string() else {
                    // A record about commits alone names no package, and none can be judged by it.
                    continue
                }
                affected.append((name, ecosystem, entry))
            }
            records.append(Record(value: record, affected: affected))
        } catch {
            problems.append(AdvisoryProblem(error))
        }
    }
}

extension AdvisoryProblem {
    init(_ error: WrongType) {
        self.init(error.value, "\(error.value.fieldPath) should be \(error.expected); the record was not read")
    }
}
