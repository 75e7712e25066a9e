import Testing

@testable import Advisories

/// Random ranges against the schema's own definition, worked out version by version.
struct RangePropertyTests {
    @Test(arguments: 0..<10)
    func rangesAgreeWithTheirDefinition(seed: Int) throws {
        var generator = Seeded(state: UInt64(seed))
        for _ in 0..<20 {
            // Pieces of the line from 0 to 40, each with an end of one kind or none.
            var cuts = Set((0..<Int.random(in: 1...8, using: &generator)).map { _ in Int.random(in: 1...40, using: &generator) }).sorted()
            if cuts.count % 2 == 1 { cuts.append(50) }
            var events: [String] = []
            var affected: Set<Int> = []
            for pair in stride(from: 0, to: cuts.count, by: 2) {
                let (start, end) = (cuts[pair], cuts[pair + 1])
                let isLast = Bool.random(using: &generator)
                events += [#"{"introduced": "\#(start)"}"#, isLast ? #"{"last_affected": "\#(end)"}"# : #"{"fixed": "\#(end)"}"#]
                affected.formUnion(start...(isLast ? end : end - 1))
            }
            events.shuffle(using: &generator)
            let index = AdvisoryIndexTests.index(AdvisoryIndexTests.osv(AdvisoryIndexTests.range(events.joined(separator: ","))))
            for version in 0...60 {
                let package = InstalledPackage(name: "openssl", version: "\(version)")
                let states = try AdvisoryIndexTests.state(index, package)
                let state = try #require(states["CVE-2024-0001"])
                #expect(state.isOpen == affected.contains(version), "\(version) in \(events): \(state)")
            }
        }
    }

    /// The official feed's form: each version that mends a line is the first that is not affected there.
    @Test(arguments: [
        ("1.19.15", PatchState.vulnerable(fixed: "1.19.16")), ("1.19.16", .fixedInstalled(since: "1.19.16")),
        ("v1.20.0", .vulnerable(fixed: "1.20.11")),
        ("v1.20.10-gke.100", .vulnerable(fixed: "1.20.11")), ("v1.20.11-gke.100", .fixedInstalled(since: "1.20.11")),
        ("1.22.1", .fixedInstalled(since: "1.22.1")), ("1.22.0-rc.0", .fixedInstalled(since: "1.21.5")), ("1.31.0", .fixedInstalled(since: "1.22.1")),
        ("latest", .undetermined(reason: "the installed version 'latest' is no version of this ecosystem")),
    ])
    func releasesOfKubernetesAreJudged(version: String, state: PatchState) throws {
        let events = [
            #"{"introduced": "0"}"#, #"{"fixed": "1.19.16"}"#, #"{"introduced": "1.20.0"}"#, #"{"fixed": "1.20.11"}"#, #"{"introduced": "1.21.0"}"#,
            #"{"fixed": "1.21.5"}"#, #"{"introduced": "1.22.0"}"#, #"{"fixed": "1.22.1"}"#,
        ].joined(separator: ",")
        let text = AdvisoryIndexTests.osv(AdvisoryIndexTests.range(events, type: "SEMVER"), ecosystem: "kubernetes", name: "k8s.io/kubelet")
        let index = AdvisoryIndexTests.index(text)
        #expect(index.coversKubernetes)
        #expect(
            index.standings(ofKubernetes: ["k8s.io/kubelet", "k8s.io/kubernetes"], version: version).standings.mapValues(\.state) == [
                "CVE-2024-0001": state
            ])
        #expect(index.standings(ofKubernetes: ["k8s.io/apiserver"], version: version).standings.isEmpty)
    }
}
