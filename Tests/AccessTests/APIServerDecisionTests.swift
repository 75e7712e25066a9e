import Access
import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

/// The engine against a real API server: roles and bindings at random are created there, gathered by its own controller, dumped,
/// and then the server's authorizer answers the same questions.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct APIServerDecisionTests {
    private static let group = "/apis/rbac.authorization.k8s.io/v1"

    /// Everything of RBAC that a server holds, its own roles included, as `kubectl get -o json` gives it.
    private static func dump(_ server: APIServer) throws -> [String] {
        try ["clusterroles", "clusterrolebindings", "roles", "rolebindings"].map { resource in
            let answer = try server.get("\(group)/\(resource)")
            try #require(answer.status == 200, "\(resource): \(answer.body)")
            return answer.body
        }
    }

    private static func policy(_ dump: [String]) -> AccessPolicy {
        Inventory(dump.flatMap { SourceObjects(DocumentTree.parse($0, source: "dump.json").tree).objects }).analysis(AccessPolicy.self)
    }

    /// The controller gathers other rules than the engine.
    private struct Unsettled: Error {
        let roles: [String]
    }

    /// Waits until what the controller has written into aggregated roles is what the engine gathers. Each look takes a
    /// request of its own, so that there is nothing to sleep for.
    private static func settled(_ server: APIServer) throws -> AccessPolicy {
        var differing: [String] = []
        for _ in 0..<3_000 {
            let policy = policy(try dump(server))
            differing = policy.roles.filter { role in
                guard role.isAggregated, let written = try? policy.object(role.origin).policyRules() else { return false }
                return Set(written.map(text)) != Set(role.rules.map { text($0.rule) })
            }.map(\.name.name)
            guard differing.isEmpty else { continue }
            // What was written last the authorizer may not have heard of yet.
            try server.settle()
            return policy
        }
        throw Unsettled(roles: differing)
    }

    private static func text(_ rule: PolicyRule) -> String {
        [rule.verbs, rule.apiGroups, rule.resources, rule.resourceNames, rule.nonResourceURLs].map { "\((try? $0.strings()) ?? [])" }.joined()
    }

    private static func populate(_ server: APIServer, _ random: RandomRBAC) throws {
        let namespaces = RandomRBAC.namespaces.map { "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"\($0)\"}}" }
        let created = try server.create(namespaces.joined(separator: "\n") + "\n" + RBACObject.list(random.objects))
        for answer in created { #expect(answer.status == 201, "\(answer.body)") }
    }

    @Test(.timeLimit(.minutes(30)), arguments: [101, 102] as [UInt64])
    func decidesAsTheServerDoes(seed: UInt64) async throws {
        var random = RandomRBAC(seed: seed, bindings: 150)
        try await APIServer.running(controllers: ["clusterrole-aggregation"]) { server in
            try Self.populate(server, random)
            let policy = try Self.settled(server)
            #expect(policy.faults.isEmpty && policy.isDump)

            let questions = (0..<5_500).map { _ in random.question().ofRequester }
            let answers = try server.allows(questions.map(\.review))
            #expect(answers.count == questions.count)
            var allowed = 0
            for (question, expected) in zip(questions, answers) {
                let decision = policy.decide(question.request, by: Requester(user: question.user, groups: question.groups))
                #expect(decision.isAllowed == expected, "\(question)")
                allowed += expected ? 1 : 0
            }
            #expect((400...5_100).contains(allowed), "\(allowed) of 5500 allowed: the questions tell little")

            // Each subject alone, whether it is listed or not. `system:masters` is never refused anything.
            let subjects = policy.subjects.filter { $0 != .group(Requester.mastersGroup) }
            let requests = (0..<25).map { _ in random.ask(of: "") }
            let alone = requests.flatMap { request in subjects.map { request.asked(by: $0) } }
            let listed = requests.flatMap { request in
                let named = Set(policy.whoCan(request.request).map { policy.subjects[$0.subject] })
                return subjects.map(named.contains)
            }
            for ((question, expected), isListed) in zip(zip(alone, try server.allows(alone.map(\.review))), listed) {
                #expect(isListed == expected, "\(question)")
            }
        }
    }

    /// What the server refuses to store is what the engine finds faulty.
    @Test(.timeLimit(.minutes(30)))
    func refusesWhatTheServerRefuses() async throws {
        let objects = OddObjects.all
        try await APIServer.running { server in
            let answers = try server.create(
                "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"shop\"}}\n" + objects.joined(separator: "\n")
            ).dropFirst()
            #expect(answers.count == objects.count)
            var refused = 0
            for (object, answer) in zip(objects, answers) {
                // What has no readable name is told of when the document is read.
                let isFaulty = !SourceObjects(DocumentTree.parse(object).tree).malformed.isEmpty || !AccessTests.policy(object).faults.isEmpty
                #expect(isFaulty == (answer.status != 201), "\(object): \(answer.body)")
                refused += isFaulty ? 1 : 0
            }
            #expect((20...(objects.count - 20)).contains(refused))
        }
    }
}

extension RBACQuestion {
    var review: AccessReview {
        if let url { return AccessReview(user: user, groups: groups, verb: verb, path: url) }
        return AccessReview(
            user: user, groups: groups,
            .init(verb, resource, group: group, subresource: subresource, name: name, namespace: namespace))
    }
}
