import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// What a grant is called, who is to act and what is due, from its decisions and the clock.
struct GrantLifeCycleTests {
    private static let steps = TestLife.active

    @Test(
        arguments: [
            (0, "1", GrantPhase.applied, "applicant"), (1, "1", .applied, "2 approvers"), (2, "2", .applied, "1 approver"),
            (3, "2", .approved, "team:storage"), (4, "3", .active, "-"), (4, "17", .expiring, "team:storage (renew)"),
            (4, "31", .expired, "team:storage (renew)"),
        ])
    func eachStepHasItsPhase(count: Int, day: String, phase: GrantPhase, next: String) throws {
        let cycle = try TestLife(Array(Self.steps.prefix(count))).cycle(day)
        #expect(cycle.phase == phase && cycle.next.description == next, "\(cycle.phase) \(cycle.next)")
        #expect(cycle.isInForce == [.active, .expiring].contains(phase))
        #expect(cycle.obstacles.isEmpty == cycle.isInForce)
    }

    @Test(
        arguments: [
            (["ben deny a 2"], GrantPhase.denied, "applicant"), (["ben approve a 2", "ben deny a 2"], .denied, "applicant"),
            (["ben deny a 2", "ben approve a 2"], .applied, "1 approver"), (["ben deny a 2", "cyd approve a 2"], .denied, "applicant"),
            (["ben deny a 2", "eva apply a 2"], .applied, "2 approvers"), (["ben revoke a 2"], .revoked, "applicant"),
            (["ben revoke a 2", "ann apply a 2"], .applied, "2 approvers"), (["dee:storage accept a 2"], .accepted, "2 approvers"),
            (["ben approve a 2", "ben approve a 2.5"], .applied, "1 approver"), (["ann approve a 2"], .applied, "2 approvers"),
        ] as [([String], GrantPhase, String)])
    func denialsAndRevocations(more: [String], phase: GrantPhase, next: String) throws {
        let cycle = try TestLife(["ann apply a 1"] + more).cycle("5")
        #expect(cycle.phase == phase && cycle.next.description == next, "\(cycle.phase) \(cycle.next)")
        #expect(!cycle.isInForce)
    }

    /// Whoever approved may write the same spec later, and is the applicant of what comes after.
    @Test func anApplicationAfterwardsTakesNoApprovalAway() throws {
        let life = TestLife(Self.steps + ["ben apply a 4"])
        #expect(try life.cycle("5").isInForce)
        #expect(try life.cycle("5").refusal(of: .approve, by: "Ben", groups: [])?.contains("applied for this") == true)
        let alone = TestLife("ben approve a 1", "cyd approve a 1", "ben apply a 1", "dee:storage accept a 1")
        #expect(try !alone.cycle("2").isInForce, "nobody approves what nobody has applied for")
    }

    /// Nothing that others write keeps a grant from being ended.
    @Test func aGrantCanAlwaysBeRevoked() throws {
        for count in [240, 256, 271] {
            let cycle = try TestLife(Self.steps + Array(repeating: "ann apply b 4", count: count - Self.steps.count)).cycle("5")
            #expect(cycle.isInForce && cycle.refusal(of: .revoke, by: "ben", groups: []) == nil)
            #expect(cycle.refusal(of: .approve, by: "eva", groups: [])?.contains("it takes no more") == true)
        }
        let ahead = try TestLife(Self.steps + ["ann apply b 6"]).cycle("5")
        #expect(ahead.isInForce && ahead.refusal(of: .revoke, by: "ben", groups: []) == nil)
        #expect(ahead.refusal(of: .apply, by: "eva", groups: [])?.contains("still to come") == true)
        #expect(try !TestLife(Self.steps + ["ann apply b 6", "ben revoke a 5"]).cycle("5").isInForce)
    }

    /// Whoever may create a token of a service account could be its owner, so an application by one names no second person.
    @Test func aServiceAccountIsNoSecondPerson() throws {
        var life = TestLife("system:serviceaccount:shop:robot apply a 1", "ben:storage approve a 2", "ben:storage accept a 3")
        life.capability = "SYS_TIME"
        #expect(try !life.cycle("4").isInForce)
        life.decisions[2] = "dee:storage accept a 3"
        #expect(try life.cycle("4").isInForce)
        life.decisions = ["ann apply a 1", "ben:storage approve a 2", "ben:storage accept a 3"]
        #expect(try life.cycle("4").isInForce, "a person who applies is another")
    }

