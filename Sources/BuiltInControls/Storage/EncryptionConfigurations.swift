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
}

private func covers(_ resources: Value) throws(WrongType) -> Bool {
    for resource in try resources.items() {
        if try resource.equals("secrets") { return true }
        if try resource.equals("*.", or: "*.*") { return true }
    }
    return false
}
