import Controls
import Documents
import Kubernetes
import Responsibility

/// The document that scripts read (`schemaVersion` "1"). One finding a line.
///
/// The parts of a finding that depend on its control alone are rendered once a control, the text of an
/// attribution once for each distinct one. Ranges of findings can be rendered independently of each other,
/// each into its own buffer, and put together in order.
public struct JSONReport: Sendable {
    public let result: ScanResult
    /// The fixed parts of each control's findings.
    private let templates: [Template]

    private struct Template: Sendable {
        /// From the brace to the quote before the verdict.
        let head: [UInt8]
        /// From the quote after the message to the fix.
        let afterMessage: [UInt8]
        let afterAttribution: [UInt8]
        /// From the quote after the fingerprint to the closing brace.
        let tail: [UInt8]
    }

    public init(_ result: ScanResult) {
        self.result = result
        templates = result.catalogue.controls.map(JSONReport.template)
    }

    /// Writes the whole document.
    public func write(to writer: inout ByteWriter) {
        writeHead(to: &writer)
        writeFindings(result.findings.indices, to: &writer)
        writeTail(to: &writer)
    }

    /// Renders the document on several threads.
    ///
    /// - Returns: buffers whose concatenation is what `write` writes.
    public func parts(_ count: Int) async -> [[UInt8]] {
        let total = result.findings.count
        let parts = max(1, min(count, total))
        let bodies = await withTaskGroup(of: (Int, [UInt8]).self) { group in
            for part in 0..<parts {
                group.addTask { (part, self.findings(total * part / parts..<total * (part + 1) / parts)) }
            }
            var bodies = [[UInt8]](repeating: [], count: parts)
            for await (part, bytes) in group { bodies[part] = bytes }
            return bodies
        }
        var head = ByteWriter(chunk: 4096)
        writeHead(to: &head)
        var tail = ByteWriter(chunk: 4096)
        writeTail(to: &tail)
        return [head.take()] + bodies + [tail.take()]
    }

    /// Renders a range of the findings into a buffer of its own.
    public func findings(_ range: Range<Int>) -> [UInt8] {
        let part = Part()
        part.bytes.reserveCapacity(1000 * range.count)
        // Through a small buffer that stays in the cache, so that the large one is touched once.
        var writer = ByteWriter { part.bytes += $0 }
        writeFindings(range, to: &writer)
        writer.flush()
        return part.bytes
    }

    /// What one thread has written.
    private final class Part { var bytes: [UInt8] = [] }

    // MARK: - Before the findings

    /// Everything up to the bracket that opens the findings.
    public func writeHead(to writer: inout ByteWriter) {
        let summary = Summary(result)
        writer.needsComma = false
        writer.beginObject()
        writer.line()
        writer.field("schemaVersion", "1")
        writer.line()
        writer.object("tool") {
            $0.field("name", "demarc")
            $0.field("version", result.toolVersion)
        }
        writer.line()
        writer.field("model", result.model.name)
        writer.line()
        writer.field("kubernetesVersion", result.catalogue.kubernetesVersion.description)
        writer.line()
        writer.field("scannedAt", result.scannedAt)
        writer.line()
        writer.object("coverage", writeCoverage)
        writer.line()
        writer.object("summary") { writeSummary(summary, to: &$0) }
        writer.line()
        writer.key("findings")
        writer.beginArray()
    }

    /// What was looked at, and each gap.
    private func writeCoverage(to writer: inout ByteWriter) {
        let coverage = result.coverage
        writer.field("files", coverage.files)
        writer.field("objects", coverage.objects)
        writer.field("controls", coverage.controls)
        writer.field("evaluated", coverage.evaluated)
        writer.array("gaps") { writer in
            for gap in coverage.gaps {
                writer.line()
                writer.object {
                    $0.field("source", gap.source)
                    $0.field("line", gap.line)
                    $0.field("reason", gap.reason.rawValue)
                    $0.field("message", gap.message)
                }
            }
        }
    }

    /// All parties and all verdicts, also those with nothing: scripts need not ask whether a key exists.
    private func writeSummary(_ summary: Summary, to writer: inout ByteWriter) {
        writer.object("byParty") { writer in
            for party in Party.allCases {
                writer.key(party.rawValue)
                writer.object { writer in
                    for severity in Severity.worstFirst {
                        writer.key(severity.rawValue)
                        writer.value(summary.count(party, severity))
                    }
                }
            }
        }
        writer.object("byVerdict") { writer in
            for verdict in Verdict.allCases {
                writer.key(verdict.rawValue)
                writer.value(summary.count(verdict))
            }
        }
    }

    // MARK: - Findings

    /// Writes a range of the findings; the first finding of all knows that no comma precedes it.
    public func writeFindings(_ range: Range<Int>, to writer: inout ByteWriter) {
        var attributions = AttributionCache()
        for index in range {
            writer.text(index == 0 ? "\n" : ",\n")
            write(result.findings[index], attributions: &attributions, to: &writer)
        }
        writer.needsComma = true
    }