    /// Whoever may create a token of it, or start a Pod with it, accepts as a service account: one person would be two.
    @Test(arguments: [
        ("person", "system:serviceaccount:shop:bot"), ("person", "system:anonymous"), ("person", "system:node:a"),
        ("team", "system:serviceaccounts:shop"), ("team", "system:serviceaccounts"), ("team", "system:authenticated"),
        ("team", "system:unauthenticated"), ("team", "system:nodes"),
    ])
    func noMachineAcceptsTheLiability(kind: String, name: String) throws {
        var life = TestLife("ann apply a 1", "ben approve a 2", "\(kind == "person" ? name : "zed") accept a 3")
        (life.capability, life.changes["a"]) = ("SYS_TIME", [("team: storage", "\(kind): \"\(name)\"")])
        let text = try life.manifest.replacing("username: \"zed\", groups: []", with: "username: zed, groups: [\"\(name)\"]")
        let object = try #require(SourceObjects(DocumentTree.parse(text).tree).objects.first)
        let grant = try #require(PrivilegeGrant.read(object).grant)
        let cycle = GrantLifeCycle(of: grant, model: .example, controls: TestLife.controls, now: try TestLife.time("4"))
        #expect(!cycle.isInForce && cycle.phase != .active && cycle.next == .applicant)
        let why = "is nobody who can answer for a privilege"
        #expect(cycle.obstacles.contains { $0.contains(why) }, "\(cycle.obstacles)")
        for action in [GrantDecision.Action.apply, .approve, .accept] {
            #expect(cycle.refusal(of: action, by: "zoe", groups: [name])?.contains(why) == true)
        }
    }

    /// Nor does it for a team that somebody has put it into, or in an emergency.
    @Test func noServiceAccountIsInATeam() throws {
        let bot = "system:serviceaccount:shop:bot"
        var life = TestLife("ann apply a 1", "ben approve a 2")
        life.capability = "SYS_TIME"
        let refusal = try life.cycle("3").refusal(of: .accept, by: bot, groups: ["storage"])
        #expect(refusal == "\(bot) is no person, and the liability is accepted by people")
        #expect(try life.cycle("3").refusal(of: .accept, by: "dee", groups: ["storage"]) == nil)
        #expect(try !life.grant().accountable.includes(username: bot, groups: ["storage"]))
        life.changes["a"] = [("team: storage", "person: \"system:admin\"")]
        #expect(try life.grant().accountable.includes(username: "system:admin", groups: []), "a name that people have")
    }

