internal import ArgumentParser
internal import Documents
internal import Ledger
internal import Responsibility

/// The flags for keeping decisions in a ledger.
struct GrantLedgerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The ledger that gets each decision before the grant's file does.", valueName: "file"))
    var ledger: String?

    @Option(help: ArgumentHelp("The ledger's signing key, as `demarc ledger key` makes it.", valueName: "file"))
    var ledgerKey: String?

    @Flag(help: "Make the ledger where there is none yet.")
    var createLedger = false

    func validate() throws {
        if (ledger == nil) != (ledgerKey == nil) { throw ValidationError("--ledger and --ledger-key go together") }
        if createLedger, ledger == nil { throw ValidationError("--create-ledger needs --ledger and --ledger-key") }
    }

    /// Enters a decision. It returns when the entry is on the disk; nil when no ledger is kept.
    func enter(_ decision: GrantDecision, about grant: PrivilegeGrant) async throws -> Int? {
        guard let ledger, let ledgerKey else { return nil }
        let key = try LedgerFiles.signingKey(ledgerKey)
        do {
            if FileIdentity(of: ledger) == nil {
                guard createLedger else { throw Failure.usage("there is no ledger \(ledger); add --create-ledger to make it") }
                try LedgerFiles.makeDirectories(above: ledger)
                try LedgerWriter.create(path: ledger, key: key, actor: decision.username, time: decision.at.description)
            }
            let writer = try LedgerWriter(path: ledger, key: key)
            return try await writer.append(try GrantEntry(decision, about: grant).entry).number
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure.incomplete("the decision was not entered, so it was not made: \(error)")
        }
    }
}

/// A decision as the ledger keeps it.
struct GrantEntry {
    let entry: Entry

    /// The text of the spec is kept with what brings it in; other decisions name its hash.
    ///
    /// - Parameter grant: with the decision, which is its last.
    init(_ decision: GrantDecision, about grant: PrivilegeGrant) throws {
        let groups = decision.groups.map(Ledger.CanonicalJSON.quoted).joined(separator: ",")
        // The place among the decisions, and of an object its uid: the same decision a second time is another entry.
        var members = ["\"groups\":[\(groups)]", "\"identity\":\"recorded\"", "\"position\":\(grant.decisions.count - 1)"]
        if !decision.reason.isEmpty { members.append("\"reason\":\(Ledger.CanonicalJSON.quoted(decision.reason))") }
        let spec = Responsibility.CanonicalJSON.text(of: grant.terms.place)
        let holdsSpec = [.apply, .accept, .breakGlass].contains(decision.action) && spec.utf8.count < 32_768 && decision.specHash == grant.specHash
        if holdsSpec, (try? Ledger.CanonicalJSON.check(Array(spec.utf8))) != nil { members.append("\"spec\":\(spec)") }
        members.append("\"specHash\":\"\(decision.specHash)\"")
        let uid = grant.root["metadata"]["uid"].text
        if !uid.isEmpty { members.append("\"uid\":\(Ledger.CanonicalJSON.quoted(uid))") }
        entry = try Entry(
            kind: "grant.\(decision.action.rawValue)", actor: decision.username, subject: "PrivilegeGrant \(grant.key)",
            time: decision.at.description,
            payload: Array("{\(members.joined(separator: ","))}".utf8))
    }
}

extension GrantLedgerOptions {
    /// Decisions of a grant that the ledger does not have: made without it, or written into the file by hand.
    func missing(of grant: PrivilegeGrant) throws -> [GrantDecision] {
        guard let ledger else { return [] }
        var entered: Set<[UInt8]> = []
        do {
            let reader = try LedgerReader(path: ledger)
            let size = try reader.checkpoint()?.checkpoint.size ?? 0
            var start = 0
            while start < size {
                let end = min(start + 1_024, size)
                for bytes in try reader.entries(start..<end) {
                    let entry = try Entry(bytes)
                    if entry.subject == "PrivilegeGrant \(grant.key)" { entered.insert(GrantLedgerOptions.mark(entry)) }
                }
                start = end
            }
        } catch {
            throw Failure.incomplete("the ledger \(ledger) cannot be read: \(error)")
        }
        return grant.decisions.filter { !entered.contains(GrantLedgerOptions.mark($0)) }
    }

    private static func mark(_ entry: Entry) -> [UInt8] {
        let payload = DocumentTree.parse(entry.payload, source: "ledger").tree.roots.first
        return mark(entry.kind, entry.actor, entry.time, payload?["specHash"].text ?? "")
    }

    private static func mark(_ decision: GrantDecision) -> [UInt8] {
        mark("grant.\(decision.action.rawValue)", decision.username, decision.at.description, decision.specHash)
    }

    private static func mark(_ parts: String...) -> [UInt8] { Array(parts.joined(separator: "\u{0}").utf8) }
}
