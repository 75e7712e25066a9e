import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever can put a socket of their own in the place of the key service's gets every key that encrypts Secrets, and makes them.
    ///
    /// Fields: `kms.endpoint` of EncryptionConfiguration. Not allowed: an abstract socket (`@`), which has no mode, and folders that
    /// everybody may write to (`/tmp`, `/var/tmp`, `/dev/shm`). In evidence, the modes of the folders above it too.
    static let keyServiceSockets = Control(
        id: "key-service-sockets",
        title: "Keep the socket of the key service where others cannot put one",
        severity: .high,
        duty: "A5",
        summary: "The socket of the key service lies where others can put their own: it then gets the keys of all Secrets.",
        remedy: "Move it to a folder that root alone may write to, such as `/run/kms`, with mode 0700.",
        references: [Reference("cwe", "CWE-379")],
        passing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms/kms.sock"}}]
            """
        ],
        failing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - kms:
                  apiVersion: v2
                  name: keys
                  endpoint: unix:///tmp/kms.sock # ✗
            """
        ],
        check: .encryption { document, settings, report throws(WrongType) in
            for provider in settings.entries.flatMap(\.providers) {
                guard case .kms = provider.kind else { continue }
                let place = provider.settings["endpoint"]
                guard let endpoint = try place.string(), endpoint.hasPrefix("unix://") else { continue }
                let path = String(endpoint.dropFirst(7))
                // unix:///@name is how the API server writes a socket without a file.
                if path.hasPrefix("@") || path.hasPrefix("/@") {
                    document.fail(&report, place, "\(endpoint) is a socket without a file, which every process may take first")
                } else if let folder = try openFolder(above: path, report.evidence) {
                    document.fail(&report, place, "\(endpoint) lies in \(folder), where everybody may put files")
                }
            }
        })
}

/// A folder above the path that others may write to, by name or by its mode in the evidence.
private func openFolder(above path: String, _ evidence: EvidenceDocument?) throws(WrongType) -> String? {
    for folder in ["/tmp", "/var/tmp", "/dev/shm"] where path.hasPrefix(folder + "/") { return folder }
    var folder = path[...]
    while let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
        folder = folder[..<slash]
        if let mode = try evidence?.file(String(folder))?.mode, mode & 0o002 != 0 { return String(folder) }
    }
    return nil
}
