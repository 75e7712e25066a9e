import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// The first provider of a resource decides how the API server writes it. With `identity` first, or without Secrets in the
    /// list, every Secret lies in etcd and its backups in the clear.
    ///
    /// Fields: `resources[]` of EncryptionConfiguration, as an object or as the file that `--encryption-provider-config` names: the first of
    /// `providers[]`, and `secrets` among the resources.
    static let encryptionConfigurations = Control(
        id: "encryption-at-rest",
        title: "Encrypt Secrets in etcd",
        severity: .high,
        duty: "A5",
        summary: "The API server writes Secrets to etcd unencrypted, so a backup or a disk of etcd gives them away.",
        remedy: "Put `kms` (or `secretbox`) before `identity` for `secrets`, then rewrite the Secrets that exist.",
        references: [.cis("1.2.28"), .nsa("secrets"), Reference("cwe", "CWE-311")],
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
              - identity: {} # ✗
              - secretbox: {keys: []}
            """,
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources: # ✗
            - resources: [configmaps]
              providers: [{secretbox: {keys: []}}]
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes: [{name: kube-apiserver, argv: [kube-apiserver, --encryption-provider-config=/etc/kubernetes/encryption.yaml]}]
            files:
            - path: /etc/kubernetes/encryption.yaml
              content: | # ✗
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers: [{identity: {}}]
            """,
        ],
        check: .encryption { document, settings, report in
            guard let entry = settings.entry(for: "secrets") else {
                return document.fail(&report, settings.root["resources"], "no entry names Secrets", value: "secrets")
            }
            guard let first = entry.providers.first else {
                return document.fail(&report, entry.place, "the entry that names Secrets has no provider", value: "secrets")
            }
            if !settings.encrypts("secrets") { document.fail(&report, first.place, "Secrets are written unencrypted", value: "identity") }
        })
}

extension Check {
    /// Called for each configuration of encryption at rest, wherever it stands.
    static func encryption(_ judge: @escaping @Sendable (ServerDocument, EncryptionSettings, inout Report) throws(WrongType) -> Void) -> Check {
        .serverDocument(kinds: EncryptionSettings.kinds, flag: "encryption-provider-config") { document, report throws(WrongType) in
            try judge(document, try EncryptionSettings(document.root), &report)
        }
    }
}
