import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

struct GrantAuditTests {
    private func audit(_ grant: TestGrant, now: String = "2026-06-15T00:00:00Z") throws -> [String: [String]] {
        var messages: [String: [String]] = [:]
        for (control, found) in try grant.estate(now: now).audit() { messages[control, default: []].append(found.finding.message) }
        return messages
    }

    @Test func aGoodGrantIsQuiet() throws {
        #expect(try audit(TestGrant()).isEmpty)
    }

    @Test(
        arguments: [
            ("2026-06-16T23:59:59Z", nil), ("2026-06-17T00:00:00Z", "grant-expiring"), ("2026-06-30T23:59:59Z", "grant-expiring"),
            ("2026-07-01T00:00:00Z", "grant-expired"),
        ] as [(String, String?)])
    func theClockMovesItOn(now: String, control: String?) throws {
        #expect(try audit(TestGrant(), now: now).keys.sorted() == (control.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            (("capabilities: {add: [SYS_ADMIN]}", "runAsUser: 7"), [("", "")], ["grant-unused"]),
            (("", ""), [("value: SYS_ADMIN}", "value: SYS_ADMIN}\n  - {control: host-paths, value: /}")], ["grant-too-wide"]),
            (("", ""), [("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: []")], ["grant-too-wide"]),
            (("", ""), [("kind: Deployment, name: web", "kind: Deployment, name: gone")], ["grant-orphaned"]),
            (("", ""), [("kind: Deployment, name: web", "kind: Deployment, selector: {matchLabels: {app: gone}}")], ["grant-orphaned"]),
            (("", ""), [("kind: Deployment, name: web", "kind: Deployment, selector: {matchLabels: {app: web}}")], []),
            (("", ""), [("kind: Deployment, name: web", "kind: Service, name: web")], ["grant-orphaned"]),
            (("", ""), [("{type: Approved, status: \"True\"}", "{type: Denied, status: \"True\"}")], ["grant-not-approved"]),
            (("", ""), [("{username: ben}", "{username: ann}")], ["grant-not-approved", "grant-self-approved"]),
            (("", ""), [("expires: 2026-07-01", "expires: 2027-07-01")], ["grant-too-wide"]),
            (("", ""), [("value: SYS_ADMIN", "value: SYS_ADMIN, node: a")], ["grant-malformed"]),
            (("", ""), [("control: added-capabilities", "control: no-such-control")], ["grant-too-wide"]),
        ] as [((String, String), [(String, String)], [String])])
    func eachFaultHasItsControl(object: (String, String), spec: [(String, String)], controls: [String]) throws {
        let grant = TestGrant(object: object.0.isEmpty ? [] : [object], spec: spec.filter { !$0.0.isEmpty })
        #expect(try audit(grant).keys.sorted() == controls)
    }

    @Test func aGrantThatHasNotBegunIsNotUnused() throws {
        #expect(try audit(TestGrant(), now: "2026-05-31T00:00:00Z").isEmpty)
    }

    @Test func whoIsAccountableAnswersForTheGrantItself() throws {
        let found = try #require(
            try TestGrant(spec: [("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: []")]).estate().audit().first?.finding)
        #expect(found.attribution.party == .customer && found.attribution.principal == "storage")
        #expect(found.attribution.basis == .grant && found.attribution.strength == .recorded)
        #expect(found.finding.verdict == .fail && found.fingerprint.count == 32)
        #expect(found.finding.fieldPath == "spec.imageDigests")
    }

    @Test func aFaultIsFoundWhereItStands() throws {
        let grant = TestGrant(spec: [("value: SYS_ADMIN", "value: SYS_ADMIN, node: a"), ("{team: storage}", "{team: storage, mail: b}")])
        let found = try grant.estate().audit()
        #expect(found.map(\.finding.finding.fieldPath) == ["spec.privileges[0].node", "spec.accountable.mail"])
        #expect(found.allSatisfy { $0.finding.attribution.party == .customer && $0.finding.attribution.basis == .plane })
        #expect(found.first?.finding.finding.message.contains("remove it, or use one of control, container, value, readOnly") == true)
    }

    /// What was not judged is not called unused.
    @Test func aControlThatWasLeftOutSaysNothingAboutItsPrivilege() throws {
        let controls = [TestControls.hostPath] + GrantControls.all
        let estate = try TestEstate(TestGrant(object: [("add: [SYS_ADMIN]", "add: []")]).manifest, controls: controls)
        #expect(!estate.audit().contains { $0.control == "grant-unused" })
    }

    @Test func countsWhatWasJudged() throws {
        let estate = try TestGrant().estate()
        let counts = GrantAudit(estate.attributor, controls: estate.controls, now: estate.now).judge(estate.attributed).counts
        #expect(counts.evaluated == 9 && counts.passed == 8)
        let broken = try TestGrant(spec: [("value: SYS_ADMIN", "value: SYS_ADMIN, node: a")]).estate()
        let brokenCounts = GrantAudit(broken.attributor, controls: broken.controls, now: broken.now).judge(broken.attributed).counts
        #expect(brokenCounts.passed == 0 && brokenCounts.notObservable == 9 && brokenCounts.evaluated == 10)
    }

    @Test func aGrantUsedByOneOfTwoPodsIsUsed() throws {
        let text = try TestGrant().manifest
        let estate = try TestEstate(text + "\n---\n" + AttributionTests.pod())
        #expect(estate.audit().isEmpty)
    }
}

