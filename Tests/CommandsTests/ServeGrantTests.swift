import ClusterSupport
import Foundation
import Ledger
import Testing

/// Grants as people apply for them, decide about them and use them: with a real API server, its users and their rights.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeGrantTests {
    static let grants = "/apis/demarc.dev/v1alpha1/namespaces/shop/privilegegrants"
    private static let deployments = "/apis/apps/v1/namespaces/shop/deployments"
    private static let digest = "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    static let setting = GuardedCluster.Setting(
        users: ["ann": ["dev"], "ben": ["ops"], "cyd": ["ops"], "eve": ["dev"], "oni": ["dev", "demarc-break-glass"]],
        controllers: ["deployment", "replicaset"], ownAccounts: true)

    /// Ann and eve may write grants and what is decided about them; ben and cyd may approve too.
    static let roles = """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"apply","namespace":"shop"},"rules":[\
        {"apiGroups":["demarc.dev"],"resources":["privilegegrants","privilegegrants/status"],"verbs":["create","get","list","update","patch"]},\
        {"apiGroups":[""],"resources":["pods/exec"],"verbs":["create"]}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"approve","namespace":"shop"},"rules":[\
        {"apiGroups":["demarc.dev"],"resources":["privilegegrants"],"verbs":["approve"]}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"apply","namespace":"shop"},\
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"apply"},"subjects":[\
        {"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"dev"},{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"ops"}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"approve","namespace":"shop"},\
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"approve"},\
        "subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"ops"}]}
        """

    /// A user at the API server, with grants of one name.
    struct Person {
        let api: APIServer
        let name: String

        private var head: String { "Bearer \(api.tokens[name] ?? "")" }

        func post(_ path: String, _ body: String = "{}") throws -> APIServer.Response { try api.post(path, body, headers: ["Authorization": head]) }

        /// Adds a decision as a person does with `kubectl patch --subresource=status`: who, when and about what is not theirs to say.
        func decide(_ grant: String, _ decision: String) throws -> APIServer.Response {
            let decisions = Reading(try api.get("\(ServeGrantTests.grants)/\(grant)").body)["status"]["decisions"].items
            let texts = try decisions.map { String(decoding: try JSONSerialization.data(withJSONObject: try #require($0.value)), as: UTF8.self) }
            return try patch(grant, #"{"status":{"decisions":[\#((texts + [decision]).joined(separator: ","))]}}"#, of: "status")
        }

        func patch(_ grant: String, _ body: String, of subresource: String? = nil) throws -> APIServer.Response {
            try api.request(
                "PATCH", "\(ServeGrantTests.grants)/\(grant)\(subresource.map { "/" + $0 } ?? "")", body: body,
                headers: ["Authorization": head, "Content-Type": "application/merge-patch+json"])
        }

        /// What gives a privilege names the spec that was looked at.
        func approve(_ grant: String) throws -> APIServer.Response {
            try decide(grant, #"{"action":"approve","reason":"looked at","specHash":"\#(specHash(grant))"}"#)
        }

        func accept(_ grant: String) throws -> APIServer.Response {
            try decide(grant, #"{"action":"accept","specHash":"\#(specHash(grant))"}"#)
        }

        private func specHash(_ grant: String) throws -> String { try SpecHash.of(try api.get("\(ServeGrantTests.grants)/\(grant)").body) }
    }

    static func time(_ seconds: Double) -> String { Date(timeIntervalSinceNow: seconds).formatted(Date.ISO8601FormatStyle()) }

    /// An application for one Deployment, with the hash that decisions about it name.
    static func application(for deployment: String, seconds: Double) throws -> (body: String, hash: String) {
        let made = try Program.run(["grant", "draft", "-", "--model", "acs"], input: Self.deployment(deployment))
        let hash = try #require(made.output.firstMatch(of: #/liabilityTextHash: "?(sha256:[0-9a-f]{64})/#)).1
        let body = """
            {"apiVersion":"demarc.dev/v1alpha1","kind":"PrivilegeGrant","metadata":{"name":"\(deployment)","namespace":"shop"},"spec":{"workload":\
            {"kind":"Deployment","name":"\(deployment)","serviceAccountName":"probe"},"privileges":[{"control":"privileged-containers","container":"app",\
            "value":"true"}],"imageDigests":["\(digest)"],"justification":"Reads hardware counters","accountable":{"person":"ann"},\
            "notBefore":"\(time(-3_600))","expires":"\(time(seconds))","liabilityTextHash":"\(hash)"}}
            """
        return (body, try SpecHash.of(body))
    }

    private static func deployment(_ name: String, image: String = "r/p@\(digest)", extra: String = "") -> String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\(name)","namespace":"shop"},"spec":{"replicas":1,"selector":{"matchLabels":\
        {"app":"\(name)"}},"template":{"metadata":{"labels":{"app":"\(name)"}},"spec":{"serviceAccountName":"probe","containers":[\
        {"name":"app","image":"\(image)","securityContext":{"privileged":true\(extra)}}]}}}}
        """
    }

    /// Names of the Pods of a Deployment.
    private static func pods(_ api: APIServer, of deployment: String) throws -> [String] {
        Reading(try api.get("/api/v1/namespaces/shop/pods?labelSelector=app%3D\(deployment)").body)["items"].items.compactMap {
            $0["metadata"]["name"].text
        }
    }

    /// What kept the Pods of a Deployment out, as its ReplicaSets tell.
    private static func refusal(_ api: APIServer, of deployment: String) throws -> String? {
        let sets = Reading(try api.get("/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app%3D\(deployment)").body)["items"].items
        let refusals = sets.flatMap { $0["status"]["conditions"].items }.filter { $0["type"].text == "ReplicaFailure" }.compactMap {
            $0["message"].text
        }
        return refusals.isEmpty ? nil : refusals.joined(separator: "\n")
    }

    /// Changes the ReplicaSets of a Deployment a little, so that their controller looks at them at once.
    private static func nudge(_ api: APIServer, of deployment: String) throws {
        let note = #"{"metadata":{"annotations":{"nudged":"\#(UUID().uuidString)"}}}"#
        let path = "/apis/apps/v1/namespaces/shop/replicasets"
        for set in Reading(try api.get("\(path)?labelSelector=app%3D\(deployment)").body)["items"].items {
            let name = try #require(set["metadata"]["name"].text)
            let nudged = try api.request("PATCH", "\(path)/\(name)", body: note, headers: ["Content-Type": "application/merge-patch+json"])
            #expect(nudged.status == 200, "\(nudged.body)")
        }
    }

    static func status(_ api: APIServer, _ grant: String) throws -> Reading { Reading(try api.get("\(grants)/\(grant)").body)["status"] }

    /// Waits until the server has said who applied, and drawn its conclusion.
    static func reaches(_ api: APIServer, _ grant: String, _ phase: String) async throws -> Bool {
        try await eventually {
            let status = try status(api, grant)
            return status["phase"].text == phase && !status["decisions"].items.isEmpty
        }
    }

    /// Until when a grant surely holds that is made now: times in it are whole seconds.
    private static func surely(in seconds: Double) -> ContinuousClock.Instant { .now + .seconds(seconds - 2) }

    /// Takes a grant through all that must be decided about it.
    ///
    /// - Returns: whether it was decided before its time was over.
    private static func decided(_ api: APIServer, _ name: String, seconds: Double) async throws -> Bool {
        let end = surely(in: seconds)
        let (body, _) = try application(for: name, seconds: seconds)
        let (ann, ben, cyd) = (Person(api: api, name: "ann"), Person(api: api, name: "ben"), Person(api: api, name: "cyd"))
        let made = try ann.post(grants, body)
        try #require(made.status == 201, "\(made.body)")
        _ = try await eventually {
            let status = try status(api, name)
            return ContinuousClock.now > end || status["phase"].text == "applied" && !status["decisions"].items.isEmpty
        }
        for step in [{ try ben.approve(name) }, { try cyd.approve(name) }, { try ann.accept(name) }] {
            let answer = try step()
            guard ContinuousClock.now < end else { return false }
            try #require(answer.status == 200, "\(answer.body)")
        }
        return true
    }

    @Test func eachDecidesForThemselvesAndTheGrantLetsInExactlyWhatItNames() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(ReportDefinitions.grants(), [Self.grants], in: api)
            try #require(try api.create(Self.roles).allSatisfy { $0.status == 201 })
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            let (ann, ben, cyd) = (Person(api: api, name: "ann"), Person(api: api, name: "ben"), Person(api: api, name: "cyd"))
            let eve = Person(api: api, name: "eve")

            // The Deployment comes in, its Pods do not.
            #expect(try api.post(Self.deployments, Self.deployment("probe")).status == 201)
            let isRefused = try await eventually { try Self.refusal(api, of: "probe")?.contains("kind: PrivilegeGrant") == true }
            #expect(try isRefused && Self.pods(api, of: "probe").isEmpty)

            // Ann applies, and the server says so. Nobody can say that somebody else did.
            let (body, hash) = try Self.application(for: "probe", seconds: 86_400 * 10)
            let lie = #"{\"at\":\"\#(Self.time(0))\",\"groups\":[\"ops\"],\"specHash\":\"\#(hash)\",\"username\":\"ben\"}"#
            let lying = try ann.post(
                Self.grants, body.replacing(#""metadata":{"#, with: #""metadata":{"annotations":{"demarc.dev/applied-by":"\#(lie)"},"#))
            #expect(lying.status == 403 && lying.body.contains("'ann' applied for this spec now"), "\(lying.body)")
            #expect(try ann.post(Self.grants, body).status == 201)
            let isApplied = try await Self.reaches(api, "probe", "applied")
            try #require(isApplied, "\(replica.output.suffix(2_000))")
            let application = try Self.status(api, "probe")["decisions"][0]
            #expect(application["action"].text == "apply" && application["by"]["username"].text == "ann" && application["specHash"].text == hash)
            #expect(application["by"]["groups"].items.contains { $0.text == "dev" })
            let remade = try eve.patch("probe", #"{"metadata":{"annotations":{"demarc.dev/applied-by":"{}"}}}"#)
            #expect(remade.status == 403 && remade.body.contains("changes with the spec only"), "\(remade.body)")

            // She cannot approve, nor say that ben did; eve may not approve at all; ben cannot accept in ann's name, nor decide about another spec.
            let approved = try ann.approve("probe")
            #expect(approved.status == 403 && approved.body.contains("somebody else must approve it"), "\(approved.body)")
            let forged = try ann.decide("probe", #"{"action":"approve","by":{"username":"ben"},"specHash":"\#(hash)"}"#)
            #expect(forged.status == 403 && forged.body.contains("must be 'ann'"), "\(forged.body)")
            let unasked = try eve.approve("probe")
            #expect(unasked.status == 403 && unasked.body.contains("needs the verb approve on privilegegrants.demarc.dev"), "\(unasked.body)")
            let asBen = try ben.decide("probe", #"{"action":"accept","by":{"username":"ann"},"specHash":"\#(hash)"}"#)
            #expect(asBen.status == 403 && asBen.body.contains("must be 'ben'"), "\(asBen.body)")
            let other = try ben.decide("probe", #"{"action":"approve","specHash":"sha256:\#(String(repeating: "0", count: 64))"}"#)
            #expect(other.status == 403 && other.body.contains("specHash"), "\(other.body)")
            // Which spec was looked at nobody can fill in for ben.
            let unread = try ben.decide("probe", #"{"action":"approve"}"#)
            #expect(unread.status == 422 && unread.body.contains("specHash: Required value"), "\(unread.body)")
            let concluded = try ben.patch("probe", #"{"status":{"conditions":[{"type":"Active","status":"True"}]}}"#, of: "status")
            #expect(concluded.status == 403 && concluded.body.contains("status.conditions"), "\(concluded.body)")
            for person in [ben, cyd] {
                let answer = try person.approve("probe")
                #expect(answer.status == 200, "\(answer.body)")
            }
            #expect(try await Self.reaches(api, "probe", "approved"))
            let stranger = try ben.accept("probe")
            #expect(stranger.status == 403 && stranger.body.contains("ben is somebody else"), "\(stranger.body)")
            #expect(try Self.pods(api, of: "probe").isEmpty, "nobody has accepted it yet")
            #expect(try ann.accept("probe").status == 200)
            #expect(try await Self.reaches(api, "probe", "active"))
            let conditions = try Self.status(api, "probe")["conditions"].items
            let held = conditions.filter { $0["status"].text == "True" }.compactMap { $0["type"].text }
            #expect(Set(["Applied", "Approved", "Accepted", "Active"]).isSubset(of: held), "\(held)")

            // What the controller asked for again and again comes in. It waits twice as long after each refusal, unless its ReplicaSet changes.
            let isIn = try await eventually {
                try Self.nudge(api, of: "probe")
                return try !Self.pods(api, of: "probe").isEmpty
            }
            let kept = try Self.refusal(api, of: "probe") ?? "nothing refused"
            try #require(isIn, "\(kept)\n\(replica.output.suffix(2_000))")
            let pod = try #require(try Self.pods(api, of: "probe").first)
            let owner = Reading(try api.get("/api/v1/namespaces/shop/pods/\(pod)").body)["metadata"]["ownerReferences"]

            // Nobody enters it: the privilege is the program's.
            let entering = try ann.post("/api/v1/namespaces/shop/pods/\(pod)/exec?command=id&container=app&stdout=true")
            #expect(entering.status == 403 && entering.body.contains("interactive-access"), "\(entering.status) \(entering.body)")

            // Nothing else comes in by it: another image, another privilege, the same Pod by hand, the same Deployment elsewhere.
            let otherDigest = Self.digest.replacing("0f1e", with: "1f1e")
            #expect(try api.request("PUT", Self.deployments + "/probe", body: Self.deployment("probe", image: "r/p@\(otherDigest)")).status == 200)
            let isOther = try await eventually { try Self.refusal(api, of: "probe")?.contains("privileged-containers") == true }
            #expect(isOther)
            #expect(
                try api.request("PUT", Self.deployments + "/probe", body: Self.deployment("probe", extra: #","capabilities":{"add":["SYS_ADMIN"]}"#))
                    .status == 200)
            let isMore = try await eventually { try Self.refusal(api, of: "probe")?.contains("SYS_ADMIN") == true }
            #expect(isMore)
            // A Pod that is not ready gives way to the next template, which gets none.
            #expect(try Set(Self.pods(api, of: "probe")).isSubset(of: [pod]))
            let template =
                #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"forged","ownerReferences":[OWNER]},"spec":{"serviceAccountName":"probe","containers":[{"name":"app","image":"r/p@\#(Self.digest)","securityContext":{"privileged":true}}]}}"#
            let claim = String(decoding: try JSONSerialization.data(withJSONObject: try #require(owner[0].value)), as: UTF8.self)
            #expect(try cluster.create(template.replacing("OWNER", with: claim)).status == 403, "an owner that a person claims is not believed")

            // What was decided stays, and revoking acts at once.
            let erased = try api.request(
                "PATCH", "\(Self.grants)/probe/status", body: #"{"status":{"decisions":[]}}"#,
                headers: ["Authorization": "Bearer \(api.tokens["ben"] ?? "")", "Content-Type": "application/merge-patch+json"])
            #expect(erased.status == 403 && erased.body.contains("what was decided stays"), "\(erased.body)")
            #expect(try api.request("PUT", Self.deployments + "/probe", body: Self.deployment("probe")).status == 200)
            // What was applied for is changed: what was approved goes on to hold until the change is approved, too.
            #expect(try eve.patch("probe", #"{"spec":{"justification":"Reads more of them"}}"#).status == 200)
            let isAppliedAnew = try await eventually {
                let status = try Self.status(api, "probe")
                let active = status["conditions"].items.first { $0["type"].text == "Active" }
                return status["decisions"].items.last?["by"]["username"].text == "eve" && active?["reason"].text == "FormerSpecInForce"
            }
            let changed = try Self.status(api, "probe")
            #expect(isAppliedAnew, "\(changed)")
            #expect(changed["approvedSpecs"].items.count == 1 && changed["phase"].text == "active")
            #expect(try ann.decide("probe", #"{"action":"revoke"}"#).status == 403)
            let revoked = try ben.decide("probe", #"{"action":"revoke","reason":"no longer needed"}"#)
            #expect(revoked.status == 200, "\(revoked.body)")
            let isRevoked = try await eventually {
                for pod in try Self.pods(api, of: "probe") {
                    _ = try api.request("DELETE", "/api/v1/namespaces/shop/pods/\(pod)?gracePeriodSeconds=0")
                }
                return try Self.pods(api, of: "probe").isEmpty
                    && Self.refusal(api, of: "probe")?.contains("does not cover it: the grant is revoked: ben said revoke at") == true
            }
            let last = try Self.refusal(api, of: "probe") ?? "nothing refused"
            #expect(isRevoked, "\(last)")

            // The people of the namespace hear of all of it.
            func events() throws -> [Reading] {
                Reading(try api.get("/api/v1/namespaces/shop/events").body)["items"].items.filter {
                    $0["involvedObject"]["kind"].text == "PrivilegeGrant" && $0["involvedObject"]["name"].text == "probe"
                }
            }
            let isHeard = try await eventually {
                try Set(["Applied", "Approved", "Accepted", "Active", "Revoked"]).isSubset(of: events().compactMap { $0["reason"].text })
            }
            let events = try events()
            let reasons = events.compactMap { $0["reason"].text }
            #expect(isHeard, "\(reasons)")
            #expect(reasons.count { $0 == "Applied" } == 2 && reasons.count { $0 == "Approved" } == 2 && reasons.count { $0 == "Active" } == 1)
            #expect(events.contains { $0["message"].text == "ben revoked it: no longer needed" && $0["type"].text == "Warning" })
        }
    }

    /// Nobody can be asked: who breaks the glass answers for it, everybody hears of it, and somebody else looks at it afterwards.
    @Test func theGlassIsBrokenLoudly() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(ReportDefinitions.grants(), [Self.grants], in: api)
            try #require(try api.create(Self.roles).allSatisfy { $0.status == 201 })
            let ledger = api.folder.appending(path: "ledger.db").path
            let replica = try await cluster.guarded(["--ledger", ledger])
            defer { if replica.isRunning { replica.stop() } }
            let (oni, ben, eve) = (Person(api: api, name: "oni"), Person(api: api, name: "ben"), Person(api: api, name: "eve"))
            let emergency = #""accountable":{"person":"oni"},"emergency":{"reason":"The shop is down"}"#
            let body = try Self.application(for: "probe", seconds: 7_000).body.replacing(#""accountable":{"person":"ann"}"#, with: emergency)
            #expect(try oni.post(Self.grants, body).status == 201)
            #expect(try await Self.reaches(api, "probe", "applied"))
            let hash = try SpecHash.of(try api.get("\(Self.grants)/probe").body)
            let breaking = #"{"action":"break-glass","reason":"The shop is down","specHash":"\#(hash)"}"#
            let other = try eve.decide("probe", breaking)
            #expect(other.status == 403 && other.body.contains("eve is somebody else"), "\(other.body)")
            let taken = try oni.decide("probe", breaking)
            #expect(taken.status == 200, "\(taken.body)")
            #expect(try await Self.reaches(api, "probe", "active"))

            #expect(try api.post(Self.deployments, Self.deployment("probe")).status == 201)
            let isIn = try await eventually { try !Self.pods(api, of: "probe").isEmpty }
            #expect(isIn, "\(replica.output.suffix(2_000))")
            let isLoud = try await eventually {
                let events = Reading(try api.get("/api/v1/namespaces/shop/events").body)["items"].items
                let counted = try replica.metric("demarc_grants_break_glass", token: api.token)
                return counted == 1 && events.contains { $0["reason"].text == "BreakGlass" && $0["type"].text == "Warning" }
                    && replica.output.split(separator: "\n").contains { $0.contains("break-glass") && $0.contains("warning") }
            }
            #expect(isLoud, "\(replica.output.suffix(2_000))")

            // There is no second one for the same person before it is reviewed, and with its grant the finding would go, so that stays too.
            #expect(try oni.post(Self.grants, body.replacing("\"name\":\"probe\"", with: "\"name\":\"second\"")).status == 201)
            #expect(try await Self.reaches(api, "second", "applied"))
            let again = try SpecHash.of(try api.get("\(Self.grants)/second").body)
            let second = try oni.decide("second", breaking.replacing(hash, with: again))
            #expect(second.status == 403 && second.body.contains("in grant shop/probe, by oni, so there is no second one"), "\(second.body)")
            let deletion = try api.request("DELETE", "\(Self.grants)/probe")
            #expect(deletion.status == 403 && deletion.body.contains("nobody has reviewed the emergency"), "\(deletion.body)")
            let wholesale = try api.request("DELETE", Self.grants)
            #expect(try wholesale.status == 403 && api.get("\(Self.grants)/probe").status == 200, "\(wholesale.body)")

            // It is looked at when it is over, by somebody who may, and not by whoever did it.
            #expect(try ben.decide("probe", #"{"action":"revoke","reason":"The shop is up"}"#).status == 200)
            let own = try oni.decide("probe", #"{"action":"review"}"#)
            #expect(own.status == 403, "\(own.body)")
            let review = try ben.decide("probe", #"{"action":"review","reason":"It had to be"}"#)
            #expect(review.status == 200, "\(review.body)")
            let isQuiet = try await eventually { try replica.metric("demarc_grants_unreviewed", token: api.token) == 0 }
            #expect(isQuiet)
            // What is decided about a grant is read from there, so it must not go before.
            let isKept = try await eventually { try ServeLedgerTests.entries(ledger).contains { $0.kind == "grant.review" } }
            #expect(isKept)
            #expect(try api.request("DELETE", "\(Self.grants)/probe").status == 200)
            #expect(replica.stop() == 0)
            func kinds(_ grant: String) throws -> [String] {
                try ServeLedgerTests.entries(ledger).filter { $0.kind.hasPrefix("grant.") && $0.subject == "PrivilegeGrant shop/\(grant)" }
                    .map { "\($0.actor) \($0.kind)" }
            }
            #expect(try kinds("probe") == ["oni grant.apply", "oni grant.break-glass", "ben grant.revoke", "ben grant.review"])
            #expect(try kinds("second") == ["oni grant.apply"])
        }
    }

    @Test func aGrantEndsByItself() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let (api, kind) = (cluster.api, ReportDefinitions.API.policyReport)
            try await ReportDefinitions.install(ReportDefinitions.grants(), [Self.grants], in: api)
            try await ReportDefinitions.install(kind.definitions, ["\(kind.path)/\(kind.namespaced)", "\(kind.path)/\(kind.clusterWide)"], in: api)
            try #require(try api.create(Self.roles).allSatisfy { $0.status == 201 })
            let replica = try await cluster.guarded()
            defer { replica.stop() }

            /// What the report of a Deployment says about its privilege.
            func row(_ deployment: String) throws -> Reading? {
                let reports = Reading(try api.get("\(kind.path)/namespaces/shop/\(kind.namespaced)").body)["items"].items
                let report = reports.first { $0["scope"]["name"].text == deployment && $0["scope"]["kind"].text == "Deployment" }
                return report?["results"].items.first { $0["policy"].text == "privileged-containers" && $0["properties"]["subject"].text == nil }
            }

            // A slow machine may need longer for all of it than a short grant lasts.
            var accepted: (name: String, row: Reading)?
            var ends = ContinuousClock.now
            for seconds in [25.0, 90, 300] where accepted == nil {
                let name = "probe-\(Int(seconds))"
                let end = Self.surely(in: seconds)
                ends = end
                guard try await Self.decided(api, name, seconds: seconds) else { continue }
                #expect(try api.post(Self.deployments, Self.deployment(name)).status == 201)
                var found: Reading?
                _ = try await eventually(Int(seconds)) {
                    found = try Self.pods(api, of: name).isEmpty ? nil : row(name)
                    return found?["properties"]["verdict"].text == "accepted" || ContinuousClock.now > end
                }
                if let found, found["properties"]["verdict"].text == "accepted" { accepted = (name, found) }
            }
            let (name, first) = try #require(accepted, "\(replica.output.suffix(3_000))")
            #expect(first["result"].text == "fail" && first["scored"].flag == false && first["properties"]["grant"].text == "shop/\(name)")

            // What is used stands in the grant, for whoever wants to make it smaller.
            let isSeen = try await eventually { try Self.status(api, name)["usage"]["privileges"][0]["control"].text == "privileged-containers" }
            #expect(isSeen || ContinuousClock.now > ends)

            // Nobody touches anything: its time is over, and its report says so.
            let isOver = try await eventually(600) { try row(name)?["properties"]["verdict"].text == "fail" }
            #expect(isOver, "\(replica.output.suffix(2_000))")
            #expect(try row(name)?["scored"].flag == true)
            let isSaid = try await Self.reaches(api, name, "expired")
            let expired = try Self.status(api, name)["conditions"].items.first { $0["type"].text == "Expired" }
            #expect(isSaid && expired?["status"].text == "True")
            let isHeard = try await eventually {
                Reading(try api.get("/api/v1/namespaces/shop/events").body)["items"].items.contains {
                    $0["involvedObject"]["name"].text == name && $0["reason"].text == "Expired"
                }
            }
            #expect(isHeard)
            // The Pod that runs goes on, and its successor does not come in.
            let pod = try #require(try Self.pods(api, of: name).first)
            _ = try api.request("DELETE", "/api/v1/namespaces/shop/pods/\(pod)?gracePeriodSeconds=0")
            let isRefused = try await eventually { try Self.refusal(api, of: name)?.contains("the grant expired at") == true }
            let last = try Self.refusal(api, of: name) ?? "nothing refused"
            #expect(try isRefused && Self.pods(api, of: name).isEmpty, "\(last)")
        }
    }
}
