import Controls
import Documents
import Kubernetes
import Responsibility

/// OSCAL assessment results 1.2: a finding for each control, an observation for each place, a risk for each party that
/// must act on a control.
///
/// Identifiers are version 5 UUIDs of stable keys, so that the results of two scans can be compared. OSCAL forbids empty
/// arrays and empty or multi-line strings; both are taken care of here, since names come from strangers.
struct OSCALReport {
    static let namespace = "https://demarc.dev/ns/oscal"

    let result: ScanResult
    /// For each finding of the result.
    private let observations: [String]
    private let groups: [ControlGroup]
    /// For each object of the inventory that has findings.
    private let subjects: [Int: String]

    /// What was found for one control.
    private struct ControlGroup {
        let control: Int
        var findings: [Int] = []
        var passes = 0
    }

    init(_ result: ScanResult) {
        self.result = result
        var seen: [String: Int] = [:]
        observations = result.findings.map { attributed in
            // Two findings of one scan may share a fingerprint; the second is told apart by its ordinal.
            seen[attributed.fingerprint, default: 0] += 1
            let ordinal = seen[attributed.fingerprint] ?? 1
            return StableUUID.text("observation", ordinal == 1 ? attributed.fingerprint : "\(attributed.fingerprint)/\(ordinal)")
        }
        var groups = result.catalogue.controls.indices.map { ControlGroup(control: $0) }
        for (index, attributed) in result.findings.enumerated() { groups[attributed.finding.control].findings.append(index) }
        for quiet in result.quiet ?? [] where quiet.verdict == .pass { groups[quiet.control].passes += 1 }
        let judged = Set(result.findings.map(\.finding.object))
        subjects = Dictionary(uniqueKeysWithValues: judged.map { ($0, OSCALReport.subjectUUID(result.inventory.objects[$0])) })
        self.groups = groups.filter { !$0.findings.isEmpty || $0.passes > 0 }
    }

