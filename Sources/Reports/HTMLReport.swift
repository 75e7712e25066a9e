import Controls
import Crypto
import Documents
import Kubernetes
import Reachability
import Responsibility

/// One HTML file that needs nothing but a browser: charts of who must act, and all findings to search and filter.
///
/// The findings lie in the page as JSON, with text that repeats kept once, and the script draws only the rows that are looked at, so
/// ten thousand of them stay quick. Names come from strangers: `<` is escaped in the JSON, the script sets text
/// and never markup, and a content security policy lets no other script run and nothing be fetched.
struct HTMLReport {
    let result: ScanResult

    init(_ result: ScanResult) { self.result = result }

    func write(to writer: inout ByteWriter) {
        writer.text("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        writer.text("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n")
        writer.text("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; ")
        writer.text("style-src 'sha256-\(PageDigest.sha256(HTMLPage.style))'; script-src 'sha256-\(PageDigest.sha256(HTMLPage.script))'\">\n")
        writer.text("<title>Demarc: who must act</title>\n<style>")
        writer.text(HTMLPage.style)
        writer.text("</style>\n</head>\n<body>\n")
        writer.text(HTMLPage.summary)
        writePicture(to: &writer)
        if let benchmark = result.benchmark { BenchmarkSection(benchmark: benchmark).write(to: &writer) }
        writer.text(HTMLPage.findings)
        writeFallback(to: &writer)
        writer.text("<script type=\"application/json\" id=\"data\">")
        writeData(to: &writer)
        writer.text("</script>\n<script>")
        writer.text(HTMLPage.script)
        writer.text("</script>\n</body>\n</html>\n")
    }

    /// Who reaches whom, where there is somebody to be reached and something that says by whom. Markup of our own
    /// making, in which names are escaped.
    private func writePicture(to writer: inout ByteWriter) {
        let network = result.inventory.analysis(NetworkModel.self)
        guard !network.workloads.isEmpty else { return }
        guard network.policyCount > 0 || !network.entries(platforms: result.loadBalancerPlatforms).isEmpty else { return }
        writer.text("  <section aria-labelledby=\"reach\"><h2 id=\"reach\">Who reaches whom</h2><div class=\"picture\" tabindex=\"0\">\n")
        writer.text(FlowPicture(of: network, platforms: result.loadBalancerPlatforms, palette: .page).svg)
        writer.text("  </div></section>\n")
    }

    /// What a browser without scripts shows.
    private func writeFallback(to writer: inout ByteWriter) {
        let summary = Summary(result)
        writer.text("<noscript><p>Findings need JavaScript to be shown. To fix: ")
        for party in Party.allCases { writer.text("\(party.rawValue) \(summary.count(party)), ") }
        writer.text("\(counted(result.coverage.gaps.count, "gap")) in what was judged.</p></noscript>\n")
    }

    // MARK: - Data

    /// Where repeated things are numbered.
    fileprivate struct Tables {
        var attributions: [AttributionKey: Int] = [:]
        var attributionList: [Attribution] = []
        var objects: [Int: Int] = [:]
        var objectList: [Int] = []
        var sources: [String: Int] = [:]
        var sourceList: [String] = []
    }

    /// What makes two attributions the same.
    fileprivate struct AttributionKey: Hashable {
        let party: Party
        let principal: String?
        let basis: Attribution.Basis
        let strength: Attribution.Strength
        let chain: [String]
    }

    private func writeData(to writer: inout ByteWriter) {
        var tables = Tables()
        writer.needsComma = false
        writer.object { writer in
            writer.object("meta", writeMeta)
            writer.array("duties") { writer in
                for duty in result.model.duties {
                    writer.object { writer in
                        writer.pageField("id", duty.id)
                        writer.pageField("title", duty.title)
                        writer.pageField("party", duty.party.rawValue)
                    }
                }
            }
            writer.object("parties") { writer in
                for party in Party.allCases {
                    writer.key(party.rawValue)
                    writer.value(result.model.explanation(of: party), markup: true)
                }
            }
            writer.array("controls") { writer in for control in result.catalogue.controls { writer.object { write(control, to: &$0) } } }
            writer.array("findings") { writer in
                for finding in result.findings {
                    writer.line()
                    write(finding, tables: &tables, to: &writer)
                }
            }
            writer.line()
            writer.array("attributions") { writer in for each in tables.attributionList { writer.object { write(each, to: &$0) } } }
            writer.array("objects") { writer in
                for index in tables.objectList { writer.value(result.inventory.objects[index].displayName, markup: true) }
            }
            writer.array("sources") { writer in for source in tables.sourceList { writer.value(source, markup: true) } }
            writer.array("gaps") { writer in
                for gap in result.coverage.gaps {
                    writer.line()
                    writer.object { writer in
                        writer.pageField("source", gap.source)
                        writer.field("line", gap.line)
                        writer.field("reason", gap.reason.rawValue)
                        writer.pageField("message", gap.message)
                    }
                }
            }
        }
    }

    /// Figures for the head and foot of the page.
    private func writeMeta(to writer: inout ByteWriter) {
        writer.pageField("version", result.toolVersion)
        writer.pageField("model", result.model.name)
        writer.pageField("modelTitle", result.model.title)
        writer.pageField("kubernetes", result.catalogue.kubernetesVersion.description)
        writer.pageField("scannedAt", result.scannedAt)
        writer.field("files", result.coverage.files)
        writer.field("objects", result.coverage.objects)
        writer.field("controls", result.coverage.controls)
        writer.field("evaluated", result.coverage.evaluated)
        writer.field("passed", result.passed)
        writer.field("hidden", result.hidden)
    }

    /// What is said about a control once for all its findings.
    private func write(_ control: Control, to writer: inout ByteWriter) {
        writer.pageField("id", control.id)
        writer.pageField("title", control.title)
        writer.field("severity", control.severity.rawValue)
        writer.pageField("duty", control.duty)
        writer.pageField("summary", control.summary)
        writer.pageField("remedy", control.remedy)
        writer.array("references") { writer in
            for reference in control.references {
                writer.value([reference.framework, reference.level, reference.id].compactMap(\.self).joined(separator: " "), markup: true)
            }
        }
    }

    /// An array, since names of members would be most of the page: control, verdict, attribution, object, container, source, line,
    /// path, message, grant, fingerprint, and the fix where there is one.
    private func write(_ attributed: AttributedFinding, tables: inout Tables, to writer: inout ByteWriter) {
        let finding = attributed.finding
        let source = finding.place.source
        writer.beginArray()
        writer.value(finding.control)
        writer.value(finding.verdict.rawValue)
        writer.value(tables.number(of: attributed.attribution))
        writer.value(tables.number(ofObject: finding.object))
        writer.value(finding.container, markup: true)
        writer.value(tables.number(ofSource: source))
        writer.value(finding.place.position.line)
        writer.value(attributed.fieldPath(in: result), markup: true)
        writer.value(finding.message, markup: true)
        writer.value(attributed.grant, markup: true)
        writer.value(attributed.fingerprint, markup: true)
        if let fix = finding.fix?() { writer.value(fix, markup: true) }
        writer.endArray()
    }

    /// Who and why, once for each distinct attribution.
    private func write(_ attribution: Attribution, to writer: inout ByteWriter) {
        writer.field("party", attribution.party.rawValue)
        writer.key("principal")
        writer.value(attribution.principal, markup: true)
        writer.pageField("basis", attribution.basis.phrase)
        writer.field("strength", attribution.strength.rawValue)
        writer.array("chain") { writer in for step in attribution.chain { writer.value(step, markup: true) } }
    }
}

extension HTMLReport.Tables {
    fileprivate mutating func number(of attribution: Attribution) -> Int {
        let key = HTMLReport.AttributionKey(
            party: attribution.party, principal: attribution.principal, basis: attribution.basis, strength: attribution.strength,
            chain: attribution.chain)
        if let known = attributions[key] { return known }
        attributions[key] = attributionList.count
        attributionList.append(attribution)
        return attributionList.count - 1
    }

    fileprivate mutating func number(ofObject object: Int) -> Int {
        if let known = objects[object] { return known }
        objects[object] = objectList.count
        objectList.append(object)
        return objectList.count - 1
    }

    fileprivate mutating func number(ofSource source: String) -> Int {
        if let known = sources[source] { return known }
        sources[source] = sourceList.count
        sourceList.append(source)
        return sourceList.count - 1
    }
}

/// The hash by which the content security policy knows the page's own style and script.
enum PageDigest {
    static func sha256(_ text: String) -> String {
        var hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Base64.text(Array(hash.finalize()))
    }
}

/// RFC 4648, with padding.
private enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 { text.append(place <= group.count ? digits[word >> (18 - 6 * place) & 63] : UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension ByteWriter {
    fileprivate mutating func pageField(_ name: StaticString, _ string: String) {
        key(name)
        value(string, markup: true)
    }
}
