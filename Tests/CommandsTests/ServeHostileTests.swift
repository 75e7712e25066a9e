import Foundation
import Testing

/// Reviews that are none, or are meant to be taken for something else, sent to the program over TLS.
///
/// `DEMARC_HOSTILE_REVIEWS=5000 DEMARC_HOSTILE_SEED=7 DEMARC_HOSTILE_CONTAINERS=100000 swift test --filter ServeHostileTests` tries more.
struct ServeHostileTests {
    private static let variables = ProcessInfo.processInfo.environment

    @Test func nothingPrivilegedComesInAndNothingCrashes() async throws {
        let seed = Self.variables["DEMARC_HOSTILE_SEED"].flatMap { UInt64($0) } ?? 20_261_127
        let containers = Self.variables["DEMARC_HOSTILE_CONTAINERS"].flatMap { Int($0) } ?? 10_000
        let mutants = Self.variables["DEMARC_HOSTILE_REVIEWS"].flatMap { Int($0) } ?? 150
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try await Serving(["--standalone", "--model", "acs", "--drain-delay", "0"], in: folder)
        defer { server.stop() }

        var counts: [String: Int] = [:]
        for review in HostileReview.all(seed: seed, mutants: mutants, containers: containers) {
            for path in ["/validate", "/mutate"] {
                let answer = try server.ask(path, review.headers, body: review.body)
                let decision = Reading(answer.body)["response"]
                let isAllowed = answer.status == "200" && decision["allowed"].flag != false
                counts["\(path) \(answer.status)\(answer.status == "200" ? isAllowed ? " let in" : " denied" : "")", default: 0] += 1
                #expect(["200", "400", "413", "415"].contains(answer.status), "\(review.name) \(path): \(answer.status) \(answer.body.prefix(300))")
                // A patch lets nobody in: whoever mutates says nothing about what may come.
                guard path == "/validate", isAllowed else { continue }
                #expect(!review.isCertain && !review.isPrivileged, "\(review.name) was let in: \(answer.body.prefix(300))")
            }
        }
        print("hostile: \(counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))")

        // It is still there, and right.
        let denied = try server.ask("/validate", body: Data(ServeStandaloneTests.review(privileged: true).utf8))
        #expect(Reading(denied.body)["response"]["allowed"].flag == false)
        let letIn = try server.ask("/validate", body: Data(ServeStandaloneTests.review(privileged: false).utf8))
        #expect(Reading(letIn.body)["response"]["allowed"].flag == true)
        #expect(server.stop() == 0)
    }
}
