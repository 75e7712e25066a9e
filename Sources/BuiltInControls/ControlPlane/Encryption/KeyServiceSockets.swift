import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever can put a socket of their own in the place of the key service's gets every key that encrypts Secrets, and makes them.
    ///
    /// Fields: `kms.endpoint` of EncryptionConfiguration. Not allowed: an abstract socket (`@`), which has no mode, and folders that
    /// everybody may write to (`/tmp`, `/var/tmp`, `/dev/shm`). In evidence, folders above it that somebody besides root may write to.
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
                } else if let folder = ["/tmp", "/var/tmp", "/dev/shm"].first(where: { path.hasPrefix($0 + "/") }) {
                    document.fail(&report, place, "\(endpoint) lies in \(folder), where everybody may put files")
                } else if let evidence = report.evidence {
                    let viewer = document.server.map { Viewer($0.component) } ?? .machine
                    let fault = try report.fault(ofFoldersAbove: path, in: evidence, seenBy: viewer)
                    if let text = fault.open { document.fail(&report, place, "\(endpoint) lies in \(text)") }
                    if let text = fault.unseen { document.notObservable(&report, place, "\(endpoint): \(text)") }
                }
            }
        })
}

extension Report {
    /// The first folder above the path that somebody besides root may write to, and the first of which that is not known. Links are
    /// followed: their own modes say nothing. The root of the file system is left out; all of the machine is lost where that is open.
    fileprivate func fault(
        ofFoldersAbove path: String, in evidence: EvidenceDocument, seenBy viewer: Viewer
    ) throws(WrongType) -> (open: String?, unseen: String?) {
        var (open, unseen): (String?, String?) = (nil, nil)
        var ways = [path]
        var visited: Set<String> = []
        while let way = ways.popLast() {
            for folder in EvidenceDocument.directories(above: way) where folder != "/" && visited.insert(folder).inserted {
                guard let entry = try evidence.file(folder, seenBy: viewer), !entry.isMissing else {
                    unseen = unseen ?? "the evidence does not show \(folder)"
                    continue
                }
                if entry.type == .symlink {
                    let target = try entry.place["target"].string() ?? ""
                    if target.isEmpty { unseen = unseen ?? "the evidence does not say where \(folder) leads" }
                    if !target.isEmpty { ways.append(EvidenceDocument.resolve(target, from: folder) + "/") }
                    continue
                }
                switch try writer(of: entry) {
                case .known(let who?): open = open ?? "\(folder), where \(who) may put files"
                case .known(nil): continue
                case .unknown: unseen = unseen ?? "the mode or the owner of \(folder) was not read"
                }
            }
        }
        return (open, unseen)
    }

    private enum Writer {
        case known(String?), unknown
    }

    private func writer(of folder: EvidenceFile) throws(WrongType) -> Writer {
        if let mode = folder.mode, mode & 0o002 != 0 { return .known("everybody") }
        let uid = folder.place["uid"]
        guard folder.mode != nil, folder.owner != nil || uid.exists else { return .unknown }
        if try !isRoot(folder.owner, number: uid) { return .known("its owner \(folder.owner ?? uid.text)") }
        if let mode = folder.mode, mode & 0o020 != 0 { return .known("its group \(folder.group ?? "")") }
        return .known(nil)
    }
}
