import ClusterSupport
import Foundation
import Ledger
import Testing

/// The ledger of a server in a cluster: what stands in it, whoever wrote, and whatever happened to whom.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeLedgerTests {
    /// The payload of an entry.
    private static func payload(_ entry: Entry) -> Reading { Reading(String(decoding: entry.payload, as: UTF8.self)) }

    static func entries(_ path: String) throws -> [Entry] { try LedgerReader(path: path).entries(0..<100_000).map { try Entry($0) } }

    /// An export is verified by itself, with the key alone.
    static func isVerified(_ path: String, in folder: URL) throws -> Bool {
        let text = try String(contentsOfFile: path + ".key", encoding: .utf8)
        let key = try SigningKey(text.split(separator: "\n").first ?? "").verifier.description
        let export = folder.appending(path: "export-\(UUID().uuidString)").path
        let exported = try Program.run(["ledger", "export", path, export, "--key", key], in: folder)
        let verified = try Program.run(["ledger", "verify", export, "--key", key], in: folder)
        #expect(exported.code == 0 && verified.code == 0, "\(exported.errors)\(verified.errors)\(verified.output)")
        return exported.code == 0 && verified.code == 0
    }

    /// Two replicas share a ledger. The one that writes is killed while people decide; nothing is lost, and nothing is there twice.
    @Test func aKilledWriterLosesAndDoublesNothing() async throws {
        try await GuardedCluster.running(ServeGrantTests.setting) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(ReportDefinitions.grants(), [ServeGrantTests.grants], in: api)
            try #require(try api.create(ServeGrantTests.roles).allSatisfy { $0.status == 201 })
            let ledger = api.folder.appending(path: "ledger/own.db").path
            let shown = api.folder.appending(path: "checkpoint").path
            let arguments = ["--ledger", ledger, "--publish-checkpoint", "file=\(shown)", "--publish-checkpoint", "config-map=demarc/checkpoint"]
            let first = try await cluster.guarded(arguments)
            let second = try await cluster.replica(arguments)
            defer { for replica in [first, second] where replica.isRunning { replica.stop() } }
            try cluster.balancer.serve([first.port, second.port])
            func writes(_ replica: Serving) -> Bool {
                replica.output.split(separator: "\n").contains { $0.contains("this replica leads") && $0.contains("demarc-ledger") }
            }
            #expect(try await eventually { writes(first) || writes(second) })

            let (ann, ben, cyd) = (
                ServeGrantTests.Person(api: api, name: "ann"), ServeGrantTests.Person(api: api, name: "ben"),
                ServeGrantTests.Person(api: api, name: "cyd")
            )
            for number in 1...4 {
                let name = "probe-\(number)"
                #expect(try ann.post(ServeGrantTests.grants, ServeGrantTests.application(for: name, seconds: 86_400).body).status == 201)
                // A leader that was killed is missed after fifteen seconds.
                #expect(try await ServeGrantTests.reaches(api, name, "applied"))
                let answer = try ben.approve(name)
                #expect(answer.status == 200, "\(answer.body)")
                if number == 2 { (writes(first) ? first : second).killAtOnce() }
                let denial = try await eventually { try cyd.decide(name, #"{"action":"deny","reason":"not now"}"#).status == 200 }
                #expect(denial)
                #expect(try cluster.create(GuardedCluster.pod("refused-\(number)", privileged: true)).status == 403)
            }

            let isWhole = try await eventually { try Self.entries(ledger).count { $0.kind.hasPrefix("grant.") } >= 12 }
            let survivor = first.isRunning ? first : second
            #expect(isWhole, "\(survivor.output.suffix(3_000))")
            let decided = try Self.entries(ledger).filter { $0.kind.hasPrefix("grant.") }
            let told = decided.map { "\($0.subject) \($0.actor) \($0.kind) \(Self.payload($0)["position"].number ?? -1)" }
            let expected = (1...4).flatMap { number in
                ["ann grant.apply 0", "ben grant.approve 1", "cyd grant.deny 2"].map { "PrivilegeGrant shop/probe-\(number) \($0)" }
            }
            #expect(told.sorted() == expected.sorted())
            #expect(decided.contains { Self.payload($0)["reason"].text == "not now" })

            // What the survivor counted is there when it ends, and both places outside show the end.
            #expect(survivor.stop() == 0)
            let all = try Self.entries(ledger)
            let refused = all.filter {
                $0.kind == "admission.denied" && $0.actor == "admin" && Self.payload($0)["control"].text == "privileged-containers"
            }
            #expect(refused.reduce(0) { $0 + (Self.payload($1)["count"].number ?? 0) } >= 2, "\(all.map(\.kind))")
            #expect(all.count { $0.kind == "model.changed" } == 1)
            let end = try #require(try LedgerReader(path: ledger).checkpoint()?.description)
            #expect(try String(contentsOfFile: shown, encoding: .utf8) == end)
            #expect(Reading(try api.get("/api/v1/namespaces/demarc/configmaps/checkpoint").body)["data"]["checkpoint"].text == end)
            #expect(try Self.isVerified(ledger, in: api.folder))
        }
    }

    /// A replica without the ledger's file hands over what it refuses.
    @Test func whoHasNoLedgerHandsOver() async throws {
        try await GuardedCluster.running { cluster in
            let ledger = cluster.api.folder.appending(path: "ledger.db").path
            let other = try await cluster.guarded(["--ledger-elsewhere"])
            defer { other.stop() }
            #expect(try cluster.create(GuardedCluster.pod("refused", privileged: true)).status == 403)
            // It counts for a minute, unless it ends.
            let keeper = try await cluster.replica(["--ledger", ledger])
            defer { keeper.stop() }
            #expect(other.stop() == 0)
            let isThere = try await eventually {
                // While it is being made it is none yet.
                let entries = (try? Self.entries(ledger)) ?? []
                return entries.contains { $0.kind == "admission.denied" && $0.actor == "admin" }
            }
            #expect(isThere, "\(keeper.output.suffix(2_000))")
            let letters = try await eventually {
                Reading(try cluster.api.get("/api/v1/namespaces/demarc/configmaps/demarc-records").body)["data"].value == nil
            }
            #expect(letters, "what was taken over is gone from there")
            #expect(keeper.stop() == 0)
            #expect(try Self.isVerified(ledger, in: cluster.api.folder))
        }
    }

    @Test func withoutALedgerItSaysSoOnce() async throws {
        try await GuardedCluster.running { cluster in
            let replica = try await cluster.guarded()
            #expect(replica.stop() == 0)
            #expect(replica.output.split(separator: "\n").count { $0.contains("decisions are in no ledger") } == 1)
        }
    }

    @Test(arguments: [
        (["--ledger", "l.db", "--ledger-elsewhere"], "exclude each other"),
        (["--publish-checkpoint", "file=x"], "--publish-checkpoint needs --ledger"),
        (["--ledger", "l.db", "--publish-checkpoint", "nowhere"], "write config-map=NAMESPACE/NAME, file=PATH or webhook=URL"),
        (["--ledger", "l.db", "--publish-checkpoint", "config-map=a/b/c"], "write config-map=NAMESPACE/NAME"),
        (["--ledger-key", "k"], "--ledger-key needs --ledger"), (["--publish-token-file", "t"], "--publish-token-file needs"),
    ])
    func wrongFlagsAreNamed(flags: [String], message: String) throws {
        let result = try Program.run(["serve", "--kubeconfig", "missing"] + flags)
        #expect(result.code == 2 && result.errors.contains(message), "\(result.errors)")
    }
}
