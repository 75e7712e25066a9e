import ClusterSupport
import Documents
import Foundation
import KubernetesClient
import Ledger
import NIOHTTP1
import Testing

@testable import Server

/// The newest checkpoint in places outside, and never in the place of one that it does not extend.
struct PublishingTests {
    /// The kind of fault with its words; nil when there is none.
    private static func fault(_ body: () async throws -> CheckpointPublisher.Outcome) async throws -> PublishingFault? {
        do {
            _ = try await body()
            return nil
        } catch let fault as PublishingFault { return fault }
    }

    // MARK: A file

    @Test func aFileFollowsTheLedger() async throws {
        try await PublishedLedger.with { ledger in
            let place = FilePlace(path: ledger.shown)
            #expect(try await ledger.publisher().publish(to: place) == .published(1))
            #expect(try await ledger.publisher().publish(to: place) == .unchanged(1))
            try await ledger.append("a", "b", "c")
            #expect(try await ledger.publisher().publish(to: place) == .published(4))
            let text = try String(contentsOfFile: ledger.shown, encoding: .utf8)
            #expect(try text == ledger.newest()?.description)
            #expect(try await place.read().checkpoint == ledger.newest())
            #expect(try FileManager.default.contentsOfDirectory(atPath: ledger.directory.path).contains("shown.new") == false)
        }
    }

    /// An old copy, history written anew with the right key, another ledger: what is shown stays, and is the proof.
    @Test(arguments: [
        (["a"], "entries 2 to 3: missing: the kept checkpoint commits to it. This is an old or truncated copy"),
        (["a", "x", "c"], "entries 0 to 3: not those that the kept checkpoint commits to: history was rewritten"),
        (["a", "x", "c", "d", "e"], "entries 0 to 3: not those that the kept checkpoint commits to: history was rewritten"),
    ])
    func whatContradictsIsNotPublished(subjects: [String], message: String) async throws {
        try await PublishedLedger.with { ledger in
            try await ledger.append("a", "b", "c")
            let place = FilePlace(path: ledger.shown)
            #expect(try await ledger.publisher().publish(to: place) == .published(4))
            let shown = try Data(contentsOf: URL(filePath: ledger.shown))
            let forged = ledger.directory.appending(path: "forged.db").path
            try ledger.create(forged)
            for subject in subjects { try await ledger.append(subject, to: forged) }
            let fault = try await Self.fault { try await ledger.publisher(forged).publish(to: place) }
            #expect(fault?.kind == .contradiction && fault?.description.contains(message) == true, "\(fault?.description ?? "none")")
            #expect(try Data(contentsOf: URL(filePath: ledger.shown)) == shown)
        }
    }

    @Test func anotherKeyIsNotPublished() async throws {
        try await PublishedLedger.with { ledger in
            let other = try Ledger.SigningKey(name: "ledger.example/one").verifier
            let publisher = CheckpointPublisher(try LedgerReader(path: ledger.path), keys: [other])
            let fault = try await Self.fault { try await publisher.publish(to: FilePlace(path: ledger.shown)) }
            #expect(fault?.kind == .ledger)
            #expect(!FileManager.default.fileExists(atPath: ledger.shown))
        }
    }

    @Test func aFileOfSomethingElseStays() async throws {
        try await PublishedLedger.with { ledger in
            for content in ["hello\n", "", String(repeating: "x", count: 1 << 20)] {
                try content.write(toFile: ledger.shown, atomically: false, encoding: .utf8)
                let fault = try await Self.fault { try await ledger.publisher().publish(to: FilePlace(path: ledger.shown)) }
                #expect(fault?.kind == .contradiction)
                #expect(try String(contentsOfFile: ledger.shown, encoding: .utf8) == content)
            }
            let fault = try await Self.fault { try await ledger.publisher().publish(to: FilePlace(path: ledger.directory.path)) }
            #expect(fault?.kind == .contradiction)
        }
    }

    @Test func aDirectoryThatIsMissingIsNamed() async throws {
        try await PublishedLedger.with { ledger in
            let place = FilePlace(path: ledger.directory.appending(path: "no/where").path)
            let fault = try await Self.fault { try await ledger.publisher().publish(to: place) }
            #expect(fault?.kind == .unreachable && fault?.description.contains("No such file or directory") == true, "\(fault?.description ?? "")")
        }
    }

    /// A place that changes under each attempt.
    private struct Contended: CheckpointPlace {
        var name: String { "contended place" }
        func read() async throws(PublishingFault) -> PlacedCheckpoint { PlacedCheckpoint() }
        func write(_ checkpoint: SignedCheckpoint, over placed: PlacedCheckpoint) async throws(PublishingFault) -> Bool { false }
    }

