import Controls
import Documents
import Kubernetes
public import Responsibility

/// Reports as Kubernetes objects, one for each judged object that has findings, as a `List` that `kubectl apply -f -` takes.
///
/// One report an object keeps each far below the API server's size limit and lets the garbage collector remove it
/// together with its object; passes are left out unless they were asked for, since they would fill etcd.
struct PolicyReport {
    let result: ScanResult
    let api: PolicyReportAPI
    private let timestamp: Timestamp?

    init(_ result: ScanResult, api: PolicyReportAPI) {
        self.result = result
        self.api = api
        timestamp = Timestamp(result.scannedAt)
    }

    func write(to writer: inout ByteWriter) {
        var findings = [[Int]](repeating: [], count: result.inventory.objects.count)
        for (index, attributed) in result.findings.enumerated() { findings[attributed.finding.object].append(index) }
        var quiet = [[QuietVerdict]](repeating: [], count: result.quiet == nil ? 0 : findings.count)
        for verdict in result.quiet ?? [] { quiet[verdict.object].append(verdict) }
        var names: [String: Int] = [:]
        writer.object { writer in
            writer.field("apiVersion", "v1")
            writer.field("kind", "List")
            writer.array("items") { writer in
                for (index, object) in result.inventory.objects.enumerated() {
                    let ownQuiet = quiet.isEmpty ? [] : quiet[index]
                    guard !findings[index].isEmpty || !ownQuiet.isEmpty else { continue }
                    let scope = PolicyReportScope(object)
                    let base = scope.uid ?? PolicyReport.name(of: object)
                    names[base, default: 0] += 1
                    let name = names[base] == 1 ? base : "\(base)-\(names[base] ?? 0)"
                    writer.line()
                    document(object, name, scope, findings[index], ownQuiet).write(to: &writer)
                }
            }
        }
        writer.text("\n")
    }

    private func document(
        _ object: KubernetesObject, _ name: String, _ scope: PolicyReportScope, _ findings: [Int], _ quiet: [QuietVerdict]
    ) -> PolicyReportDocument {
        var rows = findings.map { index in
            let attributed = result.findings[index]
            let control = result.control(of: attributed)
            var row = PolicyReportRow(attributed, control: control, category: result.model.category(of: control.duty), object: object)
            row.location = attributed.location
            return row
        }
        rows += quiet.lazy.filter { $0.verdict == .pass }.map { verdict in
            let control = result.catalogue.controls[verdict.control]
            return PolicyReportRow(control, category: result.model.category(of: control.duty), verdict: .pass)
        }
        var document = PolicyReportDocument(api: api, name: name, scope: scope, rows: rows, timestamp: timestamp)
        document.countsPasses = result.quiet != nil
        return document
    }

    /// A name that stays the same from scan to scan, for objects without an identity.
    private static func name(of object: KubernetesObject) -> String {
        "demarc-" + StableUUID.shortName([object.apiVersion, object.kind, object.namespace, object.name, object.root.source].joined(separator: "\n"))
    }
}

extension ResponsibilityModel {
    /// `C5 Least privilege when creating containers`.
    public func category(of duty: String) -> String {
        duties.first { $0.id == duty }.map { "\($0.id) \($0.title)" } ?? duty
    }
}
