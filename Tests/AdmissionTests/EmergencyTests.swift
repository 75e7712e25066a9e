import Admission
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// Emergencies at the door: a grant stays until its emergency is reviewed, and there is no second one before.
struct EmergencyTests {
    /// Times of decisions are within minutes of `Fixture.now`, 2026-06-15T00:00:00Z.
    private static func grant(named name: String = "probe", workload: String = "probe", person: String = "dee", _ decisions: String...) -> String {
        let text = """
            apiVersion: demarc.dev/v1alpha1
            kind: PrivilegeGrant
            metadata: {name: \(name), namespace: shop, uid: g-\(name)}
            spec:
              workload: {kind: Pod, \(workload.contains(":") ? workload : "name: \(workload)"), serviceAccountName: probe}
              privileges:
              - {control: privileged-containers, container: app, value: "true"}
              justification: The shop is down
              accountable: {person: \(person)}
              notBefore: 2026-06-14T23:50:00Z
              expires: 2026-06-15T02:00:00Z
              liabilityTextHash: \(Fixture.acs.liabilityHash ?? "")
              emergency: {reason: The shop is down}
            """
        let spec = DocumentTree.parse(text).tree.roots.first?["spec"]
        let hash = spec.map { CanonicalJSON.digest(of: $0) } ?? ""
        let lines = decisions.map { "  - \($0.replacing("HASH", with: hash))\n" }.joined()
        return text + (lines.isEmpty ? "" : "\nstatus:\n  decisions:\n\(lines)")
    }

    private static func taken(by person: String = "dee", at time: String = "2026-06-14T23:55:00Z") -> String {
        "{action: break-glass, by: {username: \(person), groups: [demarc-break-glass]}, at: \(time), specHash: HASH}"
    }

    private static let revoked = "{action: revoke, by: {username: ben}, at: 2026-06-14T23:57:00Z, specHash: HASH}"

    private static func reviewed(by person: String) -> String {
        "{action: review, by: {username: \(person)}, at: 2026-06-14T23:58:00Z, specHash: HASH}"
    }

    // MARK: - Deletion

    private static func deletion(of grant: String, in namespace: String = "shop") throws -> Reply {
        try Fixture.ask(
            Review(grant).with { ($0.old, $0.operation, $0.resource, $0.namespace) = (grant, "DELETE", "privilegegrants", namespace) })
    }

    @Test(arguments: [
        grant(), grant(taken(), revoked, reviewed(by: "ben")), GrantTests.grant(), grant().replacing("kind: Pod", with: "kind: []"),
    ])
    func whatIsReviewedMayGo(grant: String) throws {
        #expect(try Self.deletion(of: grant).isAllowed)
    }

    @Test(arguments: [
        grant(taken()), grant(taken(), revoked), grant(taken(), revoked, reviewed(by: "dee")), grant(taken(), reviewed(by: "ben")),
    ])
    func whatNobodyHasReviewedStays(grant: String) throws {
        let reply = try Self.deletion(of: grant)
        #expect(!reply.isAllowed)
        #expect(
            reply.message.contains(
                "nobody has reviewed the emergency of 2026-06-14T23:55:00Z, by dee; when it has ended or is revoked, somebody else says "
                    + "`demarc grant review shop/probe`, and then PrivilegeGrant shop/probe may go"), "\(reply.message)")
    }

    @Test func aSpecThatNobodyCanReadIsNoWayAroundTheReview() throws {
        let reply = try Self.deletion(of: Self.grant(Self.taken()).replacing("kind: Pod", with: "kind: []"))
        #expect(!reply.isAllowed && reply.message.contains("somebody broke the glass with PrivilegeGrant shop/probe"), "\(reply.message)")
    }

    @Test func nothingIsKeptInExemptNamespaces() throws {
        let grant = Self.grant(Self.taken()).replacing("namespace: shop", with: "namespace: kube-system")
        #expect(try Self.deletion(of: grant, in: "kube-system").isAllowed)
    }

    // MARK: - Another spec

    private static func change(of old: String, to new: String) throws -> Reply {
        try Fixture.ask(Review(new).with { ($0.old, $0.operation, $0.resource) = (old, "UPDATE", "privilegegrants") })
    }

    /// Also one that nobody could read, or for another workload: then the next emergency would be free.
    @Test(arguments: [("name: probe, s", "name: other, s"), ("kind: Pod", "kind: []"), ("The shop is down}", "Nothing}"), ("02:00:00Z", "01:00:00Z")])
    func theSpecStaysUntilTheReview(change: (String, String)) throws {
        let taken = Self.grant(Self.taken())
        let reply = try Self.change(of: taken, to: taken.replacing(change.0, with: change.1))
        #expect(!reply.isAllowed && reply.message.contains("until then its spec stays as it is"), "\(reply.message)")
        let reviewed = Self.grant(Self.taken(), Self.revoked, Self.reviewed(by: "ben"))
        let after = try Self.change(of: reviewed, to: reviewed.replacing(change.0, with: change.1))
        #expect(!after.message.contains("spec stays"), "\(after.message)")
    }

    @Test func otherFieldsMayChange() throws {
        let taken = Self.grant(Self.taken())
        #expect(try Self.change(of: taken, to: taken.replacing("uid: g-probe", with: "uid: g-probe, labels: {a: b}")).isAllowed)
    }

    // MARK: - A second one

    @Test(
        arguments: [
            ("dee", "api", false), ("eva", "probe", false), ("dee", "probe", false), ("eva", "api", true),
            ("eva", "selector: {matchLabels: {app: probe}}", false),
        ])
    func aSecondOneWaitsForTheReviewOfTheFirst(person: String, workload: String, isAllowed: Bool) throws {
        let before = Self.grant(named: "second", workload: workload, person: person)
        let after = Self.grant(named: "second", workload: workload, person: person, Self.taken(by: person, at: "2026-06-15T00:00:00Z"))
        let review = Review(after).with {
            ($0.old, $0.operation, $0.resource, $0.subresource) = (before, "UPDATE", "privilegegrants", "status")
            ($0.user, $0.groups) = (person, ["demarc-break-glass"])
        }
        let reply = try Fixture.ask(review, estate: GrantTests.estate(Self.grant(Self.taken()) + "\n---\n" + before))
        #expect(reply.isAllowed == isAllowed, "\(reply.message)")
        if !isAllowed {
            #expect(
                reply.message.contains(
                    "nobody has reviewed the emergency of 2026-06-14T23:55:00Z in grant shop/probe, by dee, so there is no second one"),
                "\(reply.message)")
        }
        let looked = Self.grant(Self.taken(), Self.revoked, Self.reviewed(by: "ben"))
        #expect(try Fixture.ask(review, estate: GrantTests.estate(looked + "\n---\n" + before)).isAllowed)
    }
}
