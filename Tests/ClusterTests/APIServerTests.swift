import ClusterSupport
import Foundation
import Testing

/// The server that other tests compare with does what they count on. One at a time: each keeps both cores of a small machine busy.
@Suite(.serialized, .enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct APIServerTests {
    private static let access = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: Role
          metadata: {name: reader, namespace: shop}
          rules: [{apiGroups: [""], resources: [pods, pods/log], verbs: [get, list]}]
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: RoleBinding
          metadata: {name: readers, namespace: shop}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
          subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "shop:readers"}]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        """

    private static let questions: [(AccessReview, Bool)] = [
        (AccessReview(user: "alice", groups: ["shop:readers"], .init("get", "pods", namespace: "shop")), true),
        (AccessReview(user: "alice", groups: ["shop:readers"], .init("get", "pods", subresource: "log", name: "a", namespace: "shop")), true),
        (AccessReview(user: "alice", groups: ["shop:readers"], .init("get", "pods", subresource: "exec", namespace: "shop")), false),
        (AccessReview(user: "alice", groups: ["shop:readers"], .init("get", "pods", namespace: "default")), false),
        (AccessReview(user: "alice", groups: ["shop:readers"], .init("delete", "pods", namespace: "shop")), false),
        (AccessReview(user: "alice", .init("get", "pods", namespace: "shop")), false),
        (AccessReview(user: "root", groups: ["system:masters"], .init("escalate", "clusterroles", group: "rbac.authorization.k8s.io")), true),
        (AccessReview(user: "bob", groups: ["system:authenticated"], verb: "get", path: "/version"), true),
        (AccessReview(user: "bob", groups: ["system:authenticated"], verb: "get", path: "/logs/x"), false),
    ]

    @Test(.timeLimit(.minutes(20))) func authorizesAuditsAndEnds() async throws {
        let (folder, processes) = try await APIServer.running(users: ["alice": ["shop:readers"]]) { server in
            let created = try server.create(Self.access)
            #expect(created.map(\.status) == [201, 201, 201], "\(created.map(\.body))")

            // Often enough that several connections answer: each answer is at the place of its question.
            let questions = Array(repeatElement(Self.questions, count: 40).joined())
            #expect(try server.allows(questions.map(\.0)) == questions.map(\.1))

            let token = try #require(server.tokens["alice"])
            let alice = ["Authorization": "Bearer \(token)"]
            #expect(try server.get("/api/v1/namespaces/shop/pods", headers: alice).status == 200)
            #expect(try server.get("/api/v1/namespaces/shop/secrets", headers: alice).status == 403)
            #expect(try server.get("/api/v1/namespaces/shop/pods", headers: ["Authorization": "Bearer no"]).status == 401)
            #expect(try server.get("/api/v1/namespaces/shop/secrets", headers: ["Impersonate-User": "eve"]).status == 403)

            try expectAuditOfWholeObjects(server)
            return (server.folder, try server.processes())
        }
        #expect(Set(processes.keys) == ["etcd", "kube-apiserver"])
        for (name, id) in processes { #expect(!isRunning(id), "\(name) still runs") }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    /// What issue and answer held is in the log, which comparisons of granted with used rights read.
    private func expectAuditOfWholeObjects(_ server: APIServer) throws {
        struct Event: Decodable {
            struct Reference: Decodable { let resource, namespace, name: String? }
            struct Status: Decodable { let code: Int? }
            struct Role: Decodable { let rules: [Rule]? }
            struct Rule: Decodable { let verbs: [String] }
            let verb: String
            let stage: String
            let objectRef: Reference?
            let responseStatus: Status?
            let requestObject: Role?
        }
        let events = try server.auditEvents().map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        let creation = try #require(events.first { $0.verb == "create" && $0.objectRef?.resource == "roles" && $0.objectRef?.namespace == "shop" })
        #expect(creation.responseStatus?.code == 201)
        #expect(creation.requestObject?.rules?.first?.verbs == ["get", "list"])
        #expect(events.count { $0.objectRef?.resource == "subjectaccessreviews" } == 40 * Self.questions.count)
        #expect(events.contains { $0.objectRef?.resource == "secrets" && $0.responseStatus?.code == 403 })
        #expect(!events.contains { $0.stage == "RequestReceived" })
    }

    @Test(.timeLimit(.minutes(20))) func endsWhenTheTestThrows() async throws {
        struct Refusal: Error {}
        var processes: [String: Int32] = [:]
        await #expect(throws: Refusal.self) {
            try await APIServer.running(controllers: ["clusterrole-aggregation"]) { server in
                processes = try server.processes()
                throw Refusal()
            }
        }
        #expect(Set(processes.keys) == ["etcd", "kube-apiserver", "kube-controller-manager"])
        for (name, id) in processes { #expect(!isRunning(id), "\(name) still runs") }
    }

    @Test(.timeLimit(.minutes(20))) func comesBackWithWhatIsStored() async throws {
        try await APIServer.running { server in
            #expect(try server.create(Self.access).map(\.status) == [201, 201, 201])
            let before = try server.processes()
            try await server.restart {
                #expect(throws: APIServer.Failure.self) { try server.get("/version") }
            }
            #expect(try server.get("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/reader").status == 200)
            let after = try server.processes()
            #expect(after["etcd"] == before["etcd"])
            #expect(after["kube-apiserver"] != before["kube-apiserver"])
        }
    }

    @Test(.timeLimit(.minutes(20))) func saysWhyItDoesNotStart() async throws {
        let error = await #expect(throws: APIServer.Failure.self) {
            try await APIServer.running(flags: ["--no-such-flag"]) { _ in }
        }
        #expect(error?.description.contains("unknown flag: --no-such-flag") ?? false, "\(error?.description ?? "")")
    }

    /// One that has ended but that nobody has waited for (`Z`) does not run.
    private func isRunning(_ id: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else { return false }
        return !status.contains("State:\tZ")
    }
}