    @Test func attemptsEnd() async throws {
        try await PublishedLedger.with { ledger in
            let fault = try await Self.fault { try await ledger.publisher().publish(to: Contended()) }
            #expect(fault?.kind == .unreachable && fault?.description.contains("contended place changed at each attempt") == true)
        }
    }

    // MARK: A webhook

    @Test(arguments: [.ok, .noContent, .accepted] as [HTTPResponseStatus]) func aWebhookGetsTheNote(status: HTTPResponseStatus) async throws {
        try await PublishedLedger.with { ledger in
            try await PostReceiver.running(status) { url, requests in
                let place = WebhookPlace(try OutboundPost(url: url, token: Secret("t0ken")))
                #expect(try await ledger.publisher().publish(to: place) == .published(1))
                let request = try #require(requests.all.first)
                #expect(requests.all.count == 1 && request.head.method == .POST && request.head.uri == "/checkpoints/s3cret")
                #expect(request.head.headers["Content-Type"] == ["text/plain; charset=utf-8"])
                #expect(request.head.headers["Authorization"] == ["Bearer t0ken"])
                #expect(try request.body == ledger.newest()?.description)
            }
        }
    }

    @Test(
        arguments: [
            (.conflict, .contradiction), (.badRequest, .unreachable), (.unauthorized, .unreachable), (.found, .unreachable),
            (.internalServerError, .unreachable),
        ] as [(HTTPResponseStatus, PublishingFault.Kind)])
    func aWebhookThatDoesNotTakeIt(status: HTTPResponseStatus, kind: PublishingFault.Kind) async throws {
        try await PublishedLedger.with { ledger in
            try await PostReceiver.running(status) { url, requests in
                let place = WebhookPlace(try OutboundPost(url: url))
                let fault = try await Self.fault { try await ledger.publisher().publish(to: place) }
                #expect(fault?.kind == kind)
                #expect(fault?.description.contains("s3cret") == false && place.name.contains("s3cret") == false)
                #expect(requests.all.count == 1, "a redirect was followed, or it was sent again")
            }
        }
    }

    @Test func aWebhookThatIsSilent() async throws {
        try await PublishedLedger.with { ledger in
            try await PostReceiver.running(nil) { url, _ in
                let place = WebhookPlace(try OutboundPost(url: url, timeout: .milliseconds(50)))
                let fault = try await Self.fault { try await ledger.publisher().publish(to: place) }
                #expect(fault?.kind == .unreachable && fault?.description.contains("no answer in time") == true, "\(fault?.description ?? "")")
            }
        }
    }

    @Test(arguments: [
        "http://witness.example/", "http://127.0.0.1.example/", "ftp://witness.example/", "https://ann:pw@witness.example/",
        "https://witness.example/?token=a", "witness.example", "",
    ])
    func unsafeAddresses(url: String) {
        #expect { try OutboundPost(url: url) } throws: { ($0 as? ClusterError)?.kind == .configuration && !"\($0)".contains("pw") }
    }
}

