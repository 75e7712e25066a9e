import Controls
import Documents
import NodeEvidence

extension Control {
    /// The private key of a server or user is that server or user. Every process on the machine, and every container that mounts the folder,
    /// can take what others may read.
    ///
    /// Source: the mode of the key file beside each certificate (`.crt` → `.key`, `.pem` → `-key.pem`), of kubeconfigs, and of kubelets' files
    /// that hold certificate and key together. Allowed: no rights for others. Files whose mode another control finds fault with are left to it.
    static let privateKeyFiles = Control(
        id: "private-key-files",
        title: "Keep private keys from others on the machine",
        severity: .critical,
        duty: "A5",
        summary: "Everybody on the machine can read the private key of a certificate, and be that server or user.",
        remedy: "Set its mode to 0600, and issue the certificate anew with a new key: this one may have been read.",
        references: [Reference("cwe", "CWE-732")],
        passing: [
            Example(
                exampleEvidence(
                    """
                    certificates: [{path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}]
                    files: [{path: /pki/apiserver.key, mode: "0600", owner: root}]
                    """))
        ],
        failing: [
            Example(
                exampleEvidence(
                    """
                    certificates: [{path: /pki/apiserver.crt, pem: "\(ExampleCertificates.server)"}]
                    files:
                    - path: /pki/apiserver.key
                      mode: "0644" # ✗
                    """))
        ],
        check: .certificates { machine, entries, report throws(WrongType) in
            guard report.section(try machine.document.files, "files") != nil else { return }
            let spoken = try machine.document.filesOfTooWideMode(report.benchmark)
            var seen: Set<String> = []
            for entry in entries {
                for path in entry.keyPaths where seen.insert(path).inserted {
                    guard let file = try machine.document.file(path, seenBy: entry.programs.first ?? ""), !file.isMissing, file.type == .file else {
                        continue
                    }
                    guard let mode = file.mode else {
                        report.notObservable(file.place, "the mode of \(path), a private key, was not read")
                        continue
                    }
                    if mode & 0o006 != 0, !spoken.contains(file.place.identity) {
                        report.fail(file.place["mode"], "\(path), which holds a private key, is open to others (mode \(file.place["mode"].text))")
                    }
                }
            }
        })
}

extension EvidenceDocument {
    /// Files that hold keys, of which a control over modes says already that theirs is too wide: their places.
    fileprivate func filesOfTooWideMode(_ benchmark: Benchmark) throws(WrongType) -> Set<Int> {
        let controls: [(ProtectedFile, ModeLimit)] = [
            (.privateKeys, .secret), (.serviceAccountSigningKey, .secret), (.administratorKubeconfigs, .secret), (.kubeletKeys, .secret),
            (.bootstrapKubeconfig, .secret), (.schedulerKubeconfig, .ownerOnly), (.controllerManagerKubeconfig, .ownerOnly),
            (.kubeletKubeconfig, .ownerOnly), (.kubeProxyKubeconfig, .ownerOnly),
        ]
        var found: Set<Int> = []
        for (kind, limit) in controls {
            for file in try sightings(of: kind).files where (file.mode ?? 0) & ~limit.bits(for: benchmark) != 0 { found.insert(file.place.identity) }
        }
        return found
    }
}

extension CertificateEntry {
    /// Files that may hold its private key. An authority's key is often elsewhere, which is as it should be.
    fileprivate var keyPaths: [String] {
        if !user.isEmpty { return [path] }
        guard cluster.isEmpty, let dot = path.lastIndex(of: ".") else { return [] }
        let stem = path[..<dot]
        if path[dot...] == ".pem" { return ["\(stem)-key.pem", "\(stem).key"] + (programs.contains("kubelet") ? [path] : []) }
        return ["\(stem).key", "\(stem)-key.pem"]
    }
}
