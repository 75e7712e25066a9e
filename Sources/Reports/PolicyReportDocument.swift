public import Controls
public import Documents
public import Kubernetes
public import Responsibility

/// The two APIs of reports have the same shape. `wgpolicyk8s.io` is retired upstream and still what many dashboards read.
public enum PolicyReportAPI: Sendable, CaseIterable {
    case openReports, policyReport

    public var group: String { self == .openReports ? "openreports.io" : "wgpolicyk8s.io" }
    public var version: String { self == .openReports ? "v1alpha1" : "v1alpha2" }
    /// What stands in `apiVersion`.
    public var apiVersion: String { "\(group)/\(version)" }
    /// The kind of namespaced reports, and of those that are in none.
    public func kind(isNamespaced: Bool) -> String {
        let kind = self == .openReports ? "Report" : "PolicyReport"
        return isNamespaced ? kind : "Cluster" + kind
    }
}

/// One result of a report with all that it says, and nothing that points into the estate it came from.
public struct PolicyReportRow: Sendable, Hashable {
    public var policy: String
    public var category: String
    public var severity: Severity
    public var verdict: Verdict
    public var message = ""
    public var party = ""
    public var principal: String?
    public var basis = ""
    public var strength = ""
    /// The step that decided.
    public var reason: String?
    /// Who wrote the value, where that is proven: `ci as bob (2026-11-24T05:18:49Z, audit event audit.log:17)`.
    public var introducedBy: String?
    public var duty: String
    public var grant: String?
    public var container = ""
    public var fieldPath = ""
    /// `web.yaml:12`, where a person can open it.
    public var location = ""
    public var fingerprint = ""
    public var remedy: String
    /// The object it is about where the report is another's: a Pod in the report of its Deployment. `Pod web-1`.
    public var subject: String?

    /// What a control says without a finding.
    public init(_ control: Control, category: String, verdict: Verdict) {
        (policy, self.category, severity, self.verdict) = (control.id, category, control.severity, verdict)
        (duty, remedy) = (control.duty, control.remedy)
    }

    public init(_ attributed: AttributedFinding, control: Control, category: String, object: KubernetesObject) {
        self.init(control, category: category, verdict: attributed.finding.verdict)
        let attribution = attributed.attribution
        message = attributed.finding.message
        (party, principal) = (attribution.party.rawValue, attribution.principal)
        (basis, strength, reason) = (attribution.basis.rawValue, attribution.strength.rawValue, attribution.chain.last)
        introducedBy = attribution.introducedBy.map { PolicyReportRow.short($0.description) }
        (grant, container, fingerprint) = (attributed.grant, attributed.finding.container, attributed.fingerprint)
        var writer = ByteWriter(chunk: 64)
        writer.fieldPath(of: attributed.finding, in: object, escaping: false)
        fieldPath = String(decoding: writer.take(), as: UTF8.self)
    }

    /// Names of users are as long as whoever authenticates them likes.
    private static func short(_ text: String) -> String { text.utf8.count <= 512 ? text : String(text.prefix(400)) + "…" }

    /// A result that no control of the catalogue gave, such as an admission that nobody looked at.
    public init(policy: String, category: String, severity: Severity, verdict: Verdict, message: String, party: String, duty: String, remedy: String)
    {
        (self.policy, self.category, self.severity, self.verdict) = (policy, category, severity, verdict)
        (self.message, self.party, self.duty, self.remedy) = (message, party, duty, remedy)
    }

    func write(to writer: inout ByteWriter, timestamp: Timestamp?) {
        writer.field("source", "demarc")
        writer.field("policy", policy)
        writer.field("category", category)
        writer.field("severity", severity.rawValue)
        writer.field("result", verdict.policyResult)
        if let timestamp {
            writer.object("timestamp") {
                $0.field("seconds", Int(timestamp.secondsSinceEpoch))
                $0.field("nanos", 0)
            }
        }
        // A pass has nothing to tell but itself.
        guard verdict != .pass else { return writer.field("scored", true) }
        writer.field("message", message)
        // An accepted finding stays a fail, but does not count against anybody's score.
        writer.field("scored", verdict == .fail)
        writer.object("properties") { writer in
            writer.field("verdict", verdict.rawValue)
            writer.field("responsibility", party)
            writer.field("accountable", unlessEmpty: principal)
            writer.field("attributionBasis", unlessEmpty: basis)
            writer.field("attributionStrength", unlessEmpty: strength)
            writer.field("attributionReason", unlessEmpty: reason)
            writer.field("introducedBy", unlessEmpty: introducedBy)
            writer.field("duty", duty)
            writer.field("grant", unlessEmpty: grant)
            writer.field("subject", unlessEmpty: subject)
            writer.field("container", unlessEmpty: container)
            writer.field("fieldPath", unlessEmpty: fieldPath)
            writer.field("location", unlessEmpty: location)
            writer.field("fingerprint", unlessEmpty: fingerprint)
            writer.field("remediation", remedy)
        }
    }
}

