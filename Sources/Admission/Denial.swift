import Controls
import Documents
import Kubernetes
import Responsibility

/// What whoever is refused needs to know: which field, why, whose duty it is, how to mend it, and what to apply for if it cannot be mended.
struct Denial {
    let message: String
    let causes: [AdmissionResponse.Cause]

    /// Findings that are told in full; a manifest may hold a hundred thousand.
    private static let most = 8
    /// UTF-8 bytes of the draft that are printed.
    private static let longestDraft = 8_192

    init(_ sorted: Sorted, _ judged: AdmissionEngine.Judged, engine: AdmissionEngine, at now: Timestamp) {
        let controls = engine.catalogue.controls
        let object = judged.inventory.objects[0]
        let shown = sorted.denied.prefix(Denial.most)
        causes = shown.map { AdmissionResponse.Cause(field: $0.finding.fieldPath, message: $0.finding.message) }
        var lines: [String] = []
        let count = sorted.denied.count
        if count > 0 {
            lines.append(
                "\(object.displayName) asks for what model '\(engine.model.name)' keeps off by default (\(count) \(count == 1 ? "finding" : "findings")):"
            )
        }
        for (index, finding) in shown.enumerated() { lines += Denial.paragraph(index + 1, finding, controls[finding.finding.control], engine.model) }
        if count > shown.count { lines.append("… and \(count - shown.count) more; `demarc scan` lists them all") }
        if let gap = sorted.gap { lines.append("\(object.displayName) cannot be judged, so it is refused: \(gap.message)") }
        let draft = GrantDraft(
            for: sorted.denied.map(\.finding), controls: controls, inventory: judged.inventory, model: engine.model, from: now)
        for refusal in draft.refusals.prefix(Denial.most) { lines.append("No grant is to be had: \(refusal)") }
        if !draft.text.isEmpty, draft.text.utf8.count <= Denial.longestDraft {
            lines.append("If the program cannot do without, apply for this grant and answer for it (fill in, then `kubectl apply -f`):")
            lines.append(draft.text)
        } else if !draft.text.isEmpty {
            lines.append("If the program cannot do without: `demarc grant draft` writes the application")
        }
        message = lines.joined(separator: "\n")
    }

    private static func paragraph(_ number: Int, _ found: AttributedFinding, _ control: Control, _ model: ResponsibilityModel) -> [String] {
        let path = found.finding.fieldPath
        let party = found.attribution.party
        let who = model.parties[party].map { "\(party.rawValue) (\($0))" } ?? party.rawValue
        var lines = [
            "\(number). \(path.isEmpty ? "" : path + ": ")\(found.finding.message) [\(control.id), \(control.severity.rawValue)]",
            "   why:   \(control.summary)",
            "   whose: \(who), duty \(control.duty)\(model.duty(control.duty).map { ": \($0.title)" } ?? "")",
        ]
        if let author = Author.text(of: found) { lines.append("   who:   \(author)") }
        lines.append("   fix:   \(control.remedy)")
        // Whoever has a grant wants to know why it does not count here: it ended, was revoked, or is for another image.
        let grant = "grant: grant "
        if let step = found.attribution.chain.first(where: { $0.hasPrefix(grant) }) { lines.append("   grant: \(step.dropFirst(grant.count))") }
        return lines
    }
}

/// What a client shows of an object that goes through. The API server cuts a warning at 256 characters and all of them at 4,096.
enum Warnings {
    private static let most = 10

    static func lines(_ sorted: Sorted, _ controls: [Control]) -> [String] {
        guard !sorted.warned.isEmpty else { return [] }
        let ranked = sorted.warned.sorted { controls[$0.finding.control].severity > controls[$1.finding.control].severity }
        var lines = ranked.prefix(most).map { line($0, controls[$0.finding.control]) }
        if ranked.count > most { lines.append("demarc: \(ranked.count - most) milder findings more; `demarc scan` lists them all") }
        return lines
    }

    private static func line(_ found: AttributedFinding, _ control: Control) -> String {
        let path = found.finding.fieldPath
        // Short, since the place and the message must fit, too.
        let author = found.attribution.introducedBy.map { ", by \(Author.name($0.user, longest: 48))" } ?? ""
        let text =
            "\(control.id) (\(control.severity.rawValue), \(found.attribution.party.rawValue)\(author)): \(path.isEmpty ? "" : path + ": ")\(found.finding.message)"
        // Header lines: no line breaks, and cut at a character.
        return String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }.prefix(250))
    }
}

/// Whoever brought in what is found, as a person is told.
enum Author {
    /// Characters of a user name; some providers of identities put a lot into it.
    private static let longest = 120

    /// `ann@example.com wrote it (2026-06-15T00:00:00Z, admission request 7f0a-11)`; nil where nothing proves who it was.
    static func text(of found: AttributedFinding) -> String? {
        guard let writer = found.attribution.introducedBy else { return nil }
        let role = writer.impersonated.map { " as \(name($0, longest: longest))" } ?? ""
        let deed = found.finding.missing.isEmpty ? "wrote" : "removed"
        return "\(name(writer.user, longest: longest))\(role) \(deed) it (\(writer.time), \(name(writer.evidence, longest: longest)))"
    }

    /// On one line, cut at a character.
    static func name(_ user: String, longest: Int) -> String {
        let plain = user.unicodeScalars.prefix(longest + 1).map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return plain.count > longest ? String(plain.prefix(longest)) + "…" : String(plain)
    }
}
