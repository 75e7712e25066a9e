import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// Grants and records that somebody made up.
struct ForgeryTests {
    private func verdict(_ grant: TestGrant) throws -> (verdict: Verdict, step: String) {
        let found = try grant.capability()
        return (found.finding.verdict, found.attribution.chain[1])
    }

    /// One person under two spellings is one person.
    @Test(arguments: ["Ann", "ann ", " ANN", "ann\\u200b", "a\\u00adnn", "ann\\ufeff"])
    func nobodyApprovesTheirOwnApplication(spelling: String) throws {
        let grant = TestGrant(late: [("{username: ben}", "{username: \"\(spelling)\"}"), ("{username: cyd}", "{username: \"\(spelling)\"}")])
        let (verdict, step) = try verdict(grant)
        #expect(verdict == .fail && step.contains("ann applied for the grant and approved it"), "\(step)")
    }

    @Test(arguments: ["Ben", "ben ", "ben\\u2060"])
    func twoSpellingsAreNotTwoApprovals(spelling: String) throws {
        let (verdict, step) = try verdict(TestGrant(late: [("{username: cyd}", "{username: \"\(spelling)\"}")]))
        #expect(verdict == .fail && step.contains("1 of 2 approvals"), "\(step)")
    }

    @Test func decisionsOfTheFutureDoNotCount() throws {
        let (verdict, step) = try verdict(TestGrant(late: [("{username: ben}, at: 2026-05-29", "{username: ben}, at: 2026-06-29")]))
        #expect(verdict == .fail && step.contains("ben's approve is dated 2026-06-29T08:00:00Z, which is still to come"), "\(step)")
    }

    @Test func nobodyApprovesBeforeTheApplication() throws {
        let (verdict, step) = try verdict(TestGrant(late: [("{username: ben}, at: 2026-05-29", "{username: ben}, at: 2026-05-27")]))
        #expect(verdict == .fail && step.contains("is older than the application of 2026-05-28T08:00:00Z"), "\(step)")
    }

    /// A StatefulSet of another project with the granted name is another workload.
    @Test func aNamesakeIsNotTheGrantedWorkload() throws {
        let kind = ("{kind: Deployment, name: web", "{kind: StatefulSet, name: web")
        func verdict(_ apiVersion: String, _ spec: [(String, String)]) throws -> Verdict {
            try TestGrant(object: [("apiVersion: apps/v1\nkind: Deployment", "apiVersion: \(apiVersion)\nkind: StatefulSet")], spec: spec)
                .capability().finding.verdict
        }
        #expect(try verdict("apps/v1", [kind]) == .accepted)
        #expect(try verdict("apps.kruise.io/v1beta1", [kind]) == .fail)
        #expect(try verdict("apps.kruise.io/v1beta1", [kind, ("kind: StatefulSet,", "kind: StatefulSet, apiGroup: apps.kruise.io,")]) == .accepted)
        #expect(try verdict("apps/v1", [kind, ("kind: StatefulSet,", "kind: StatefulSet, apiGroup: apps.kruise.io,")]) == .fail)
    }

    /// `é` in one code point and in two are one text to Swift and two directories to a node.
    @Test(arguments: [("caf\u{E9}", true), ("cafe\u{301}", false)])
    func valuesAreComparedAsBytes(path: String, isCovered: Bool) throws {
        let object = GrantMatchTests.volume("true").map { ($0, $1.replacing("/var/log", with: "/srv/caf\u{E9}")) }
        let privilege = "{control: host-paths, value: \"/srv/\(path)\", readOnly: true}"
        let spec = [("{control: added-capabilities, container: app, value: SYS_ADMIN}", privilege)]
        let found = try TestGrant(object: object, spec: spec).estate().only("host-paths")
        #expect(found.finding.verdict == (isCovered ? .accepted : .fail))
    }

    /// A thousand managers would make attribution a matter of minutes; no API server keeps so many.
    @Test func aFloodOfManagersSaysNothing() throws {
        func strength(_ count: Int) throws -> Attribution.Strength {
            let managers = (0..<count).map { "{manager: m\($0), operation: Apply, fieldsV1: {\"f:spec\": {}}}" }.joined(separator: ",")
            let managed = TestGrant.workload.replacing("namespace: shop}", with: "namespace: shop, managedFields: [\(managers)]}")
            return try TestEstate(managed).only("added-capabilities").attribution.strength
        }
        #expect(try strength(100) == .recorded)
        #expect(try strength(101) == .presumed)
    }

    /// A manager's name speaks against a customer, never against the provider, whatever a model says.
    @Test func nothingRecordedBlamesTheProvider() throws {
        for model in ResponsibilityModel.builtInNames.compactMap(ResponsibilityModel.builtIn) {
            for transfer in model.transfers where transfer.condition == .modifiedComponent { #expect(transfer.party == .customer, "\(model.name)") }
        }
    }

    /// The same finding three thousand times on one object: each has its own fingerprint, and none takes long.
    @Test func repeatedFindingsKeepTheirOwnFingerprints() throws {
        let capabilities = Array(repeating: "SYS_ADMIN", count: 3_000).joined(separator: ", ")
        let estate = try TestEstate(TestGrant.workload.replacing("[SYS_ADMIN]", with: "[\(capabilities)]"))
        let findings = estate.findings(of: "added-capabilities")
        #expect(findings.count == 3_000 && Set(findings.map(\.fingerprint)).count == 3_000)
        #expect(findings[2_999].finding.fieldPath.hasSuffix("capabilities.add[2999]"))
    }
}

/// Names in a draft come from manifests.
struct DraftInjectionTests {
    @Test func namesStayNamesInADraft() throws {
        let container = "c\n  privileges: []\n  evil: true #\u{85}\u{2028}\u{202E}\u{1B}"
        let workload = TestGrant.workload.replacing("name: app\n", with: "name: \(quoted(container))\n")
            .replacing("app@\(TestGrant.digest)", with: "app:1")
        let objects = SourceObjects(DocumentTree.parse(workload).tree).objects
        let inventory = Inventory(objects)
        let judgement = Catalogue(TestControls.all).judge(inventory, objects: inventory.objects.indices)
        let start = try #require(Timestamp("2026-06-01T00:00:00Z"))
        let draft = GrantDraft(for: judgement.findings, controls: TestControls.all, inventory: inventory, model: .example, from: start).text
        let parsed = DocumentTree.parse(draft)
        #expect(parsed.problems.isEmpty)
        let spec = try #require(parsed.tree.roots.first)["spec"]
        #expect(!spec["evil"].isWritten)
        let privileges = Array(try spec["privileges"].items())
        #expect(!privileges.isEmpty)
        for privilege in privileges { #expect(try privilege["container"].string() == container) }
        #expect(
            !draft.unicodeScalars.contains { $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format) })
    }

    private func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            let isPlain = scalar.value < 0x7F && scalar.value >= 0x20
            return isPlain ? String(scalar) : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + scalars.joined() + "\""
    }
}