    /// One line. Nothing here makes a string of what is in the result already.
    private func write(_ attributed: AttributedFinding, attributions: inout AttributionCache, to writer: inout ByteWriter) {
        let finding = attributed.finding
        let object = result.inventory.objects[finding.object]
        let template = templates[finding.control]
        writer.bytes(template.head)
        writer.text(finding.verdict.rawValue)
        writer.text("\",\"subject\":")
        writeSubject(object, container: finding.container, to: &writer)
        writer.text(",\"location\":{\"file\":\"")
        writer.escaped(finding.place.source)
        let position = finding.place.position
        writer.text("\",\"line\":")
        writer.number(position.line)
        writer.text(",\"column\":")
        writer.number(position.column)
        writer.text(",\"fieldPath\":\"")
        writer.fieldPath(of: finding, in: object)
        writer.text("\"},\"message\":\"")
        writer.escaped(finding.message)
        writer.bytes(template.afterMessage)
        writer.needsComma = false
        writer.value(finding.fix?())
        writer.text(",\"attribution\":")
        writer.bytes(attributions.text(of: attributed.attribution))
        writer.bytes(template.afterAttribution)
        writer.needsComma = false
        writer.value(attributed.grant)
        writer.text(",\"fingerprint\":\"")
        writer.escaped(attributed.fingerprint)
        writer.bytes(template.tail)
    }

    /// The object, with null for what it does not have.
    private func writeSubject(_ object: KubernetesObject, container: String, to writer: inout ByteWriter) {
        writer.text("{\"apiVersion\":\"")
        writer.escaped(object.apiVersion)
        writer.text("\",\"kind\":\"")
        writer.escaped(object.kind)
        writer.text("\",\"namespace\":")
        writer.needsComma = false
        writer.value(object.namespace.isEmpty ? nil : object.namespace)
        writer.text(",\"name\":\"")
        writer.escaped(object.name)
        writer.text("\",\"container\":")
        writer.needsComma = false
        writer.value(container.isEmpty ? nil : container)
        writer.text("}")
    }

    /// Renders the parts between which a finding's own text goes.
    private static func template(of control: Control) -> Template {
        var writer = ByteWriter(chunk: 1024)
        writer.beginObject()
        writer.field("control", control.id)
        writer.field("title", control.title)
        writer.field("severity", control.severity.rawValue)
        writer.text(",\"verdict\":\"")
        let head = writer.take()
        writer.text("\"")
        writer.needsComma = true
        writer.field("remediation", control.remedy)
        writer.text(",\"fix\":")
        let afterMessage = writer.take()
        writer.field("duty", control.duty)
        writer.text(",\"grant\":")
        let afterAttribution = writer.take()
        writer.text("\"")
        writer.array("references") { $0.references(control.references) }
        writer.endObject()
        return Template(head: head, afterMessage: afterMessage, afterAttribution: afterAttribution, tail: writer.take())
    }

    // MARK: - After the findings

    /// Passes and what is not applicable where they were asked for, and the closing brackets.
    public func writeTail(to writer: inout ByteWriter) {
        writer.needsComma = !result.findings.isEmpty
        for quiet in result.quiet ?? [] { write(quiet, to: &writer) }
        writer.text("\n]")
        if let benchmark = result.benchmark {
            writer.needsComma = true
            writer.object("benchmark") { $0.benchmark(benchmark) }
        }
        writer.text("}\n")
    }

    /// A verdict without a finding: nobody needs to act, so there is neither an attribution nor a fingerprint.
    private func write(_ quiet: QuietVerdict, to writer: inout ByteWriter) {
        let object = result.inventory.objects[quiet.object]
        let template = templates[quiet.control]
        writer.line()
        writer.bytes(template.head)
        writer.text(quiet.verdict.rawValue)
        writer.text("\",\"subject\":")
        writeSubject(object, container: "", to: &writer)
        writer.text(",\"location\":{\"file\":\"")
        writer.escaped(object.root.source)
        writer.text("\",\"line\":")
        writer.number(object.root.position.line)
        writer.text(",\"column\":")
        writer.number(object.root.position.column)
        writer.text(",\"fieldPath\":\"\"},\"message\":\"")
        writer.bytes(template.afterMessage)
        writer.text("null,\"attribution\":null")
        writer.bytes(template.afterAttribution)
        writer.text("null,\"fingerprint\":\"")
        writer.bytes(template.tail)
        writer.needsComma = true
    }
}

extension ByteWriter {
    /// The items of an array of references.
    mutating func references(_ references: [Reference]) {
        for reference in references {
            object {
                $0.field("framework", reference.framework)
                $0.field("level", unlessEmpty: reference.level)
                $0.field("id", reference.id)
            }
        }
    }
}
