internal import Documents
internal import FoundationEssentials
internal import Responsibility

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The authorities in a folder, for a server that stands alone: `authority.yaml` with the keys, readable for its owner alone, and beside it
/// `ca.crt`, which clients are to trust.
public struct FileStore: AuthorityStore {
    private let folder: String

    public init(folder: String) { self.folder = folder }

    /// What clients are to trust.
    public var bundlePath: String { folder + "/ca.crt" }
    private var path: String { folder + "/authority.yaml" }

    public func load() async throws -> (state: AuthorityState, version: String?) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            // A file that is there and cannot be read must not be written over with a new authority.
            guard FileManager.default.fileExists(atPath: path) else { return (AuthorityState(), nil) }
            throw CertificateFault("\(path) cannot be read; give it to the user that runs the server, with mode 0600")
        }
        try refuseOpenFile()
        let parsed = DocumentTree.parse([UInt8](bytes), source: path, syntax: .yaml)
        guard parsed.problems.isEmpty, let root = parsed.tree.roots.first, let data = try? root["data"].stringMap() else {
            throw CertificateFault(
                "\(path) is damaged; restore it from a copy, or remove it: then a new authority is made, which clients must be given")
        }
        return (try AuthorityRecord(data: data).state(place: path), Digest.sha256([UInt8](bytes)))
    }

    private func refuseOpenFile() throws(CertificateFault) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o077 != 0 else { return }
        throw CertificateFault(
            "\(path) holds a private key and has mode 0\(String(mode & 0o7777, radix: 8)); run chmod 600 on it, and replace the key if others have read it"
        )
    }

    public func save(_ state: AuthorityState, over version: String?) async throws -> Bool {
        if let bytes = FileManager.default.contents(atPath: path) {
            guard Digest.sha256([UInt8](bytes)) == version else { return false }
        } else if version != nil {
            return false
        }
        try makeFolder()
        let data = try AuthorityRecord(state).data.sorted { $0.key < $1.key }
        let text = ManifestText.map([
            .init("apiVersion", .text("demarc.dev/v1alpha1")), .init("kind", .text("CertificateAuthorities")),
            .init("data", .map(data.map { .init($0.key, .text($0.value)) })),
        ])
        // The bundle first: clients may trust an authority too early, but never too late.
        try replace(bundlePath, by: try state.bundle, mode: 0o644)
        try replace(path, by: text.yaml, mode: 0o600)
        return true
    }

    private func makeFolder() throws(CertificateFault) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let isTaken = FileManager.default.fileExists(atPath: folder)
            let reason = isTaken ? "there is a file of that name" : "it cannot be made, as one above it is a file or may not be written"
            throw CertificateFault("\(folder) cannot be a folder: \(reason); name another with --data")
        }
    }

    private func replace(_ path: String, by text: String, mode: mode_t) throws(CertificateFault) {
        do { try DurableFile.replace(path, by: text, mode: mode) } catch {
            throw CertificateFault("\(path) cannot be written: \(error.reason); name a folder that can be with --data")
        }
    }
}
