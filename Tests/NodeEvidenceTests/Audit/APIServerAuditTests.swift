import ClusterSupport
import Documents
import Foundation
import NodeEvidence
import Testing

/// What the evaluator says of random policies and requests is what a real API server writes into its log.
@Suite(.serialized, .enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct APIServerAuditTests {
    private struct Event: Decodable {
        let auditID, level, stage: String
    }

    private static let policies: ClosedRange<UInt64> = 1...8

    @Test(.timeLimit(.minutes(30))) func decisionsAreThoseOfAServer() async throws {
        try await APIServer.running(users: RandomAuditPolicy.users, flags: ["--anonymous-auth=true"]) { server in
            var levels: [AuditLevel: Int] = [:]
            for seed in Self.policies {
                var random = RandomAuditPolicy(seed: seed)
                let text = random.policy()
                try await server.restart { try Data(text.utf8).write(to: server.folder.appending(path: "audit-policy.yaml")) }
                let policy = try AuditPolicy(try #require(DocumentTree.parse(text).tree.roots.first))
                #expect(policy.refusals.isEmpty, "the server took it")
                let asked = (0..<250).map { number in
                    var (sent, seen) = random.request(tokens: server.tokens)
                    sent.headers["Audit-ID"] = "asked-\(seed)-\(number)"
                    return (sent: sent, seen: seen)
                }
                _ = try server.send(asked.map(\.sent))
                let events = try Self.events(server)
                for (sent, seen) in asked {
                    let decision = policy.decide(seen)
                    levels[decision.level, default: 0] += 1
                    Self.expect(
                        events[sent.headers["Audit-ID"] ?? ""] ?? [], fit: decision, seen,
                        "seed \(seed): \(sent.method) \(sent.path) by \(seen.user ?? "nobody")")
                }
            }
            for level in AuditLevel.allCases { #expect(levels[level, default: 0] > 50, "\(levels): the policies tell little about \(level)") }
        }
    }

    private static func events(_ server: APIServer) throws -> [String: [Event]] {
        let decoder = JSONDecoder()
        return Dictionary(grouping: try server.auditEvents().map { try decoder.decode(Event.self, from: Data($0.utf8)) }, by: \.auditID)
    }

    private static func expect(_ events: [Event], fit decision: AuditDecision, _ request: AuditRequest, _ what: String) {
        var stages: Set<AuditStage> = decision.level == .none ? [] : [.requestReceived, .responseComplete]
        if decision.level > .none, request.user == nil {
            // A request that failed to authenticate has one event, when its refusal is written.
            stages = [.responseStarted]
        } else if decision.level > .none, request.verb == "watch" || ["proxy", "exec", "log"].contains(request.resource?.subresource) {
            stages.insert(.responseStarted)
        }
        stages.subtract(decision.omitted)
        #expect(Set(events.compactMap { AuditStage(rawValue: $0.stage) }) == stages, "\(what): \(decision)")
        for event in events { #expect(event.level == decision.level.rawValue, "\(what): \(decision)") }
    }
}
