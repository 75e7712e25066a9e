import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Testing

/// A second opinion on manifests, from a folder outside the repository: where it is absent, nothing is judged and a
/// line says so. `SecondOpinion` says which control answers which rule, and what is left out and why.
struct WorkloadControlsConformanceTests {
    private static let folder: URL = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? package.appendingPathComponent("../shared/data")
        return data.appendingPathComponent("workload-controls").standardizedFileURL
    }()

    @Test func agreesWithTheSecondOpinion() throws {
        let file = Self.folder.appendingPathComponent("expected.json")
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            print("conformance, workload controls: skipped, \(file.path) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let expected = try #require(DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first)
        var tally = Tally()
        for node in try expected["cases"].items() {
            let opinion = try Opinion(node)
            tally.cases += 1
            if let reason = SecondOpinion.leftOut[opinion.rule] ?? SecondOpinion.leftOutCases[opinion.name] {
                tally.leftOut[reason, default: 0] += 1
                continue
            }
            guard let answer = SecondOpinion.answers[opinion.rule] else {
                Issue.record("\(opinion.rule): say in SecondOpinion which control answers it, or why it is left out")
                continue
            }
            let controls = BuiltInControls.all.filter { answer.controls.contains($0.id) }
            guard controls.count == answer.controls.count else {
                tally.notYet[opinion.rule] = answer.controls.filter { id in !controls.contains { $0.id == id } }
                continue
            }
            tally.judged += 1
            if try judge(opinion, with: controls, comparing: answer.comparing) { tally.agreed += 1 }
        }
        tally.summarize()
        #expect(tally.cases > 0)
        #expect(tally.agreed == tally.judged)
    }

    /// - Returns: whether the controls say the same.
    private func judge(_ opinion: Opinion, with controls: [Control], comparing comparison: SecondOpinion.Comparison) throws -> Bool {
        let (inventory, settings) = try read(opinion)
        let catalogue = Catalogue(controls)
        let judgement = catalogue.judge(inventory, objects: inventory.objects.indices, settings: settings)
        // What is `manual` or `notObservable` is raised too: it does not pass.
        let raised = Set(judgement.findings.map { inventory.objects[$0.object].label })
        let agrees: Bool
        switch comparison {
        case .theCaseOnly: agrees = raised.isEmpty == opinion.failing.isEmpty
        case .objects: agrees = raised == opinion.failing
        case .objectsAndPaths: agrees = raised == opinion.failing && names(judgement.findings, theSameAs: opinion.paths)
        }
        if !agrees {
            let found = judgement.findings.map { "\(inventory.objects[$0.object].label) \($0.fieldPath)" }
            Issue.record("\(opinion.name): expected \(opinion.failing.sorted()) \(opinion.paths), found \(found), gaps \(judgement.gaps)")
        }
        return agrees
    }

    /// Every place the other opinion names lies above or below a finding. What is missing is found at the deepest
    /// place that exists, and some rules name a volume and each of its mounts.
    private func names(_ findings: [Finding], theSameAs paths: [String]) -> Bool {
        paths.isEmpty
            || paths.contains { path in
                findings.contains { $0.fieldPath.hasPrefix(path) || path.hasPrefix($0.fieldPath) }
            }
    }

    private func read(_ opinion: Opinion) throws -> (Inventory, Settings) {
        let folder = Self.folder.appendingPathComponent(opinion.folder)
        var objects: [KubernetesObject] = []
        let input = folder.appendingPathComponent("input")
        for name in try FileManager.default.contentsOfDirectory(atPath: input.path).sorted() {
            let path = input.appendingPathComponent(name)
            let parsed = DocumentTree.parse([UInt8](try Data(contentsOf: path)), source: path.path)
            objects += SourceObjects(parsed.tree).objects
        }
        var settings = Settings()
        let file = folder.appendingPathComponent("data.json")
        if let bytes = FileManager.default.contents(atPath: file.path),
            let inputs = DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first?["postureControlInputs"]
        {
            settings.allowedRegistries = try inputs["imageRepositoryAllowList"].strings()
            settings.floatingImageTags = try inputs["floatingImageTags"].strings()
        }
        return (Inventory(objects), settings)
    }

    /// One case as the data tells it.
    private struct Opinion {
        let rule: String
        let name: String
        let folder: String
        /// `Pod web`, empty when the case passes.
        let failing: Set<String>
        let paths: [String]

        init(_ node: Value) throws {
            rule = try #require(try node["rule"].string())
            name = "\(rule)/\(try #require(try node["test"].string()))"
            folder = try #require(try node["dir"].string())
            var failing: Set<String> = []
            for object in try node["failed_objects"].items() { failing.insert("\(object["kind"].text) \(object["name"].text)") }
            self.failing = failing
            // Theirs writes keys of a mapping as `data[key]`.
            paths = try node["paths"].strings().map { $0.replacing(/\[([^0-9\]][^\]]*)\]/) { "." + $0.1 } }
        }
    }

    private struct Tally {
        var cases = 0
        var judged = 0
        var agreed = 0
        /// Number of cases by reason.
        var leftOut: [String: Int] = [:]
        /// Ids that do not exist, by rule.
        var notYet: [String: [String]] = [:]

        func summarize() {
            let left = leftOut.values.reduce(0, +)
            print(
                "conformance, workload controls: \(cases) cases, \(judged) judged, \(agreed) agreed, \(left) left out, \(cases - judged - left) not yet"
            )
            for (reason, count) in leftOut.sorted(by: { $0.key < $1.key }) { print("  left out, \(count): \(reason)") }
            for (rule, ids) in notYet.sorted(by: { $0.key < $1.key }) { print("  not yet, \(rule): no control \(ids.joined(separator: ", "))") }
        }
    }
}

extension KubernetesObject {
    fileprivate var label: String { "\(kind) \(name)" }
}
