import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// The emergency path: who may take it, for how long, and that somebody looks at it afterwards.
struct BreakGlassTests {
    /// From 1 June, midnight, to 03:00; days 1 to 1.125.
    private static func emergency(_ decisions: String..., changes: [(String, String)] = []) -> TestLife {
        var life = TestLife(decisions)
        life.changes["a"] =
            [
                ("{team: storage}", "{person: dee}\nemergency: {reason: the disks are full}"), ("expires: 2026-07-01T00", "expires: 2026-06-01T03"),
                ("imageDigests: [\"\(TestGrant.digest)\"]\n", ""),
            ] + changes
        return life
    }

    private static let taken = "dee:glass break-glass a 1.01"

    @Test func onePersonTakesItAtOnce() throws {
        let life = Self.emergency(Self.taken)
        let cycle = try life.cycle("1.02")
        #expect(cycle.phase == .active && cycle.isBypass && cycle.next == .nobody && cycle.unreviewed.count == 1)
        #expect(cycle.conditions.first { $0.kind == .active }?.reason == "BreakGlass")
        #expect(try life.holding("1.124") == "a" && life.holding("1.125") == nil)
        #expect(try life.cycle("1.2").next == .reviewer)
        #expect(cycle.approvedSpecs.isEmpty, "what was never approved is no approved spec")
    }

    @Test(
        arguments: [
            ("dee:storage break-glass a 1.01", [], "dee is in none of the groups"), ("eva:glass break-glass a 1.01", [], "person:dee has not said"),
            ("dee:glass accept a 1.01", [], "person:dee has not said break-glass"), ("dee:glass break-glass b 1.01", [], "person:dee has not said"),
            (taken, [("expires: 2026-06-01T03", "expires: 2026-06-01T05")], "the grant lasts 5h, model 'example' allows 4h in an emergency"),
            (
                taken,
                [("control: added-capabilities, container: app, value: SYS_ADMIN", "control: privileged-containers, container: app, value: true")],
                "never grants 'privileged-containers'"
            ),
        ] as [(String, [(String, String)], String)])
    func nobodyElseCanAndNotForLonger(decision: String, changes: [(String, String)], reason: String) throws {
        let cycle = try Self.emergency(decision, changes: changes).cycle("1.02")
        #expect(!cycle.isInForce && cycle.obstacles.contains { $0.contains(reason) }, "\(cycle.obstacles)")
    }

    @Test func aModelThatSaysNothingHasNoEmergencies() throws {
        let silent = try ResponsibilityModel.read(
            ResponsibilityModel.document.replacing("  breakGlass: {groups: [glass], longest: 4h}\n", with: ""))
        let cycle = try Self.emergency(Self.taken).cycle("1.02", model: silent)
        #expect(!cycle.isInForce && cycle.obstacles.contains { $0.contains("has no emergency path") })
        #expect(cycle.refusal(of: .breakGlass, by: "dee", groups: ["glass"]) == "model 'example' has no emergency path")
    }

    @Test(
        arguments: [
            ("{groups: [glass]}", "'longest' is missing"), ("{longest: 4h}", "breakGlass does not say who may"),
            ("{groups: [glass], longest: 25h}", "'longest' is more than 1d"), ("{groups: [glass], longest: 4h, tier: x}", "no field 'tier'"),
        ])
    func theModelIsReadStrictly(text: String, message: String) throws {
        let document = ResponsibilityModel.document.replacing("{groups: [glass], longest: 4h}", with: text)
        let reading = ResponsibilityModel.read(Array(document.utf8), source: "model.yaml")
        #expect(reading.model == nil && reading.faults.contains { $0.message.contains(message) }, "\(reading.faults)")
    }

    @Test func acsHasOneAndTheOthersHaveNone() throws {
        for name in ResponsibilityModel.builtInNames {
            let rule = try #require(ResponsibilityModel.builtIn(name)).breakGlass
            #expect(rule == (name == "acs" ? BreakGlass(groups: ["demarc-break-glass"], longest: Span(seconds: 4 * 3_600)) : nil), "\(name)")
        }
    }

    @Test(
        arguments: [
            (["ben review a 1.2"], 0), (["dee:glass review a 1.2"], 1), (["Dee review a 1.2"], 1), (["ben review b 1.2"], 1),
            (["ben review a 1.05"], 1), (["ben revoke a 1.04", "ben review a 1.05"], 0), ([], 1),
        ])
    func somebodyElseReviewsItWhenItIsOver(more: [String], open: Int) throws {
        var life = Self.emergency(Self.taken)
        life.decisions += more
        #expect(try life.cycle("2").unreviewed.count == open)
        let estate = try TestEstate(TestGrant.workload + "\n---\n" + life.manifest, now: "2026-06-02T00:00:00Z")
        #expect(estate.audit().filter { $0.control == "grant-emergency-unreviewed" }.count == open)
    }

    @Test func whoAppliedForItDoesNotReviewIt() throws {
        let life = Self.emergency("ben apply a 1", Self.taken, "ben review a 1.2")
        #expect(try life.cycle("2").unreviewed.count == 1)
    }

    /// Writing another spec over it hides nothing.
    @Test func itIsFoundWhateverTheSpecSaysNow() throws {
        var life = Self.emergency(Self.taken)
        life.spec = "b"
        let cycle = try life.cycle("2")
        #expect(cycle.unreviewed.map(\.username) == ["dee"] && cycle.refusal(of: .review, by: "ben", groups: []) == nil)
        #expect(try cycle.specHash(for: .review) == life.hash("a") && cycle.specHash(for: .approve) == life.hash("b"))
        life.decisions += ["ann apply b 2", "ben approve b 2", "cyd approve b 2", "dee:storage accept b 2"]
        #expect(try life.holding("3") == "b")
        #expect(try life.cycle("3").next == .reviewer)
    }

