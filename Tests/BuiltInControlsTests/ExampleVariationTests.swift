import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// The examples of controls that look at Pods, replayed in every shape a Pod comes in: made by each kind of workload,
/// with its containers in other lists, as JSON and as YAML, and with fields of the wrong type.
struct ExampleVariationTests {
    static let podControls = BuiltInControls.all.filter { control in
        switch control.checks.last?.check {
        case .pods, .containers: true
        default: false
        }
    }.map(\.id)

    @Test(arguments: podControls)
    func judgesEveryKindOfWorkloadAlike(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        for example in control.passing + control.failing {
            let original = try Replay(example)
            let expected = original.judge(control)
            try expect(original.judge(control, as: .json).found == expected.found, control, "as JSON")
            try expect(original.judge(control, as: .yaml).found == expected.found, control, "as block YAML")
            for workload in Workload.all {
                let findings = original.mappingPods(workload.wrap).judge(control)
                // What runs nothing is out of reach for controls on what runs.
                if workload.kind == "PodTemplate", findings.found.isEmpty, findings.judgement.notApplicable > 0 { continue }
                let moved = Set(expected.found.map { original.isPod($0.object) ? $0.moved(below: workload.prefix) : $0 })
                // A control may speak of the object itself, whose metadata stand where those of a Pod do.
                let unwrapped = { (found: Set<Place>) in Set(found.map { $0.withMetadata(of: workload.prefix) }) }
                try expect(unwrapped(findings.found) == unwrapped(moved), control, "in \(workload.kind): \(findings.found) instead of \(moved)")
            }
        }
    }

    /// A container is judged alike in every list, unless the control says `notApplicable` of containers there.
    @Test(arguments: podControls)
    func judgesEveryListOfContainersAlike(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        for example in control.passing + control.failing where example.fixedContainers == nil {
            let original = try Replay(example)
            let expected = original.judge(control)
            guard original.hasPods, expected.judgement.notApplicable == 0 else { continue }
            for list in ContainerList.allCases {
                guard let replay = original.movingContainers(to: list) else { continue }
                let found = replay.judge(control)
                let moved = Set(expected.found.map { $0.moved(to: list.key) })
                let isOutOfReach = found.judgement.notApplicable > 0 && found.found.allSatisfy { !$0.path.contains("spec.\(list.key)[") }
                try expect(found.found == moved || isOutOfReach, control, "as \(list): \(found.found) instead of \(moved)")
            }
        }
    }

    /// What the API server would refuse is a gap or a finding, never silence.
    @Test(arguments: podControls)
    func neverPassesOverAWrongType(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        for example in control.failing {
            let original = try Replay(example)
            let marked = original.judge(control)
            for finding in marked.judgement.findings where original.isPod(finding.object) {
                let path = try finding.place.steps(from: marked.objects[finding.object].root)
                let missing = finding.missing.split(separator: ".").map { Draft.Step.key(String($0)) }
                // The field itself, then what holds it, up to the first entry of `spec` or `metadata`.
                for length in (2...max(2, path.count + missing.count)).reversed() {
                    let target = (path + missing).prefix(length)
                    for wrong in Draft.wrongTypes(for: original.drafts[finding.object].at(target)) {
                        var replay = original
                        replay.drafts[finding.object] = original.drafts[finding.object].replacing(target, by: wrong)
                        let outcome = replay.judge(control)
                        let isSilent = outcome.judgement.gaps.isEmpty && outcome.malformed == 0 && !outcome.found.contains { $0.isAt(target) }
                        try expect(!isSilent, control, "\(target.text): \(wrong.json) is neither a gap nor a finding")
                    }
                }
            }
        }
    }

    private func expect(_ condition: Bool, _ control: Control, _ comment: String) throws {
        if !condition { Issue.record("\(control.id) \(comment)") }
    }
}

// MARK: - Replays

/// The objects of an example as drafts, and how to judge them again.
private struct Replay {
    let objects: [KubernetesObject]
    var drafts: [Draft]
    let version: KubernetesVersion

    enum Form { case json, yaml }

    struct Outcome {
        let objects: [KubernetesObject]
        let judgement: Judgement
        let found: Set<Place>
        let malformed: Int
    }

    init(_ example: Example) throws {
        objects = SourceObjects(DocumentTree.parse(example.manifest).tree).objects
        drafts = try objects.map { try Draft($0.root) }
        version = example.version ?? .newest
    }

    func isPod(_ index: Int) -> Bool { objects[index].kind == "Pod" && objects[index].apiVersion == "v1" }
    var hasPods: Bool { objects.indices.contains(where: isPod) }

    func mappingPods(_ change: (Draft) -> Draft) -> Replay {
        var copy = self
        for index in objects.indices where isPod(index) { copy.drafts[index] = change(drafts[index]) }
        return copy
    }

    /// nil when a Pod has containers in that list already.
    func movingContainers(to list: ContainerList) -> Replay? {
        for index in objects.indices where isPod(index) {
            if drafts[index]["spec"]?["initContainers"] != nil || drafts[index]["spec"]?["ephemeralContainers"] != nil { return nil }
        }
        return mappingPods { pod in
            guard case .list(let containers)? = pod["spec"]?["containers"] else { return pod }
            var (copy, spec) = (pod, pod["spec"])
            spec?["containers"] = nil
            spec?[list.key] = .list(containers.map(list.adapt))
            copy["spec"] = spec
            return copy
        }
    }

