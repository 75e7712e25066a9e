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

/// How the decisions that stand with a grant differ from those that a ledger has about it.
struct GrantComparison {
    /// Places of decisions that the ledger does not have: made without it, or written or changed by hand.
    private(set) var missing: Set<Int> = []
    /// What the ledger has and the grant lacks, with the number of the entry: taken out or changed by hand, or never written.
    private(set) var removed: [(number: Int, decision: GrantDecision)] = []

    /// Without a ledger.
    init() {}

    init(of grant: PrivilegeGrant, with ledger: String) throws {
        let entered = try GrantComparison.entered(about: grant, in: ledger)
        var found: Set<Int> = []
        // Each entry stands for one decision, so that the same once more is seen; the last first, so that what is left over is the first of them.
        for (position, decision) in grant.decisions.enumerated().reversed() {
            if let index = entered.indices.last(where: { !found.contains($0) && GrantComparison.isSame(entered[$0].decision, decision) }) {
                found.insert(index)
            } else {
                missing.insert(position)
            }
        }
        for index in entered.indices.reversed() where !found.contains(index) {
            // The program was stopped before it wrote the file, and the decision was made again with nothing else between.
            if found.contains(index + 1), GrantComparison.isAgain(entered[index + 1].decision, entered[index].decision) {
                found.insert(index)
            } else {
                removed.insert(entered[index], at: 0)
            }
        }
    }

    private static func isAgain(_ later: GrantDecision, _ earlier: GrantDecision) -> Bool {
        (later.action, later.username, later.specHash) == (earlier.action, earlier.username, earlier.specHash)
    }

    private static func entered(about grant: PrivilegeGrant, in ledger: String) throws -> [(number: Int, decision: GrantDecision)] {
        var entered: [(number: Int, decision: GrantDecision)] = []
        do {
            let reader = try LedgerReader(path: ledger)
            let size = try reader.checkpoint()?.checkpoint.size ?? 0
            var start = 0
            while start < size {
                let end = min(start + 1_024, size)
                for (offset, bytes) in try reader.entries(start..<end).enumerated() {
                    if let decision = decision(of: try Entry(bytes), about: grant) { entered.append((start + offset, decision)) }
                }
                start = end
            }
        } catch {
            throw Failure.incomplete("the ledger \(ledger) cannot be read: \(error)")
        }
        return entered
    }

    /// nil for what is no decision about this grant. Another one of its name, which was deleted before, has another uid.
    private static func decision(of entry: Entry, about grant: PrivilegeGrant) -> GrantDecision? {
        guard entry.subject == "PrivilegeGrant \(grant.key)", entry.kind.hasPrefix("grant."),
            let action = GrantDecision.Action(rawValue: String(entry.kind.dropFirst(6))), let at = Timestamp(entry.time),
            let payload = DocumentTree.parse(entry.payload, source: "ledger", syntax: .json).tree.roots.first
        else { return nil }
        let (uid, own) = (payload["uid"].text, grant.root["metadata"]["uid"].text)
        guard uid.isEmpty || own.isEmpty || uid == own else { return nil }
        return GrantDecision(
            action: action, username: entry.actor, groups: (try? payload["groups"].strings()) ?? [], at: at, specHash: payload["specHash"].text,
            reason: payload["reason"].text)
    }

    /// Who decided what, when, about which spec, as a member of which groups and why: all of it, byte by byte.
    private static func isSame(_ entered: GrantDecision, _ written: GrantDecision) -> Bool {
        let groups = written.groups.prefix(entered.groups.count)
        return entered.action == written.action && entered.at == written.at && isSame(entered.specHash, written.specHash)
            && isSame(entered.username, written.username) && isSame(entered.reason, written.reason)
            // A server enters as many groups as its entries hold.
            && (entered.groups.count == written.groups.count || entered.groups.count == serversLongestList && groups.count == serversLongestList)
            && zip(entered.groups, groups).allSatisfy(isSame)
    }

    private static let serversLongestList = 64
    private static let serversLongestText = 1_024

    /// A server cuts texts that are longer than its entries hold, and marks the cut.
    private static func isSame(_ entered: String, _ written: String) -> Bool {
        if entered.utf8.elementsEqual(written.utf8) { return true }
        return written.utf8.count > serversLongestText && entered.hasSuffix("…") && entered.utf8.count > serversLongestText - 4
            && written.utf8.starts(with: entered.dropLast().utf8)
    }
}
