/// Names of the evidence document that reader and collector share; `docs/evidence.md` describes it.
public enum EvidenceFormat {
    public static let apiVersion = "demarc.dev/v1alpha1"
    public static let kind = "NodeEvidence"
    /// Stands where a secret stood.
    public static let redacted = "«redacted»"
}
