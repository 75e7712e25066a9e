import Admission
import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

@testable import Admission

/// The webhook says what a scan says.
struct AdmissionConformanceTests {
    private static let folder: URL = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? package.appending(path: "../shared/data")
        return data.appending(path: "pod-security").standardizedFileURL
    }()

    /// Kubernetes' own verdicts: denied is exactly what fails the baseline of the version.
    @Test func deniesWhatTheBaselineForbids() throws {
        let file = Self.folder.appending(path: "expected.json")
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            print("conformance, admission: skipped, \(file.path) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let expected = try #require(DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first)
        var engines: [String: AdmissionEngine] = [:]
        var judged = 0
        for expectation in try expected["cases"].items() where expectation["level"].text == "baseline" {
            let path = expectation["pod"].text
            let manifest = String(decoding: try Data(contentsOf: Self.folder.appending(path: path)), as: UTF8.self)
            for version in Set(try expectation["kubernetesVersions"].strings()) {
                let served = try #require(KubernetesVersion(version))
                let engine =
                    engines[version] ?? AdmissionEngine(model: Fixture.acs, catalogue: Catalogue(Fixture.controls, kubernetesVersion: served))
                engines[version] = engine
                let reply = try Fixture.ask(Review(manifest).with { $0.namespace = "default" }, engine: engine)
                #expect(reply.isAllowed == (expectation["expect"].text == "pass"), "\(path) \(version): \(reply.message)")
                judged += 1
            }
        }
        #expect(judged > 0)
        print("conformance, admission: \(judged) verdicts of the baseline over all versions")
    }

    /// Every example of every control, once as a document in a file and once in an envelope: the same findings at the same fields,
    /// answered by the same parties.
    @Test(arguments: BuiltInControls.all)
    func saysWhatAScanSays(of control: Control) throws {
        for example in control.failing + control.passing {
            let version = example.version ?? .newest
            let catalogue = Catalogue(Fixture.controls, kubernetesVersion: version)
            let engine = AdmissionEngine(model: Fixture.acs, catalogue: catalogue)
            for object in Fixture.objects(example.manifest) where object.cloud == nil && !object.isNodeEvidence {
                let inventory = Inventory([object])
                let attributor = Attributor(model: Fixture.acs, inventory: inventory, controls: Fixture.controls, now: Fixture.now)
                let findings = catalogue.judge(inventory, objects: 0..<1).findings
                // What only the neighbours could tell is left to whoever sees them.
                let scan = attributor.attribute(findings.filter { !$0.asksEstate }, controls: Fixture.controls)
                let enveloped = try enveloped(object)
                let grants = GrantRegister(Inventory([]), controls: Fixture.controls, model: Fixture.acs, now: Fixture.now)
                let judged = engine.judge(enveloped, grants: grants)
                #expect(Said.all(judged.findings.filter { !$0.finding.asksEstate }) == Said.all(scan), "\(control.id): \(object.displayName)")
            }
        }
    }

    private struct Said: Equatable {
        /// In an order of their own: the API server sorts the keys of an object, and findings stand in the order of the document.
        static func all(_ found: [AttributedFinding]) -> [Said] {
            found.map(Said.init).sorted { ($0.control, $0.path, $0.message) < ($1.control, $1.path, $1.message) }
        }

        let control: Int
        let path: String
        let message: String
        let verdict: Verdict
        let attribution: Attribution
        let fingerprint: String

        init(_ found: AttributedFinding) {
            (control, path, message) = (found.finding.control, found.finding.fieldPath, found.finding.message)
            (verdict, attribution, fingerprint) = (found.finding.verdict, found.attribution, found.fingerprint)
        }
    }

    /// The object as a webhook gets it.
    private func enveloped(_ object: KubernetesObject) throws -> KubernetesObject {
        let text = CanonicalJSON.text(of: object.root)
        let parts = object.apiVersion.split(separator: "/")
        let gvk = "{\"group\":\"\(parts.count > 1 ? parts[0] : "")\",\"version\":\"\(parts.last ?? "")\",\"kind\":\"\(object.kind)\"}"
        let review = """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","namespace":"\(object.namespace)",
            "kind":\(gvk),"resource":{"group":"","version":"v1","resource":"things"},"object":\(text)}}
            """
        return try #require(try AdmissionRequest(Array(review.utf8)).object)
    }
}
