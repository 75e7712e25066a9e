import Controls
import Documents

/// The findings an organisation knew of on a day: only what is new since then should stop a pipeline.
///
/// It holds fingerprints and nothing else, so it can be committed without telling what is wrong where.
public struct Baseline: Sendable, Equatable {
    public let fingerprints: Set<String>

    public init(fingerprints: Set<String>) {
        self.fingerprints = fingerprints
    }

    /// Of fails only: what is accepted or could not be judged today must not be hidden if it fails tomorrow.
    public init(of findings: [AttributedFinding]) {
        fingerprints = Set(findings.lazy.filter { $0.finding.verdict == .fail }.map(\.fingerprint))
    }

    public func contains(_ finding: AttributedFinding) -> Bool { fingerprints.contains(finding.fingerprint) }

    /// Those of the baseline that are found no more, in order.
    public func gone(in findings: [AttributedFinding]) -> [String] {
        fingerprints.subtracting(findings.lazy.map(\.fingerprint)).sorted()
    }

    /// The document, sorted, one fingerprint a line, so that a change of it can be reviewed.
    public var document: String {
        let lines = fingerprints.sorted().map { "    \"\($0)\"" }.joined(separator: ",\n")
        return """
            {
              "apiVersion": "demarc.dev/v1alpha1",
              "kind": "Baseline",
              "fingerprints": [\(lines.isEmpty ? "" : "\n\(lines)\n  ")]
            }

            """
    }

    /// Reads a document; a broken baseline hides nothing, it is an error.
    public static func read(_ bytes: [UInt8], source: String) -> (baseline: Baseline?, faults: [DocumentFault]) {
        let parsed = DocumentTree.parse(bytes, source: source)
        var strict = StrictReader()
        guard parsed.problems.isEmpty, parsed.tree.roots.count == 1, let root = parsed.tree.roots.first else {
            let faults = parsed.problems.map { DocumentFault($0) }
            let empty = DocumentFault(
                source: source, position: Position(line: 1, column: 1), fieldPath: "", message: "there is not exactly one document here",
                remedy: "write the baseline anew with --create-baseline")
            return (nil, faults.isEmpty ? [empty] : faults)
        }
        strict.document(root, kind: "Baseline", known: ["apiVersion", "kind", "fingerprints"])
        var fingerprints: Set<String> = []
        for item in strict.items(root, "fingerprints") {
            let text = (try? item.string()) ?? ""
            let isFingerprint = text.utf8.count == 32 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            if isFingerprint {
                fingerprints.insert(text)
            } else {
                strict.fault(item, "'\(text)' is no fingerprint", "write the baseline anew with --create-baseline")
            }
        }
        return (strict.faults.isEmpty ? Baseline(fingerprints: fingerprints) : nil, strict.faults)
    }
}