    @Test func itNeedsAGrantOfItsOwnAndOneAtATime() throws {
        var life = Self.emergency("ann apply b 1", "ben approve b 1", "cyd approve b 1", "dee:storage accept b 1", Self.taken)
        life.copies = ["b"]
        #expect(try life.holding("1.02") == "b")
        var second = Self.emergency(Self.taken, "dee:glass break-glass c 1.2")
        second.changes["c"] = second.changes["a"]?.map { ($0, $1.replacing("2026-06-01T03", with: "2026-06-01T04")) }
        second.spec = "c"
        #expect(try second.holding("1.15") == nil)
        second.decisions = [Self.taken, "ben review a 1.13", "dee:glass break-glass c 1.14"]
        #expect(try second.holding("1.15") == "c")
    }

    @Test func nobodyTakesItInAdvance() throws {
        let life = Self.emergency("dee:glass break-glass a 0.9", changes: [])
        #expect(try !life.cycle("1.02").isInForce)
        let early = try Self.emergency().cycle("0.9").refusal(of: .breakGlass, by: "dee", groups: ["glass"])
        #expect(early?.contains("an emergency is now") == true, "\(early ?? "")")
    }

    /// One person, and one workload, has one emergency at a time, in whichever grants they are.
    @Test(arguments: [("dee", "web", 1), ("eva", "web", 1), ("dee", "api", 1), ("eva", "api", 2)])
    func anUnreviewedOneElsewhereKeepsASecondOut(person: String, workload: String, inForce: Int) throws {
        let first = try Self.emergency(Self.taken).manifest
        var life = Self.emergency("\(person):glass break-glass a 1.02", changes: [("name: web, service", "name: \(workload), service")])
        life.changes["a"]?.append(("{person: dee}", "{person: \(person)}"))
        let second = try life.manifest.replacing("metadata: {name: web,", with: "metadata: {name: second,")
        let grants = try TestEstate(TestGrant.workload + "\n---\n" + first + "---\n" + second, now: "2026-06-01T01:00:00Z").attributor.grants
        #expect(["shop/web", "shop/second"].filter(grants.isInForce).count == inForce)
        #expect(grants.isInForce("shop/web"))
        let reviewed = try Self.emergency(Self.taken, "ben revoke a 1.011", "ben review a 1.012").manifest
        let after = try TestEstate(TestGrant.workload + "\n---\n" + reviewed + "---\n" + second, now: "2026-06-01T01:00:00Z").attributor.grants
        #expect(after.isInForce("shop/second"))
    }

    /// A selector may mean the workload that another grant names; whoever was first has it.
    @Test(arguments: [
        ("name: web", "selector: {matchLabels: {app: web}}", 1), ("selector: {matchLabels: {app: web}}", "name: web", 1),
        ("selector: {matchLabels: {app: web}}", "selector: {matchLabels: {tier: front}}", 1),
        ("name: web", "selector: {matchLabels: {app: web}}, kind: StatefulSet", 2),
        ("selector: {matchLabels: {app: web}}", "name: web, serviceAccountName: api", 2),
    ])
    func aSelectorIsNoWayAroundIt(first: String, second: String, inForce: Int) throws {
        func grant(_ name: String, _ person: String, _ day: String, _ workload: String) throws -> String {
            var life = Self.emergency("\(person):glass break-glass a \(day)")
            var whole = "{\(workload)"
            for (field, value) in [("kind", "Deployment"), ("serviceAccountName", "web")] where !workload.contains(field) {
                whole += ", \(field): \(value)"
            }
            life.changes["a"]? += [("{kind: Deployment, name: web, serviceAccountName: web}", whole + "}"), ("{person: dee}", "{person: \(person)}")]
            return try life.manifest.replacing("metadata: {name: web,", with: "metadata: {name: \(name),")
        }
        let grants = try grant("first", "dee", "1.01", first) + "---\n" + grant("second", "eva", "1.02", second)
        let register = try TestEstate(TestGrant.workload + "\n---\n" + grants, now: "2026-06-01T01:00:00Z").attributor.grants
        #expect(register.isInForce("shop/first") && register.isInForce("shop/second") == (inForce == 2))
        #expect((register.refusalOfEmergency(by: "zoe", with: "shop/second") != nil) == (inForce == 1))
    }

    @Test func whatItLetsInIsMarkedAsABypass() throws {
        let life = Self.emergency(Self.taken)
        let found = try TestEstate(TestGrant.workload + "\n---\n" + life.manifest, now: "2026-06-01T01:00:00Z").only("added-capabilities")
        #expect(found.finding.verdict == .accepted && found.attribution.principal == "dee" && found.attribution.basis == .grant)
        #expect(found.attribution.chain[1].contains("a bypass by break-glass that nobody approved (the disks are full); person:dee answers for it"))
    }

    @Test(
        arguments: [
            ("{team: storage}", "{team: storage}\nemergency: {reason: fire}", "an emergency is one person's"),
            ("{team: storage}", "{person: dee}\nemergency: {}", "'reason' is missing"),
            ("{team: storage}", "{person: dee}\nemergency: {reason: fire, tier: x}", "emergency has no field 'tier'"),
            ("{team: storage}", "{person: dee}\nemergency: fire", "emergency should be a mapping"),
        ])
    func theApplicationIsReadStrictly(old: String, new: String, message: String) throws {
        var life = TestLife()
        life.changes["a"] = [(old, new)]
        let object = try #require(SourceObjects(DocumentTree.parse(try life.manifest).tree).objects.first)
        let reading = PrivilegeGrant.read(object)
        #expect(reading.grant == nil && reading.faults.contains { $0.message == message || $0.message.hasPrefix(message) }, "\(reading.faults)")
    }
}
