import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// Grants at the door: whom they let in, who may write them, and who may enter what they let in.
struct GrantTests {
    static let digest = "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

    /// A grant in force, signed for its spec.
    static func grant(kind: String = "Pod", name: String = "probe", extra: String = "") -> String {
        let text = """
            apiVersion: demarc.dev/v1alpha1
            kind: PrivilegeGrant
            metadata: {name: probe, namespace: shop, uid: g-1}
            spec:
              workload: {kind: \(kind), name: \(name), serviceAccountName: probe}
              privileges:
              - {control: privileged-containers, container: app, value: "true"}
            \(extra)
              imageDigests: ["\(digest)"]
              justification: Reads hardware counters
              accountable: {team: payments}
              notBefore: 2026-06-01T00:00:00Z
              expires: 2026-06-30T00:00:00Z
              liabilityTextHash: \(Fixture.acs.liabilityHash ?? "")
            status:
              conditions:
              - {type: Applied, status: "True"}
              - {type: Approved, status: "True"}
              - {type: Accepted, status: "True"}
              decisions:
              - {action: apply, by: {username: ann@example.com}, at: 2026-05-28T08:00:00Z, specHash: HASH}
              - {action: approve, by: {username: ben@example.com}, at: 2026-05-29T08:00:00Z, specHash: HASH}
              - {action: approve, by: {username: cyd@example.com}, at: 2026-05-29T09:00:00Z, specHash: HASH}
              - {action: accept, by: {username: ann@example.com, groups: [payments]}, at: 2026-05-30T08:00:00Z, specHash: HASH}
            """
        let spec = DocumentTree.parse(text).tree.roots.first?["spec"]
        return text.replacing("HASH", with: spec.map { CanonicalJSON.digest(of: $0) } ?? "")
    }

    static func estate(_ grants: String, _ objects: String = "") -> AdmissionEstate {
        let known = Fixture.objects(objects)
        // As a server follows references: by kind, name and uid.
        return AdmissionEstate(grants: Fixture.objects(grants)) { object in
            var chain: [KubernetesObject] = []
            var current = object
            while let reference = (try? current.metadata["ownerReferences"].items())?.first(where: { (try? $0["controller"].bool()) == true }),
                let owner = known.first(where: {
                    $0.kind == reference["kind"].text && $0.name == reference["name"].text && $0.metadata["uid"].text == reference["uid"].text
                })
            {
                chain.append(owner)
                current = owner
            }
            return chain
        }
    }

    // MARK: - Whom they let in

    @Test func aGrantLetsExactlyItsPodIn() throws {
        let estate = Self.estate(Self.grant())
        let reply = try Fixture.ask(Review(Fixture.privileged), estate: estate)
        #expect(reply.isAllowed && reply.notes["grants"] == "shop/probe")
        for change in [
            ("name: probe, n", "name: other, n"), (Self.digest, Self.digest.replacing("0f1e", with: "1f1e")), ("Name: probe", "Name: web"),
        ] {
            #expect(!(try Fixture.ask(Review(Fixture.privileged.replacing(change.0, with: change.1)), estate: estate).isAllowed), "\(change)")
        }
    }

