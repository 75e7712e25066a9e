import Controls
import Documents
import NodeEvidence

extension Control {
    /// Providers and keys behind the first only read what was written before. Left there for good, they say that old Secrets were never
    /// rewritten: those still lie there in the clear, or under a key that was to be retired.
    ///
    /// Fields: `providers[]` of EncryptionConfiguration behind one that encrypts. `identity` in last place is needed while Secrets are
    /// rewritten for the first time, so it is no finding for itself.
    static let retiredEncryptionKeys = Control(
        id: "retired-encryption-keys",
        title: "Remove keys of etcd that are retired",
        severity: .low,
        duty: "A5",
        summary: "Old keys are still accepted, so Secrets that were never rewritten lie under them, and who has the old key reads them.",
        remedy: "Rewrite what exists (`kubectl get secrets -A -o json | kubectl replace -f -`), then remove the keys and providers behind the first.",
        references: [Reference("cwe", "CWE-324")],
        passing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{secretbox: {keys: [{name: new, secret: «redacted»}]}}, {identity: {}}]
            """
        ],
        failing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - secretbox: {keys: [{name: new, secret: «redacted»}]}
              - aescbc: # ✗
                  keys: [{name: old, secret: «redacted»}]
            """
        ],
        check: .encryption { document, settings, report in
            for entry in settings.entries {
                guard let first = entry.providers.first, first.kind != .identity else { continue }
                if first.keys > 1 {
                    document.fail(&report, first.settings, "\(first.keys - 1) keys behind the first are still accepted", value: first.settings.key)
                }
                for other in entry.providers.dropFirst() where other.kind != .identity && other.kind != .unknown {
                    document.fail(&report, other.settings, "what \(other.settings.key) wrote is still accepted", value: other.settings.key)
                }
            }
        })
}