/// Who is judged, as a report names it.
public struct PolicyReportScope: Sendable, Hashable {
    public var apiVersion: String
    public var kind: String
    /// Empty for objects in no namespace.
    public var namespace: String
    public var name: String
    /// The identity the API server gave, which objects in files mostly lack.
    public var uid: String?

    public init(_ object: KubernetesObject) {
        (apiVersion, kind, namespace, name) = (object.apiVersion, object.kind, object.namespace, object.name)
        // An identity of the wrong type is none; the object itself is judged elsewhere.
        uid = ((try? object.metadata["uid"].string()) ?? nil).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// For an object of which no more is known.
    public init(apiVersion: String, kind: String, namespace: String, name: String, uid: String?) {
        (self.apiVersion, self.kind, self.namespace, self.name, self.uid) = (apiVersion, kind, namespace, name, uid)
    }
}

/// One object's report. It is owned by the object where that is known, so that both are deleted together.
public struct PolicyReportDocument: Sendable {
    public var api: PolicyReportAPI
    public var name: String
    public var scope: PolicyReportScope
    public var rows: [PolicyReportRow]
    /// Counts by result that are more than the rows show, `fail` for instance; nil counts the rows.
    public var counts: [Verdict: Int]?
    /// Passes were asked for: an unknown number is no zero.
    public var countsPasses = false
    /// Beside that which says who made it.
    public var labels: [(key: String, value: String)] = []
    public var annotations: [(key: String, value: String)] = []
    public var timestamp: Timestamp?

    public init(api: PolicyReportAPI, name: String, scope: PolicyReportScope, rows: [PolicyReportRow], timestamp: Timestamp?) {
        (self.api, self.name, self.scope, self.rows, self.timestamp) = (api, name, scope, rows, timestamp)
    }

    public func write(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("apiVersion", api.apiVersion)
            writer.field("kind", api.kind(isNamespaced: !scope.namespace.isEmpty))
            writer.object("metadata") { writeMetadata(to: &$0) }
            if api == .openReports { writer.field("source", "demarc") }
            writer.object("scope") { writer in
                writer.field("apiVersion", scope.apiVersion)
                writer.field("kind", scope.kind)
                writer.field("namespace", unlessEmpty: scope.namespace)
                writer.field("name", scope.name)
                writer.field("uid", unlessEmpty: scope.uid)
            }
            writer.object("summary") { writeSummary(to: &$0) }
            writer.array("results") { writer in
                for row in rows {
                    writer.line()
                    writer.object { row.write(to: &$0, timestamp: timestamp) }
                }
            }
        }
    }

    private func writeMetadata(to writer: inout ByteWriter) {
        writer.field("name", name)
        writer.field("namespace", unlessEmpty: scope.namespace)
        writer.object("labels") { writer in
            writer.field("app.kubernetes.io/managed-by", "demarc")
            for (key, value) in labels {
                writer.key(key)
                writer.value(value)
            }
        }
        if !annotations.isEmpty {
            writer.object("annotations") { writer in
                for (key, value) in annotations {
                    writer.key(key)
                    writer.value(value)
                }
            }
        }
        guard let uid = scope.uid else { return }
        writer.array("ownerReferences") { writer in
            writer.object {
                $0.field("apiVersion", scope.apiVersion)
                $0.field("kind", scope.kind)
                $0.field("name", scope.name)
                $0.field("uid", uid)
            }
        }
    }

    private func writeSummary(to writer: inout ByteWriter) {
        let counts = self.counts ?? rows.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
        func sum(_ result: String) -> Int { counts.reduce(0) { $0 + ($1.key.policyResult == result ? $1.value : 0) } }
        if countsPasses { writer.field("pass", sum("pass")) }
        writer.field("fail", sum("fail"))
        writer.field("warn", sum("warn"))
        writer.field("error", 0)
        writer.field("skip", sum("skip"))
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