    func write(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.object("assessment-results") { writer in
                writer.field("uuid", StableUUID.text("assessment-results", "\(result.model.name) \(result.scannedAt)"))
                writer.line()
                writer.object("metadata", writeMetadata)
                writer.line()
                writer.object("import-ap") {
                    $0.field("href", "#\(planUUID)")
                    $0.field("remarks", "The plan is the catalogue of controls that comes with the tool.")
                }
                writer.line()
                writer.array("results") { $0.object(writeResult) }
                writer.line()
                writer.object("back-matter", writeBackMatter)
            }
        }
        writer.text("\n")
    }

    /// What was assessed by; OSCAL wants a plan to refer to, and a scan has none but the catalogue.
    private var planUUID: String { StableUUID.text("plan", "demarc scan") }
    private var toolUUID: String { StableUUID.text("component", "demarc") }

    // MARK: - Metadata

    /// Each party of the model is a party of the document, also those that nothing was found for.
    private func writeMetadata(to writer: inout ByteWriter) {
        writer.field("title", "Responsibility for findings, model \(OSCALText.line(result.model.name))")
        writer.field("last-modified", result.scannedAt)
        writer.field("version", OSCALText.line(result.scannedAt))
        writer.field("oscal-version", "1.2.1")
        writer.array("roles") { writer in
            writer.object {
                $0.field("id", "accountable")
                $0.field("title", "Accountable party")
            }
        }
        writer.array("parties") { writer in
            for party in Party.allCases {
                writer.object {
                    $0.field("uuid", partyUUID(party))
                    $0.field("type", "organization")
                    $0.field("name", OSCALText.line(result.model.parties[party] ?? party.title))
                    $0.field("short-name", party.rawValue)
                    $0.field("remarks", "In a finding: \(party.explanation).")
                }
            }
        }
    }

    private func partyUUID(_ party: Party) -> String { StableUUID.text("party", party.rawValue) }

    private func writeBackMatter(to writer: inout ByteWriter) {
        writer.array("resources") { writer in
            writer.object {
                $0.field("uuid", planUUID)
                $0.field("title", "demarc scan")
                $0.field("description", "Automated judging of Kubernetes objects by the catalogue of controls of Demarc.")
            }
        }
    }

    // MARK: - The result

    private func writeResult(to writer: inout ByteWriter) {
        let coverage = result.coverage
        writer.field("uuid", StableUUID.text("result", "\(result.model.name) \(result.scannedAt)"))
        writer.field("title", "Scan of \(counted(coverage.objects, "object")) in \(counted(coverage.files, "file"))")
        writer.field(
            "description",
            "\(counted(coverage.controls, "control")), \(coverage.evaluated) pairs of control and subject judged, \(result.passed) passed, "
                + "\(counted(coverage.gaps.count, "gap")). What was not judged is not satisfied and names the reason.")
        writer.field("start", result.scannedAt)
        writer.array("props") { writer in
            writer.property("responsibility-model", result.model.name)
            writer.property("kubernetes-version", result.catalogue.kubernetesVersion.description)
            writer.property("complete", coverage.gaps.allSatisfy(\.isRemark) ? "true" : "false")
        }
        writer.object("local-definitions", writeLocalDefinitions)
        writer.object("reviewed-controls", writeReviewedControls)
        if !result.findings.isEmpty || !coverage.gaps.isEmpty { writer.array("observations", writeObservations) }
        if result.findings.contains(where: { $0.finding.verdict == .fail || $0.finding.verdict == .accepted }) {
            writer.array("risks") { writer in for group in groups { writeRisks(group, to: &writer) } }
        }
        if !groups.isEmpty {
            writer.array("findings") { writer in
                for group in groups {
                    writer.line()
                    writer.object { write(group, to: &$0) }
                }
            }
        }
    }

    /// The tool and the objects that the findings are about.
    private func writeLocalDefinitions(to writer: inout ByteWriter) {
        writer.array("components") { writer in
            writer.object { writer in
                writer.field("uuid", toolUUID)
                writer.field("type", "validation")
                writer.field("title", "Demarc")
                writer.field("description", "Judges Kubernetes objects and says who must act on each finding.")
                writer.array("props") { $0.property("version", result.toolVersion, isOwn: false) }
                writer.object("status") { $0.field("state", "operational") }
            }
        }
        guard !subjects.isEmpty else { return }
        writer.array("inventory-items") { writer in
            for (index, uuid) in subjects.sorted(by: { $0.key < $1.key }) {
                let object = result.inventory.objects[index]
                writer.line()
                writer.object { writer in
                    writer.field("uuid", uuid)
                    writer.field("description", OSCALText.line(object.displayName))
                    writer.array("props") { writer in
                        writer.property("api-version", object.apiVersion)
                        writer.property("kind", object.kind)
                        if !object.namespace.isEmpty { writer.property("namespace", object.namespace) }
                        writer.property("name", object.name)
                        writer.property("source", object.root.source)
                    }
                }
            }
        }
    }

    /// The place is part of the key, since two sources may hold an object of the same name.
    private static func subjectUUID(_ object: KubernetesObject) -> String {
        let key = [object.apiVersion, object.kind, object.namespace, object.name, object.root.source, String(object.root.position.line)]
        return StableUUID.text("subject", key.joined(separator: "\n"))
    }

    /// By name, since a filter may have left controls out.
    private func writeReviewedControls(to writer: inout ByteWriter) {
        writer.array("control-selections") { writer in
            writer.object { writer in
                guard !result.catalogue.controls.isEmpty else { return writer.object("include-all") { _ in } }
                writer.array("include-controls") { writer in
                    for control in result.catalogue.controls { writer.object { $0.field("control-id", control.id) } }
                }
            }
        }
    }

    // MARK: - Observations

    /// What was seen, and what could not be: a gap is an observation too.
    private func writeObservations(to writer: inout ByteWriter) {
        for index in result.findings.indices {
            writer.line()
            writer.object { writeObservation(index, to: &$0) }
        }
        for (index, gap) in result.coverage.gaps.enumerated() {
            writer.line()
            writer.object { writer in
                writer.field("uuid", StableUUID.text("gap", "\(index)\n\(gap.source)\n\(gap.line)\n\(gap.message)"))
                writer.field("title", "Not judged")
                writer.field("description", OSCALText.line(gap.message))
                writer.array("props") { writer in
                    writer.property("gap-reason", gap.reason.rawValue)
                    if gap.line > 0 { writer.property("line", String(gap.line)) }
                }
                writer.array("methods") { $0.value("UNKNOWN") }
                writer.array("types") { $0.value("discovery") }
                if !gap.source.isEmpty { writer.evidence(gap.source, "The source that has the gap.") }
                writer.field("collected", result.scannedAt)
            }
        }
    }

    /// One place, with its party and the steps that led there.
    private func writeObservation(_ index: Int, to writer: inout ByteWriter) {
        let attributed = result.findings[index]
        let finding = attributed.finding
        let attribution = attributed.attribution
        writer.field("uuid", observations[index])
        writer.field("title", OSCALText.line(result.control(of: attributed).title))
        writer.field("description", OSCALText.line(finding.message))
        writer.array("props") { writer in
            writer.property("verdict", finding.verdict.rawValue)
            writer.property("responsibility", attribution.party.rawValue)
            if let principal = attribution.principal { writer.property("principal", principal) }
            writer.property("attribution-basis", attribution.basis.rawValue)
            writer.property("attribution-strength", attribution.strength.rawValue)
            if let grant = attributed.grant { writer.property("grant", grant) }
            if !finding.container.isEmpty { writer.property("container", finding.container) }
            let path = attributed.fieldPath(in: result)
            if !path.isEmpty { writer.property("field-path", path) }
            writer.property("line", String(finding.place.position.line))
            writer.property("fingerprint", attributed.fingerprint)
        }
        writer.array("methods") { $0.value("TEST") }
        writer.array("types") { $0.value("finding") }
        writer.array("origins") { writer in
            writer.object { writer in
                writer.array("actors") { writer in
                    writer.object {
                        $0.field("type", "tool")
                        $0.field("actor-uuid", toolUUID)
                    }
                }
            }
        }
        writer.array("subjects") { writer in
            writer.object {
                $0.field("subject-uuid", subjects[finding.object] ?? "")
                $0.field("type", "inventory-item")
            }
        }
        writer.evidence(finding.place.source, "Line \(finding.place.position.line).")
        writer.field("collected", result.scannedAt)
        if !attribution.chain.isEmpty {
            writer.field("remarks", "Who must act: " + attribution.chain.map(OSCALText.line).joined(separator: " → "))
        }
    }

    // MARK: - Risks and findings

    /// What a party must act on, apart from what a grant or an exception accepts.
    private func risks(of group: ControlGroup) -> [(party: Party, verdict: Verdict, findings: [Int])] {
        [Verdict.fail, .accepted].flatMap { verdict in
            Party.allCases.compactMap { party in
                let findings = group.findings.filter {
                    result.findings[$0].finding.verdict == verdict && result.findings[$0].attribution.party == party
                }
                return findings.isEmpty ? nil : (party, verdict, findings)
            }
        }
    }

    private func riskUUID(_ control: Control, _ party: Party, _ verdict: Verdict) -> String {
        StableUUID.text("risk", "\(control.id) \(party.rawValue) \(verdict.rawValue)")
    }

    /// One risk a party, so that each can be assigned, accepted and closed on its own.
    private func writeRisks(_ group: ControlGroup, to writer: inout ByteWriter) {
        let control = result.catalogue.controls[group.control]
        for risk in risks(of: group) {
            writer.line()
            writer.object { writer in
                writer.field("uuid", riskUUID(control, risk.party, risk.verdict))
                writer.field("title", OSCALText.line("\(control.title) (\(risk.party.rawValue))"))
                writer.field("description", OSCALText.line(control.summary))
                writer.field("statement", OSCALText.line("\(counted(risk.findings.count, "place")): \(risk.party.explanation)."))
                writer.array("props") { writer in
                    writer.property("responsibility", risk.party.rawValue)
                    writer.property("severity", control.severity.rawValue)
                    writer.property("duty", control.duty)
                    if risk.verdict == .accepted { writer.property("accepted", "true") }
                }
                writer.field("status", risk.verdict == .accepted ? "deviation-approved" : "open")
                writer.array("origins") { writer in
                    writer.object { writer in
                        writer.array("actors") { writer in
                            writer.object {
                                $0.field("type", "party")
                                $0.field("actor-uuid", partyUUID(risk.party))
                                $0.field("role-id", "accountable")
                            }
                        }
                    }
                }
                writer.array("remediations") { writer in
                    writer.object {
                        $0.field("uuid", StableUUID.text("remedy", control.id + risk.party.rawValue + risk.verdict.rawValue))
                        $0.field("lifecycle", "recommendation")
                        $0.field("title", OSCALText.line(control.title))
                        $0.field("description", OSCALText.line(control.remedy))
                    }
                }
                writer.array("related-observations") { writer in
                    for index in risk.findings { writer.object { $0.field("observation-uuid", observations[index]) } }
                }
            }
        }
    }

    /// The state of one control over all its subjects.
    private func write(_ group: ControlGroup, to writer: inout ByteWriter) {
        let control = result.catalogue.controls[group.control]
        let verdicts = Set(group.findings.map { result.findings[$0].finding.verdict })
        let hasFailed = verdicts.contains(.fail) || verdicts.contains(.accepted)
        writer.field("uuid", StableUUID.text("finding", control.id))
        writer.field("title", OSCALText.line(control.title))
        writer.field("description", OSCALText.line(control.summary))
        writer.array("props") { writer in
            writer.property("duty", control.duty)
            writer.property("severity", control.severity.rawValue)
            for reference in control.references {
                writer.property("reference", "\(reference.framework) \(reference.level.map { $0 + " " } ?? "")\(reference.id)")
            }
        }
        writer.object("target") { writer in
            writer.field("type", "objective-id")
            writer.field("target-id", control.id)
            writer.object("status") { writer in
                writer.field("state", group.findings.isEmpty ? "satisfied" : "not-satisfied")
                // What a person must look at, or nobody could look at, is neither passed nor failed.
                writer.field("reason", group.findings.isEmpty ? "pass" : hasFailed ? "fail" : "other")
            }
        }
        if !group.findings.isEmpty {
            writer.array("related-observations") { writer in
                for index in group.findings { writer.object { $0.field("observation-uuid", observations[index]) } }
            }
        }
        let risks = risks(of: group)
        guard !risks.isEmpty else { return }
        writer.array("related-risks") { writer in
            for risk in risks { writer.object { $0.field("risk-uuid", riskUUID(control, risk.party, risk.verdict)) } }
        }
    }
}

