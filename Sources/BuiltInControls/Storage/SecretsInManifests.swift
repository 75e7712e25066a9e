import Controls
import Documents
import Kubernetes

extension Control {
    /// A Secret in a manifest is a password in a file: base64 hides nothing, and a repository keeps it for ever.
    ///
    /// Fields: `data` and `stringData` of Secrets that come from a file. Passing: empty values, public parts (`*.crt`, `*.pub`), placeholders
    /// of templates, values encrypted by SOPS, and Secrets that were read from a cluster (they carry `uid`, `resourceVersion` and `creationTimestamp`), SealedSecrets and ExternalSecrets.
    static let secretsInManifests = Control(
        id: "secrets-in-manifests",
        title: "Keep Secret values out of manifests",
        severity: .high,
        duty: "C2",
        summary: "The manifest holds the value of a Secret; everyone who reads the file, or its history, has it.",
        remedy: "Replace the value, then store the new one outside: an ExternalSecret, SealedSecret, SOPS or the secret store of the platform.",
        references: [.cis("5.4.2"), Reference("mitre-attack", "T1552.001"), Reference("cwe", "CWE-312")],
        passing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            stringData: {password: "${PASSWORD}", empty: ""}
            data: {ca.crt: ZXhhbXBsZQ==}
            ---
            apiVersion: bitnami.com/v1alpha1
            kind: SealedSecret
            metadata: {name: login}
            spec: {encryptedData: {password: AgBexample}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            data:
              password: ZXhhbXBsZQ== # ✗
            stringData:
              token: example # ✗
            """
        ],
        check: .objects(["Secret"]) { secret, report throws(WrongType) in
            let metadata = secret.metadata
            let isFromCluster = metadata["uid"].exists && metadata["resourceVersion"].exists && metadata["creationTimestamp"].exists
            guard secret.apiVersion == "v1", !isFromCluster else { return report.notApplicable() }
            guard try !secret.root["type"].equals("kubernetes.io/service-account-token") else { return report.notApplicable() }
            try judge(secret.root["data"], secret, &report)
            try judge(secret.root["stringData"], secret, &report)
        })
}

/// Never puts a value into the report, only the key it stands under.
private func judge(_ data: Value, _ secret: KubernetesObject, _ report: inout Report) throws(WrongType) {
    for entry in try data.entries() {
        _ = try entry.string()
        if entry.keyHasSuffix(".crt") || entry.keyHasSuffix(".pub") || !isRealValue(entry) { continue }
        report.fail(entry, "Secret '\(secret.name)' holds the value of '\(entry.key)'", value: entry.key)
    }
}

/// Whether the text is more than nothing, a placeholder of a template or a value encrypted by SOPS.
private func isRealValue(_ value: Value) -> Bool {
    value.withText { text in
        guard let first = text.first, let last = text.last else { return false }
        if text.starts(with: "${".utf8) || text.starts(with: "$(".utf8) { return false }
        if first == UInt8(ascii: "<") && last == UInt8(ascii: ">") { return false }
        if text.starts(with: "{{".utf8) || text.starts(with: "ENC[".utf8) { return false }
        return text.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
    }
}
