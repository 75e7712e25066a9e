import Documents
import Foundation
import Synchronization
import Testing

@testable import Server

/// A store in memory that counts versions, as an API server does.
actor MemoryStore: AuthorityStore {
    private(set) var record = AuthorityRecord(data: [:])
    private(set) var version = 0
    private(set) var writes = 0
    var isDown = false

    func goDown(_ isDown: Bool) { self.isDown = isDown }

    func load() async throws -> (state: AuthorityState, version: String?) {
        if isDown { throw CertificateFault("down") }
        return (try record.state(place: "memory"), version == 0 ? nil : "\(version)")
    }

    func save(_ state: AuthorityState, over version: String?) async throws -> Bool {
        if isDown { throw CertificateFault("down") }
        guard version ?? "0" == "\(self.version)" else { return false }
        record = try AuthorityRecord(state)
        self.version += 1
        writes += 1
        return true
    }
}

/// What one replica shows, and what all clients trust.
final class Scene: Sendable {
    let shown = Mutex<[Int: ServingCertificate]>([:])
    let published = Mutex("")
}

struct CertificateKeeperTests {
    private static let start = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private static func keeper(
        _ store: MemoryStore, _ scene: Scene, replica: Int = 0, mayWrite: @escaping @Sendable () -> Bool = { true }
    ) throws
        -> CertificateKeeper
    {
        CertificateKeeper(
            store: store, names: try CertificateNames(["demarc.demarc.svc"]), mayWrite: mayWrite,
            isPublished: { bundle in scene.published.withLock { $0 == bundle } },
            serve: { serving in scene.shown.withLock { $0[replica] = serving } })
    }

    @Test func theFirstLookMakesAll() async throws {
        let (store, scene) = (MemoryStore(), Scene())
        let status = try await Self.keeper(store, scene).look(now: Self.start)
        #expect(status.done.count == 2)
        #expect(status.done.first == "a new authority that signs at once: there is no authority yet")
        #expect(status.authorityExpires == Self.start.advanced(bySeconds: 365 * 86_400))
        #expect(status.servingExpires == Self.start.advanced(bySeconds: 90 * 86_400))
        #expect(status.bundle.hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(scene.shown.withLock { $0[0] }?.chain.count == 1)
        #expect(try await Self.keeper(store, scene).look(now: Self.start).done.count == 1, "the authority is there, only the serving key is new")
    }

    @Test func whoDoesNotHoldTheLeaseWaitsForWhoDoes() async throws {
        let (store, scene) = (MemoryStore(), Scene())
        let follower = try Self.keeper(store, scene, replica: 1, mayWrite: { false })
        #expect(try await follower.look(now: Self.start) == CertificateStatus())
        _ = try await Self.keeper(store, scene).look(now: Self.start)
        #expect(try await follower.look(now: Self.start).servingExpires != nil)
        #expect(await store.writes == 1)
        let shown = scene.shown.withLock { $0 }
        #expect(shown[0]?.authority == shown[1]?.authority && shown[0]?.key != shown[1]?.key)
    }