struct GrantDraftTests {
    private func draft(_ manifest: String, model: ResponsibilityModel = .example, controls: [Control] = TestControls.all) throws -> GrantDraft {
        let inventory = Inventory(SourceObjects(DocumentTree.parse(manifest).tree).objects)
        let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices)
        let start = try #require(Timestamp("2026-06-01T00:00:00Z"))
        return GrantDraft(for: judgement.findings, controls: controls, inventory: inventory, model: model, from: start)
    }

    @Test func isTheSmallestGrant() throws {
        let draft = try draft(TestGrant.workload)
        #expect(draft.refusals.isEmpty)
        #expect(
            draft.text == """
                apiVersion: demarc.dev/v1alpha1
                kind: PrivilegeGrant
                metadata:
                  name: "deployment-web"
                  namespace: "shop"
                spec:
                  workload:
                    kind: "Deployment"
                    name: "web"
                    serviceAccountName: "web"
                  privileges:
                  - control: "added-capabilities"
                    container: "app"
                    value: "SYS_ADMIN"
                  imageDigests:
                  - \(TestGrant.digest)
                  justification: "<fill in: why the program cannot do without it>"
                  ticket: "<fill in: where it is discussed>"
                  accountable:
                    team: "<fill in: who answers for what it leads to>"
                  notBefore: "2026-06-01T00:00:00Z"
                  expires: "2026-07-01T00:00:00Z"
                  tier: application
                  # Of the liability text that `demarc model show example` prints; accept it only after reading.
                  liabilityTextHash: \(try #require(ResponsibilityModel.example.liabilityHash))

                """)
    }

    /// Filled in and decided, a draft lets exactly its workload in.
    @Test func filledInAndDecidedItCovers() throws {
        var text = try draft(TestGrant.workload).text
        for field in ["why the program cannot do without it", "where it is discussed", "who answers for what it leads to"] {
            text = text.replacing("<fill in: \(field)>", with: "storage")
        }
        let hash = CanonicalJSON.digest(of: try #require(DocumentTree.parse(text).tree.roots.first)["spec"])
        let status = try #require(TestGrant.grant.components("\nstatus:").last).replacing("HASH", with: hash)
        let estate = try TestEstate(TestGrant.workload + "\n---\n" + text + "status:" + status)
        #expect(try estate.only("added-capabilities").finding.verdict == .accepted)
        #expect(estate.audit().isEmpty, "\(estate.audit().map(\.finding.finding.message))")
    }

    @Test func asLeftByTheDraftItIsNotRead() throws {
        let estate = try TestEstate(TestGrant.workload + "\n---\n" + draft(TestGrant.workload).text)
        #expect(estate.attributor.grants.grants.isEmpty)
        #expect(estate.attributor.grants.faults.map(\.fieldPath) == ["spec.justification", "spec.ticket", "spec.accountable.team"])
    }

    @Test func oneForEachWorkloadAndOncePerPrivilege() throws {
        let two = TestGrant.workload.replacing("[SYS_ADMIN]", with: "[SYS_ADMIN, CAP_SYS_ADMIN, NET_RAW]")
        let text = try draft(two + "\n---\n" + two.replacing("name: web, namespace: shop", with: "name: api, namespace: shop")).text
        let documents = text.components("---\n")
        #expect(documents.count == 2)
        for document in documents {
            #expect(document.components("- control:").count == 3)
            #expect(!document.contains("tier:"), "self-service and application together have no one tier")
        }
        #expect(SourceObjects(DocumentTree.parse(text).tree).objects.map(\.name) == ["deployment-web", "deployment-api"])
    }

    @Test func readOnlyUseAsksForReadingOnly() throws {
        func text(_ readOnly: String) throws -> String {
            var workload = TestGrant.workload
            for (old, new) in GrantMatchTests.volume(readOnly) { workload = workload.replacing(old, with: new) }
            return try draft(workload).text
        }
        #expect(try text("true").contains("value: \"/var/log\"\n    readOnly: true"))
        #expect(try !text("false").contains("readOnly"))
    }

    @Test func imagesWithoutDigestAreNamed() throws {
        let text = try draft(TestGrant.workload.replacing("app@\(TestGrant.digest)", with: "app:1")).text
        #expect(text.contains("# Not named by digest, so no digest can stand here: container \"app\".\n  imageDigests: []"))
    }

    @Test func whatIsNeverGrantedIsRefusedWithItsReason() throws {
        let draft = try draft(AttributionTests.pod())
        #expect(draft.text.isEmpty)
        #expect(draft.refusals == ["Pod shop/web: model 'example' never grants 'privileged-containers' (true): not here"])
    }

    @Test func aMistakeIsNoPrivilege() throws {
        let draft = try draft(AttributionTests.pod(spec: "").replacing("  runtimeClassName: gvisor\n", with: ""))
        #expect(draft.text.isEmpty && draft.refusals.isEmpty)
    }

    @Test func aWorkloadWithoutNameCannotBeNamed() throws {
        let text = TestGrant.workload.replacing("name: web, namespace", with: "generateName: web-, namespace")
        let draft = try draft(text)
        #expect(draft.text.isEmpty)
        #expect(draft.refusals == ["Deployment shop/web-*: a grant needs the name of the workload's root object"])
    }

    @Test func namesOfAManifestStayNames() throws {
        let evil = TestGrant.workload.replacing("serviceAccountName: web", with: "serviceAccountName: \"web\\\"\\n    kind: X\"")
        let root = try #require(DocumentTree.parse(draft(evil).text).tree.roots.first)
        #expect(root["spec"]["workload"]["serviceAccountName"].text == "web\"\n    kind: X")
        #expect(root["spec"]["workload"]["kind"].text == "Deployment")
    }
}