    func judge(_ control: Control, as form: Form = .json) -> Outcome {
        let text = drafts.map { form == .json ? $0.json : "---\n" + $0.yaml }.joined(separator: "\n")
        let read = SourceObjects(DocumentTree.parse(text).tree)
        let inventory = Inventory(read.objects)
        let judgement = Catalogue([control], kubernetesVersion: version).judge(inventory, objects: inventory.objects.indices, settings: .examples)
        let found = judgement.findings.map { Place(object: $0.object, path: $0.fieldPath, verdict: $0.verdict) }
        return Outcome(objects: read.objects, judgement: judgement, found: Set(found), malformed: read.malformed.count)
    }
}

/// Where something was found.
private struct Place: Hashable, CustomStringConvertible {
    let object: Int
    var path: String
    let verdict: Verdict

    var description: String { "\(object):\(path) \(verdict.rawValue)" }

    func moved(below prefix: String) -> Place {
        var copy = self
        copy.path = prefix + path
        return copy
    }

    /// The same place with metadata of the template read as those of the object.
    func withMetadata(of prefix: String) -> Place {
        guard path.hasPrefix(prefix + "metadata.") else { return self }
        var copy = self
        copy.path = String(path.dropFirst(prefix.count))
        return copy
    }

    func moved(to list: String) -> Place {
        var copy = self
        if path == "spec.containers" || path.hasPrefix("spec.containers[") { copy.path = "spec.\(list)" + path.dropFirst("spec.containers".count) }
        return copy
    }

    /// Whether the finding is about the field at `steps`, about something in it or something around it.
    func isAt(_ steps: ArraySlice<Draft.Step>) -> Bool {
        path.hasPrefix(steps.text) || steps.text.hasPrefix(path)
    }
}

extension ArraySlice<Draft.Step> {
    fileprivate var text: String {
        reduce(into: "") { text, step in
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += key.contains { "./[".contains($0) } ? "[\"\(key)\"]" : text.isEmpty ? key : "." + key
            }
        }
    }
}

extension Draft {
    fileprivate func at(_ path: ArraySlice<Step>) -> Draft? {
        guard let step = path.first else { return self }
        switch (step, self) {
        case (.index(let index), .list(let items)): return items[index].at(path.dropFirst())
        case (.key(let key), .map): return self[key]?.at(path.dropFirst())
        default: return nil
        }
    }

    /// Values of other types than what is there; where nothing is, a type that no field has.
    fileprivate static func wrongTypes(for draft: Draft?) -> [Draft] {
        let all: [Draft] = [.scalar("true"), .scalar("7"), .text("wrong"), .list([.scalar("7.5")]), .map(["wrong": .scalar("7.5")])]
        switch draft {
        case .scalar(let text):
            let kind = text.hasPrefix("\"") ? 2 : text == "true" || text == "false" ? 0 : 1
            return all.enumerated().filter { $0.offset != kind }.map(\.element)
        case .list: return Array(all[0...2]) + [all[4]]
        case .map: return Array(all[0...3])
        case nil: return [.list([.scalar("7.5")])]
        }
    }
}

// MARK: - Shapes

/// A kind that makes Pods, and where it keeps their template.
private struct Workload {
    let apiVersion: String
    let kind: String
    let template: [String]

    static let all: [Workload] =
        [
            ("apps/v1", "Deployment"), ("apps/v1", "ReplicaSet"), ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"),
            ("v1", "ReplicationController"),
            ("batch/v1", "Job"), ("argoproj.io/v1alpha1", "Rollout"), ("serving.knative.dev/v1", "Service"),
            ("serving.knative.dev/v1", "Configuration"), ("apps.kruise.io/v1alpha1", "CloneSet"), ("apps.kruise.io/v1beta1", "StatefulSet"),
            ("apps.kruise.io/v1alpha1", "DaemonSet"), ("apps.kruise.io/v1alpha1", "BroadcastJob"),
        ].map { Workload(apiVersion: $0.0, kind: $0.1, template: ["spec", "template"]) } + [
            Workload(apiVersion: "v1", kind: "PodTemplate", template: ["template"]),
            Workload(apiVersion: "batch/v1", kind: "CronJob", template: ["spec", "jobTemplate", "spec", "template"]),
            Workload(
                apiVersion: "apps.kruise.io/v1alpha1", kind: "AdvancedCronJob", template: ["spec", "template", "jobTemplate", "spec", "template"]),
        ]

    var prefix: String { template.joined(separator: ".") + "." }

    func wrap(_ pod: Draft) -> Draft {
        var metadata = Draft.map(["name": pod["metadata"]?["name"] ?? .text("wrapped")])
        metadata["namespace"] = pod["metadata"]?["namespace"]
        var inner = pod
        inner["apiVersion"] = nil
        inner["kind"] = nil
        return Draft.map(["apiVersion": .text(apiVersion), "kind": .text(kind), "metadata": metadata])
            .replacing(template.map { .key($0) }[...], by: inner)
    }
}

/// A list of containers other than the regular one.
private enum ContainerList: CaseIterable {
    case initialization, sidecar, ephemeral

    var key: String { self == .ephemeral ? "ephemeralContainers" : "initContainers" }

    func adapt(_ container: Draft) -> Draft {
        guard self == .sidecar else { return container }
        var copy = container
        copy["restartPolicy"] = .text("Always")
        return copy
    }
}
