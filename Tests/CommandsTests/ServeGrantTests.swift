import ClusterSupport
import Foundation
import Testing

/// Grants as people apply for them, decide about them and use them: with a real API server, its users and their rights.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeGrantTests {
    private static let grants = "/apis/demarc.dev/v1alpha1/namespaces/shop/privilegegrants"
    private static let deployments = "/apis/apps/v1/namespaces/shop/deployments"
    private static let digest = "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    private static let setting = GuardedCluster.Setting(
        users: ["ann": ["dev"], "ben": ["ops"], "cyd": ["ops"]], controllers: ["deployment", "replicaset"], ownAccounts: true)

    /// Ann may write grants and what is decided about them; ben and cyd may approve too.
    private static let roles = """
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
    private struct Person {
        let api: APIServer
        let name: String

        private var head: String { "Bearer \(api.tokens[name] ?? "")" }

        func post(_ path: String, _ body: String = "{}") throws -> APIServer.Response { try api.post(path, body, headers: ["Authorization": head]) }

        /// Adds decisions, and conditions, as a program on behalf of this person would.
        func decide(_ grant: String, _ decisions: [String], conditions: [String] = []) throws -> APIServer.Response {
            let status = Reading(try api.get("\(ServeGrantTests.grants)/\(grant)").body)["status"]
            func texts(_ key: String) throws -> [String] {
                try status[key].items.map { String(decoding: try JSONSerialization.data(withJSONObject: try #require($0.value)), as: UTF8.self) }
            }
            let all = (try texts("decisions") + decisions).joined(separator: ",")
            let held = (try texts("conditions") + conditions.map { #"{"type":"\#($0)","status":"True"}"# }).joined(separator: ",")
            return try api.request(
                "PATCH", "\(ServeGrantTests.grants)/\(grant)/status", body: #"{"status":{"decisions":[\#(all)],"conditions":[\#(held)]}}"#,
                headers: ["Authorization": head, "Content-Type": "application/merge-patch+json"])
        }

        func says(_ action: String, as other: String? = nil, _ hash: String) -> String {
            #"{"action":"\#(action)","by":{"username":"\#(other ?? name)"},"at":"\#(ServeGrantTests.time(-1))","specHash":"\#(hash)"}"#
        }
    }

    private static func time(_ seconds: Double) -> String { Date(timeIntervalSinceNow: seconds).formatted(Date.ISO8601FormatStyle()) }

    /// An application for one Deployment, with the hash that decisions about it name.
    private static func application(for deployment: String, seconds: Double) throws -> (body: String, hash: String) {
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

    /// Takes a grant through all that must be decided about it.
    private static func decided(_ api: APIServer, _ name: String, seconds: Double) throws {
        let (body, hash) = try application(for: name, seconds: seconds)
        let (ann, ben, cyd) = (Person(api: api, name: "ann"), Person(api: api, name: "ben"), Person(api: api, name: "cyd"))
        let answers = try [
            ann.post(grants, body), ann.decide(name, [ann.says("apply", hash)], conditions: ["Applied"]),
            ben.decide(name, [ben.says("approve", hash)]),
            cyd.decide(name, [cyd.says("approve", hash)], conditions: ["Approved"]),
            ann.decide(name, [ann.says("accept", hash)], conditions: ["Accepted"]),
        ]
        for answer in answers { try #require((200...201).contains(answer.status), "\(answer.body)") }
    }

    @Test func eachDecidesForThemselvesAndTheGrantLetsInExactlyWhatItNames() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(ReportDefinitions.grants(), [Self.grants], in: api)
            try #require(try api.create(Self.roles).allSatisfy { $0.status == 201 })
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            let (ann, ben, cyd) = (Person(api: api, name: "ann"), Person(api: api, name: "ben"), Person(api: api, name: "cyd"))

            // The Deployment comes in, its Pods do not.
            #expect(try api.post(Self.deployments, Self.deployment("probe")).status == 201)
            let isRefused = try await eventually { try Self.refusal(api, of: "probe")?.contains("kind: PrivilegeGrant") == true }
            #expect(try isRefused && Self.pods(api, of: "probe").isEmpty)

            // Ann applies. She cannot approve, nor say that ben did, nor bring decisions along; ben cannot approve what nobody applied for.
            let (body, hash) = try Self.application(for: "probe", seconds: 86_400 * 10)
            #expect(try ann.post(Self.grants, body).status == 201)
            #expect(try ann.decide("probe", [ann.says("apply", hash)], conditions: ["Applied"]).status == 200)
            let approved = try ann.decide("probe", [ann.says("approve", hash)], conditions: ["Approved"])
            #expect(approved.status == 403 && approved.body.contains("needs the verb approve on privilegegrants.demarc.dev"), "\(approved.body)")
            let forged = try ann.decide("probe", [ann.says("approve", as: "ben", hash)], conditions: ["Approved"])
            #expect(forged.status == 403 && forged.body.contains("must be 'ann'"), "\(forged.body)")
            let asBen = try ben.decide("probe", [ben.says("accept", as: "ann", hash)])
            #expect(asBen.status == 403 && asBen.body.contains("must be 'ben'"), "\(asBen.body)")
            let other = try ben.decide("probe", [ben.says("approve", "sha256:" + String(repeating: "0", count: 64))])
            #expect(other.status == 403 && other.body.contains("specHash"), "\(other.body)")
            #expect(try ben.decide("probe", [ben.says("approve", hash)]).status == 200)
            #expect(try cyd.decide("probe", [cyd.says("approve", hash)], conditions: ["Approved"]).status == 200)
            #expect(try Self.pods(api, of: "probe").isEmpty, "nobody has accepted it yet")
            #expect(try ann.decide("probe", [ann.says("accept", hash)], conditions: ["Accepted"]).status == 200)

            // What the controller asked for again and again comes in.
            let isIn = try await eventually(120) { try !Self.pods(api, of: "probe").isEmpty }
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
            #expect(try ann.decide("probe", [ann.says("revoke", hash)]).status == 403)
            #expect(try ben.decide("probe", [ben.says("revoke", hash)], conditions: ["Revoked"]).status == 200)
            let isRevoked = try await eventually {
                for pod in try Self.pods(api, of: "probe") {
                    _ = try api.request("DELETE", "/api/v1/namespaces/shop/pods/\(pod)?gracePeriodSeconds=0")
                }
                return try Self.pods(api, of: "probe").isEmpty
                    && Self.refusal(api, of: "probe")?.contains("does not cover it: the grant is revoked") == true
            }
            let last = try Self.refusal(api, of: "probe") ?? "nothing refused"
            #expect(isRevoked, "\(last)")
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
            var accepted: String?
            for seconds in [25.0, 60, 180] {
                let name = "probe-\(Int(seconds))"
                try Self.decided(api, name, seconds: seconds)
                #expect(try api.post(Self.deployments, Self.deployment(name)).status == 201)
                let end = ContinuousClock.now + .seconds(seconds)
                let isAccepted = try await eventually(Int(seconds)) {
                    try ContinuousClock.now > end || (!Self.pods(api, of: name).isEmpty && row(name)?["properties"]["verdict"].text == "accepted")
                }
                if isAccepted, ContinuousClock.now < end {
                    accepted = name
                    break
                }
            }
            let name = try #require(accepted, "\(replica.output.suffix(3_000))")
            let first = try row(name)
            #expect(first?["result"].text == "fail" && first?["scored"].flag == false && first?["properties"]["grant"].text == "shop/\(name)")

            // Nobody touches anything: its time is over, and its report says so.
            let isOver = try await eventually(240) { try row(name)?["properties"]["verdict"].text == "fail" }
            #expect(isOver, "\(replica.output.suffix(2_000))")
            #expect(try row(name)?["scored"].flag == true)
            // The Pod that runs goes on, and its successor does not come in.
            let pod = try #require(try Self.pods(api, of: name).first)
            _ = try api.request("DELETE", "/api/v1/namespaces/shop/pods/\(pod)?gracePeriodSeconds=0")
            let isRefused = try await eventually { try Self.refusal(api, of: name)?.contains("the grant expired at") == true }
            let last = try Self.refusal(api, of: name) ?? "nothing refused"
            #expect(try isRefused && Self.pods(api, of: name).isEmpty, "\(last)")
        }
    }
}