    /// One snapshot, several instants: the clock decides, not the watch.
    @Test(arguments: [
        ("2026-05-31T23:59:59Z", false), ("2026-06-01T00:00:00Z", true), ("2026-06-29T23:59:59Z", true), ("2026-06-30T00:00:00Z", false),
    ])
    func itHoldsFromItsFirstSecondToItsLast(at time: String, holds: Bool) throws {
        let estate = Self.estate(Self.grant())
        for earlier in ["2026-05-01T00:00:00Z", "2026-06-15T00:00:00Z"] {
            _ = try Fixture.ask(Review(Fixture.privileged), estate: estate, at: try #require(Timestamp(earlier)))
        }
        #expect(try Fixture.ask(Review(Fixture.privileged), estate: estate, at: try #require(Timestamp(time))).isAllowed == holds)
    }

    /// Whoever has a grant is told why it does not count.
    @Test(arguments: [
        ("2026-07-01T00:00:00Z", "0f1e", "the grant expired at 2026-06-30T00:00:00Z"),
        ("2026-06-15T00:00:00Z", "1f1e", "the image of container 'app' is another one"),
    ])
    func aDenialSaysWhyAGrantDoesNotCount(at time: String, image: String, reason: String) throws {
        let pod = Fixture.privileged.replacing(Self.digest, with: Self.digest.replacing("sha256:0f1e", with: "sha256:\(image)"))
        let reply = try Fixture.ask(Review(pod), estate: Self.estate(Self.grant()), at: try #require(Timestamp(time)))
        #expect(!reply.isAllowed && reply.message.contains("\n   grant: shop/probe does not cover it: \(reason)\n"), "\(reply.message)")
    }

    static let owners = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: probe, namespace: shop, uid: d-1}
        spec: {template: {spec: {serviceAccountName: probe, containers: [{name: app, image: "probe@\(digest)"}]}}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: probe-1
          namespace: shop
          uid: r-1
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: probe, uid: d-1, controller: true}]
        spec: {template: {spec: {containers: [{name: app, image: "probe@\(digest)"}]}}}
        """
    static let owned = Fixture.privileged.replacing(
        "name: probe, namespace",
        with: "name: probe-1-x, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: probe-1, uid: r-1, controller: true}], namespace")

    static let controller = "system:serviceaccount:kube-system:replicaset-controller"

    @Test func theOwnersGrantReachesThePodOfItsController() throws {
        let estate = Self.estate(Self.grant(kind: "Deployment"), Self.owners)
        #expect(try Fixture.ask(Review(Self.owned).with { $0.user = Self.controller }, estate: estate).notes["grants"] == "shop/probe")
    }

    /// Anybody who may read the owner knows its uid.
    @Test func aClaimedOwnerIsNotBelieved() throws {
        let estate = Self.estate(Self.grant(kind: "Deployment"), Self.owners)
        #expect(!(try Fixture.ask(Review(Self.owned), estate: estate).isAllowed))
    }

    @Test(arguments: [("uid: r-1, c", "uid: r-2, c"), ("name: probe-1, uid", "name: probe-2, uid"), ("controller: true", "controller: false")])
    func anotherOwnersGrantIsNone(old: String, new: String) throws {
        let estate = Self.estate(Self.grant(kind: "Deployment"), Self.owners)
        #expect(!(try Fixture.ask(Review(Self.owned.replacing(old, with: new)).with { $0.user = Self.controller }, estate: estate).isAllowed))
    }

    // MARK: - Who may enter

    private func enter(_ pod: String, _ grants: String, _ subresource: String = "exec") throws -> Reply {
        try enter(.pod(try #require(Fixture.objects(pod).first)), Self.estate(grants), subresource)
    }

    private func enter(_ target: ConnectionTarget, _ estate: AdmissionEstate, _ subresource: String = "exec") throws -> Reply {
        let options = "apiVersion: v1\nkind: PodExecOptions\ncommand: [sh]\ncontainer: app"
        let review = Review(options).with { ($0.operation, $0.subresource, $0.name) = ("CONNECT", subresource, "probe") }
        return try Fixture.ask(review, target: target, estate: estate)
    }

    @Test(arguments: ["exec", "attach", "portforward"])
    func aPodWithGrantedPrivilegesIsClosed(subresource: String) throws {
        let reply = try enter(Fixture.privileged, Self.grant(), subresource)
        #expect(!reply.isAllowed && reply.message.contains("grant shop/probe") && reply.message.contains("interactive-access"))
        #expect(reply.answer.resource == "pods/\(subresource)")
    }

    @Test func itIsOpenToThoseWhoAreGrantedThatToo() throws {
        // Seven days is the longest for this privilege, so the grant as a whole lasts no longer.
        let short = Self.grant(extra: "  - {control: interactive-access}")
        let text = resigned(
            short.replacing("notBefore: 2026-06-01", with: "notBefore: 2026-06-12").replacing("expires: 2026-06-30", with: "expires: 2026-06-18"))
        #expect(try enter(Fixture.privileged, text).notes["grants"] == "shop/probe")
        // One that lasts longer is in force for nothing, and a Pod whose privileges nobody granted is no more open for that.
        #expect(try enter(Fixture.privileged, short).message.contains("off by default and not granted"))
    }

    @Test func aPodWithoutPrivilegesIsOpen() throws {
        #expect(try enter(Fixture.hardened.replacing("name: web,", with: "name: probe,"), Self.grant()).isAllowed)
    }

    @Test func aPodThatCannotBeReadIsClosedAndOneThatIsNotThereIsNoMatterHere() throws {
        #expect(!(try enter(.unreadable, Self.estate("")).isAllowed))
        #expect(try enter(.missing, Self.estate("")).answer.decision == .allow)
        #expect(try enter(.unknown, Self.estate("")).answer.decision == .warn)
    }

    private func resigned(_ grant: String) -> String {
        let hash = DocumentTree.parse(grant).tree.roots.first.map { CanonicalJSON.digest(of: $0["spec"]) } ?? ""
        return grant.replacing(#/specHash: sha256:[0-9a-f]+/#, with: "specHash: \(hash)")
    }

    // MARK: - Who may write them

    static let applied = grant().components(separatedBy: "  - {action: approve").first ?? ""
    static let approved = grant().components(separatedBy: "  - {action: accept").first ?? ""
    static let specHash = DocumentTree.parse(grant()).tree.roots.first.map { CanonicalJSON.digest(of: $0["spec"]) } ?? ""
    static let approval = "  - {action: approve, by: {username: ben@example.com}, at: 2026-06-15T00:00:00Z, specHash: \(specHash)}"

    private func write(
        _ old: String, _ new: String, as user: String, in groups: [String] = ["developers"], status: Bool = true
    ) throws -> AdmissionRuling {
        let review = Review(new).with {
            ($0.old, $0.operation, $0.resource, $0.user, $0.groups) = (old, "UPDATE", "privilegegrants", user, groups)
            $0.subresource = status ? "status" : ""
        }
        return try Fixture.engine.rule(.validate, AdmissionRequest(review.body), in: AdmissionEstate(), at: Fixture.now)
    }

    @Test func approvingIsAQuestionToTheAuthorizer() throws {
        let ruling = try write(Self.applied, Self.applied + Self.approval, as: "ben@example.com")
        let question = try #require(ruling.question)
        #expect(question.verb == "approve" && question.group == "demarc.dev" && question.resource == "privilegegrants")
        #expect(question.namespace == "shop" && question.name == "probe" && question.user.name == "ben@example.com")
        #expect(try Reply(ruling.answer).isAllowed)
        #expect(try Reply(try #require(ruling.refusal)).message.contains("needs the verb approve"))
    }

    @Test func nobodyDecidesInAnothersName() throws {
        let reply = try Reply(write(Self.applied, Self.applied + Self.approval, as: "ann@example.com").answer)
        #expect(reply.message.contains("status.decisions[1].by.username must be 'ann@example.com'"))
    }

    @Test func nobodyClaimsAGroup() throws {
        let decision = Self.approval.replacing("username: ben@example.com", with: "username: ben@example.com, groups: [system:masters]")
        #expect(try Reply(write(Self.applied, Self.applied + decision, as: "ben@example.com").answer).message.contains("a group that"))
    }

    /// What cannot count is refused at once, with the reason: nobody should believe that something was decided.
    @Test func aDecisionThatWouldNotCountIsRefused() throws {
        let own = Self.approval.replacing("ben@", with: "ann@")
        #expect(try Reply(write(Self.applied, Self.applied + own, as: "ann@example.com").answer).message.contains("somebody else must approve it"))
        let odd = Self.applied.replacing("  justification:", with: "  onlyOnSundays: true\n  justification:")
        let unread = try Reply(write(odd, odd + Self.approval, as: "ben@example.com").answer)
        #expect(unread.message.contains("the grant cannot be read, so nobody can decide about it"), "\(unread.message)")
        let bare = Self.applied.components(separatedBy: "  - {action: apply").first ?? ""
        let early = try Reply(write(bare, bare + Self.approval, as: "ben@example.com").answer)
        #expect(early.message.contains("nobody has applied for the spec as it is now"), "\(early.message)")
        let two = Self.applied + Self.approval + "\n" + Self.approval.replacing("approve", with: "revoke")
        #expect(try Reply(write(Self.applied, two, as: "ben@example.com").answer).message.contains("one decision a request"))
    }

    /// The spec may have changed between reading it and deciding.
    @Test func nobodyDecidesAboutAnotherSpec() throws {
        let other = Self.approval.replacing(Self.specHash, with: "sha256:" + String(repeating: "0", count: 64))
        #expect(
            try Reply(write(Self.applied, Self.applied + other, as: "ben@example.com").answer).message.contains(
                "status.decisions[1].specHash must be \(Self.specHash)"))
    }

    @Test(arguments: ["", "  - {action: apply, by: {username: eve@example.com}, at: 2026-05-28T08:00:00Z, specHash: HASH}"])
    func whatWasDecidedStays(instead: String) throws {
        let head = Self.applied.components(separatedBy: "  - {action: apply").first ?? ""
        #expect(try Reply(write(Self.applied, head + instead, as: "ann@example.com").answer).message.contains("what was decided stays"))
    }

    @Test func theStatusIsNotWrittenWithTheSpec() throws {
        #expect(!(try Reply(write(Self.applied, Self.applied + Self.approval, as: "ben@example.com", status: false).answer).isAllowed))
        let created = Review(Self.grant()).with { $0.resource = "privilegegrants" }
        #expect(!(try Fixture.ask(created).isAllowed))
    }

    /// Accepting needs no verb: whoever answers for it need not be one who approves.
    @Test func acceptingIsForWhoAnswersForIt() throws {
        let decision = "  - {action: accept, by: {username: ann@example.com}, at: 2026-06-15T00:00:00Z, specHash: \(Self.specHash)}"
            .replacing("example.com}", with: "example.com, groups: [GROUP]}")
        func accept(_ old: String, _ group: String) throws -> AdmissionRuling {
            try write(old, old + decision.replacing("GROUP", with: group), as: "ann@example.com", in: [group])
        }
        let ruling = try accept(Self.approved, "payments")
        #expect(try ruling.question == nil && Reply(ruling.answer).notes["decisions"] == "accept")
        let stranger = try Reply(accept(Self.approved, "interns").answer)
        #expect(!stranger.isAllowed && stranger.message.contains("ann@example.com is in no group 'payments'"), "\(stranger.message)")
        #expect(try Reply(accept(Self.applied, "payments").answer).message.contains("0 of 2 approvals are there"))
    }

    /// A decision of another time would lie in wait.
    @Test(arguments: ["2099-01-01T00:00:00Z", "2026-06-14T00:00:00Z", "soon"])
    func aDecisionIsMadeNow(at time: String) throws {
        let reply = try Reply(
            write(Self.applied, Self.applied + Self.approval.replacing("2026-06-15T00:00:00Z", with: time), as: "ben@example.com").answer)
        #expect(!reply.isAllowed && reply.message.contains("status.decisions[1].at must be the time of the request"), "\(reply.message)")
    }

    /// Conditions follow from decisions; nobody but the server draws the conclusion.
    @Test(arguments: ["Denied", "Revoked", "Expired", "Active"])
    func conditionsAreTheServersToWrite(type: String) throws {
        let changed = Self.applied.replacing(
            "  - {type: Applied, status: \"True\"}", with: "  - {type: Applied, status: \"True\"}\n  - {type: \(type), status: \"True\"}")
        let gone = Self.applied.replacing("  - {type: Approved, status: \"True\"}\n", with: "")
        for status in [changed, gone] {
            #expect(try Reply(write(Self.applied, status, as: "eve@example.com").answer).message.contains("is the server's to write"))
            let ruling = try asServer(Self.applied, status)
            #expect(try ruling.question == nil && Reply(ruling.answer).isAllowed)
        }
    }

    @Test func whatAnAuthenticatorSaysBesideReachesTheAuthorizer() throws {
        let body = try Review(Self.applied + Self.approval).with {
            ($0.old, $0.operation, $0.resource, $0.subresource, $0.user) = (Self.applied, "UPDATE", "privilegegrants", "status", "ben@example.com")
        }.body
        let text = String(decoding: body, as: UTF8.self).replacing("\"userInfo\":{", with: "\"userInfo\":{\"extra\":{\"scopes\":[\"read\"]},")
        let ruling = Fixture.engine.rule(.validate, try AdmissionRequest(Array(text.utf8)), in: AdmissionEstate(), at: Fixture.now)
        #expect(ruling.question?.user.extra == ["scopes": ["read"]])
    }

    // MARK: - Who may put something under an owner with a grant

    static let replicaSet = """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: mine
          namespace: shop
          uid: r-2
          ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: probe, uid: d-1, controller: true}]
        spec: {template: {spec: {containers: [{name: app, image: a}]}}}
        """

    @Test func onlyItsControllerPutsAReplicaSetUnderADeployment() throws {
        let estate = Self.estate(Self.grant(kind: "Deployment"), Self.owners)
        let review = Review(Self.replicaSet).with { $0.resource = "replicasets" }
        let refusal = "only the controller of Deployments puts ReplicaSets under Deployment shop/probe"
        #expect(try Fixture.ask(review, estate: estate).message.contains(refusal))
        let controller = "system:serviceaccount:kube-system:deployment-controller"
        #expect(try Fixture.ask(review.with { $0.user = controller }, estate: estate).isAllowed)
        // It must not wait there for a grant either, and what stands there already may be changed.
        #expect(try Fixture.ask(review, estate: Self.estate("", Self.owners)).message.contains(refusal))
        #expect(try Fixture.ask(review.with { ($0.old, $0.operation) = (Self.replicaSet, "UPDATE") }, estate: estate).isAllowed)
    }

    /// `kubectl create job --from` puts one under a CronJob, which is no harm where nothing is granted.
    @Test func aJobIsPutUnderACronJobWithoutAGrant() throws {
        let cron = Self.owners.components(separatedBy: "---\n")[0].replacing("apps/v1", with: "batch/v1").replacing("Deployment", with: "CronJob")
            .replacing("spec: {template: ", with: "spec: {jobTemplate: {spec: {template: ").replacing("]}}}", with: "]}}}}}")
        let job = Self.replicaSet.replacing("apps/v1\nkind: ReplicaSet", with: "batch/v1\nkind: Job")
            .replacing("apps/v1, kind: Deployment", with: "batch/v1, kind: CronJob")
        let review = Review(job).with { $0.resource = "jobs" }
        #expect(try Fixture.ask(review, estate: Self.estate("", cron)).isAllowed)
        let granted = try Fixture.ask(review, estate: Self.estate(Self.grant(kind: "CronJob"), cron))
        #expect(granted.message.contains("CronJob shop/probe has a grant, so only its controller"), "\(granted.message)")
    }

    /// No controller makes these, so whoever did wants the grant. They come in, also where nobody looks, and get nothing by it.
    @Test(arguments: [("StatefulSet", "statefulset"), ("DaemonSet", "daemon-set"), ("Job", "job")])
    func nothingButReplicaSetsHaveTheGrantOfADeployment(kind: String, controller: String) throws {
        let group = kind == "Job" ? "batch" : "apps"
        let owners = Self.owners.replacing("apps/v1\nkind: ReplicaSet", with: "\(group)/v1\nkind: \(kind)")
        let pod = Self.owned.replacing("kind: ReplicaSet", with: "kind: \(kind)")
        let review = Review(pod).with { $0.user = "system:serviceaccount:kube-system:\(controller)-controller" }
        let reply = try Fixture.ask(review, estate: Self.estate(Self.grant(kind: "Deployment"), owners))
        #expect(!reply.isAllowed && reply.notes["grants"] == nil)
    }

    @Test func nobodyMovesAPodUnderAnOwnerAfterwards() throws {
        let estate = Self.estate(Self.grant(kind: "Deployment"), Self.owners)
        let plain = Self.owned.replacing("{privileged: true}", with: "{privileged: false}")
        let loose = plain.replacing("controller: true", with: "controller: false")
        #expect(!(try Fixture.ask(Review(plain).with { ($0.old, $0.operation) = (loose, "UPDATE") }, estate: estate).isAllowed))
        #expect(try Fixture.ask(Review(loose).with { ($0.old, $0.operation) = (plain, "UPDATE") }, estate: estate).isAllowed, "it may be let go")
    }

    // MARK: - Ephemeral containers

    @Test func anEphemeralContainerEntersThePod() throws {
        let manifest = Fixture.privileged + "\n  ephemeralContainers:\n  - {name: debug, image: busybox}"
        let review = Review(manifest).with { ($0.old, $0.operation, $0.subresource) = (Fixture.privileged, "UPDATE", "ephemeralcontainers") }
        let pod = ConnectionTarget.pod(try #require(Fixture.objects(Fixture.privileged).first))
        #expect(try Fixture.ask(review, target: pod, estate: Self.estate(Self.grant())).message.contains("interactive-access"))
    }

    @Test func oneGrantThatLetsPeopleInOpensNoOther() throws {
        let short = resigned(
            Self.grant(extra: "  - {control: interactive-access}").replacing("notBefore: 2026-06-01", with: "notBefore: 2026-06-12")
                .replacing("expires: 2026-06-30", with: "expires: 2026-06-18"))
        let pod = Fixture.privileged + "\n  - {name: second, image: \"p@\(Self.digest)\", securityContext: {privileged: true}}"
        let second = resigned(
            Self.grant().replacing("metadata: {name: probe", with: "metadata: {name: second").replacing("container: app", with: "container: second"))
        #expect(try enter(pod, short).message.contains("not granted"), "a privilege that nobody granted")
        #expect(!(try enter(pod, short + "\n---\n" + second).isAllowed), "a privilege of a grant for its program only")
    }
}
