internal import Documents
internal import Responsibility
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Decisions about grants in files: entered into the ledger first, then written into the file.
struct GrantRecording {
    let plan: GrantPlan
    let ledger: GrantLedgerOptions
    let user = LocalUser.current

    /// Records one decision of the user who runs the program.
    ///
    /// - Parameter times: a renewal's, which change the spec that is decided about.
    /// - Returns: the grant as it stands afterwards.
    /// - Throws: `Failure` with code `findings` when the rules forbid the decision.
    func decide(
        _ action: GrantDecision.Action, about document: GrantDocument, reason: String?, times: (notBefore: Timestamp, expires: Timestamp)? = nil
    ) async throws -> GrantOutcome {
        let lock = try DirectoryLock(holding: document.path)
        defer { lock.release() }
        let reference = GrantReference(namespace: document.grant.namespace, name: document.grant.name)
        var document = try GrantDocument(path: document.path, reference: reference, plan: plan)
        let permissions = FileStatus.permissions(of: document.path)
        if let times {
            // The text of what holds now must be there when the spec says something else.
            let cycle = plan.cycle(of: document.grant)
            document = try GrantDocument(
                bytes: try document.text(with: .init(status: status(of: document.grant, cycle), times: times), plan: plan), path: document.path,
                reference: reference, plan: plan)
        }
        let cycle = plan.cycle(of: document.grant)
        if let refusal = plan.refusal(of: action, about: document.grant, by: user) {
            throw Failure(code: .findings, description: "\(document.grant.key): no \(action.rawValue): \(refusal)")
        }
        let decision = GrantDecision(
            action: action, username: user.name, groups: user.groups, at: plan.now, specHash: cycle.specHash(for: action), reason: reason ?? "")
        // With the decision alone first: conditions follow from all of them.
        let text = try document.text(with: .init(status: status(of: document.grant, cycle, adding: decision)), plan: plan)
        let decided = try GrantDocument(bytes: text, path: document.path, reference: reference, plan: plan)
        let after = plan.cycle(of: decided.grant)
        let final = try decided.text(with: .init(status: status(of: decided.grant, after)), plan: plan)
        // What cannot be written into the file must not stand in the ledger, and there once more with each attempt.
        let file = try PrivateFile.Prepared(FileStatus.target(of: document.path), with: final, permissions: permissions)
        let entry: Int?
        do { entry = try await ledger.enter(decision, about: decided.grant) } catch {
            file.discard()
            throw error
        }
        try file.finish()
        return GrantOutcome(decision: decision, cycle: after, entry: entry)
    }

    /// What the status says, with what follows from it written anew.
    private func status(of grant: PrivilegeGrant, _ cycle: GrantLifeCycle, adding decision: GrantDecision? = nil) -> ManifestText {
        let written = grant.root["status"]
        let derived = cycle.derivedStatus
        var entries = ((try? written.entries().map { $0 }) ?? []).filter { entry in
            entry.exists && entry.key != "decisions" && !derived.contains { $0.key == entry.key }
        }.map { ManifestText.Entry($0.key, ManifestText($0)) }
        let decisions = ((try? written["decisions"].items().map { ManifestText($0) }) ?? []) + (decision.map { [$0.manifest] } ?? [])
        entries += derived.filter { if case .list(let items) = $0.value { !items.isEmpty } else { true } }
        return .map(entries + [.init("decisions", .list(decisions))])
    }
}

/// What came of a decision.
struct GrantOutcome {
    let decision: GrantDecision
    let cycle: GrantLifeCycle
    /// Its number in the ledger.
    let entry: Int?

    /// One line for people.
    var text: String {
        let grant = cycle.grant
        var text = "\(grant.key): \(decision.action.rawValue) by \(decision.username) recorded"
        if let entry { text += " as entry \(entry)" }
        text += "; \(cycle.phase.rawValue)"
        return cycle.next == .nobody ? text : text + ", next: \(cycle.next)"
    }
}

extension GrantDecision {
    /// As an item of `status.decisions`.
    var manifest: ManifestText {
        var entries: [ManifestText.Entry] = [
            .init("action", .text(action.rawValue)),
            .init("by", .map([.init("username", .text(username))] + (groups.isEmpty ? [] : [.init("groups", .list(groups.map { .text($0) }))]))),
            .init("at", .text(at.description)), .init("specHash", .text(specHash)),
        ]
        if !reason.isEmpty { entries.append(.init("reason", .text(reason))) }
        return .map(entries)
    }
}

/// Keeps two decisions from being written over each other: whoever changes a grant holds the directory it lies in.
struct DirectoryLock {
    private let descriptor: FileDescriptor

    init(holding path: String) throws {
        let directory = FilePath(path).removingLastComponent()
        do {
            descriptor = try FileDescriptor.open(directory.isEmpty ? "." : directory, .readOnly)
        } catch {
            throw Failure.usage("\(path) cannot be changed: \(error); check the directory")
        }
        guard flock(descriptor.rawValue, LOCK_EX) == 0 else {
            try? descriptor.close()
            throw Failure.usage("\(path) cannot be held: \(Errno(rawValue: errno))")
        }
    }

    func release() { try? descriptor.close() }
}

/// What a file lets others do, and where it lies.
enum FileStatus {
    /// The file itself, where the path leads to it by symbolic links: those stay.
    static func target(of path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    static func permissions(of path: String) -> FilePermissions {
        var status = stat()
        guard stat(path, &status) == 0 else { return [.ownerReadWrite, .groupRead, .otherRead] }
        return FilePermissions(rawValue: CModeT(status.st_mode & 0o777))
    }
}
