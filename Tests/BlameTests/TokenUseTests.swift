import Blame
import Foundation
import Responsibility
import Testing

/// How somebody came to act as a service account, by what the server notes of tokens.
struct TokenUseTests {
    private static let account = "system:serviceaccount:shop:bot2"

    /// admin and the kubelet ask for tokens of bot2, which then makes the Deployment; somebody asks again.
    private static func log(_ extra: String, issued: [String] = ["", "", ""], by user: String = account) -> Log {
        var log = Log()
        for (index, asker) in ["admin", "system:node:n1", "system:node:n1", "late"].enumerated() {
            let id = issued.indices.contains(index) ? issued[index] : ""
            let note = id.isEmpty ? "" : ",\"annotations\":{\"authentication.kubernetes.io/issued-credential-id\":\"\(id)\"}"
            log.add("create", "serviceaccounts shop/bot2/token", by: asker, at: index < 3 ? 1 + index : 9, code: 201, extra: note)
        }
        log.add("create", "serviceaccounts shop/other/token", by: "stranger", at: 4, code: 201)
        log.add("create", "serviceaccounts shop/bot2/token", by: "refused", at: 4, code: 403)
        let object = Log.web(version: 10)
        log.add(
            "create", "deployments.apps shop/web", by: user, at: 5, request: object, response: object, code: 201,
            userExtra: extra.isEmpty ? "" : ",\"extra\":{\(extra)}")
        return log
    }

    private static func key(_ name: String, _ value: String) -> String { "\"authentication.kubernetes.io/\(name)\":\(value)" }

    private static let pod = [key("pod-name", "[\"runner\"]"), key("pod-uid", "[\"0b3f-9\"]"), key("node-name", "[\"n1\"]")].joined(separator: ",")
    private static let listed =
        "before it tokens of service account shop/bot2 were issued to system:node:n1 (2 times, last at 2026-11-24T05:00:03.000000Z), admin at 2026-11-24T05:00:01.000000Z; which was used is not recorded"

    @Test func thePodOfATokenIsAStep() throws {
        let result = try Self.log(Self.pod).blame(Log.deployment)
        let steps = result.trail.dropFirst().map { "\($0.strength.rawValue): \($0.text)" }
        #expect(steps == ["proven: the token that was used is bound to Pod shop/runner (uid 0b3f-9) on node n1", "recorded: \(Self.listed)"])
        #expect(result.trail.dropFirst().first?.evidence == "audit event audit.log:7")
        #expect(result.trailEnd == "at Pod shop/runner, which acted as service account shop/bot2: the log does not show what in it did so")
        #expect(result.introduced?.who == Self.account && result.partyStrength == .proven, "the account answers")
    }

    @Test func thoseWithATokenAreListed() throws {
        let result = try Self.log("").blame(Log.deployment)
        #expect(result.trail.last?.text == Self.listed && result.trail.last?.strength == .recorded)
        #expect(result.trailEnd == "at service account shop/bot2: the log does not show which of those with a token used it")
    }

    /// One id is on the token and on the request for it; those that got other tokens are out of it.
    @Test func theRequestForTheTokenIsProven() throws {
        let result = try Self.log(Self.key("credential-id", "[\"JTI=a1\"]"), issued: ["JTI=a1", "JTI=b2", ""]).blame(Log.deployment)
        #expect(result.trail.last?.text == "that token (JTI=a1) was issued to admin at 2026-11-24T05:00:01.000000Z")
        #expect(result.trail.last?.strength == .proven && result.trail.last?.evidence == "audit event audit.log:1")
        #expect(result.trailEnd == "at admin, to whom the token of service account shop/bot2 was issued")
        let other = try Self.log(Self.key("credential-id", "[\"JTI=zz\"]"), issued: ["JTI=a1", "JTI=b2", ""]).blame(Log.deployment)
        #expect(
            other.trail.last?.text
                == "before it tokens of service account shop/bot2 were issued to system:node:n1 at 2026-11-24T05:00:03.000000Z; which was used is not recorded"
        )
        let none = try Self.log(Self.key("credential-id", "[\"JTI=zz\"]"), issued: ["JTI=a1", "JTI=b2", "JTI=c3"]).blame(Log.deployment)
        #expect(none.trailEnd == "at service account shop/bot2: the log does not show who used it" && none.trail.count == 1)
    }

    /// What is no name, or is not of a service account, says nothing; the event is read all the same.
    @Test(arguments: [
        key("pod-name", "\"runner\""), key("pod-name", "[7]"), key("pod-name", "[]"), key("pod-name", "[\"\(String(repeating: "x", count: 254))\"]"),
        key("pod-name", "[\"a b\"]"), key("pod-name", "[\"a\\nproven: eve\"]"), key("pod-name", "{}"), key("credential-id", "[\"\"]"),
    ])
    func whatIsNoNameSaysNothing(extra: String) throws {
        let result = try Self.log(extra).blame(Log.deployment)
        #expect(result.trail.map(\.text).dropFirst() == [Self.listed] && result.introduced?.who == Self.account)
    }

    @Test func aPersonsExtraSaysNothing() throws {
        let result = try Self.log(Self.pod + "," + Self.key("credential-id", "[\"JTI=a1\"]"), issued: ["JTI=a1"], by: "alice").blame(Log.deployment)
        #expect(result.trail.count == 1 && result.trailEnd == "at alice, whom the API server authenticated")
    }

    /// Only some are listed, however many asked.
    @Test func theListIsBounded() throws {
        var log = Log()
        for second in 0..<30 { log.add("create", "serviceaccounts shop/bot2/token", by: "user-\(second)", at: second, code: 201) }
        let object = Log.web(version: 10)
        log.add("create", "deployments.apps shop/web", by: Self.account, at: 40, request: object, response: object, code: 201)
        let text = try #require(try log.blame(Log.deployment).trail.last?.text)
        #expect(text.contains("issued to user-29 at ") && text.contains(" and 25 others;") && !text.contains("user-24"))
    }
}