/// Text as OSCAL's data types demand it.
enum OSCALText {
    /// One line, not empty, without space at either end.
    static func line(_ text: String) -> String {
        if isLine(text) { return text }
        let words = text.unicodeScalars.split { $0.properties.isWhitespace || $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        return words.isEmpty ? "-" : words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
    }
}

extension OSCALText {
    /// Whether plain text is a line already, as nearly all of it is.
    private static func isLine(_ text: String) -> Bool {
        let space = UInt8(ascii: " ")
        guard let first = text.utf8.first, let last = text.utf8.last, first != space, last != space else { return false }
        return text.utf8.allSatisfy { $0 >= space && $0 < 0x7F }
    }
}

extension ByteWriter {
    /// - Parameter isOwn: whether the name is one of Demarc's, as opposed to OSCAL's.
    fileprivate mutating func property(_ name: StaticString, _ value: String, isOwn: Bool = true) {
        object {
            $0.key("name")
            $0.value(name)
            if isOwn { $0.field("ns", OSCALReport.namespace) }
            $0.field("value", OSCALText.line(value))
        }
    }

    fileprivate mutating func evidence(_ source: String, _ description: String) {
        array("relevant-evidence") { writer in
            writer.object {
                $0.field("href", URIReference.text(forPath: source))
                $0.field("description", description)
            }
        }
    }
}