/// A ConfigMap of a real API server.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ConfigMapPublishingTests {
    @Test func aConfigMapFollowsTheLedger() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create(InstallationTests.namespace("audit"))
            try await InstallationTests.connected(server) { client in
                try await PublishedLedger.with { ledger in
                    let place = ConfigMapPlace(client, namespace: "audit", name: "ledger")
                    let path = "/api/v1/namespaces/audit/configmaps/ledger"
                    #expect(try await ledger.publisher().publish(to: place) == .published(1))
                    #expect(try InstallationTests.get(server, path)["data"]["checkpoint"].text == ledger.newest()?.description)
                    #expect(try await ledger.publisher().publish(to: place) == .unchanged(1))
                    let stale = try await place.read()
                    try await ledger.append("a", "b", "c")
                    #expect(try await ledger.publisher().publish(to: place) == .published(4))
                    let newest = try #require(try ledger.newest())
                    #expect(try await place.read().checkpoint == newest)
                    // Somebody who read before that writes over nothing.
                    #expect(try await place.write(newest, over: stale) == false)
                    #expect(try await place.write(newest, over: PlacedCheckpoint()) == false)
                    try await Self.contradicted(ledger, place)
                    #expect(try await place.read().checkpoint == newest)
                }
            }
        }
    }

    private static func contradicted(_ ledger: PublishedLedger, _ place: ConfigMapPlace) async throws {
        let forged = ledger.directory.appending(path: "forged.db").path
        try ledger.create(forged)
        try await ledger.append("a", "x", "c", "d", to: forged)
        await #expect { try await ledger.publisher(forged).publish(to: place) } throws: { ($0 as? PublishingFault)?.kind == .contradiction }
    }

    @Test func whatIsNotOursStays() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create(InstallationTests.namespace("audit"))
            let theirs =
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"ledger","namespace":"audit","labels":{"a":"b"}},"data":{"readme":"keep"}}"#
            #expect(try server.create(theirs).map(\.status) == [201])
            try await InstallationTests.connected(server) { client in
                try await PublishedLedger.with { ledger in
                    let place = ConfigMapPlace(client, namespace: "audit", name: "ledger")
                    #expect(try await ledger.publisher().publish(to: place) == .published(1))
                    let live = try InstallationTests.get(server, "/api/v1/namespaces/audit/configmaps/ledger")
                    #expect(live["metadata"]["labels"]["a"].text == "b" && live["data"]["readme"].text == "keep")
                    #expect(try live["data"]["checkpoint"].text == ledger.newest()?.description)
                    // In a namespace that is not there nothing can be.
                    let nowhere = ConfigMapPlace(client, namespace: "nowhere", name: "ledger")
                    await #expect { try await ledger.publisher().publish(to: nowhere) } throws: {
                        ($0 as? PublishingFault)?.kind == .unreachable
                    }
                }
            }
        }
    }

    /// Two replicas, one lease, one database. The second takes over while the first still believes in its hold, as one does that was
    /// suspended: the database refuses it, and once it asks for the lease it knows.
    @Test func oneWriterByLease() async throws {
        try await APIServer.running(flags: InstallationTests.flags) { server in
            _ = try server.create(InstallationTests.namespace("audit"))
            try await InstallationTests.connected(server) { client in
                try await PublishedLedger.with { ledger in
                    func lease(_ identity: String) -> Lease {
                        Lease(client, namespace: "audit", name: "ledger", identity: identity, duration: .seconds(600))
                    }
                    let (first, second) = (lease("one"), lease("two"))
                    let one = LeasedLedger(path: ledger.path, key: ledger.key, token: { first.token })
                    let two = LeasedLedger(path: ledger.path, key: ledger.key, token: { second.token })
                    #expect(try await first.attempt())
                    #expect(try await second.attempt() == false)
                    #expect(first.token == 1 && second.token == nil)
                    #expect(try await one.append(PublishedLedger.entry("a")).number == 1)
                    await #expect(throws: LedgerError.notWriter(path: ledger.path)) { try await two.append(PublishedLedger.entry("x")) }
                    try await Self.shorten(client)
                    while try await !second.attempt() {}
                    #expect(first.token == 1 && second.token == 2)
                    #expect(try await two.append(PublishedLedger.entry("b")).number == 2)
                    await #expect(throws: LedgerError.fenced(token: 1, newest: 2)) { try await one.append(PublishedLedger.entry("x")) }
                    #expect(try await first.attempt() == false)
                    await #expect(throws: LedgerError.notWriter(path: ledger.path)) { try await one.append(PublishedLedger.entry("x")) }
                    let report = try LedgerReader(path: ledger.path).audit(AuditOptions(keys: [ledger.key.verifier]))
                    #expect(report.faults == [] && report.size == 3)
                    try await Self.goesOnAfterDeletion(server, client, ledger, 2)
                }
            }
        }
    }

    /// The holder counts as silent a second after this, without a test that waits for its ten minutes.
    private static func shorten(_ client: ClusterClient) async throws {
        let manifest = #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"ledger"},"spec":{"leaseDurationSeconds":1}}"#
        let reference = ObjectReference(OwnedResources.leases, namespace: "audit", name: "ledger")
        try await client.apply(json: Array(manifest.utf8), reference, manager: "test", force: true)
    }

    /// A lease that somebody deleted would begin with small tokens again, which the database refuses; whoever knows the newest goes on from it.
    private static func goesOnAfterDeletion(_ server: APIServer, _ client: ClusterClient, _ ledger: PublishedLedger, _ newest: Int) async throws {
        _ = try server.request("DELETE", "/apis/coordination.k8s.io/v1/namespaces/audit/leases/ledger")
        let known = try LedgerReader(path: ledger.path).newestToken()
        #expect(known == newest)
        let third = Lease(client, namespace: "audit", name: "ledger", identity: "three", after: known)
        #expect(try await third.attempt())
        #expect(third.token == newest + 1)
        let writer = LeasedLedger(path: ledger.path, key: ledger.key, token: { third.token })
        #expect(try await writer.append(PublishedLedger.entry("c")).number == 3)
    }
}
