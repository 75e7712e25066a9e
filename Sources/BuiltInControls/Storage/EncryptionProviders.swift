import Controls
import Documents
import Kubernetes

extension Control {
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
