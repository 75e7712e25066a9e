import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// Documents that somebody broke, by hand or by chance: never a crash, never a grant.
struct RobustnessTests {
    /// A generator of its own, so that a failure can be repeated.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(sides, 1)
        }
    }

    /// Lines left out, doubled, swapped; bytes changed.
    private func broken(_ text: String, seed: Int) -> [UInt8] {
        var dice = Dice(state: UInt64(seed) &* 977 &+ 13)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        for _ in 0...dice.roll(3) {
            let line = dice.roll(lines.count)
            switch dice.roll(5) {
            case 0: lines.remove(at: line)
            case 1: lines.insert(lines[line], at: dice.roll(lines.count))
            case 2: lines.swapAt(line, dice.roll(lines.count))
            case 3 where !lines[line].isEmpty: lines[line][dice.roll(lines[line].count)] = UInt8(32 + dice.roll(95))
            default: lines[line] += Array(" x: [1, {a: b}]".utf8)
            }
        }
        return Array(lines.joined(separator: [10]))
    }

    @Test func brokenModelsAreFaultsOrStillModels() {
        var read = 0
        for seed in 0..<600 {
            let reading = ResponsibilityModel.read(broken(ResponsibilityModel.document, seed: seed), source: "m")
            #expect((reading.model == nil) == !reading.faults.isEmpty)
            for fault in reading.faults { #expect(fault.position.line > 0 && fault.position.column > 0 && !fault.remedy.isEmpty) }
            if reading.model != nil { read += 1 }
        }
        #expect(read > 0 && read < 600)
    }

    /// A broken grant that is still in force must have the same spec, word for word, or it was never approved.
    @Test func brokenGrantsGrantNothingElse() throws {
        let text = try TestGrant().manifest
        let separator = try #require(text.firstRange(of: "\n---\n"))
        let grant = String(text[separator.upperBound...])
        let good = CanonicalJSON.digest(of: try #require(DocumentTree.parse(grant).tree.roots.first)["spec"])
        let now = try #require(Timestamp("2026-06-15T00:00:00Z"))
        for seed in 0..<600 {
            let read = SourceObjects(DocumentTree.parse(broken(grant, seed: seed), source: "g", syntax: .yaml).tree)
            let register = GrantRegister(Inventory(read.objects), controls: TestControls.all, model: .example, now: now)
            for grant in register.grants where register.isInForce(grant.key) { #expect(grant.specHash == good, "seed \(seed)") }
        }
    }

    @Test func brokenEstatesAreAttributedAllTheSame() throws {
        let texts = [
            AttributionTests.owned(uid: "u1"), try TestGrant().manifest,
            AttributionTests.pod(metadata: AttributionTests.managed("a", AttributionTests.privilegedField)),
        ]
        for (index, text) in texts.enumerated() {
            for seed in 0..<200 {
                let bytes = broken(text, seed: seed + index * 1_000)
                let inventory = Inventory(SourceObjects(DocumentTree.parse(bytes, source: "e", syntax: .yaml).tree).objects)
                let controls = TestControls.all
                let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices)
                let attributor = Attributor(model: .example, inventory: inventory, controls: controls, now: Timestamp(secondsSinceEpoch: 0))
                let attributed = attributor.attribute(judgement.findings, controls: controls)
                #expect(attributed.count == judgement.findings.count)
                for found in attributed { #expect(!found.attribution.chain.isEmpty && found.fingerprint.utf8.count == 32) }
            }
        }
    }

    /// The same grant as JSON, on one line: the same hash, the same effect.
    @Test func aGrantInJSONIsTheSameGrant() throws {
        let text = try TestGrant().manifest
        let roots = DocumentTree.parse(text).tree.roots
        let workload = CanonicalJSON.text(of: try #require(roots.first))
        let grant = CanonicalJSON.text(of: try #require(roots.last))
        let list = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\(workload),\(grant)]}"
        #expect(try TestEstate(list).only("added-capabilities").finding.verdict == .accepted)
    }

    @Test(arguments: ResponsibilityModel.builtInNames)
    func aModelInJSONIsTheSameModel(name: String) throws {
        let document = try #require(ResponsibilityModel.builtInDocument(name))
        let json = CanonicalJSON.text(of: try #require(DocumentTree.parse(document).tree.roots.first))
        #expect(ResponsibilityModel.read(Array(json.utf8), source: "json").model == ResponsibilityModel.builtIn(name))
    }

    /// Parts of an estate, attributed apart, give what the whole gives.
    @Test func partsAddUp() throws {
        let pods = (0..<40).map { AttributionTests.pod("n\($0 % 3)").replacing("name: web", with: "name: web\($0)") }
        let estate = try TestEstate(pods.joined(separator: "\n---\n"))
        let findings = estate.attributed.map(\.finding)
        let middle = findings.count / 2
        let parts =
            estate.attributor.attribute(Array(findings[..<middle]), controls: estate.controls)
            + estate.attributor.attribute(Array(findings[middle...]), controls: estate.controls)
        #expect(parts.map(\.fingerprint) == estate.attributed.map(\.fingerprint))
        #expect(parts.map(\.attribution) == estate.attributed.map(\.attribution))
    }

    @Test func anEmptyEstateHasNothingToAttribute() throws {
        let estate = try TestEstate("")
        #expect(estate.attributed.isEmpty && estate.audit().isEmpty)
    }

    @Test func aDeepChainOfOwnersEnds() throws {
        var documents: [String] = []
        for index in 0..<30 {
            documents.append(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c\(index), namespace: shop, uid: u\(index), ownerReferences: [{kind: ConfigMap, name: c\(index + 1), uid: u\(index + 1), controller: true}]}}"
            )
        }
        let control = TestControls.control("any", "C5", [], .objects(["ConfigMap"], { object, report in report.fail(object.root["kind"], "x") }))
        #expect(try TestEstate(documents.joined(separator: "\n---\n"), controls: [control]).attributed.count == 30)
    }
}
