internal import Documents

/// Paths of which the evidence may lack something: what was refused to the collector, and what it was told to leave alone.
///
/// That something was not collected says nothing about the machine, so nobody may take it for absent.
struct RefusedPaths: Sendable {
    private struct Entry {
        let path: String
        let reason: String
        /// The path itself is known, only not what lies in it.
        let isListing: Bool
        /// Nothing below it was looked at.
        let isWhole: Bool
    }

    /// By their paths, in the order of bytes.
    private let entries: [Entry]
    private let byPath: [String: [Int]]
    /// The list cannot be read, so that anything may have been refused.
    private let isBroken: Bool

    init(_ root: Value) {
        var entries: [Entry] = []
        var isBroken = false
        do throws(WrongType) {
            for refusal in try root["refusals"].items() {
                let path = try refusal["path"].string() ?? ""
                let operation = try refusal["operation"].string() ?? ""
                // What was not read of a file or of its text leaves its entry in the evidence.
                guard ["open", "list", "limit", "look", ""].contains(operation) else { continue }
                let error = try refusal["error"].string() ?? ""
                entries.append(
                    Entry(
                        path: path, reason: "\(path) was refused to the collector\(error.isEmpty ? "" : ": \(error)")",
                        isListing: operation == "list" || operation == "limit", isWhole: operation != "list"))
            }
            for path in try root["collector"]["excluded"].strings() {
                entries.append(Entry(path: path, reason: "the collector was told to leave \(path) alone", isListing: false, isWhole: true))
            }
        } catch {
            isBroken = true
        }
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        var byPath: [String: [Int]] = [:]
        for (index, entry) in entries.enumerated() { byPath[entry.path, default: []].append(index) }
        self.entries = entries
        self.byPath = byPath
        self.isBroken = isBroken
    }

    /// Why the evidence may lack a path; nil where nothing kept anybody from looking.
    func reason(at path: String) -> String? {
        if isBroken { return Self.broken }
        if let index = byPath[path]?.first(where: { !entries[$0].isListing }) { return entries[index].reason }
        for directory in EvidenceDocument.directories(above: path) {
            if let index = byPath[directory]?.first(where: { entries[$0].isWhole }) { return entries[index].reason }
        }
        return nil
    }

    /// Why the evidence may lack something in a directory or below.
    /// - Parameter isFile: whether the evidence holds a file at the path of a refusal.
    func reason(below directory: String, isFile: (String) -> Bool) -> String? {
        if let reason = reason(at: directory) { return reason }
        if let index = byPath[directory]?.first { return entries[index].reason }
        let prefix = (directory.hasSuffix("/") ? directory : directory + "/").utf8
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].path.utf8.lexicographicallyPrecedes(prefix) { low = middle + 1 } else { high = middle }
        }
        while low < entries.count, entries[low].path.utf8.starts(with: prefix) {
            // Of a file that is too large the entry is there; only its text is not.
            if !(entries[low].isListing && isFile(entries[low].path)) { return entries[low].reason }
            low += 1
        }
        return nil
    }

    private static let broken = "the evidence's list of refusals cannot be read"
}

extension EvidenceDocument {
    /// Why the evidence may lack a file that it does not hold; nil where nothing kept the collector from looking.
    func refusal(at path: String, seenBy viewer: Viewer = .machine) -> String? { refused.reason(at: viewer.prefix + path) }

    /// Why the evidence may lack files in a directory or below it.
    func refusal(below directory: String, seenBy viewer: Viewer = .machine) -> String? {
        let directory = directory.utf8.count > 1 && directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        return refused.reason(below: viewer.prefix + directory) { path in
            let file = (try? file(String(path.dropFirst(viewer.prefix.count)), seenBy: viewer)) ?? nil
            return file.map { !$0.isMissing && $0.type != .directory } ?? false
        }
    }
}
