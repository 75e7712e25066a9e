import Controls
import Documents
import NodeEvidence

extension Control {
    /// Passwords end up in ConfigMaps and custom resources as well, whatever they are meant for.
    ///
    /// Fields: `resources[]` of EncryptionConfiguration. Asked for: `configmaps`, and `*.*` behind everything else for custom resources.
    static let encryptionCoverage = Control(
        id: "encryption-coverage",
        title: "Encrypt more than Secrets in etcd",
        severity: .low,
        duty: "A5",
        summary: "ConfigMaps or custom resources lie in etcd in the clear, and people keep secrets there too.",
        remedy: "Add `configmaps` to the entry of Secrets, and an entry for `*.*` at the end (since 1.27).",
        references: [.nsa("secrets"), Reference("cwe", "CWE-311")],
        passing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]
            - resources: [events]
              providers: [{identity: {}}]
            - resources: ["*.*"]
              providers: [{kms: {apiVersion: v2, name: more, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]
            """
        ],
        failing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources: # ✗
            - resources: [secrets]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]
            """
        ],
        check: .encryption { document, settings, report in
            var open: [String] = []
            if !settings.encrypts("configmaps") { open.append("ConfigMaps") }
            // Any group that is nobody's stands for all custom resources that no entry names.
            if !settings.encrypts("\u{0}", group: "\u{0}") { open.append("custom resources that no entry names") }
            guard !open.isEmpty else { return }
            document.fail(
                &report, settings.root["resources"], "\(open.joined(separator: " and ")) are written unencrypted", value: open.joined(separator: ","))
        })
}
