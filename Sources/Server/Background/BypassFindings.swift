internal import Controls
public import Kubernetes
internal import Reports

/// Says of an object when and why it came into the cluster without being judged; nil where it did not.
///
/// Asked for every object of a namespace that is judged, so it must be cheap and must not wait.
public typealias BypassInspector = @Sendable (KubernetesObject) -> String?

extension PolicyReportRow {
    static let bypassPolicy = "admission-bypass"

    /// An object that was admitted unseen. Whoever runs the webhook must act, not the owner of the object, which has its own findings.
    init(bypass message: String) {
        self.init(
            policy: PolicyReportRow.bypassPolicy, category: "P4 Reduce risk by hardened defaults", severity: .medium, verdict: .fail,
            message: message,
            party: "provider", duty: "P4",
            remedy: "Look at the object's other findings; once the webhook answers, replace the object, so that it is admitted anew.")
    }
}