    @Test func theConditionsFollow() throws {
        var life = TestLife(Self.steps)
        life.conditions = ["Applied", "Superseded"]
        let conditions = try life.cycle("4", usage: .unused).conditions
        #expect(conditions.map(\.kind) == GrantCondition.Kind.allCases)
        #expect(
            conditions.map { "\($0.kind.rawValue)=\($0.status.rawValue) \($0.reason)" } == [
                "Applied=True Applied", "Approved=True Approved", "Denied=False NotDenied", "Accepted=True Accepted", "Active=True InForce",
                "Expired=False NotExpired", "Revoked=False NotRevoked", "Unused=True Unused", "Superseded=False NotSuperseded",
            ])
        #expect(conditions.allSatisfy { $0.observedGeneration == 7 && !$0.message.isEmpty })
        // The time of a transition stays where nothing changed, and is new where it did.
        #expect(try conditions[0].lastTransitionTime == #require(Timestamp("2026-05-01T00:00:00Z")))
        #expect(try conditions[8].lastTransitionTime == TestLife.time("4"))
    }

    @Test func theDerivedStatusIsReadAgain() throws {
        let life = TestLife(Self.steps)
        let cycle = try life.cycle("4")
        let grant = try life.manifest
        let status = ManifestText.map(cycle.derivedStatus).yaml.split(separator: "\n").map { "  \($0)\n" }.joined()
        let decisions = try #require(DocumentTree.parse(grant).tree.roots.first)["status"]["decisions"]
        let head = try #require(grant.components("status:").first)
        let text = head + "status:\n" + status + "  decisions: " + CanonicalJSON.text(of: decisions) + "\n"
        let object = try #require(SourceObjects(DocumentTree.parse(text).tree).objects.first)
        let reading = PrivilegeGrant.read(object)
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        let again = try #require(reading.grant)
        #expect(again.approvedTerms.map(\.specHash) == [try life.hash("a")])
        #expect(again.conditions == ["Applied", "Approved", "Accepted", "Active"])
    }

    @Test func selfServiceNeedsNobodyButWhoAnswers() throws {
        var life = TestLife("ann apply a 1")
        life.capability = "NET_RAW"
        var cycle = try life.cycle("2")
        #expect(cycle.phase == .applied && cycle.next.description == "team:storage" && cycle.neededApprovals == 0)
        #expect(cycle.refusal(of: .approve, by: "ben", groups: [])?.contains("asks for nobody's approval") == true)
        life.decisions.append("eva accept a 2")
        cycle = try life.cycle("2")
        #expect(!cycle.isInForce && cycle.conditions[3].reason == "NotAccountable")
        life.decisions.append("dee:storage accept a 2")
        #expect(try life.cycle("2").phase == .active)
    }

    @Test func remindersFitTheLengthOfTheGrant() throws {
        func days(_ expires: String) throws -> [String] {
            var life = TestLife(Self.steps)
            life.changes["a"] = [("expires: 2026-07-01T00:00:00Z", "expires: \(expires)")]
            return GrantReminder.all(of: try life.grant().terms).map(\.before.description)
        }
        #expect(try days("2026-07-01T00:00:00Z") == ["14d", "3d", "1d"])
        #expect(try days("2026-06-09T00:00:00Z") == ["4d", "3d", "1d"])
        #expect(try days("2026-06-01T04:00:00Z") == ["2h"])
        let cycle = try TestLife(Self.steps).cycle("20")
        #expect(cycle.dueReminder?.before == .days(14) && cycle.pendingReminders.map(\.before) == [.days(3), .days(1)])
        #expect(try cycle.nextChange == TestLife.time("28"))
        #expect(try TestLife(Self.steps).cycle("4").dueReminder == nil)
    }

    @Test func aConditionThatNobodyDecidedIsObeyedWhereItSaysNo() throws {
        var life = TestLife(Self.steps)
        life.conditions = ["Revoked"]
        let cycle = try life.cycle("4")
        #expect(cycle.phase == .revoked && !cycle.isInForce)
        #expect(cycle.conditions.first { $0.kind == .revoked }?.reason == "WithoutDecision")
        life.conditions = ["Denied"]
        #expect(try life.cycle("4").phase == .denied)
        // One that a decision explains is derived from it, and may be stale.
        life.decisions = ["ann apply b 1", "ben deny b 1"] + Self.steps
        life.conditions = ["Denied"]
        #expect(try life.cycle("4").isInForce)
    }
}

/// A changed spec needs a new approval, and what was approved goes on to hold until then.
struct ChangedSpecTests {
    /// In force with `a`; `b` is what the spec says now, and the status holds a copy of `a`.
    private func changed(_ more: String..., spec: String = "b", copies: [String] = ["a"]) -> TestLife {
        var life = TestLife(TestLife.active + more)
        (life.spec, life.copies) = (spec, copies)
        return life
    }

    @Test func theOldOneHoldsUntilTheNewOneDoes() throws {
        let steps = ["ann apply b 5", "ben approve b 6", "cyd approve b 6", "dee:storage accept b 7"]
        for count in 0..<4 {
            var life = changed()
            life.decisions += steps.prefix(count)
            let cycle = try life.cycle("8")
            #expect(try life.holding("8") == "a" && cycle.phase == .active, "after \(count)")
            let active = try #require(cycle.conditions.first { $0.kind == .active })
            #expect(active.reason == "FormerSpecInForce" && active.status == .yes)
            #expect(cycle.next.description == ["applicant", "2 approvers", "1 approver", "team:storage"][count])
        }
        var life = changed()
        life.decisions += steps
        #expect(try life.holding("8") == "b")
        #expect(try life.cycle("8").approvedSpecs.map(\.specHash) == [life.hash("b")])
    }

