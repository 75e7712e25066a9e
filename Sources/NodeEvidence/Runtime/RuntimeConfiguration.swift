public import Documents

/// How the container runtime of one machine is set up, read from the evidence.
///
/// What could not be read is a problem and leaves the handlers unknown: a handler that is not found is only missing when everything
/// that could name it was read.
public struct RuntimeConfiguration: Sendable {
    public struct Problem: Error, Sendable, Equatable {
        /// What the reader was at: a path.
        public let file: String
        /// One-based, 0 where no line is meant.
        public let line: Int
        public let message: String
    }

    public enum Runtime: String, Sendable { case containerd, crio = "CRI-O" }

    public let runtime: Runtime
    public internal(set) var handlers: [RuntimeHandler] = []
    /// The handler of Pods that name none.
    public internal(set) var defaultHandler: String
    /// The entries of the evidence that were read; the first is the main file, and none where the runtime runs on its defaults.
    public internal(set) var files: [EvidenceFile] = []
    public internal(set) var problems: [Problem] = []

    public func handler(_ name: String) -> RuntimeHandler? { handlers.first { $0.name == name } }

    /// The entry of the evidence that holds a file, for findings.
    public func file(_ path: String) -> EvidenceFile? { files.first { $0.path == path } }

    /// The runtimes that run on a machine or have a configuration there.
    /// - Throws: `WrongType` where the evidence itself is broken.
    public static func all(in evidence: EvidenceDocument) throws(WrongType) -> [RuntimeConfiguration] {
        var all: [RuntimeConfiguration] = []
        if let containerd = try containerd(in: evidence) { all.append(containerd) }
        if let crio = try crio(in: evidence) { all.append(crio) }
        return all
    }

    /// The argument of a flag of the first process with this name, the default for one without; nil when none runs. A runtime in a
    /// container is somebody's Docker in Docker and starts none of the machine's Pods.
    static func path(of flags: [String], process name: String, standard: String, in evidence: EvidenceDocument) throws(WrongType) -> String? {
        guard let process = try (evidence.processes ?? []).first(where: { $0.name == name && $0.container.isEmpty }) else { return nil }
        let arguments = (process.arguments ?? []).map(\.text)
        for (index, argument) in arguments.enumerated() {
            for flag in flags {
                if argument == flag, index + 1 < arguments.count { return arguments[index + 1] }
                if argument.hasPrefix(flag + "=") { return String(argument.dropFirst(flag.count + 1)) }
            }
        }
        return standard
    }

    /// The table of a file; nil where there is none, with a problem where it cannot be read.
    mutating func read(_ path: String, in evidence: EvidenceDocument, isNeeded: Bool) throws(WrongType) -> TOMLTable? {
        guard let file = try evidence.file(path) else {
            if isNeeded { problems.append(Problem(file: path, line: 0, message: "the evidence does not hold the file")) }
            return nil
        }
        guard !file.isMissing else { return nil }
        files.append(file)
        guard let content = file.content, !file.isTruncated else {
            problems.append(Problem(file: path, line: 0, message: file.isTruncated ? "the file was cut off" : "the evidence does not hold its text"))
            return nil
        }
        do throws(TOMLProblem) {
            return try TOMLReader.read(content.text)
        } catch {
            problems.append(Problem(file: path, line: error.line, message: error.message))
            return nil
        }
    }

    mutating func wrongType(_ value: TOMLValue, _ name: String, expected: String, in file: String) {
        problems.append(Problem(file: file, line: value.line, message: "\(name) should be \(expected), not \(value.noun)"))
    }

    /// Text of a field that may be left out.
    mutating func text(_ table: TOMLTable, _ key: String, in file: String) -> String? {
        guard let value = table[key] else { return nil }
        if value.string == nil { wrongType(value, key, expected: "a string", in: file) }
        return value.string
    }

    mutating func flag(_ table: TOMLTable, _ key: String, in file: String) -> Bool {
        guard let value = table[key] else { return false }
        if value.boolean == nil { wrongType(value, key, expected: "a boolean", in: file) }
        return value.boolean ?? false
    }

    mutating func table(_ table: TOMLTable, _ path: [String], in file: String) -> TOMLTable? {
        var table = table
        for key in path {
            guard let value = table[key] else { return nil }
            guard let next = value.table else {
                wrongType(value, key, expected: "a table", in: file)
                return nil
            }
            table = next
        }
        return table
    }
}
