import Controls
import Documents
import Kubernetes
import KubernetesClient
import Ledger
import Testing

@testable import Server

/// Grants that somebody deletes while they hold: the ledger says that they ended, once, and never of one that is there or over.
struct HeldGrantsTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    /// `accept a 2 10-20`: on the second of June, about a spec that holds from the tenth to the twentieth.
    private static func entries(_ steps: [String], uid: String = "g-1") throws -> [Entry] {
        try steps.map { step in
            let words = step.split(separator: " ").map(String.init)
            let days = words.count > 3 ? words[3].split(separator: "-").map { "2026-06-\($0)T00:00:00Z" } : []
            let spec = days.isEmpty ? "" : #""spec":{"expires":"\#(days[1])","notBefore":"\#(days[0])"},"#
            return try Entry(
                kind: "grant.\(words[0])", actor: "ann", subject: "PrivilegeGrant shop/probe", time: "2026-06-\(words[2])T00:00:00Z",
                payload: Array(#"{"id":"\#(step)","position":0,\#(spec)"specHash":"\#(words[1])","uid":"\#(uid)"}"#.utf8))
        }
    }

    private static func missing(
        _ entries: [Entry], present: Set<String> = [], unreadable: Set<String> = [], seen: Set<String> = ["g-1"], start: Timestamp = now
    ) throws -> [LedgerRecord] {
        var known = KnownRecords()
        // Twice, as after an append of which nobody knows whether it reached the disk.
        for entry in entries + entries { known.insert(try #require(KnownRecords.Identity(entry))) }
        let sight = GrantSight(present: present, unreadable: unreadable, seen: seen, start: start)
        return LedgerFacts(sight: sight).missing(in: known, at: now)
    }

    @Test(
        arguments: [
            (["apply a 01", "approve a 02", "accept a 03 01-20"], "a"), (["break-glass a 14 14-16"], "a"),
            // Its text is not in the entry; and it was accepted anew.
            (["accept a 03"], "a"), (["accept a 03 01-20", "revoke a 04", "accept a 05 01-20"], "a"),
            // The other one took its place, was denied before it began, or begins later.
            (["accept a 03 01-20", "accept b 04 05-25"], "b"), (["accept a 03 01-20", "accept b 04 16-25", "deny b 05"], "a"),
            (["accept a 03 01-20", "accept b 04 16-25"], "a"),
        ] as [([String], String)])
    func whatHeldAndIsGoneIsSaidOnce(steps: [String], spec: String) throws {
        let entries = try Self.entries(steps)
        let missing = try Self.missing(entries)
        #expect(missing.map(\.kind) == [.grantDeleted])
        let entry = try #require(missing.first).entry()
        #expect(entry.kind == "grant.deleted" && entry.actor == "demarc" && entry.subject == "PrivilegeGrant shop/probe")
        let payload = try #require(DocumentTree.parse(entry.payload, source: "p", syntax: .json).tree.roots.first)
        #expect(payload["uid"].text == "g-1" && payload["specHash"].text == spec && entry.time == "\(Self.now)")
        #expect(try Self.missing(entries + [entry]).isEmpty)
        // It is there, or cannot be read; or nobody knows all that is there.
        #expect(try Self.missing(entries, present: ["g-1"]).isEmpty)
        #expect(try Self.missing(entries, unreadable: ["PrivilegeGrant shop/probe"]).isEmpty)
        var known = KnownRecords()
        for entry in entries { known.insert(try #require(KnownRecords.Identity(entry))) }
        #expect(LedgerFacts().missing(in: known, at: Self.now).isEmpty)
        // Another grant of its name was made since.
        #expect(try Self.missing(entries, present: ["g-2"]).map(\.kind) == [.grantDeleted])
    }

    @Test(
        arguments: [
            [], ["apply a 01", "approve a 02"], ["accept a 03 01-15"], ["accept a 03 16-20"], ["accept a 03 01-20", "revoke a 04"],
            ["accept a 03 01-20", "deny a 04"], ["accept a 03", "expired a 10"], ["accept a 03 01-20", "deleted a 04"],
            // `b` took the place of `a`, and is denied or over.
            ["accept a 03 01-20", "accept b 04 05-25", "deny b 06"], ["accept a 03 01-20", "accept b 04 05-10"],
            ["accept a 03 01-20", "accept b 04", "expired b 10"],
        ] as [[String]])
    func whatDidNotHoldIsNotSaid(steps: [String]) throws {
        #expect(try Self.missing(try Self.entries(steps)).isEmpty)
        #expect(try Self.missing(try Self.entries(["accept a 03 01-20"], uid: "")).isEmpty, "grants in files have no uid")
    }

    /// A replica whose watch lags behind says nothing of what it has not seen; one that began after the decision has listed all there is.
    @Test(arguments: [(-61, true), (-60, false), (0, false)] as [(Int64, Bool)])
    func whatWasNeverSeenIsGoneOnlyWhenTheListIsNewer(decided: Int64, isSaid: Bool) throws {
        let entries = try Self.entries(["accept a 03 01-20"])
        let accepted = try #require(Timestamp("2026-06-03T00:00:00Z"))
        let start = accepted.advanced(bySeconds: -decided)
        #expect(try Self.missing(entries, seen: [], start: start).map(\.kind) == (isSaid ? [.grantDeleted] : []))
        #expect(try Self.missing(entries, seen: ["g-1"], start: start).map(\.kind) == [.grantDeleted])
    }

    /// What a store says of all grants: nothing before they were listed, and nothing when they cannot be read any more.
    @Test func allGrantsAreKnownWhenTheyWereListed() throws {
        let resource = Resource(group: "demarc.dev", version: "v1alpha1", name: "privilegegrants", kind: "PrivilegeGrant", isNamespaced: true)
        var table = ObjectTable()
        func root(_ name: String, _ uid: String) throws -> Value {
            let text = "{apiVersion: demarc.dev/v1alpha1, kind: PrivilegeGrant, metadata: {name: \(name), namespace: shop, uid: \(uid)}, spec: {}}"
            return try #require(DocumentTree.parse(text).tree.roots.first)
        }
        func take(_ event: WatchEvent) { _ = table.take(event, of: resource, source: "c") }
        #expect(table.allGrants == nil)
        take(.beginsAnew)
        take(.present(try root("a", "g-1")))
        #expect(table.allGrants == nil, "not all of them are told")
        take(.listed(resourceVersion: "7"))
        #expect(table.allGrants?.uids == ["g-1"] && table.allGrants?.unreadable == [])
        take(.present(try root("a", "g-2")))
        take(.unreadable(UnreadableObject(namespace: "shop", name: "b", message: "too deep")))
        #expect(table.allGrants?.uids == ["g-2"] && table.allGrants?.unreadable == ["shop/b"])
        take(.deleted(try root("a", "g-2")))
        #expect(table.allGrants?.uids == [])
        take(.unreadable(UnreadableObject(namespace: "shop", name: "", message: "too deep")))
        #expect(table.allGrants == nil, "it may be any of them")
        _ = table.lose(resource, Gap(source: "c", reason: .unreadable, message: "m"))
        #expect(table.allGrants == nil)
    }
}
