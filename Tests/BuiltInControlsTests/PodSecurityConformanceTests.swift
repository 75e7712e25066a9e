import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Testing

/// The verdicts of Kubernetes itself, from a folder outside the repository: where it is absent, nothing is judged
/// and a line says so.
struct PodSecurityConformanceTests {
    private static let folder: URL = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? package.appendingPathComponent("../shared/data")
        return data.appendingPathComponent("pod-security").standardizedFileURL
    }()

    @Test func agreesWithKubernetesOnEveryCaseAndVersion() throws {
        let file = Self.folder.appendingPathComponent("expected.json")
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            print("conformance, Pod Security: skipped, \(file.path) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let expected = try #require(DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first)
        var catalogues = Catalogues()
        var pods: [String: Inventory] = [:]
        var (cases, judged) = (0, 0)
        for expectation in try expected["cases"].items() {
            let path = try #require(try expectation["pod"].string())
            let inventory = try pods[path] ?? read(path)
            pods[path] = inventory
            cases += 1
            for version in Set(try expectation["kubernetesVersions"].strings()) {
                judged += 1
                let level = try #require(try expectation["level"].string())
                let catalogue = try catalogues.catalogue(level: level, version: version)
                expect(catalogue.judge(inventory, objects: inventory.objects.indices), catalogue, meets: expectation, "\(path) \(level) \(version)")
            }
        }
        #expect(cases > 0)
        print("conformance, Pod Security: \(cases) cases, \(judged) verdicts with their check ids over all versions")
    }

    private func read(_ path: String) throws -> Inventory {
        let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(path))
        let parsed = DocumentTree.parse([UInt8](bytes), source: path)
        #expect(parsed.problems.isEmpty)
        return Inventory(SourceObjects(parsed.tree).objects)
    }

    private func expect(_ judgement: Judgement, _ catalogue: Catalogue, meets expectation: Value, _ comment: String) {
        let reporting = Set(judgement.findings.map { catalogue.controls[$0.control].podSecurityCheck })
        #expect(judgement.gaps.isEmpty, "\(comment)")
        do {
            if try expectation["expect"].equals("pass") {
                #expect(reporting.isEmpty, "\(comment)")
            } else {
                // A Pod may fail other checks too: a HostProcess Pod has to use the host's network, for instance.
                let named = Set(try expectation["reportedBy"].strings())
                #expect(!reporting.isDisjoint(with: named), "\(comment): \(reporting) instead of \(named)")
            }
        } catch {
            Issue.record("\(comment): \(error)")
        }
    }
}

extension PodSecurityConformanceTests {
    /// The catalogue of each level and version, made once.
    private struct Catalogues {
        private var made: [String: Catalogue] = [:]

        mutating func catalogue(level: String, version: String) throws -> Catalogue {
            if let known = made[level + version] { return known }
            let version = try #require(KubernetesVersion(version))
            let filter = try FrameworkFilter("pss:\(level)", in: BuiltInControls.all)
            let catalogue = Catalogue(filter.select(from: BuiltInControls.all, for: version), kubernetesVersion: version)
            made[level + version.description] = catalogue
            return catalogue
        }
    }
}

extension Control {
    /// The check of the Pod Security Standards this control is, by upstream's id.
    var podSecurityCheck: String { references.first { $0.framework == "pss" }?.id ?? "" }
}
