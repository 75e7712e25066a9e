import Controls
import Documents
import NodeEvidence

extension Control {
    /// A key that everybody who ever administered the machine has seen protects nothing from them, and `aesgcm` repeats its nonces sooner or
    /// later.
    ///
    /// Source: when the file that `--encryption-provider-config` names was last written, if its first provider holds the key itself: the key is
    /// at least that old. A younger file says nothing about its keys.
    static let encryptionKeyAge = Control(
        id: "encryption-key-age",
        title: "Replace keys that encrypt etcd",
        severity: .medium,
        duty: "A5",
        summary: "The key that encrypts Secrets is old, so more people and backups have it than may read Secrets.",
        remedy: "Put a new key first, restart the API servers, rewrite all Secrets, then remove the old key; or let a key service do it.",
        references: [Reference("cwe", "CWE-324")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            collectedAt: "2026-11-27T12:00:00Z"
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --encryption-provider-config=/etc/kubernetes/encryption.yaml]}]
            files:
            - path: /etc/kubernetes/encryption.yaml
              modifiedAt: "2026-11-01T00:00:00Z"
              content: |
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers: [{secretbox: {keys: [{name: one, secret: «redacted»}]}}]
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            collectedAt: "2026-11-27T12:00:00Z"
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --encryption-provider-config=/etc/kubernetes/encryption.yaml]}]
            files:
            - path: /etc/kubernetes/encryption.yaml
              modifiedAt: "2025-01-01T00:00:00Z"
              content: | # ✗
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers: [{secretbox: {keys: [{name: one, secret: «redacted»}]}}]
            """
        ],
        check: .encryption { document, settings, report throws(WrongType) in
            guard let file = document.file, let server = document.server, let evidence = report.evidence else { return report.notApplicable() }
            let holders = settings.entries.compactMap(\.providers.first).filter(\.kind.holdsItsKey)
            guard let first = holders.first else { return report.notApplicable() }
            guard let now = try evidence.moment, let written = try evidence.modification(of: file.path, seenBy: server.component) else {
                return document.notObservable(&report, first.place, "the evidence does not say when it was taken, or when the file was written")
            }
            // Without limits the cipher must have a new key after 200,000 writes; a quarter of a year is a guess at that.
            let most =
                holders.contains { $0.kind == .aesgcm } ? min(90, report.settings.maximumEncryptionKeyDays) : report.settings.maximumEncryptionKeyDays
            let age = written.seconds(to: now) / 86_400
            if age > Int64(clamping: most) {
                document.fail(&report, first.place, "the key is at least \(age) days old, and \(most) are the most", value: "\(first.settings.key)")
            }
        })
}
