public import Documents
import Kubernetes

/// What must hold for every input. Each property stops the process where it is broken, which is what libFuzzer looks for;
/// `Tests/DocumentsTests/KeptCaseTests.swift` replays the kept inputs without it.
public enum Properties {
    /// Small enough that a bomb ends before libFuzzer calls it a hang.
    public static let limits = Limits(depth: 100, nodes: 100_000, expandedNodes: 10_000)

    public static func yaml(_ bytes: [UInt8]) {
        let parsed = DocumentTree.parse(bytes, source: "fuzz", syntax: .yaml, limits: limits)
        check(parsed, of: bytes)
        check(DocumentTree.parse(bytes, source: "fuzz", limits: limits), of: bytes)
    }

    public static func json(_ bytes: [UInt8]) {
        let json = DocumentTree.parse(bytes, source: "fuzz", syntax: .json, limits: limits)
        check(json, of: bytes)
        guard json.problems.isEmpty, json.tree.roots.count == 1, let root = json.tree.roots.first else { return }
        let yaml = DocumentTree.parse(bytes, source: "fuzz", syntax: .yaml, limits: limits)
        // YAML refuses some JSON (surrogate pairs, DEL, long keys, a separator inside); what it reads must be the same, but for
        // the line breaks that only YAML knows (U+0085, U+2028, U+2029), which it folds as kubectl's parser does.
        if yaml.problems.isEmpty, !hasForeignLineBreak(bytes), let other = yaml.tree.roots.first { precondition(same(root, other), "the two doors disagree") }
    }

    public static func objects(_ bytes: [UInt8]) {
        let read = SourceObjects(DocumentTree.parse(bytes, source: "fuzz", limits: limits).tree)
        for object in read.objects {
            _ = object.displayName
            guard let pod = object.pod else { continue }
            touch(pod.node)
            touch(pod.metadata)
            for container in pod.containers { touch(container.securityContext) }
        }
        for value in read.foreign { touch(value) }
        for error in read.malformed { _ = error.value.fieldPath }
    }

    private static func check(_ parsed: ParsedSource, of bytes: [UInt8]) {
        // In UTF-16 any byte may be half of a line break.
        let lines = bytes.first ?? 0 >= 0xFE ? bytes.count + 1 : bytes.count { $0 == 0x0A || $0 == 0x0D || $0 == 0x85 || $0 & 0xFE == 0xA8 } + 1
        for problem in parsed.problems {
            precondition(!problem.message.isEmpty)
            if let position = problem.position {
                precondition(position.line >= 1 && position.line <= lines && position.column >= 1, "a problem outside the source")
            }
        }
        precondition(parsed.problems.count <= limits.problems + 1 && parsed.tree.nodeCount <= limits.nodes)
        for root in parsed.tree.roots { touch(root, lines: lines) }
    }

    /// Reads everything below a value in every way, which also proves that its text and children are inside the tree.
    private static func touch(_ value: Value, lines: Int = .max) {
        precondition((1...lines).contains(value.position.line) && value.position.column >= 1, "a value outside the source")
        _ = (value.text, value.key, try? value.bool(), try? value.string(), try? value.int(), try? value.strings())
        _ = try? value["metadata"]["name"].equals("x")
        guard let children = (try? value.kind == .mapping ? value.entries() : value.items()) ?? nil else { return }
        var last: Value?
        for child in children {
            precondition(child.isInside(value) && !value.isInside(child))
            if value.kind == .mapping {
                precondition(value.entry(named: child.key).position == child.position, "an entry that its key does not find")
            }
            touch(child, lines: lines)
            last = child
        }
        // By bytes: a key may end in a character that joins the dot behind it.
        if let last { precondition(last.fieldPath.utf8.starts(with: value.fieldPath.utf8) && !last.stablePath.isEmpty) }
    }

    private static func same(_ one: Value, _ other: Value) -> Bool {
        switch (one.kind, other.kind) {
        case (.mapping, .mapping):
            return sameChildren(try? Array(one.entries()), try? Array(other.entries())) { $0.key == $1.key && same($0, $1) }
        case (.sequence, .sequence): return sameChildren(try? Array(one.items()), try? Array(other.items()), by: same)
        // JSON's 1e400 is a string in YAML, and -0 or 1e3 may be integers.
        case (.integer, _), (.float, _): return one.text == other.text
        default: return one.kind == other.kind && (one.kind != .string || one.text == other.text)
        }
    }

    private static func sameChildren(_ one: [Value]?, _ other: [Value]?, by same: (Value, Value) -> Bool) -> Bool {
        guard let one, let other, one.count == other.count else { return false }
        return zip(one, other).allSatisfy(same)
    }
}

private func hasForeignLineBreak(_ bytes: [UInt8]) -> Bool {
    bytes.indices.contains { index in
        let rest = bytes[index...]
        return rest.starts(with: [0xC2, 0x85]) || rest.starts(with: [0xE2, 0x80, 0xA8]) || rest.starts(with: [0xE2, 0x80, 0xA9])
    }
}
