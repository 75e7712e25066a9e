import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// Who applied and who decided is filled in from the request, and nobody else's word for it gets through.
extension GrantTests {
    /// An engine that knows under which name it writes itself.
    private static let engine = AdmissionEngine(
        model: Fixture.acs, catalogue: Catalogue(Fixture.controls), exemptNamespaces: ["kube-system"], account: "system:serviceaccount:demarc:demarc")

    func asServer(_ old: String, _ new: String) throws -> AdmissionRuling {
        try Self.rule(.validate, Self.review(new, old: old, as: "system:serviceaccount:demarc:demarc", status: true))
    }

    private static func review(
        _ new: String, old: String? = nil, as user: String = "ann@example.com", in groups: [String] = ["dev", "system:authenticated"],
        status: Bool = false
    ) -> Review {
        Review(new).with {
            ($0.old, $0.operation, $0.resource, $0.user, $0.groups) = (old, old == nil ? "CREATE" : "UPDATE", "privilegegrants", user, groups)
            $0.subresource = status ? "status" : ""
        }
    }

    private static func rule(_ stage: AdmissionAnswer.Stage, _ review: Review) throws -> AdmissionRuling {
        try engine.rule(stage, AdmissionRequest(review.body), in: AdmissionEstate(), at: Fixture.now)
    }

    /// As it is written, without a status.
    private static let plain = grant().components(separatedBy: "status:\n").first ?? ""

    private static func mark(_ user: String = "ann@example.com", at: String = "2026-06-15T00:00:00Z", hash: String? = nil) -> String {
        #"{"at":"\#(at)","groups":["dev","system:authenticated"],"specHash":"\#(hash ?? GrantTests.specHash)","username":"\#(user)"}"#
    }

    private static func marked(_ manifest: String, _ mark: String) -> String {
        manifest.replacing("uid: g-1}", with: "uid: g-1, annotations: {demarc.dev/applied-by: '\(mark)'}}")
    }

    // MARK: - Filling in

    @Test func whoAppliesIsFilledIn() throws {
        let reply = try Reply(Self.rule(.mutate, Self.review(Self.plain)).answer)
        #expect(reply.isAllowed && reply.notes["stamped"] == "applied-by" && reply.patch.count == 1)
        #expect(reply.patch[0]["path"] as? String == "/metadata/annotations")
        #expect(reply.patch[0]["value"] as? [String: String] == ["demarc.dev/applied-by": Self.mark()])
        let beside = Self.plain.replacing("uid: g-1}", with: "uid: g-1, annotations: {a: b}}")
        let second = try Reply(Self.rule(.mutate, Self.review(beside)).answer).patch
        #expect(second.map { $0["path"] as? String } == ["/metadata/annotations/demarc.dev~1applied-by"])
        #expect(second[0]["value"] as? String == Self.mark())
    }

