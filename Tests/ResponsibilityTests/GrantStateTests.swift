import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// When a grant is in force: time, decisions, tier, liability.
struct GrantStateTests {
    private func verdict(_ grant: TestGrant, now: String = "2026-06-15T00:00:00Z") throws -> (Verdict, String) {
        let found = try grant.capability(now: now)
        return (found.finding.verdict, found.attribution.chain[1])
    }

    /// Holds from the second it begins up to the second it ends.
    @Test(
        arguments: [
            ("2026-05-31T23:59:59Z", false), ("2026-06-01T00:00:00Z", true), ("2026-06-30T23:59:59Z", true), ("2026-07-01T00:00:00Z", false),
            ("2026-07-01T01:59:59+02:00", true), ("2026-07-01T02:00:00+02:00", false), ("2036-01-01T00:00:00Z", false),
            ("1999-01-01T00:00:00Z", false),
        ])
    func holdsWithinItsTime(now: String, holds: Bool) throws {
        #expect(try verdict(TestGrant(), now: now).0 == (holds ? .accepted : .fail))
    }

    @Test(
        arguments: [
            // What follows from decisions says nothing by itself.
            ("{type: Approved, status: \"True\"}", "{type: Approved, status: \"False\"}", nil),
            ("{type: Accepted, status: \"True\"}", "{type: Active, status: \"Unknown\"}", nil),
            (
                "  - {action: accept, by: {username: dee, groups: [storage]}, at: 2026-05-30T08:00:00Z, specHash: HASH}", "",
                "nobody has accepted the liability"
            ),
            ("groups: [storage]", "groups: [store, storage2]", "dee accepted the liability, but team:storage answers for it"),
            ("{team: storage}", "{person: Dee}", "dee accepted the liability, but person:Dee answers for it"),
            ("{team: storage}", "{person: dee}", nil),
            ("conditions:", "conditions:\n  - {type: Denied, status: \"True\"}", "the grant is denied"),
            ("conditions:", "conditions:\n  - {type: Revoked, status: \"True\"}", "the grant is revoked"),
            ("conditions:", "conditions:\n  - {type: Expired, status: \"True\"}", "the condition Expired is True"),
            ("by: {username: ben}", "by: {username: ann}", "ann applied for the grant and approved it"),
            ("by: {username: ben}", "by: {username: cyd}", "1 of 2 approvals"),
            ("action: approve, by: {username: ben}", "action: deny, by: {username: ben}", "ben said deny"),
            ("action: apply", "action: accept", "no decision says who applied"),
            ("action: accept, by: {username: dee,", "action: apply, by: {username: eva,", "no decision says who accepted"),
            ("by: {username: dee,", "by: {username: ben,", "needs two keys"),
            ("decisions:", "decisions:\n  - {action: revoke, by: {username: eva}, at: 2026-06-02T00:00:00Z, specHash: HASH}", "eva said revoke"),
            ("expires: 2026-07-01", "expires: 2026-07-02", "the grant lasts 31d, model 'example' allows 30d"),
            (
                "justification: Mounts", "tier: self-service\n  justification: Mounts",
                "the grant says tier self-service, model 'example' says application"
            ),
            ("container: app, value: SYS_ADMIN", "container: app, value: SYS_ADMIN}\n  - {control: nobody-knows, container: app", nil),
        ] as [(String, String, String?)])
    func isInForceOnlyAsDecided(old: String, new: String, reason: String?) throws {
        let (verdict, step) = try verdict(TestGrant(spec: [(old, new)]))
        #expect(verdict == (reason == nil ? .accepted : .fail), "\(step)")
        if let reason { #expect(step.contains(reason), "\(step)") }
    }

    @Test func theTierMayBeSaid() throws {
        #expect(try verdict(TestGrant(spec: [("justification: Mounts", "tier: application\n  justification: Mounts")])).0 == .accepted)
    }

    @Test(
        arguments: [
            ("expires: 2026-07-01T00:00:00Z", "expires: 2026-06-30T00:00:00Z"), ("justification: Mounts", "justification: Still mounts"),
            ("container: app", "container: app2"), ("accountable: {team: storage}", "accountable: {team: shop}"),
            ("privileges:", "privileges:\n  - {control: host-paths, value: /}"),
        ])
    func aChangeAfterTheDecisionEndsIt(old: String, new: String) throws {
        let grant = TestGrant(late: [(old, new)])
        let (verdict, step) = try verdict(grant)
        #expect(verdict == .fail)
        if new != "container: app2" { #expect(step.contains("the spec was changed after the last decision about it; it is now sha256:"), "\(step)") }
    }

    @Test func aNewLayoutIsNoChange() throws {
        let grant = TestGrant(late: [("accountable: {team: storage}", "accountable:\n    # who is called at night\n    team: \"storage\"")])
        #expect(try verdict(grant).0 == .accepted)
    }

    @Test func theLiabilityTextMustBeThisOne() throws {
        let hash = try #require(ResponsibilityModel.example.liabilityHash)
        let (verdict, step) = try verdict(TestGrant(spec: [(hash, TestGrant.digest)]))
        #expect(verdict == .fail && step.contains("is not the liability text of model 'example', whose hash is \(hash)"))
        #expect(try self.verdict(TestGrant(spec: [("  liabilityTextHash: \(hash)\n", "")])).0 == .fail)
        let silent = try ResponsibilityModel.read(
            ResponsibilityModel.document.replacing("liability: You answer for it.", with: "title2: x").replacing("  title2: x", with: ""))
        let without = try TestEstate(TestGrant(spec: [("  liabilityTextHash: \(hash)\n", "")]).manifest, model: silent)
        #expect(try without.only("added-capabilities").finding.verdict == .accepted)
    }

    @Test func whatTheModelNeverGrantsIsNotGranted() throws {
        let object = [("capabilities: {add: [SYS_ADMIN]}", "privileged: true")]
        let spec = [
            ("{control: added-capabilities, container: app, value: SYS_ADMIN}", "{control: privileged-containers, container: app, value: true}")
        ]
        let found = try TestGrant(object: object, spec: spec).estate().only("privileged-containers")
        #expect(found.finding.verdict == .fail)
        #expect(found.attribution.chain[1].contains("model 'example' never grants 'privileged-containers' true"))
    }

    @Test func whatNoRowNamesCannotBeGranted() throws {
        let model = try ResponsibilityModel.read(ResponsibilityModel.document.replacing("\"pss:*\"", with: "\"other:*\""))
        let spec = [("{control: added-capabilities, container: app, value: SYS_ADMIN}", "{control: host-paths, value: /var/log}")]
        let estate = try TestEstate(TestGrant(object: GrantMatchTests.volume("true"), spec: spec).manifest, model: model)
        #expect(try estate.only("host-paths").finding.verdict == .fail)
    }

    @Test func selfServiceNeedsAcceptanceButNobodyElse() throws {
        let object = [("add: [SYS_ADMIN]", "add: [NET_RAW]")]
        let alone = [
            ("value: SYS_ADMIN", "value: NET_RAW"), ("  - {type: Approved, status: \"True\"}\n", ""),
            ("  - {action: approve, by: {username: ben}, at: 2026-05-29T08:00:00Z, specHash: HASH}\n", ""),
            ("  - {action: approve, by: {username: cyd}, at: 2026-05-29T08:00:00Z, specHash: HASH}\n", ""), ("{username: dee,", "{username: ann,"),
        ]
        #expect(try verdict(TestGrant(object: object, spec: alone)).0 == .accepted)
        #expect(try verdict(TestGrant(object: object, spec: alone + [("action: accept", "action: apply")])).0 == .fail)
    }

    @Test func theStrictestRowOfSeveralPrivilegesCounts() throws {
        let both = [
            (
                "- {control: added-capabilities, container: app",
                "- {control: added-capabilities, container: app, value: NET_RAW}\n  - {control: added-capabilities, container: app"
            )
        ]
        let grant = TestGrant(spec: both + [("expires: 2026-07-01", "expires: 2026-08-01")])
        #expect(try verdict(grant).1.contains("the grant lasts 61d, model 'example' allows 30d"))
    }
}