    /// Both believe that they hold the lease, as after a stall: the store lets one write, and both end with the same authority.
    @Test func twoWritersEndWithOneAuthority() async throws {
        for _ in 0..<20 {
            let (store, scene) = (MemoryStore(), Scene())
            let keepers = try (0..<4).map { try Self.keeper(store, scene, replica: $0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for keeper in keepers { group.addTask { _ = try await keeper.look(now: Self.start) } }
                try await group.waitForAll()
            }
            #expect(await store.writes == 1)
            #expect(Set(scene.shown.withLock { $0.values.map(\.authority) }).count == 1)
        }
    }

    @Test func aServerGoesOnWithoutItsStore() async throws {
        let (store, scene) = (MemoryStore(), Scene())
        let keeper = try Self.keeper(store, scene)
        _ = try await keeper.look(now: Self.start)
        let first = scene.shown.withLock { $0[0] }
        await store.goDown(true)
        let later = Self.start.advanced(bySeconds: 61 * 86_400)
        await #expect(throws: CertificateFault.self) { try await keeper.look(now: later) }
        let second = scene.shown.withLock { $0[0] }
        #expect(second?.notAfter == later.advanced(bySeconds: 90 * 86_400) && second?.authority == first?.authority)
    }

    /// Three years of two replicas with clocks that differ, of which one now and then hears nothing for days, with a bundle that is published late:
    /// at no time does a client meet a certificate that it cannot check.
    @Test func noClientEverMeetsACertificateItCannotCheck() async throws {
        let (store, scene) = (MemoryStore(), Scene())
        let keepers = try (0..<2).map { replica in try Self.keeper(store, scene, replica: replica, mayWrite: { replica == 0 }) }
        var bundles: [String] = []
        var authorities: Set<String> = []
        let step: Int64 = 12 * 3_600
        for round in 0..<(3 * 365 * 2) {
            let now = Self.start.advanced(bySeconds: Int64(round) * step)
            for (replica, keeper) in keepers.enumerated() where replica == 0 || round % 40 < 30 {
                let status = try await keeper.look(now: now.advanced(bySeconds: replica == 0 ? 0 : 1_700))
                if replica == 0 { bundles.append(status.bundle) }
            }
            // Clients read the bundle two rounds late.
            let known = bundles[max(bundles.count - 3, 0)]
            scene.published.withLock { $0 = known }
            for serving in scene.shown.withLock({ Array($0.values) }) {
                authorities.insert(serving.authority)
                let trusted = try AuthorityRecord(data: ["retired.crt": known]).state(place: "bundle").retired
                let authority = trusted.first { $0.id == serving.authority }
                #expect(authority != nil, "round \(round): an authority that nobody knows")
                #expect(serving.notBefore <= now && now < serving.notAfter && now <= authority?.notAfter ?? now, "round \(round): not valid")
            }
            #expect(bundles.last.map { $0.components(separatedBy: "BEGIN CERT").count - 1 } ?? 0 <= 3, "the bundle does not grow")
        }
        #expect((4...6).contains(authorities.count), "one every eight months")
    }

    // MARK: - Files

    private static func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.appending(path: "certificates").path)
    }

    private static func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func filesHoldTheAuthorityForItsOwnerAlone() async throws {
        try await Self.withFolder { folder in
            let store = FileStore(folder: folder)
            let scene = Scene()
            func look() async throws -> CertificateStatus {
                let keeper = CertificateKeeper(
                    store: store, names: try CertificateNames(["127.0.0.1"]), mayWrite: { true }, isPublished: { _ in true },
                    serve: { serving in scene.shown.withLock { $0[0] = serving } })
                return try await keeper.look(now: Self.start)
            }
            let status = try await look()
            #expect(try Self.mode(folder) == 0o700)
            #expect(try Self.mode(folder + "/authority.yaml") == 0o600)
            #expect(try Self.mode(store.bundlePath) == 0o644)
            #expect(try String(contentsOfFile: store.bundlePath, encoding: .utf8) == status.bundle)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["authority.yaml", "ca.crt"])
            #expect(try await look().bundle == status.bundle, "another start has the same authority")
        }
    }

    @Test func filesOfOthersAreNotWrittenOver() async throws {
        try await Self.withFolder { folder in
            let store = FileStore(folder: folder)
            #expect(try await store.save(AuthorityState(), over: "another") == false)
            #expect(try await store.save(AuthorityState(), over: nil))
            #expect(try await store.save(AuthorityState(), over: nil) == false)
            let (_, version) = try await store.load()
            #expect(try await store.save(AuthorityState(), over: version))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder + "/authority.yaml")
            let open = await #expect(throws: CertificateFault.self) { try await store.load() }
            #expect(open?.description.contains("has mode 0640; run chmod 600 on it") == true)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/authority.yaml")
            try Data("data: [".utf8).write(to: URL(filePath: folder + "/authority.yaml"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/authority.yaml")
            let damaged = await #expect(throws: CertificateFault.self) { try await store.load() }
            #expect(damaged?.description.contains("is damaged; restore it from a copy") == true)
        }
    }
}
