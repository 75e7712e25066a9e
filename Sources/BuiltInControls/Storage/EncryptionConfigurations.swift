import Controls
import Documents
import Kubernetes

extension Control {
    /// The first provider of a resource decides how the API server writes it. With `identity` first, or without Secrets in the
    /// list, every Secret lies in etcd and its backups in the clear.
    ///
    /// Fields: `resources[]` of EncryptionConfiguration: the first of `providers[]`, and `secrets` among the resources.
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
        ],
        check: .objects(encryptionKinds) { configuration, report throws(WrongType) in
            var coversSecrets = false
            let resources = configuration.root["resources"]
            for entry in try resources.items() {
                guard try covers(entry["resources"]) else { continue }
                coversSecrets = true
                for provider in try entry["providers"].items() {
                    if provider["identity"].isWritten { report.fail(provider, "Secrets are written unencrypted", value: "identity") }
                    break
                }
                // The first entry that names a resource holds, as the API server has it.
                break
            }
            if !coversSecrets { report.fail(resources, "no entry names Secrets", value: "secrets") }
        })

    /// Keys in the file lie on the same disk as the data they protect, and `aescbc` and `aesgcm` have known weaknesses; the first
    /// version of the KMS interface is deprecated and off by default.
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
        check: .objects(encryptionKinds) { configuration, report throws(WrongType) in
            for entry in try configuration.root["resources"].items() {
                for provider in try entry["providers"].items() {
                    try judgeProvider(provider, &report)
                    break
                }
            }
        })
}

private let encryptionKinds = ["EncryptionConfiguration", "EncryptionConfig"]

private func covers(_ resources: Value) throws(WrongType) -> Bool {
    for resource in try resources.items() {
        if try resource.equals("secrets") { return true }
        if try resource.equals("*.", or: "*.*") { return true }
    }
    return false
}

private func judgeProvider(_ provider: Value, _ report: inout Report) throws(WrongType) {
    for cipher in ["aescbc", "aesgcm"] {
        let weak = provider.entry(named: cipher)
        if weak.isWritten { report.fail(weak, "\(cipher) has known weaknesses and its key lies in this file", value: cipher) }
    }
    let box = provider["secretbox"]
    if box.isWritten { report.fail(box, "the key lies in this file, beside the data it protects", value: "secretbox") }
    let service = provider["kms"]
    if service.isWritten, try !service["apiVersion"].equals("v2") {
        report.fail(service, "the first version of the KMS interface is deprecated", value: "kms v1")
    }
}
