import Controls
import Documents
import Kubernetes
import Responsibility

/// Reports as Kubernetes objects, one for each judged object that has findings, as a `List` that `kubectl apply -f -` takes.
///
/// One report an object keeps each far below the API server's size limit and lets the garbage collector remove it
/// together with its object; passes are left out unless they were asked for, since they would fill etcd.
struct PolicyReport {
    /// The two APIs have the same shape. `wgpolicyk8s.io` is retired upstream and still what many dashboards read.
    enum API {
        case openReports, policyReport

        /// What stands in `apiVersion`.
        var version: String { self == .openReports ? "openreports.io/v1alpha1" : "wgpolicyk8s.io/v1alpha2" }
        /// The kind of namespaced reports; that of the others has `Cluster` before it.
        var kind: String { self == .openReports ? "Report" : "PolicyReport" }
    }

    let result: ScanResult
    let api: API
    private let timestamp: Timestamp?

    init(_ result: ScanResult, api: API) {
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
                    let base = name(of: object)
                    names[base, default: 0] += 1
                    let name = names[base] == 1 ? base : "\(base)-\(names[base] ?? 0)"
                    writer.line()
                    writer.object { write(object, name, findings[index], ownQuiet, to: &$0) }
                }
            }
        }
        writer.text("\n")
    }

    /// One object's report. It is owned by the object where that is known, so that both are deleted together.
    private func write(_ object: KubernetesObject, _ name: String, _ findings: [Int], _ quiet: [QuietVerdict], to writer: inout ByteWriter) {
        writer.field("apiVersion", api.version)
        writer.field("kind", object.namespace.isEmpty ? "Cluster" + api.kind : api.kind)
        writer.object("metadata") { writer in
            writer.field("name", name)
            writer.field("namespace", unlessEmpty: object.namespace)
            writer.object("labels") { $0.field("app.kubernetes.io/managed-by", "demarc") }
            guard let uid = uid(of: object) else { return }
            writer.array("ownerReferences") { writer in
                writer.object {
                    $0.field("apiVersion", object.apiVersion)
                    $0.field("kind", object.kind)
                    $0.field("name", object.name)
                    $0.field("uid", uid)
                }
            }
        }
        if api == .openReports { writer.field("source", "demarc") }
        writer.object("scope") { writer in
            writer.field("apiVersion", object.apiVersion)
            writer.field("kind", object.kind)
            writer.field("namespace", unlessEmpty: object.namespace)
            writer.field("name", object.name)
            writer.field("uid", unlessEmpty: uid(of: object))
        }
        writer.object("summary") { writeSummary(findings, quiet, to: &$0) }
        writer.array("results") { writer in
            for index in findings {
                writer.line()
                writer.object { write(result.findings[index], to: &$0) }
            }
            for verdict in quiet where verdict.verdict == .pass {
                writer.line()
                writer.object { writer in
                    writeControl(result.catalogue.controls[verdict.control], result: "pass", to: &writer)
                    writer.field("scored", true)
                }
            }
        }
    }

    /// Passes are counted only when they were asked for: an unknown number is no zero.
    private func writeSummary(_ findings: [Int], _ quiet: [QuietVerdict], to writer: inout ByteWriter) {
        var counts: [String: Int] = [:]
        for index in findings { counts[result.findings[index].finding.verdict.policyResult, default: 0] += 1 }
        if result.quiet != nil { writer.field("pass", quiet.count { $0.verdict == .pass }) }
        writer.field("fail", counts["fail"] ?? 0)
        writer.field("warn", counts["warn"] ?? 0)
        writer.field("error", 0)
        writer.field("skip", counts["skip"] ?? 0)
    }

    private func write(_ attributed: AttributedFinding, to writer: inout ByteWriter) {
        let finding = attributed.finding
        let control = result.control(of: attributed)
        writeControl(control, result: finding.verdict.policyResult, to: &writer)
        writer.field("message", finding.message)
        // An accepted finding stays a fail, but does not count against anybody's score.
        writer.field("scored", finding.verdict == .fail)
        writer.object("properties") { writer in
            let attribution = attributed.attribution
            writer.field("verdict", finding.verdict.rawValue)
            writer.field("responsibility", attribution.party.rawValue)
            writer.field("accountable", unlessEmpty: attribution.principal)
            writer.field("attributionBasis", attribution.basis.rawValue)
            writer.field("attributionStrength", attribution.strength.rawValue)
            writer.field("attributionReason", unlessEmpty: attribution.chain.last)
            writer.field("duty", control.duty)
            writer.field("grant", unlessEmpty: attributed.grant)
            writer.field("container", unlessEmpty: finding.container)
            writer.field("fieldPath", unlessEmpty: attributed.fieldPath(in: result))
            writer.field("location", attributed.location)
            writer.field("fingerprint", attributed.fingerprint)
            writer.field("remediation", control.remedy)
        }
    }

    /// What a result says about its control.
    private func writeControl(_ control: Control, result verdict: String, to writer: inout ByteWriter) {
        writer.field("source", "demarc")
        writer.field("policy", control.id)
        writer.field("category", result.model.category(of: control.duty))
        writer.field("severity", control.severity.rawValue)
        writer.field("result", verdict)
        guard let timestamp else { return }
        writer.object("timestamp") {
            $0.field("seconds", Int(timestamp.secondsSinceEpoch))
            $0.field("nanos", 0)
        }
    }

    /// The identity the API server gave, which objects in files mostly lack.
    private func uid(of object: KubernetesObject) -> String? {
        // An identity of the wrong type is none; the object itself is judged elsewhere.
        guard let uid = try? object.metadata["uid"].string(), !uid.isEmpty else { return nil }
        return uid
    }

    /// A name that stays the same from scan to scan.
    private func name(of object: KubernetesObject) -> String {
        uid(of: object) ?? "demarc-"
            + StableUUID.shortName([object.apiVersion, object.kind, object.namespace, object.name, object.root.source].joined(separator: "\n"))
    }
}

extension ResponsibilityModel {
    /// `C5 Least privilege when creating containers`.
    func category(of duty: String) -> String {
        duties.first { $0.id == duty }.map { "\($0.id) \($0.title)" } ?? duty
    }
}

extension Verdict {
    fileprivate var policyResult: String {
        switch self {
        case .pass: "pass"
        case .fail, .accepted: "fail"
        case .manual: "warn"
        case .notApplicable, .notObservable: "skip"
        }
    }
}