    @Test func withoutACopyNothingHolds() throws {
        #expect(try changed(copies: []).holding("8") == nil)
    }

    @Test func aCopyThatNobodyApprovedProvesNothing() throws {
        #expect(try changed(copies: ["x"]).holding("8") == nil)
        #expect(try changed("ann apply c 5", "ben approve c 6", "dee:storage accept c 6", copies: ["c"]).holding("8") == nil)
    }

    @Test func aDenialOfTheNewOneLeavesTheOldOne() throws {
        let life = changed("ann apply b 5", "ben deny b 6")
        #expect(try life.holding("8") == "a")
        #expect(try life.cycle("8").refusal(of: .accept, by: "dee", groups: ["storage"])?.contains("ben denied this") == true)
    }

    @Test func aRevocationEndsAll() throws {
        for about in ["a", "b"] {
            #expect(try changed("ben revoke \(about) 6").holding("8") == nil)
            #expect(try changed("ann apply b 5", "ben approve b 6", "ben revoke \(about) 6", "cyd approve b 7").holding("8") == nil)
        }
        #expect(try changed("ben revoke a 6", spec: "a", copies: []).cycle("8").phase == .revoked)
    }

    @Test func theOldOneEndsAtItsOwnEnd() throws {
        #expect(try changed().holding("30.9") == "a")
        #expect(try changed().holding("31") == nil)
        var longer = changed()
        longer.changes["b"] = [("expires: 2026-07-01", "expires: 2026-06-29")]
        #expect(try longer.holding("29.5") == "a")
    }

