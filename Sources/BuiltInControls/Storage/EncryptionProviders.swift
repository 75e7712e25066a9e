import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Keys in the file lie on the same disk as the data they protect, and `aescbc` and `aesgcm` have known weaknesses; the first
    /// version of the KMS interface is deprecated since 1.28 and off by default since 1.29.
    ///
    /// Fields: the first of `providers[]`. Allowed: `kms` with `apiVersion: v2`.
    static let encryptionProviders = Control(
        id: "encryption-providers",
        title: "Keep encryption keys of etcd in a key service",
        severity: .medium,
        duty: "A5",
        summary: "The key that protects Secrets lies in a file beside them, or is used with a weak cipher.",
        remedy: "Use `kms` with `apiVersion: v2` as the first provider.",
        references: [Reference("cwe", "CWE-327")],
        passing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]
            """
        ],
        failing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aescbc: # ✗
                  keys: []
            - resources: [configmaps]
              providers:
              - kms: # ✗
                  name: keys
                  endpoint: unix:///run/kms.sock
            """
        ],
        check: .encryption { document, settings, report in
            for entry in settings.entries {
                guard let first = entry.providers.first, let (weakness, value) = first.weakness else { continue }
                document.fail(&report, first.settings, weakness, value: value)
            }
        })
}

extension EncryptionSettings.Provider {
    /// Source: "Encrypting Confidential Data at Rest" of kubernetes.io.
    fileprivate var weakness: (String, value: String)? {
        switch kind {
        case .aescbc: ("aescbc lets whoever may alter etcd find out what is encrypted (padding oracle), and its key lies in this file", "aescbc")
        case .aesgcm: ("aesgcm must have a new key every 200,000 writes, which nothing does by itself, and its key lies in this file", "aesgcm")
        case .secretbox: ("the key lies in this file, beside the data it protects", "secretbox")
        case .kms(let version) where version != "v2": ("the first version of the KMS interface is deprecated", "kms v1")
        case .kms, .identity, .unknown: nil
        }
    }
}
