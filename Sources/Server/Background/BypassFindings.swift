internal import Controls
internal import Reports

extension BypassWindow {
    static let policy = "admission-bypass"

    /// Adds a row to the report of each object that was admitted unseen and still exists.
    ///
    /// - Parameter reports: by uid.
    static func add(_ windows: [BypassWindow], to reports: inout [String: JudgedObject]) {
        for window in windows {
            for object in window.objects where !object.uid.isEmpty {
                let scope = PolicyReportScope(
                    apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name, uid: object.uid)
                reports[object.uid, default: JudgedObject(scope: scope, rows: [])].rows.insert(window.row, at: 0)
            }
        }
    }

    /// Whoever runs the webhook must act, not the owner of the object: it is judged by its own findings.
    private var row: PolicyReportRow {
        PolicyReportRow(
            policy: BypassWindow.policy, category: "Admission", severity: .medium, verdict: .fail,
            message: "admitted between \(from) and \(to) without being judged: \(reason)", party: "provider", duty: "P4",
            remedy: "Look at the object's other findings; replace it once the webhook answers, so that it is admitted anew.")
    }
}