    /// `b` took the place of `a`. Whoever may write spec and status writes `a` there again.
    @Test func whatWasReplacedDoesNotComeBack() throws {
        let replaced = ["ann apply b 5", "ben approve b 6", "cyd approve b 6", "dee:storage accept b 7"]
        for (spec, copies) in [("a", []), ("a", ["a"]), ("c", ["a"]), ("a", ["b"])] as [(String, [String])] {
            var life = changed(spec: spec, copies: copies)
            life.decisions += replaced
            #expect(try life.holding("8") == (copies == ["b"] ? "b" : nil), "\(spec) \(copies)")
            if spec == "a", copies != ["b"] { #expect(try life.cycle("8").phase == .superseded) }
        }
        // It comes back when all of it is decided anew, and not before.
        let again = ["ann apply a 9", "ben approve a 9", "cyd approve a 9", "dee:storage accept a 9"]
        for count in 0...4 {
            var life = changed(spec: "a", copies: ["b"])
            life.decisions += replaced + again.prefix(count)
            #expect(try life.holding("10") == (count == 4 ? "a" : "b"), "after \(count)")
        }
    }

    /// `b` was narrower and ended earlier. That `a` would still last does not bring it back.
    @Test func theEndOfTheNewOneDoesNotBringBackTheOldOne() throws {
        for copies in [["a", "b"], ["b", "a"], ["a"]] {
            var life = changed("ann apply b 5", "ben approve b 6", "cyd approve b 6", "dee:storage accept b 7", copies: copies)
            life.changes["b"] = [("expires: 2026-07-01", "expires: 2026-06-20")]
            #expect(try life.holding("19.9") == "b")
            #expect(try life.holding("20") == nil, "\(copies)")
        }
    }

    /// `b` lasts longer than the model allows, so nothing that is decided about it makes it hold, or ends what does.
    @Test func aSpecThatLastsTooLongIsDecidedInVain() throws {
        let steps = ["ann apply b 5", "ben approve b 6", "cyd approve b 6", "dee:storage accept b 7"]
        for copies in [["a"], ["a", "b"]] {
            var life = changed(copies: copies)
            life.changes["b"] = [("expires: 2026-07-01", "expires: 2026-12-01")]
            life.decisions += steps
            let cycle = try life.cycle("8")
            #expect(try life.holding("8") == "a" && cycle.phase == .active && cycle.next == .applicant)
            #expect(cycle.approvedSpecs.map(\.specHash).first == (try life.hash("a")))
            (life.spec, life.copies) = ("a", ["a", "b"])
            #expect(try life.holding("8") == "a")
        }
        let why = "the grant lasts 183d, model 'example' allows 30d; let it end by 2026-07-01T00:00:00Z"
        let asks: [(GrantDecision.Action, String, [String])] = [(.apply, "ann", []), (.approve, "ben", []), (.accept, "dee", ["storage"])]
        for (count, ask) in asks.enumerated() {
            var life = TestLife(Array((["ann apply b 1", "ben approve b 2"]).prefix(count)))
            (life.spec, life.changes["b"]) = ("b", [("expires: 2026-07-01", "expires: 2026-12-01")])
            if count == 2 { life.decisions.append("cyd approve b 2") }
            #expect(try life.cycle("3").refusal(of: ask.0, by: ask.1, groups: ask.2) == why)
            if count > 0 { #expect(try life.cycle("3").refusal(of: .deny, by: "eva", groups: []) == nil, "it may be closed") }
            life.changes["b"] = []
            #expect(try life.cycle("3").refusal(of: ask.0, by: ask.1, groups: ask.2) == nil)
        }
    }

    /// A renewal that is decided before it begins, and then changed, as a new image is every week.
    @Test func aRenewalWaitsForItsDay() throws {
        let renewal = ["ann apply b 15", "ben approve b 16", "cyd approve b 16", "dee:storage accept b 17"]
        var life = changed()
        life.changes["b"] = [("notBefore: 2026-06-01", "notBefore: 2026-06-29"), ("expires: 2026-07-01", "expires: 2026-07-29")]
        life.decisions += renewal
        let cycle = try life.cycle("20")
        #expect(try life.holding("20") == "a" && cycle.phase == .active && cycle.next == .nobody && cycle.dueReminder == nil)
        #expect(try cycle.approvedSpecs.map(\.specHash) == [life.hash("a"), life.hash("b")])
        #expect(try life.holding("29") == "b")
        // The next one follows this one; while this one waits, it follows what holds.
        #expect(cycle.heldUntil == Timestamp("2026-07-29T00:00:00Z"))
        var waiting = life
        waiting.decisions.removeLast()
        #expect(try waiting.cycle("20").heldUntil == Timestamp("2026-07-01T00:00:00Z"))
        #expect(try TestLife("ann apply a 1").cycle("2").heldUntil == nil)
        // Now the spec says `c`, and both copies are there.
        (life.spec, life.copies) = ("c", ["a", "b"])
        life.decisions.append("ann apply c 21")
        #expect(try life.holding("22") == "a" && life.holding("28.9") == "a")
        #expect(try life.holding("29") == "b" && life.holding("58.9") == "b" && life.holding("59") == nil)
    }

    @Test func theFormerSpecLetsInWhatItNames() throws {
        var life = changed()
        life.changes["b"] = [("value: SYS_ADMIN", "value: SYS_TIME")]
        func found(_ capability: String) throws -> (Verdict, String) {
            let workload = TestGrant.workload.replacing("SYS_ADMIN", with: capability)
            let found = try TestEstate(workload + "\n---\n" + life.manifest).only("added-capabilities")
            return (found.finding.verdict, found.attribution.chain[1])
        }
        #expect(try found("SYS_ADMIN").0 == .accepted)
        let (verdict, step) = try found("SYS_TIME")
        #expect(verdict == .fail && step.contains("it is for 'SYS_ADMIN'"), "\(step)")
    }

    @Test func tooManyCopiesAreAFault() throws {
        let life = changed(copies: Array(repeating: "a", count: 9))
        let objects = SourceObjects(DocumentTree.parse(try life.manifest).tree).objects
        let reading = PrivilegeGrant.read(try #require(objects.first))
        #expect(reading.grant == nil && reading.faults.map(\.message) == ["9 approved specs cannot all hold"])
    }
}
