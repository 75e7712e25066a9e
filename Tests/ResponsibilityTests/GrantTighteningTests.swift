import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// The smallest grant that a use needs: what is left out and why, and that nothing is ever added.
struct GrantTighteningTests {
    private func tighten(_ grant: TestGrant, controls: [Control] = TestControls.all) throws -> GrantTightening {
        let estate = try TestEstate(grant.manifest, controls: controls)
        let held = try #require(estate.attributor.grants.grants.first)
        return GrantTightening(
            of: held, attributed: estate.attributed, controls: controls, inventory: estate.inventory, model: .example)
    }

    private static let both = ("SYS_ADMIN}", "SYS_ADMIN}\n  - {control: host-paths, value: /var/log}")

    @Test func aGrantThatIsUsedAsItIsStays() throws {
        let tightening = try tighten(TestGrant())
        #expect(tightening.changes.isEmpty && tightening.remarks.isEmpty)
        #expect(tightening.manifest?.yaml.contains("value: SYS_ADMIN") == true)
    }

    @Test(
        arguments: [
            ([], [both], "privileges[1]", "the Pod does not use 'host-paths' /var/log: left out"),
            ([], [("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: []")], "imageDigests", "these are the images that use it"),
            (
                [], [("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: [\"\(TestGrant.digest)\", \"\(TestGrant.otherDigest)\"]")],
                "imageDigests",
                "1 of the images do not run: left out"
            ),
            ([], [("name: web, service", "selector: {matchLabels: {app: web}}, service")], "workload", "the selector is for one workload"),
            (
                GrantMatchTests.volume("true"),
                [("{control: added-capabilities, container: app, value: SYS_ADMIN}", "{control: host-paths, value: /var/log}")],
                "privileges[0]", "the Pod uses 'host-paths' /var/log for reading only"
            ),
        ] as [([(String, String)], [(String, String)], String, String)])
    func eachChangeIsSaidWithItsReason(object: [(String, String)], spec: [(String, String)], field: String, why: String) throws {
        let tightening = try tighten(TestGrant(object: object, spec: spec))
        #expect(tightening.changes.map(\.field) == [field] && tightening.changes[0].why.hasPrefix(why), "\(tightening.changes)")
    }

    @Test func whatNothingUsesIsToBeRevoked() throws {
        let tightening = try tighten(TestGrant(object: [("add: [SYS_ADMIN]", "add: []")]))
        #expect(tightening.manifest == nil)
    }

    @Test func whatWasNotLookedAtStays() throws {
        let grant = TestGrant(spec: [("SYS_ADMIN}", "SYS_ADMIN}\n  - {control: interactive-access}")])
        let tightening = try tighten(grant)
        #expect(tightening.changes.isEmpty && tightening.remarks == ["whether the Pod uses 'interactive-access' cannot be seen here, so it stays"])
        let untagged = try tighten(
            TestGrant(object: [("app@\(TestGrant.digest)", "app:1")], spec: [("imageDigests: [\"\(TestGrant.digest)\"]", "imageDigests: []")]))
        #expect(untagged.changes.isEmpty && untagged.remarks.first?.contains("name the images by digest (container app)") == true)
        let two = TestGrant(
            object: [("kind: Deployment", "kind: Deployment\n# two")], spec: [("name: web, service", "selector: {matchLabels: {app: web}}, service")])
        let manifest = try two.manifest + "\n---\n" + TestGrant.workload.replacing("name: web, namespace", with: "name: api, namespace")
        let estate = try TestEstate(manifest)
        let held = try #require(estate.attributor.grants.grants.first)
        let open = GrantTightening(
            of: held, attributed: estate.attributed, controls: estate.controls, inventory: estate.inventory, model: .example)
        #expect(open.changes.isEmpty && open.remarks == ["the selector is for 2 workloads (api, web): apply for each by its name"])
    }

    /// Whatever the smaller grant lets in, the larger one let in.
    @Test(arguments: 0..<6)
    func itNeverCoversMore(seed: Int) throws {
        var state = UInt64(seed) &* 7_919 &+ 1
        func pick<T>(_ all: [T]) -> T {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return all[Int((state >> 33) % UInt64(all.count))]
        }
        for _ in 0..<25 {
            let privileges = ["SYS_ADMIN", "NET_RAW", "SYS_TIME"].filter { _ in pick([true, true, false]) }.map {
                "- {control: added-capabilities, container: app, value: \($0)}"
            }
            let paths = ["/var/log", "/srv"].filter { _ in pick([true, false]) }.map {
                "- {control: host-paths, value: \($0)\(pick(["", ", readOnly: true"]))}"
            }
            let all = privileges + paths
            guard !all.isEmpty else { continue }
            let spec = [
                ("- {control: added-capabilities, container: app, value: SYS_ADMIN}", all.joined(separator: "\n  ")),
                (
                    "imageDigests: [\"\(TestGrant.digest)\"]",
                    pick(["imageDigests: []", "imageDigests: [\"\(TestGrant.digest)\", \"\(TestGrant.otherDigest)\"]"])
                ),
                ("name: web, service", pick(["name: web, service", "selector: {matchLabels: {app: web}}, service"])),
            ]
            let capabilities = ["SYS_ADMIN", "NET_RAW", "CAP_SYS_TIME"]
            func object() -> [(String, String)] {
                [
                    ("[SYS_ADMIN]", "[\(capabilities.filter { _ in pick([true, false]) }.joined(separator: ", "))]"),
                    (TestGrant.digest, pick([TestGrant.digest, TestGrant.otherDigest])),
                ] + (pick([true, false]) ? volume(pick(["true", "false"])) : [])
            }
            let used = TestGrant(object: object(), spec: spec)
            guard let smaller = try tighten(used).manifest else { continue }
            for _ in 0..<4 {
                var workload = TestGrant.workload
                for (old, new) in object() { workload = workload.replacing(old, with: new) }
                let larger = try accepted(workload, try #require(try used.manifest.components("\n---\n").last))
                let small = try accepted(workload, try signed(smaller))
                #expect(small.isSubset(of: larger), "\(small.subtracting(larger)) \(smaller.yaml)")
            }
        }
    }

    private func volume(_ readOnly: String) -> [(String, String)] {
        [
            ("      - name: app\n", "      - name: app\n        volumeMounts: [{name: logs, mountPath: /logs, readOnly: \(readOnly)}]\n"),
            ("      containers:", "      volumes: [{name: logs, hostPath: {path: /var/log}}]\n      containers:"),
        ]
    }

    private func accepted(_ workload: String, _ grant: String) throws -> Set<String> {
        Set(try TestEstate(workload + "\n---\n" + grant).attributed.filter { $0.finding.verdict == .accepted }.map(\.fingerprint))
    }

    /// With the decisions that the ordinary grant has.
    private func signed(_ manifest: ManifestText) throws -> String {
        let hash = CanonicalJSON.digest(of: try #require(DocumentTree.parse(manifest.yaml).tree.roots.first)["spec"])
        return manifest.yaml + "status:" + (try #require(TestGrant.grant.components("\nstatus:").last)).replacing("HASH", with: hash) + "\n"
    }
}
