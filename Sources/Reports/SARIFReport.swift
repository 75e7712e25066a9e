import Controls
import Documents
import Kubernetes
import Responsibility

/// SARIF 2.1.0, for code-scanning services and editors.
///
/// What nobody judged is said in `invocations`, and an accepted finding stays a result with a suppression:
/// a reader that shows suppressed results sees who answers for it.
struct SARIFReport {
    let result: ScanResult
    private let taxonomies: [Taxonomy]

    /// A framework and the places in it that controls refer to.
    private struct Taxonomy {
        let framework: String
        var ids: [String] = []
    }

    init(_ result: ScanResult) {
        self.result = result
        var taxonomies: [Taxonomy] = []
        var known: Set<Reference> = []
        for reference in result.catalogue.controls.flatMap(\.references) where known.insert(Reference(reference.framework, reference.id)).inserted {
            if let position = taxonomies.firstIndex(where: { $0.framework == reference.framework }) {
                taxonomies[position].ids.append(reference.id)
            } else {
                taxonomies.append(Taxonomy(framework: reference.framework, ids: [reference.id]))
            }
        }
        self.taxonomies = taxonomies
    }

    func write(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            writer.field("version", "2.1.0")
            writer.array("runs") { writer in
                writer.object { writer in
                    writer.object("tool") { $0.object("driver", writeDriver) }
                    writer.line()
                    writer.array("taxonomies", writeTaxonomies)
                    writer.line()
                    writer.array("invocations") { $0.object(writeInvocation) }
                    writer.line()
                    writer.field("columnKind", "unicodeCodePoints")
                    writer.object("properties") {
                        $0.field("model", result.model.name)
                        $0.field("kubernetesVersion", result.catalogue.kubernetesVersion.description)
                        $0.field("scannedAt", result.scannedAt)
                    }
                    writer.array("results", writeResults)
                }
            }
        }
        writer.text("\n")
    }

    // MARK: - The tool and its rules

    /// The whole catalogue, also controls without a finding: a reader wants to know what was looked for.
    private func writeDriver(to writer: inout ByteWriter) {
        writer.field("name", "Demarc")
        writer.field("version", result.toolVersion)
        if isSemantic(result.toolVersion) { writer.field("semanticVersion", result.toolVersion) }
        writer.array("supportedTaxonomies") { writer in
            for (index, taxonomy) in taxonomies.enumerated() {
                writer.object {
                    $0.field("name", taxonomy.framework)
                    $0.field("index", index)
                }
            }
        }
        writer.array("rules") { writer in
            for control in result.catalogue.controls {
                writer.line()
                writer.object { write(control, to: &$0) }
            }
        }
    }

    private func write(_ control: Control, to writer: inout ByteWriter) {
        writer.field("id", control.id)
        writer.field("name", control.title)
        writer.object("shortDescription") { $0.field("text", control.title) }
        writer.object("fullDescription") { $0.field("text", control.summary) }
        writer.object("help") {
            $0.field("text", "\(control.summary)\n\nHow to fix: \(control.remedy)")
            $0.field("markdown", helpMarkdown(control))
        }
        writer.object("defaultConfiguration") { $0.field("level", control.severity.sarifLevel) }
        writer.array("relationships") { writer in
            for reference in control.references {
                guard let index = taxonomies.firstIndex(where: { $0.framework == reference.framework }) else { continue }
                writer.object { writer in
                    writer.object("target") { writer in
                        writer.field("id", reference.id)
                        writer.object("toolComponent") {
                            $0.field("name", reference.framework)
                            $0.field("index", index)
                        }
                    }
                    writer.array("kinds") { $0.value("relevant") }
                }
            }
        }
        writer.object("properties") { writer in
            writer.field("security-severity", control.severity.score)
            writer.field("precision", "very-high")
            writer.field("problem.severity", control.severity.sarifLevel == "note" ? "recommendation" : control.severity.sarifLevel)
            writer.field("duty", control.duty)
            // GitHub keeps ten tags of a rule.
            writer.array("tags") { writer in
                for tag in (["security", "kubernetes", "duty/\(control.duty)"] + Set(control.references.map(\.framework)).sorted()).prefix(10) {
                    writer.value(tag)
                }
            }
        }
    }

    /// What an editor or a code-scanning page shows beside a finding.
    private func helpMarkdown(_ control: Control) -> String {
        var text = "\(control.summary)\n\n**How to fix:** \(control.remedy)\n"
        if let failing = control.failing.first { text += "\n**Fails:**\n```yaml\n\(failing.manifest)\n```\n" }
        if let passing = control.passing.first { text += "\n**Passes:**\n```yaml\n\(passing.manifest)\n```\n" }
        return text
    }

    /// Frameworks as places that rules point to; a number of theirs is never the name of a rule.
    private func writeTaxonomies(to writer: inout ByteWriter) {
        for taxonomy in taxonomies {
            writer.line()
            writer.object { writer in
                writer.field("name", taxonomy.framework)
                writer.array("taxa") { for id in taxonomy.ids { $0.object { $0.field("id", id) } } }
            }
        }
    }

    // MARK: - What was not judged

    /// A run that could not read everything was no success, whatever it found.
    private func writeInvocation(to writer: inout ByteWriter) {
        writer.field("executionSuccessful", result.coverage.gaps.allSatisfy(\.isRemark))
        writer.field("endTimeUtc", result.scannedAt)
        writer.array("toolExecutionNotifications") { writer in
            for gap in result.coverage.gaps {
                writer.line()
                writer.object { writer in
                    writer.object("descriptor") { $0.field("id", gap.reason.rawValue) }
                    writer.field("level", gap.isRemark ? "warning" : "error")
                    writer.object("message") { $0.field("text", messageText(gap.message)) }
                    guard !gap.source.isEmpty else { return }
                    writer.array("locations") { $0.object { writeLocation(gap.source, gap.line, gap.column, to: &$0) } }
                }
            }
        }
    }

    // MARK: - Results

    /// Findings first, then passes where they were asked for.
    private func writeResults(to writer: inout ByteWriter) {
        for attributed in result.findings {
            writer.line()
            writer.object { write(attributed, to: &$0) }
        }
        for quiet in result.quiet ?? [] {
            writer.line()
            writer.object { write(quiet, to: &$0) }
        }
        writer.byte(UInt8(ascii: "\n"))
    }

    private func write(_ attributed: AttributedFinding, to writer: inout ByteWriter) {
        let finding = attributed.finding
        let control = result.catalogue.controls[finding.control]
        let object = result.inventory.objects[finding.object]
        let isFail = finding.verdict == .fail || finding.verdict == .accepted
        writer.field("ruleId", control.id)
        writer.field("ruleIndex", finding.control)
        writer.field("kind", isFail ? "fail" : finding.verdict == .manual ? "review" : "open")
        writer.field("level", isFail ? control.severity.sarifLevel : "none")
        writer.object("message") { $0.field("text", messageText("\(object.displayName): \(finding.message)")) }
        writer.array("locations") { writer in
            writer.object { writer in
                writeLocation(finding.place.source, finding.place.position.line, finding.place.position.column, to: &writer)
                writeLogicalLocation(object, to: &writer)
            }
        }
        writer.object("partialFingerprints") { $0.field("demarc/v1", attributed.fingerprint) }
        // Either every result of a run has this array or none.
        writer.array("suppressions") { writer in
            guard finding.verdict == .accepted else { return }
            writer.object {
                $0.field("kind", "external")
                $0.field("status", "accepted")
                $0.field("justification", justification(attributed))
            }
        }
        writer.object("properties") { writer in
            writer.object("responsibility") { attributed.attribution.write(to: &$0) }
            writer.field("duty", control.duty)
            writer.field("verdict", finding.verdict.rawValue)
            writer.field("container", unlessEmpty: finding.container)
            writer.field("grant", unlessEmpty: attributed.grant)
            writer.field("fix", unlessEmpty: finding.fix?())
            writer.key("fieldPath")
            writer.text("\"")
            writer.fieldPath(of: finding, in: object)
            writer.text("\"")
            writer.needsComma = true
        }
    }

    private func write(_ quiet: QuietVerdict, to writer: inout ByteWriter) {
        let object = result.inventory.objects[quiet.object]
        writer.field("ruleId", result.catalogue.controls[quiet.control].id)
        writer.field("ruleIndex", quiet.control)
        writer.field("kind", quiet.verdict == .pass ? "pass" : quiet.verdict == .notApplicable ? "notApplicable" : "open")
        writer.field("level", "none")
        writer.object("message") { $0.field("text", messageText(object.displayName)) }
        writer.array("locations") { writer in
            writer.object { writer in
                writeLocation(object.root.source, object.root.position.line, object.root.position.column, to: &writer)
                writeLogicalLocation(object, to: &writer)
            }
        }
        writer.array("suppressions") { _ in }
    }

    /// The words of the grant or exception where they are known, its name otherwise.
    private func justification(_ attributed: AttributedFinding) -> String {
        guard let grant = attributed.grant else { return attributed.attribution.chain.last ?? "accepted" }
        return result.justifications[grant].map { "\(grant): \($0)" } ?? "covered by \(grant)"
    }

    /// A place in a source. A gap of a whole source has no line.
    private func writeLocation(_ source: String, _ line: Int, _ column: Int, to writer: inout ByteWriter) {
        writer.object("physicalLocation") { writer in
            writer.object("artifactLocation") { writer in
                writer.field("uri", URIReference.text(forPath: source))
                if !source.hasPrefix("/") { writer.field("uriBaseId", "%SRCROOT%") }
            }
            guard line > 0 else { return }
            writer.object("region") {
                $0.field("startLine", line)
                if column > 0 { $0.field("startColumn", column) }
            }
        }
    }

    /// The object, for readers that do not go by files.
    private func writeLogicalLocation(_ object: KubernetesObject, to writer: inout ByteWriter) {
        writer.array("logicalLocations") { writer in
            writer.object {
                $0.field("name", object.name)
                $0.field("fullyQualifiedName", "\(object.namespace)/\(object.kind)/\(object.name)")
                $0.field("kind", "resource")
            }
        }
    }

    /// Text in which nothing reads as a link: `[text](target)` is one even in plain SARIF messages.
    private func messageText(_ text: String) -> String {
        guard text.contains("[") || text.contains("\\") else { return text }
        var escaped = ""
        for character in text {
            if character == "[" || character == "]" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }

    /// Whether `semanticVersion` may be claimed.
    private func isSemantic(_ version: String) -> Bool {
        version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }.allSatisfy { $0 != nil }
            && version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".").count == 3
    }
}

extension Attribution {
    /// The members of a JSON object.
    func write(to writer: inout ByteWriter) {
        writer.field("party", party.rawValue)
        writer.key("principal")
        writer.value(principal)
        writer.field("basis", basis.rawValue)
        writer.field("strength", strength.rawValue)
        writer.array("chain") { for step in chain { $0.value(step) } }
    }
}

extension Gap {
    /// Whether the source was judged all the same, as with the last of duplicate keys.
    var isRemark: Bool { reason == .duplicateKey }
}

extension Severity {
    var sarifLevel: String {
        switch self {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "note"
        }
    }

    /// A number in the middle of the range that code-scanning services give this severity.
    var score: String {
        switch self {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "2.5"
        case .info: "0.1"
        }
    }
}
