import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// A Pod with what the Pod Security baseline says of it.
struct PodFixture: Sendable {
    let name: String
    /// JSON.
    let spec: String
    /// JSON; annotations may choose security profiles.
    let annotations: String
    let isAllowed: Bool

    private init?(_ name: String, _ object: KubernetesObject, isAllowed: Bool) throws {
        guard object.kind == "Pod" else { return nil }
        var spec = try #require(try JSONSerialization.jsonObject(with: Data(CanonicalJSON.text(of: object.spec).utf8)) as? [String: Any])
        // What a server may refuse for other reasons.
        spec["serviceAccountName"] = nil
        spec["runtimeClassName"] = nil
        self.name = name
        self.spec = String(decoding: try JSONSerialization.data(withJSONObject: spec, options: .sortedKeys), as: UTF8.self)
        annotations = object.annotations.exists ? CanonicalJSON.text(of: object.annotations) : "{}"
        self.isAllowed = isAllowed
    }

    /// The fixtures outside of the repository, where they are, and the examples of the controls that make up the baseline.
    static func all(for version: String) throws -> [PodFixture] {
        let served = try #require(KubernetesVersion(version))
        let catalogue = Catalogue(
            try FrameworkFilter("pss:baseline", in: BuiltInControls.all).select(from: BuiltInControls.all, for: served), kubernetesVersion: served)
        var fixtures: [PodFixture] = []
        for control in catalogue.controls {
            for (index, example) in (control.failing + control.passing).enumerated() where example.version == nil {
                let inventory = Inventory(SourceObjects(DocumentTree.parse(example.manifest).tree).objects)
                guard inventory.objects.count == 1 else { continue }
                let isAllowed = catalogue.judge(inventory, objects: 0..<1).findings.isEmpty
                if let fixture = try PodFixture("\(control.id)-\(index)", inventory.objects[0], isAllowed: isAllowed) { fixtures.append(fixture) }
            }
        }
        return fixtures + (try outside(version))
    }

    private static func outside(_ version: String) throws -> [PodFixture] {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? package.appending(path: "../shared/data")
        let folder = data.appending(path: "pod-security")
        guard let bytes = FileManager.default.contents(atPath: folder.appending(path: "expected.json").path),
            let expected = DocumentTree.parse([UInt8](bytes), source: "expected.json").tree.roots.first
        else {
            print("bypass: only the examples of the controls, since \(folder.path) is not there; set DEMARC_CONFORMANCE_DATA")
            return []
        }
        var fixtures: [PodFixture] = []
        for expectation in try expected["cases"].items()
        where try expectation["level"].text == "baseline" && expectation["kubernetesVersions"].strings().contains(version) {
            let text = String(decoding: try Data(contentsOf: folder.appending(path: expectation["pod"].text)), as: UTF8.self)
            guard let object = SourceObjects(DocumentTree.parse(text).tree).objects.first else { continue }
            let name = "p\(fixtures.count)-" + expectation["pod"].text.filter(\.isNumber)
            if let fixture = try PodFixture(name, object, isAllowed: expectation["expect"].text == "pass") { fixtures.append(fixture) }
        }
        return fixtures
    }

    func pod(named name: String) -> String {
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","annotations":\#(annotations)},"spec":\#(spec)}"#
    }

    var deployment: String {
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d-\(name)"},"spec":{"replicas":1,"selector":{"matchLabels":{"d":"\(name)"}},\
        "template":{"metadata":{"labels":{"d":"\(name)"},"annotations":\(annotations)},"spec":\(alwaysRestarted)}}}
        """
    }

    /// What a Deployment's Pods must say.
    private var alwaysRestarted: String {
        guard var object = (try? JSONSerialization.jsonObject(with: Data(spec.utf8))) as? [String: Any] else { return spec }
        object["restartPolicy"] = "Always"
        object["activeDeadlineSeconds"] = nil
        return (try? JSONSerialization.data(withJSONObject: object)).map { String(decoding: $0, as: UTF8.self) } ?? spec
    }

    /// What the first container asks for, with nothing that ephemeral containers cannot have.
    private var container: String {
        let object = (try? JSONSerialization.jsonObject(with: Data(spec.utf8))) as? [String: Any]
        let first = (object?["containers"] as? [[String: Any]])?.first ?? [:]
        var container: [String: Any] = ["name": "debug", "image": "r/debug", "terminationMessagePolicy": "File", "imagePullPolicy": "Always"]
        container["securityContext"] = first["securityContext"]
        return (try? JSONSerialization.data(withJSONObject: container)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    var containerAlone: String {
        #"{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"alone-"},"spec":{"containers":[\#(container)]}}"#
    }

    func ephemeral(in pod: String) -> String {
        #"{"apiVersion":"v1","kind":"EphemeralContainers","metadata":{"name":"\#(pod)","namespace":"shop"},"ephemeralContainers":[\#(container)]}"#
    }

    /// Whether an answer of the API server has all that the fixture says: older servers drop fields they do not know.
    func isContained(in answer: String) -> Bool {
        guard let stored = (try? JSONSerialization.jsonObject(with: Data(answer.utf8))) as? [String: Any],
            let own = try? JSONSerialization.jsonObject(with: Data(spec.utf8))
        else { return false }
        return PodFixture.contains(stored["spec"], own)
    }

    private static func contains(_ stored: Any?, _ own: Any) -> Bool {
        if let own = own as? [String: Any] {
            let stored = stored as? [String: Any] ?? [:]
            return own.allSatisfy { key, value in isNothing(value) || contains(stored[key], value) }
        }
        if let own = own as? [Any] {
            guard let stored = stored as? [Any] else { return own.isEmpty }
            return stored.count >= own.count && zip(stored, own).allSatisfy { contains($0, $1) }
        }
        return (stored as? NSObject) == (own as? NSObject)
    }

    /// What the API does not tell from a field that is not there.
    private static func isNothing(_ value: Any) -> Bool {
        (value as? [String: Any])?.isEmpty == true || (value as? [Any])?.isEmpty == true || value as? Bool == false && !(value is NSNumber)
            || (value as? NSNumber) == NSNumber(value: false) || value as? String == ""
    }
}
