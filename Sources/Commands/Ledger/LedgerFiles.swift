internal import KubernetesClient
internal import Ledger
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Ledgers, keys and checkpoints as files.
enum LedgerFiles {
    /// Keys and checkpoints are small.
    private static let noteLimit = 1 << 19

    /// A database, or the directory of an export.
    /// - Throws: `Failure` with code `incomplete`: what cannot be read is not in order.
    static func source(_ path: String) throws -> any LedgerSource {
        guard let identity = FileIdentity(of: path) else { throw Failure.incomplete("\(path): there is no such file; check the path") }
        if identity.kind == .directory { return export(path) }
        do {
            return try LedgerReader(path: path)
        } catch {
            throw Failure.incomplete("\(error)")
        }
    }

    static func export(_ directory: String) -> LedgerExport {
        LedgerExport(name: directory) { name in
            let path = "\(directory)/\(name)"
            guard let identity = FileIdentity(of: path) else { return nil }
            guard identity.kind == .file else { throw Failure.incomplete("\(path) is no file") }
            do {
                return try SourceFile.read(path, limit: LedgerExport.maximalFileLength)
            } catch let error as SourceFile.ReadError {
                throw Failure.incomplete("\(path): \(error.message)")
            }
        }
    }

    /// Runs a verification; errors of reading are `incomplete`.
    static func audit(_ source: any LedgerSource, _ options: AuditOptions) throws -> AuditReport {
        do { return try source.audit(options) } catch { throw Failure.incomplete("\(error)") }
    }

    static func checkpoint(_ path: String) throws -> SignedCheckpoint {
        do {
            return try SignedCheckpoint(try note(path))
        } catch let error as NoteError {
            throw Failure.usage("\(path) is no checkpoint: \(error)")
        }
    }

    /// Keys, each as its text or as a file with one in each line.
    static func keys(_ arguments: [String]) throws -> [VerifierKey] {
        var keys: [VerifierKey] = []
        for argument in arguments {
            if argument.contains("+"), FileIdentity(of: argument) == nil {
                keys.append(try key(argument, named: "--key"))
            } else {
                let text = String(decoding: try note(argument), as: UTF8.self)
                let lines = text.split(separator: "\n").filter { !$0.isEmpty && !$0.hasPrefix("#") }
                guard !lines.isEmpty else { throw Failure.usage("\(argument) holds no key; it has one NAME+0123abcd+BASE64 in each line") }
                for line in lines { keys.append(try key(line, named: argument)) }
            }
        }
        return keys
    }

    private static func key(_ text: some StringProtocol, named name: String) throws -> VerifierKey {
        do { return try VerifierKey(text) } catch { throw Failure.usage("\(name): \(error)") }
    }

    /// The one line of a key file.
    static func signingKey(_ path: String) throws -> SigningKey {
        let text = String(decoding: try note(path), as: UTF8.self)
        do {
            return try SigningKey(text.split(separator: "\n").first ?? "")
        } catch {
            throw Failure.usage("\(path): \(error)")
        }
    }

    /// A token, without the line break at its end.
    static func secret(_ path: String) throws -> Secret {
        let text = String(decoding: try note(path), as: UTF8.self)
        guard let line = text.split(whereSeparator: \.isNewline).first else { throw Failure.usage("\(path) holds no token") }
        return Secret(String(line))
    }

    private static func note(_ path: String) throws -> [UInt8] {
        do {
            return try SourceFile.read(path, limit: noteLimit)
        } catch {
            throw Failure.usage("\(path): \(error.message)")
        }
    }

    /// Makes the directories above a file.
    static func makeDirectories(above path: String) throws {
        var directory = FilePath(path).removingLastComponent()
        var missing: [FilePath] = []
        while !directory.isEmpty, FileIdentity(of: directory.string) == nil {
            missing.append(directory)
            directory = directory.removingLastComponent()
        }
        for directory in missing.reversed() {
            guard mkdir(directory.string, 0o755) == 0 || errno == EEXIST else {
                throw Failure.usage("\(directory) cannot be made: \(Errno(rawValue: errno)); check the directory and its permissions")
            }
        }
    }
}
