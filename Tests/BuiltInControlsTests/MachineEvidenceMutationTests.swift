import Controls
import Documents
import Kubernetes
import Testing

/// Evidence that is in order gives no finding. With any of its values replaced by one of another type, something is always said of it.
struct MachineEvidenceMutationTests {
    @Test func soundEvidencePasses() {
        #expect(MachineEvidence.controls.count == 31)
        let judgement = MachineEvidence.judge(MachineEvidence.sound)
        #expect(judgement.gaps.isEmpty, "\(judgement.gaps)")
        #expect(judgement.findings.isEmpty, "\(judgement.findings.map { "\(MachineEvidence.controls[$0.control].id): \($0.message)" })")
        #expect(judgement.passed >= 25, "\(judgement.passed) passed, \(judgement.notApplicable) were not applicable")
    }

    /// Fields that say nothing about what these controls judge.
    private static let irrelevant: Set<String> = ["apiVersion", "kind", "nodeName"]
    /// Asked of files that hold keys, which a key service makes needless; `aKeyOfUnknownAgeIsNoPass` is about those.
    private static let keptForKeys: Set<String> = ["modifiedAt"]

    @Test func noWrongTypeIsPassedOverInSilence() throws {
        let draft = try Draft(try #require(DocumentTree.parse(MachineEvidence.sound).tree.roots.first))
        var asked = 0
        for path in draft.everyPath {
            let key = path.compactMap { if case .key(let key) = $0 { key } else { nil } }.last ?? ""
            guard !(path.count == 1 && Self.irrelevant.contains(key)), !Self.keptForKeys.contains(key) else { continue }
            for wrong in draft.value(at: path[...]).wrongTypes {
                asked += 1
                let judgement = MachineEvidence.judge(draft.replacing(path[...], by: wrong).json)
                #expect(judgement.isLoud, "\(path) as \(wrong.json) is neither a gap nor a finding")
            }
        }
        #expect(asked > 300, "\(asked)")
    }

    /// The same for the documents inside, as objects of their own and as content of a file.
    @Test(arguments: [MachineEvidence.encryption, MachineEvidence.audit])
    func noWrongTypeInsideAFileIsPassedOver(document: String) throws {
        let draft = try Draft(try #require(DocumentTree.parse(document).tree.roots.first))
        for path in draft.everyPath where path != [.key("apiVersion")] && path != [.key("kind")] {
            for wrong in draft.value(at: path[...]).wrongTypes {
                let changed = draft.replacing(path[...], by: wrong).json
                #expect(MachineEvidence.judge(changed).isLoud, "\(path) as \(wrong.json) of an object")
                let inside = MachineEvidence.sound.replacing(MachineEvidence.quoted(document), with: MachineEvidence.quoted(changed))
                #expect(inside != MachineEvidence.sound && MachineEvidence.judge(inside).isLoud, "\(path) as \(wrong.json) of a file")
            }
        }
    }

    /// What is cut off, empty, or no document at all.
    @Test(arguments: [MachineEvidence.encryption, MachineEvidence.audit])
    func noBeginningOfAFileIsPassedOver(document: String) {
        for length in stride(from: 0, to: document.count, by: 7) {
            let inside = MachineEvidence.sound.replacing(
                MachineEvidence.quoted(document), with: MachineEvidence.quoted(String(document.prefix(length))))
            #expect(MachineEvidence.judge(inside).isLoud, "\(length) characters")
        }
    }

    @Test(arguments: ["missing\": true, \"x", "truncated\": true, \"x", "content\": null, \"x"])
    func aFileThatIsNotThereIsNoPass(field: String) {
        for path in ["/etc/kubernetes/encryption.yaml", "/etc/kubernetes/audit.yaml"] {
            let text = MachineEvidence.sound.replacing("\"path\": \"\(path)\",", with: "\"path\": \"\(path)\", \"\(field)\": 0,")
            let judgement = MachineEvidence.judge(field.hasPrefix("content") ? text.replacing("\"content\": \"", with: "\"was\": \"") : text)
            #expect(judgement.findings.contains { $0.verdict == .notObservable }, "\(field) \(path)")
        }
    }

    @Test(arguments: ["7", "[7]", "true", "\"yesterday\"", "null"])
    func aKeyOfUnknownAgeIsNoPass(time: String) {
        let box = MachineEvidence.encryption.replacing(
            #"{"kms": {"apiVersion": "v2", "name": "keys", "endpoint": "unix:///run/kms/kms.sock"}}"#,
            with: #"{"secretbox": {"keys": [{"name": "a", "secret": "«redacted»"}]}}"#)
        let text = MachineEvidence.sound.replacing(MachineEvidence.quoted(MachineEvidence.encryption), with: MachineEvidence.quoted(box))
        let age = MachineEvidence.controls.filter { $0.id == "encryption-key-age" }
        #expect(MachineEvidence.judge(text, age).passed == 1)
        for field in ["\"modifiedAt\": \"2026-11-01T00:00:00Z\"", "\"collectedAt\": \"2026-12-01T12:00:00Z\""] {
            let name = field.split(separator: ":")[0]
            let judgement = MachineEvidence.judge(text.replacing(field, with: "\(name): \(time)"), age)
            #expect(judgement.passed == 0 && judgement.isLoud, "\(name) \(time)")
        }
    }

    /// Each list left out: the controls that need it say so.
    @Test(arguments: ["processes", "files", "sockets", "certificates"])
    func aListThatWasNotCollectedIsNoPass(name: String) {
        let judgement = MachineEvidence.judge(MachineEvidence.sound.replacing("\"\(name)\": [", with: "\"not\(name)\": ["))
        #expect(
            judgement.findings.contains { $0.verdict == .notObservable && $0.message.contains("'\(name)'") || $0.message.contains("does not hold") })
    }
}

extension Judgement {
    fileprivate var isLoud: Bool { !gaps.isEmpty || !findings.isEmpty }
}

extension Draft {
    fileprivate var everyPath: [[Step]] {
        switch self {
        case .scalar: []
        case .list(let items): items.enumerated().flatMap { index, item in [[.index(index)]] + item.everyPath.map { [.index(index)] + $0 } }
        case .map(let entries): entries.flatMap { entry in [[.key(entry.key)]] + entry.value.everyPath.map { [.key(entry.key)] + $0 } }
        }
    }

    fileprivate func value(at path: ArraySlice<Step>) -> Draft {
        guard let step = path.first else { return self }
        switch (step, self) {
        case (.index(let index), .list(let items)): return items[index].value(at: path.dropFirst())
        case (.key(let key), _): return (self[key] ?? .scalar("null")).value(at: path.dropFirst())
        default: return self
        }
    }

    /// Values of every type but its own.
    fileprivate var wrongTypes: [Draft] {
        let all: [(String, Draft)] = [
            ("text", .text("wrong")), ("number", .scalar("7")), ("boolean", .scalar("true")), ("list", .list([.scalar("7")])),
            ("map", .map(["wrong": .scalar("7")])),
        ]
        let own =
            switch self {
            case .list: "list"
            case .map: "map"
            case .scalar(let text): text.hasPrefix("\"") ? "text" : text == "true" || text == "false" ? "boolean" : "number"
            }
        return all.filter { $0.0 != own }.map(\.1)
    }
}