    @Test func aChangedSpecIsAppliedForAnewAndOtherChangesAreNot() throws {
        let old = Self.marked(Self.plain, Self.mark("ben@example.com", at: "2026-06-01T00:00:00Z"))
        let changed = old.replacing("2026-06-30", with: "2026-06-20")
        let patch = try Reply(Self.rule(.mutate, Self.review(changed, old: old)).answer).patch
        let text = try #require(patch.first?["value"] as? String)
        #expect(patch.count == 1 && text.contains(#""username":"ann@example.com""#) && !text.contains(Self.specHash))
        // Another field than the spec; and the whole object replaced by one without the annotation.
        #expect(
            try Reply(Self.rule(.mutate, Self.review(old.replacing("uid: g-1", with: "uid: g-1, labels: {a: b}"), old: old)).answer).patch.isEmpty)
        let restored = try Reply(Self.rule(.mutate, Self.review(Self.plain, old: old)).answer).patch
        #expect((restored.first?["value"] as? [String: String])?.values.first?.contains("ben@example.com") == true)
    }

    /// Other webhooks may change the spec after ours was asked, which then is asked again.
    @Test func askedTwiceItWritesTheLastSpec() throws {
        let first = Self.marked(Self.plain, Self.mark(hash: "sha256:" + String(repeating: "0", count: 64)))
        #expect(try Reply(Self.rule(.mutate, Self.review(first)).answer).patch.first?["value"] as? String == Self.mark())
        #expect(try Reply(Self.rule(.mutate, Self.review(Self.marked(Self.plain, Self.mark()))).answer).patch.isEmpty)
    }

    @Test func decisionsNeedOnlyTheirAction() throws {
        let short =
            Self.applied + "  - {action: deny, reason: seen}\n  - {action: revoke, by: {username: cyd@example.com}, at: 2026-06-14T00:00:00Z}"
        let reply = try Reply(Self.rule(.mutate, Self.review(short, old: Self.applied, as: "ben@example.com", status: true)).answer)
        let filled = reply.patch.map { "\($0["path"] as? String ?? "")" }
        #expect(
            filled == [
                "/status/decisions/1/by", "/status/decisions/1/at", "/status/decisions/1/specHash", "/status/decisions/2/by/groups",
                "/status/decisions/2/specHash",
            ])
        let by = try #require(reply.patch[0]["value"] as? [String: Any])
        #expect(by["username"] as? String == "ben@example.com" && by["groups"] as? [String] == ["dev", "system:authenticated"])
        #expect(reply.patch[1]["value"] as? String == "2026-06-15T00:00:00Z" && reply.patch[2]["value"] as? String == Self.specHash)
    }

    /// An approval that says nothing would be about whatever stands there when it arrives, and not about what somebody has looked at.
    @Test(arguments: ["approve", "accept", "break-glass"]) func whatGivesAPrivilegeNamesItsSpec(action: String) throws {
        let short = Self.applied + "  - {action: \(action)}"
        let reply = try Reply(Self.rule(.mutate, Self.review(short, old: Self.applied, as: "ben@example.com", status: true)).answer)
        #expect(reply.patch.map { "\($0["path"] as? String ?? "")" } == ["/status/decisions/1/by", "/status/decisions/1/at"])
        let named = Self.applied + "  - {action: \(action), by: {username: ben@example.com}, at: 2026-06-15T00:00:00Z}"
        let judged = try Reply(Self.rule(.validate, Self.review(named, old: Self.applied, as: "ben@example.com", status: true)).answer)
        #expect(!judged.isAllowed && judged.message.contains("specHash must be \(Self.specHash)"), "\(judged.message)")
    }

    @Test(arguments: ["1", "[]", "{action: approve, by: 7}", "null"]) func whatIsNoDecisionIsLeftToTheJudge(odd: String) throws {
        let reply = try Reply(Self.rule(.mutate, Self.review(Self.applied + "  - \(odd)", old: Self.applied, status: true)).answer)
        #expect(reply.isAllowed && !reply.patch.contains { ($0["path"] as? String)?.hasSuffix("/by") == true })
    }

    // MARK: - Judging

    @Test func theApplicantIsTheRequester() throws {
        #expect(try Reply(Self.rule(.validate, Self.review(Self.marked(Self.plain, Self.mark()))).answer).isAllowed)
        let wrong = [
            Self.mark("ben@example.com"), Self.mark(at: "2026-06-14T00:00:00Z"), Self.mark(hash: "sha256:" + String(repeating: "0", count: 64)),
            Self.mark().replacing(#"["dev","#, with: #"["dev","ops","#), Self.mark().replacing(#"":""#, with: #"": ""#), "{}", "",
        ]
        for mark in wrong {
            let reply = try Reply(Self.rule(.validate, Self.review(Self.marked(Self.plain, mark))).answer)
            #expect(!reply.isAllowed && reply.message.contains("'ann@example.com' applied for this spec now"), "\(mark)")
        }
        #expect(!(try Reply(Self.rule(.validate, Self.review(Self.plain)).answer).isAllowed))
    }

    @Test func theApplicantStaysAsLongAsTheSpec() throws {
        let old = Self.marked(Self.plain, Self.mark("ben@example.com", at: "2026-06-01T00:00:00Z"))
        let labelled = old.replacing("uid: g-1", with: "uid: g-1, labels: {a: b}")
        #expect(try Reply(Self.rule(.validate, Self.review(labelled, old: old)).answer).isAllowed)
        for other in [Self.plain, Self.marked(Self.plain, Self.mark())] {
            let reply = try Reply(Self.rule(.validate, Self.review(other, old: old)).answer)
            #expect(!reply.isAllowed && reply.message.contains("changes with the spec only"))
        }
        // Nor does the former applicant's name stay under a spec that somebody else wrote.
        #expect(!(try Reply(Self.rule(.validate, Self.review(old.replacing("2026-06-30", with: "2026-06-20"), old: old)).answer).isAllowed))
    }

    /// Whoever writes a spec applies for it. What can never hold is said at once, and not by a grant that stays without effect.
    @Test func aSpecThatLastsTooLongIsNotApplied() throws {
        let long = Self.plain.replacing("2026-06-30", with: "2026-12-01")
        let hash = CanonicalJSON.digest(of: try #require(DocumentTree.parse(long).tree.roots.first?["spec"]))
        let new = Self.marked(long, Self.mark(hash: hash))
        let why = "spec: the grant lasts 183d, model 'acs' allows 30d; let it end by 2026-07-01T00:00:00Z"
        for old in [nil, Self.marked(Self.plain, Self.mark())] {
            let reply = try Reply(Self.rule(.validate, Self.review(new, old: old)).answer)
            #expect(!reply.isAllowed && reply.message.contains(why), "\(reply.message)")
        }
        // One that is there already may get a label, and may be mended.
        let labelled = new.replacing("uid: g-1", with: "uid: g-1, labels: {a: b}")
        #expect(try Reply(Self.rule(.validate, Self.review(labelled, old: new)).answer).isAllowed)
        #expect(try Reply(Self.rule(.validate, Self.review(Self.marked(Self.plain, Self.mark()), old: new)).answer).isAllowed)
        let status = "status:\n  decisions:\n  - {action: apply, by: {username: ann}, at: 2026-06-14T00:00:00Z, specHash: \(hash)}\n"
        let approval = "  - {action: approve, by: {username: ben@example.com}, at: 2026-06-15T00:00:00Z, specHash: \(hash)}"
        let decided = Self.review(long + status + approval, old: long + status, as: "ben@example.com", status: true)
        let reply = try Reply(Self.rule(.validate, decided).answer)
        #expect(!reply.isAllowed && reply.message.contains("status.decisions[1]: the grant lasts 183d"), "\(reply.message)")
    }

    /// The copy that goes on to hold is written a moment after the acceptance.
    @Test func whatHoldsIsChangedWhenItsCopyIsThere() throws {
        func change(_ old: String) throws -> Reply {
            let changed = Self.plain.replacing("2026-06-30", with: "2026-06-20")
            let hash = CanonicalJSON.digest(of: try #require(DocumentTree.parse(changed).tree.roots.first?["spec"]))
            return try Reply(Self.rule(.validate, Self.review(Self.marked(changed, Self.mark(hash: hash)) + status(of: old), old: old)).answer)
        }
        func status(of grant: String) -> String { grant.range(of: "status:\n").map { String(grant[$0.lowerBound...]) } ?? "" }
        let early = try change(Self.grant())
        #expect(!early.isAllowed && early.message.contains("spec: its acceptance is being recorded"), "\(early.message)")

        let lines = Self.plain.components(separatedBy: "\nspec:\n")[1].split(separator: "\n")
        let item = lines.enumerated().map { "  \($0.offset == 0 ? "- " : "  ")\($0.element.dropFirst(2))\n" }.joined()
        let kept = Self.grant().replacing("status:\n", with: "status:\n  approvedSpecs:\n\(item)")
        let later = try change(kept)
        #expect(later.isAllowed, "\(later.message)")
        #expect(try change(Self.approved).isAllowed, "nothing holds yet")
    }

    /// The server says who applied, in the words of the annotation, and decides nothing.
    @Test func theServerRepeatsTheAnnotation() throws {
        let bare = Self.marked(Self.plain, Self.mark(at: "2026-06-14T00:00:00Z")) + "status: {decisions: ["
        func saying(_ action: String = "apply", _ user: String = "ann@example.com", at: String = "2026-06-14T00:00:00Z") -> String {
            bare
                + "{action: \(action), by: {username: \(user), groups: [dev, 'system:authenticated']}, at: \(at), specHash: \(GrantTests.specHash)}]}"
        }
        #expect(try Reply(asServer(bare + "]}", saying()).answer).isAllowed)
        for forged in [saying("approve"), saying("apply", "ben@example.com"), saying(at: "2026-06-15T00:00:00Z"), saying("accept")] {
            #expect(!(try Reply(asServer(bare + "]}", forged).answer).isAllowed), "\(forged.suffix(120))")
        }
        #expect(!(try Reply(asServer(saying(), bare + "]}").answer).isAllowed), "what was decided stays, for the server too")
        // Others cannot repeat it: they decide for themselves, and now.
        let other = try Self.rule(.validate, Self.review(saying(), old: bare + "]}", as: "eve@example.com", status: true))
        #expect(!(try Reply(other.answer).isAllowed))
    }
}
