import ClusterSupport
import Foundation
import Testing

/// `demarc blame` over the audit log of a real API server: whoever did something there is named here.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ServeBlameTests {
    private static let web = """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}},
          "spec": {"containers": [{"name": "app", "image": "web:1"}, {"name": "side", "image": "side:1"}]}}}}
        """
    private static let people = ["ann", "bob", "carol", "dora", "eve", "fred", "gus", "hal", "jan"]
    private static let path = "/apis/apps/v1/namespaces/shop/deployments"

    /// Everybody changes something else, each by another kind of request.
    private static func history(_ api: APIServer) throws {
        func header(_ user: String, _ type: String) throws -> [String: String] {
            ["Authorization": "Bearer \(try #require(api.tokens[user]))", "Content-Type": type]
        }
        func patch(
            _ user: String, _ type: String, _ body: String, query: String = "", below: String = "", adding: [String: String] = [:]
        ) throws -> Int {
            let headers = try header(user, type).merging(adding) { $1 }
            return try api.request("PATCH", "\(path)/web\(below)\(query)", body: body, headers: headers).status
        }
        _ = try api.create(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#)
        #expect(try api.post(path, web, headers: try header("ann", "application/json")).status == 201)
        let strategic = #"{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"web:2"}]}}}}"#
        #expect(try patch("bob", "application/strategic-merge-patch+json", strategic) == 200)
        let json = #"[{"op":"add","path":"/spec/template/spec/containers/0/securityContext","value":{"privileged":true}}]"#
        #expect(try patch("carol", "application/json-patch+json", json) == 200)
        #expect(try patch("dora", "application/merge-patch+json", #"{"metadata":{"labels":{"team":"pay"}}}"#) == 200)
        let applied = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[
            {"name":"side","image":"side:1","env":[{"name":"LOG","value":"debug"}]}]}}}}
            """
        #expect(try patch("eve", "application/apply-patch+yaml", applied, query: "?fieldManager=eve&force=true") == 200)
        // A controller may have written in between, and then what was read is no longer what is there.
        var status = 409
        for _ in 0..<100 where status == 409 {
            let replaced = try api.get("\(path)/web").body.replacing("\"revisionHistoryLimit\":10", with: "\"revisionHistoryLimit\":3")
            status = try api.request("PUT", "\(path)/web", body: replaced, headers: try header("fred", "application/json")).status
        }
        #expect(status == 200)
        #expect(try patch("gus", "application/merge-patch+json", #"{"spec":{"replicas":2}}"#, below: "/scale") == 200)
        let note = #"{"metadata":{"annotations":{"note":"x"}}}"#
        #expect(
            try patch("hal", "application/merge-patch+json", note, adding: ["Impersonate-User": "ivy", "Impersonate-Group": "system:masters"]) == 200)
        // What changes nothing: a trial, and a request that is refused.
        #expect(try patch("jan", "application/merge-patch+json", #"{"spec":{"replicas":9}}"#, query: "?dryRun=All") == 200)
        #expect(try patch("kim", "application/merge-patch+json", #"{"spec":{"replicas":9}}"#) == 403)
    }

    private static let expected: [(field: String, who: String)] = [
        ("spec.selector.matchLabels.app", "ann"), ("spec.template.spec.containers[app].image", "bob"),
        ("spec.template.spec.containers[app].securityContext.privileged", "carol"), ("metadata.labels.team", "dora"),
        ("spec.template.spec.containers[side].env[LOG].value", "eve"), ("spec.revisionHistoryLimit", "fred"), ("spec.replicas", "gus"),
        ("metadata.annotations.note", "hal"), ("spec.template.spec.containers[side].image", "ann"),
    ]

    /// The last answer for a field, which is that of the root.
    private static func answer(_ subject: String, _ field: String, _ api: APIServer) throws -> [String: Any] {
        let arguments = ["blame", subject, "-n", "shop", "--audit", "audit.log", "--format", "json", "--field", field]
        let result = try Program.run(arguments, in: api.folder)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)")
        return try #require((document["answers"] as? [[String: Any]])?.last)
    }

    @Test(.timeLimit(.minutes(20))) func whoeverDidItIsNamed() async throws {
        let users = Self.people.reduce(into: ["kim": ["dev"]]) { $0[$1] = ["system:masters"] }
        let flags = ["--disable-admission-plugins=ServiceAccount"]
        try await APIServer.running(users: users, controllers: ["deployment", "replicaset"], ownAccounts: true, flags: flags) { api in
            try Self.history(api)
            for (field, who) in Self.expected {
                let answer = try Self.answer("deployment/web", field, api)
                #expect(answer["user"] as? String == who, "\(field): \(answer)")
                #expect(answer["strength"] as? String == "proven" && (answer["auditID"] as? String)?.isEmpty == false)
            }
            let impersonated = try Self.answer("deployment/web", "metadata.annotations.note", api)["impersonated"] as? String
            #expect(impersonated == "ivy")

            // A Pod leads to the Deployment, through the accounts of the controllers. There may be one of an earlier template, too.
            var name: String?
            _ = try await eventually {
                let pods = Reading(try api.get("/api/v1/namespaces/shop/pods").body)["items"].items
                let pod = pods.first { $0["spec"]["containers"].items.contains { $0["securityContext"]["privileged"].flag == true } }
                name = pod?["metadata"]["name"].text
                return name != nil
            }
            let privileged = "spec.containers[app].securityContext.privileged"
            let answer = try Self.answer("pod/\(try #require(name))", privileged, api)
            #expect(answer["user"] as? String == "carol" && answer["strength"] as? String == "proven", "\(answer)")

            // The same engine says so in a scan.
            try api.get(Self.path).body.write(to: api.folder.appending(path: "dump.json"), atomically: false, encoding: .utf8)
            let scan = try Program.run(
                ["scan", "dump.json", "--audit", "audit.log", "--control", "privileged-containers", "--format", "json"], in: api.folder)
            let report = try #require(try JSONSerialization.jsonObject(with: Data(scan.output.utf8)) as? [String: Any], "\(scan.errors)")
            let attribution = try #require((report["findings"] as? [[String: Any]])?.first?["attribution"] as? [String: Any])
            #expect(attribution["strength"] as? String == "proven" && attribution["principal"] as? String == "carol")
            #expect(attribution["basis"] as? String == "provenance" && attribution["party"] as? String == "customer")
        }
    }

    // MARK: - Subresources of Pods

    private static func pod(_ name: String) -> String {
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)","namespace":"shop"},\
        "spec":{"containers":[{"name":"app","image":"r/app:1"}]}}
        """
    }

    /// Where a Pod runs, what was put into it and who took it away: each is another's request, to a resource below the Pod.
    @Test(.timeLimit(.minutes(20))) func requestsBelowAPodAreFollowed() async throws {
        let users = ["ann", "bob", "carol", "dora"].reduce(into: [:]) { $0[$1] = ["system:masters"] }
        let flags = ["--disable-admission-plugins=ServiceAccount", "--feature-gates=EphemeralContainers=true"]
        try await APIServer.running(users: users, flags: flags) { api in
            func send(_ user: String, _ method: String, _ below: String, _ body: String) throws -> APIServer.Response {
                let headers = ["Authorization": "Bearer \(try #require(api.tokens[user]))", "Content-Type": "application/json"]
                return try api.request(method, "/api/v1/namespaces/shop/pods\(below)", body: body, headers: headers)
            }
            _ = try api.create(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#)
            for name in ["kept", "gone"] { #expect(try send("ann", "POST", "", Self.pod(name)).status == 201) }
            let target = #"{"apiVersion":"v1","kind":"Node","name":"node-1"}"#
            let binding = #"{"apiVersion":"v1","kind":"Binding","metadata":{"name":"kept"},"target":\#(target)}"#
            #expect(try send("bob", "POST", "/kept/binding", binding).status == 201)
            // The list of servers before 1.22.
            let debug = """
                {"apiVersion":"v1","kind":"EphemeralContainers","metadata":{"name":"kept","namespace":"shop"},"ephemeralContainers":[{"name":"debug",\
                "image":"busybox:1","imagePullPolicy":"Always","terminationMessagePolicy":"File"}]}
                """
            let put = try send("carol", "PUT", "/kept/ephemeralcontainers", debug)
            #expect(put.status == 200, "\(put.body)")
            let eviction = #"{"apiVersion":"policy/v1beta1","kind":"Eviction","metadata":{"name":"gone","namespace":"shop"}}"#
            #expect(try send("dora", "POST", "/gone/eviction", eviction).status == 201)

            // A list that is sent as a whole does not show what stood in it before.
            for (field, who, strength) in [
                ("spec.nodeName", "bob", "proven"), ("spec.ephemeralContainers[debug].image", "carol", "recorded"),
                ("spec.containers[app].image", "ann", "proven"),
            ] {
                let answer = try Self.answer("pod/kept", field, api)
                #expect(answer["user"] as? String == who && answer["strength"] as? String == strength, "\(field): \(answer)")
            }
            let result = try Program.run(["blame", "pod/gone", "-n", "shop", "--audit", "audit.log", "--format", "json"], in: api.folder)
            let deeds = Reading(result.output)["timeline"].items.map { "\($0["who"].text ?? "") \($0["deed"].text ?? "")" }
            #expect(deeds.contains("ann created") && deeds.contains("dora evicted"), "\(deeds)")
        }
    }
}
