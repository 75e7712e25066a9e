import Documents
import Kubernetes
import Ledger
import Responsibility
import Testing

@testable import Server

/// What the ledger lacks of all that is decided: each once, whoever writes and however often.
struct LedgerFactsTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    private static func grant(_ decisions: String, expires: String = "2026-06-30T00:00:00Z", uid: String = "g-1") -> KubernetesObject {
        let text = """
            apiVersion: demarc.dev/v1alpha1
            kind: PrivilegeGrant
            metadata: {name: probe, namespace: shop\(uid.isEmpty ? "" : ", uid: \(uid)")}
            spec: {expires: "\(expires)"}
            status: {decisions: [\(decisions)]}
            """
        let plain = SourceObjects(DocumentTree.parse(text).tree).objects[0]
        let hash = Responsibility.CanonicalJSON.digest(of: plain.spec)
        return SourceObjects(DocumentTree.parse(text.replacing("HASH", with: hash)).tree).objects[0]
    }

    private static func decision(_ action: String, _ who: String, _ at: String, reason: String = "") -> String {
        let reason = reason.isEmpty ? "" : ", reason: \"\(reason)\""
        return "{action: \(action), by: {username: \(who), groups: [ops]}, at: \"\(at)\", specHash: \"HASH\"\(reason)}"
    }

    private static let decided = [
        decision("apply", "ann", "2026-06-01T00:00:00Z"), decision("approve", "ben", "2026-06-02T00:00:00Z", reason: "seen"),
    ]

    @Test func eachDecisionIsMissingOnceAndInItsOrder() throws {
        let other = Self.grant(Self.decision("apply", "cyd", "2026-05-01T00:00:00Z"), uid: "g-2")
        let facts = LedgerFacts(grants: [Self.grant(Self.decided.joined(separator: ",")), other])
        var known = KnownRecords()
        let missing = facts.missing(in: known, at: Self.now)
        #expect(missing.map { "\($0.time) \($0.actor)" } == ["2026-05-01T00:00:00Z cyd", "2026-06-01T00:00:00Z ann", "2026-06-02T00:00:00Z ben"])
        let approval = try missing[2].entry()
        #expect(approval.kind == "grant.approve" && approval.subject == "PrivilegeGrant shop/probe")
        let payload = try #require(DocumentTree.parse(approval.payload, source: "p", syntax: .json).tree.roots.first)
        #expect(payload["reason"].text == "seen" && payload["uid"].text == "g-1" && payload["identity"].text == "authenticated")
        #expect(try payload["position"].int() == 1 && payload["groups"].strings() == ["ops"] && !payload["spec"].exists)
        #expect(!missing[1].payload.text.contains(#""spec":"#), "an application is written as often as somebody likes")
        let accepted = Self.grant(Self.decision("accept", "ann", "2026-06-03T00:00:00Z"))
        #expect(
            LedgerFacts(grants: [accepted]).missing(in: known, at: Self.now)[0].payload.text.contains(#""spec":{"expires":"2026-06-30T00:00:00Z"}"#))
        // Where nothing is reviewed, a decision is what somebody has written.
        let unseen = LedgerFacts(grants: [accepted], exempt: ["shop"]).missing(in: known, at: Self.now)
        #expect(unseen[0].payload.text.contains(#""identity":"recorded""#))

        // As it comes out of a ledger again, in whatever order.
        for record in missing.reversed() {
            let entry = try record.entry()
            known.insert(try #require(KnownRecords.Identity(entry)))
        }
        #expect(facts.missing(in: known, at: Self.now) == [])
        // One more decision is one more entry; the same place with another content is one, too: somebody went around the webhook.
        let more = Self.grant((Self.decided + [Self.decision("accept", "ann", "2026-06-03T00:00:00Z")]).joined(separator: ","))
        #expect(LedgerFacts(grants: [more]).missing(in: known, at: Self.now).map(\.actor) == ["ann"])
        let forged = Self.grant([Self.decided[0], Self.decided[1].replacing("ben", with: "ann")].joined(separator: ","))
        #expect(
            LedgerFacts(grants: [forged]).missing(in: known, at: Self.now).map { "\($0.actor) \($0.payload.text.contains("\"position\":1"))" } == [
                "ann true"
            ])
        // What `demarc grant` has entered, without an id, is known too.
        let filed = Self.grant(Self.decided.joined(separator: ","), uid: "")
        #expect(LedgerFacts(grants: [filed]).missing(in: KnownRecords(), at: Self.now)[0].payload.text.contains(#""identity":"recorded""#))
        var entered = KnownRecords()
        let hash = Responsibility.CanonicalJSON.digest(of: filed.spec)
        let entry = try Entry(
            kind: "grant.apply", actor: "ann", subject: "PrivilegeGrant shop/probe", time: "2026-06-01T00:00:00Z",
            payload: Array(#"{"specHash":"\#(hash)"}"#.utf8))
        entered.insert(try #require(KnownRecords.Identity(entry)))
        #expect(LedgerFacts(grants: [filed]).missing(in: entered, at: Self.now).map(\.actor) == ["ben"])
    }

    /// As a ledger gives them back.
    private static func known(_ entries: some Sequence<Entry>) throws -> KnownRecords {
        var known = KnownRecords()
        for entry in entries { known.insert(try #require(KnownRecords.Identity(entry))) }
        return known
    }

    /// Who decides may say the time within minutes, so the same can be decided twice at one time, and count.
    @Test(arguments: [["revoke", "apply", "approve", "accept", "revoke"], ["deny", "approve", "deny"]])
    func theSameDecisionASecondTimeIsAnotherEntry(actions: [String]) throws {
        let decisions = actions.map { Self.decision($0, "ben", "2026-06-02T00:00:00Z") }
        func missing(_ count: Int, _ known: KnownRecords) -> [LedgerRecord] {
            LedgerFacts(grants: [Self.grant(decisions.prefix(count).joined(separator: ","))]).missing(in: known, at: Self.now)
        }
        let before = try missing(decisions.count - 1, KnownRecords()).map { try $0.entry() }
        let second = try missing(decisions.count, Self.known(before)).map { try $0.entry() }
        #expect(second.map(\.kind) == ["grant.\(actions[0])"])
        #expect(String(decoding: try #require(second.first).payload, as: UTF8.self).contains(#""position":\#(decisions.count - 1)"#))
        #expect(try missing(decisions.count, Self.known(before + second)).isEmpty, "and it is there once")
        // Another grant of that name, made after the first was deleted.
        let anew = LedgerFacts(grants: [Self.grant(decisions[0], uid: "g-2")]).missing(in: try Self.known(before), at: Self.now)
        #expect(anew.map(\.kind.rawValue) == ["grant.\(actions[0])"])
    }

    /// Entries held uid and place before both told decisions apart, so nothing is entered again after an upgrade; only what was left out is.
    @Test func aLedgerOfBeforeIsGoneOnWith() throws {
        let decisions = Self.decided + [Self.decision("deny", "cyd", "2026-06-03T00:00:00Z")]
        let grant = Self.grant((decisions + [Self.decided[1], decisions[2]]).joined(separator: ","))
        let facts = LedgerFacts(grants: [grant])
        let hash = Responsibility.CanonicalJSON.digest(of: grant.spec)
        let former = try facts.missing(in: KnownRecords(), at: Self.now).filter { !$0.payload.text.contains(#""position":4"#) }.map { record in
            let entry = try record.entry()
            let id = Digest.sha256(Array([entry.kind, entry.actor, entry.subject, entry.time, hash].joined(separator: "\u{0}").utf8))
            return try Entry(
                kind: entry.kind, actor: entry.actor, subject: entry.subject, time: entry.time,
                payload: Array(record.payload.text.replacing(record.id, with: id).utf8))
        }
        #expect(former.count == 4)
        let missing = facts.missing(in: try Self.known(former), at: Self.now)
        #expect(missing.map { "\($0.kind.rawValue) \($0.payload.text.contains(#""position":4"#))" } == ["grant.deny true"])

        // What `demarc grant` entered did not say the place: such an entry is about the first of its kind.
        let filed = LedgerFacts(grants: [Self.grant([decisions[2], Self.decided[1], decisions[2]].joined(separator: ","), uid: "")])
        let entered = try [("deny", "cyd", 3), ("approve", "ben", 2)].map { action, who, day in
            try Entry(
                kind: "grant.\(action)", actor: who, subject: "PrivilegeGrant shop/probe", time: "2026-06-0\(day)T00:00:00Z",
                payload: Array(#"{"groups":["ops"],"identity":"recorded","specHash":"\#(hash)"}"#.utf8))
        }
        let left = filed.missing(in: try Self.known(entered), at: Self.now)
        #expect(left.map { "\($0.kind.rawValue) \($0.payload.text.contains(#""position":2"#))" } == ["grant.deny true"])
        #expect(filed.missing(in: try Self.known(entered + left.map { try $0.entry() }), at: Self.now).isEmpty)
    }

    /// Texts are cut before they are entered; what comes out again is what was entered.
    @Test func whatIsCutIsEnteredOnce() throws {
        let long = String(repeating: "ä", count: 2_000)
        let grant = Self.grant(Self.decision("apply", long, "2026-06-02T00:00:00Z").replacing("HASH", with: "sha256:\(long)"))
        let facts = LedgerFacts(grants: [grant], exempt: ["shop"])
        let missing = facts.missing(in: KnownRecords(), at: Self.now)
        #expect(missing.count == 1)
        #expect(facts.missing(in: try Self.known(try missing.map { try $0.entry() }), at: Self.now).isEmpty)
    }

    @Test func whatWasApprovedEndsAndWhatNeverWasDoesNot() {
        let grant = Self.grant(Self.decided.joined(separator: ","), expires: "2026-06-15T00:00:00Z")
        let facts = LedgerFacts(grants: [grant])
        #expect(facts.missing(in: KnownRecords(), at: Self.now.advanced(bySeconds: -1)).map(\.kind) == [.grantApply, .grantApprove])
        let ended = facts.missing(in: KnownRecords(), at: Self.now)
        #expect(ended.map(\.kind) == [.grantApply, .grantApprove, .grantExpired] && ended.last?.time == Self.now)
        let applied = Self.grant(Self.decided[0], expires: "2026-06-01T00:00:00Z")
        #expect(LedgerFacts(grants: [applied]).missing(in: KnownRecords(), at: Self.now).map(\.kind) == [.grantApply])
    }

    @Test func modelsAreRecordedWhenTheyChangeAndSilencesOnce() {
        let silence = Silence(start: Self.now, end: Self.now.advanced(bySeconds: 60))
        var known = KnownRecords()
        var kinds: [[String]] = []
        for hash in ["one", "one", "two", "one", "one"] {
            let missing = LedgerFacts(silences: [silence], model: ("acs", hash)).missing(in: known, at: Self.now)
            kinds.append(missing.map(\.kind.rawValue))
            for record in missing { known.insert(KnownRecords.Identity(record)) }
        }
        #expect(kinds == [["model.changed", "webhook.silent"], [], ["model.changed"], ["model.changed"], []])
    }

    /// What is no decision is left to whoever judges grants.
    @Test func oddDecisionsHarmNobody() {
        for odd in ["1", "[]", "{}", "{action: {}, by: 1, at: never, specHash: [], reason: {a: b}}", "{action: expired}"] {
            #expect(LedgerFacts(grants: [Self.grant(odd)]).missing(in: KnownRecords(), at: Self.now) == [])
        }
    }
}
