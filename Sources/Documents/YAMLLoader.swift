internal import CLibYAML

extension DocumentTree {
    /// Reads a YAML stream through libyaml's events. After a broken document, reading goes on behind the
    /// next line that starts with `---`.
    static func parseYAML(_ bytes: [UInt8], source: String, limits: Limits) -> ParsedSource {
        var builder = TreeBuilder(source: source, limits: limits)
        builder.nodes.reserveCapacity(bytes.count / 24 + 16)
        builder.text.reserveCapacity(bytes.count / 2 + 64)
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            var line = 0
            while start < buffer.count {
                var loader = YAMLLoader(builder: builder, firstLine: line)
                builder = TreeBuilder(source: source, limits: limits)
                let failedLine = loader.load(UnsafeBufferPointer(rebasing: buffer[start...]))
                builder = loader.builder
                guard let failedLine, let next = nextDocument(in: buffer, from: start, line: line, at: max(failedLine, loader.documentLine + 1))
                else { break }
                (start, line) = next
            }
        }
        return builder.finish()
    }

    /// The first `---` line at or behind the (absolute, zero-based) line in which reading failed.
    private static func nextDocument(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, line: Int, at failed: Int
    ) -> (start: Int, line: Int)? {
        var (position, line) = (start, line)
        while position < bytes.count {
            if line >= failed, bytes[position...].starts(with: [0x2D, 0x2D, 0x2D]) { return (position, line) }
            guard let newline = bytes[position...].firstIndex(of: 0x0A) else { return nil }
            position = newline + 1
            line += 1
        }
        return nil
    }
}

/// Turns libyaml's events into nodes of the arena.
private struct YAMLLoader {
    var builder: TreeBuilder
    /// Zero-based line of the source at which this run of the parser began.
    let firstLine: Int
    private var open: [Frame] = []
    private var anchors: [String: Anchor] = [:]
    private var documentStart = 0
    /// Absolute zero-based line in which the current document began.
    private(set) var documentLine: Int

    private struct Frame {
        let node: Int
        let isMapping: Bool
        var count = 0
        var key: Key?
        var hasMerge = false
    }

    private struct Key {
        var offset: UInt32
        var length: UInt16
        var line: UInt32
        var column: UInt32
    }

    private struct Anchor {
        let node: Int
        /// The index of the open container it names, as long as that is open: an alias to it would be endless.
        var complete: Bool
    }

    init(builder: TreeBuilder, firstLine: Int) {
        self.builder = builder
        self.firstLine = firstLine
        documentLine = firstLine
    }

    /// - Returns: the absolute zero-based line of an error, nil when the whole stream was read.
    mutating func load(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { return fail(line: 0, column: 0, .limit, "out of memory") }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(parser, &event) == 1 else { return parserFailed(parser.pointee) }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { return nil }
            do {
                try take(event)
            } catch {
                return fail(error)
            }
        }
    }

    private mutating func parserFailed(_ parser: yaml_parser_t) -> Int {
        let isReader = parser.error == YAML_READER_ERROR
        let what = parser.problem.map { String(cString: $0) } ?? "not readable as YAML"
        let context = parser.context.map { String(cString: $0) + ": " } ?? ""
        let mark = isReader ? parser.mark : parser.problem_mark
        return fail(line: Int(mark.line), column: Int(mark.column), isReader ? .encoding : .syntax, context + what)
    }

    private mutating func fail(line: Int, column: Int, _ reason: DocumentProblem.Reason, _ message: String) -> Int {
        fail(builder.problem(reason, line: firstLine + line + 1, column: column + 1, message))
    }

    private mutating func fail(_ problem: DocumentProblem) -> Int {
        builder.problems.append(problem)
        builder.dropNodes(from: documentStart)
        return (problem.position?.line ?? 1) - 1
    }

    private mutating func take(_ event: yaml_event_t) throws(DocumentProblem) {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documentStart = builder.nodes.count
            documentLine = firstLine + event.start_mark.line
            anchors.removeAll()
            open.removeAll()
        case YAML_DOCUMENT_END_EVENT:
            documentStart = builder.nodes.count
        case YAML_SCALAR_EVENT:
            try takeScalar(event)
        case YAML_MAPPING_START_EVENT:
            try openContainer(event, kind: .mapping, anchor: event.data.mapping_start.anchor)
        case YAML_SEQUENCE_START_EVENT:
            try openContainer(event, kind: .sequence, anchor: event.data.sequence_start.anchor)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT:
            try closeContainer()
        case YAML_ALIAS_EVENT:
            try takeAlias(event)
        default: break
        }
    }

    // MARK: - Scalars

    private mutating func takeScalar(_ event: yaml_event_t) throws(DocumentProblem) {
        let scalar = event.data.scalar
        let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
        if let frame = open.last, frame.isMapping, frame.key == nil {
            if let anchor = scalar.anchor { anchors[String(cString: anchor)] = try anchoredKey(text, event) }
            return try takeKey(text, isPlain: isPlain, event)
        }
        let index = try append(event, kind: .string)
        if let anchor = scalar.anchor { anchors[String(cString: anchor)] = Anchor(node: index, complete: true) }
        try resolve(text, index: index, tag: scalar.tag, isPlain: isPlain)
    }

    private mutating func resolve(
        _ text: UnsafeBufferPointer<UInt8>, index: Int, tag: UnsafeMutablePointer<UInt8>?, isPlain: Bool
    ) throws(DocumentProblem) {
        if isPlain {
            set(YAMLScalar.resolvePlain(text), on: index)
        } else if let tag {
            set(try YAMLScalar.resolve(text, tag: String(cString: tag), at: index, builder), on: index)
        }
        builder.nodes[index].textOffset = builder.appendText(text)
        builder.nodes[index].textLength = UInt32(truncatingIfNeeded: text.count)
    }

    private mutating func set(_ resolved: YAMLScalar.Resolved, on index: Int) {
        builder.nodes[index].kind = resolved.kind
        if resolved.isTrue { builder.nodes[index].flags.insert(.isTrue) }
    }

    /// A key that is not a string becomes one, as on the way from YAML to JSON: `on:` is the key `true`.
    private mutating func takeKey(_ text: UnsafeBufferPointer<UInt8>, isPlain: Bool, _ event: yaml_event_t) throws(DocumentProblem) {
        let resolved = isPlain ? YAMLScalar.resolvePlain(text) : YAMLScalar.Resolved(kind: .string)
        var canonical: String?
        switch resolved.kind {
        case .boolean: canonical = resolved.isTrue ? "true" : "false"
        case .integer: canonical = ScalarNumber.integer(text).map(String.init)
        case .float: canonical = ScalarNumber.integer(text).map(String.init)
        case .null: throw problem(.syntax, event, "null cannot be the key of a mapping")
        default: break
        }
        if let canonical {
            try setKey(Array(canonical.utf8), event)
        } else {
            if isPlain, text.count == 2, text[0] == UInt8(ascii: "<"), text[1] == UInt8(ascii: "<") { open[open.count - 1].hasMerge = true }
            try setKey(text, event)
        }
    }

    private mutating func setKey(_ bytes: [UInt8], _ event: yaml_event_t) throws(DocumentProblem) {
        try bytes.withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) throws(DocumentProblem) -> Void in try setKey(bytes, event) }
    }

    private mutating func setKey(_ bytes: UnsafeBufferPointer<UInt8>, _ event: yaml_event_t) throws(DocumentProblem) {
        guard bytes.count < Int(UInt16.max) else { throw problem(.limit, event, "a key of \(bytes.count) bytes is more than the limit of 65534") }
        open[open.count - 1].key = Key(
            offset: builder.internKey(bytes), length: UInt16(bytes.count),
            line: line(event), column: UInt32(truncatingIfNeeded: event.start_mark.column) + 1)
    }

    /// A scalar that is a key may carry an anchor; its node lives outside the document's subtree.
    private func anchoredKey(_ text: UnsafeBufferPointer<UInt8>, _ event: yaml_event_t) throws(DocumentProblem) -> Anchor {
        throw problem(.syntax, event, "an anchor on a key is not supported; put it on the value")
    }

    // MARK: - Containers

    private mutating func openContainer(_ event: yaml_event_t, kind: NodeKind, anchor: UnsafeMutablePointer<UInt8>?) throws(DocumentProblem) {
        guard open.count < builder.limits.depth else {
            throw problem(.limit, event, "nesting is deeper than the limit of \(builder.limits.depth); raise --max-depth if this is meant")
        }
        if let frame = open.last, frame.isMapping, frame.key == nil { throw problem(.syntax, event, "the key of a mapping must be a scalar") }
        let index = try append(event, kind: kind)
        if let anchor { anchors[String(cString: anchor)] = Anchor(node: index, complete: false) }
        open.append(Frame(node: index, isMapping: kind == .mapping))
    }

    private mutating func closeContainer() throws(DocumentProblem) {
        guard let frame = open.popLast() else { return }
        if frame.isMapping {
            var count = frame.count
            if frame.hasMerge { count += try expandMerges(frame) }
            builder.closeMapping(frame.node, count: count)
        } else {
            builder.close(frame.node, count: frame.count)
        }
        for (name, anchor) in anchors where anchor.node == frame.node { anchors[name]?.complete = true }
    }

    /// Adds the node for a value at its place: as a root, an item, or under the key that came before.
    private mutating func append(_ event: yaml_event_t, kind: NodeKind) throws(DocumentProblem) -> Int {
        guard builder.nodes.count < builder.limits.nodes else {
            throw problem(.limit, event, "more than \(builder.limits.nodes) nodes in one source; split it or raise --max-nodes")
        }
        let index = builder.nodes.count
        var node = Node(
            kind: kind, flags: [], keyLength: 0, keyOffset: 0, textOffset: 0, textLength: 0,
            line: line(event), column: UInt32(truncatingIfNeeded: event.start_mark.column) + 1, length: 1)
        place(&node)
        builder.nodes.append(node)
        return index
    }

    private mutating func place(_ node: inout Node) {
        guard !open.isEmpty else {
            builder.rootIndexes.append(Int32(truncatingIfNeeded: builder.nodes.count))
            return
        }
        let top = open.count - 1
        open[top].count += 1
        guard let key = open[top].key else { return }
        open[top].key = nil
        node.flags.insert(.hasKey)
        node.keyOffset = key.offset
        node.keyLength = key.length
        node.line = key.line
        node.column = key.column
    }

    // MARK: - Aliases and merges

    private mutating func takeAlias(_ event: yaml_event_t) throws(DocumentProblem) {
        let name = String(cString: event.data.alias.anchor)
        guard let anchor = anchors[name] else { throw problem(.syntax, event, "the alias '*\(name)' has no anchor") }
        guard anchor.complete else { throw problem(.syntax, event, "the alias '*\(name)' contains itself") }
        if let frame = open.last, frame.isMapping, frame.key == nil {
            let node = builder.nodes[anchor.node]
            guard node.kind == .string else { throw problem(.syntax, event, "the key of a mapping must be a scalar") }
            let bytes = Array(builder.text[Int(node.textOffset)..<Int(node.textOffset) + Int(node.textLength)])
            return try setKey(bytes, event)
        }
        let index = try copy(anchor.node, line: line(event))
        var root = builder.nodes[index]
        root.flags.remove(.hasKey)
        (root.keyLength, root.keyOffset) = (0, 0)
        (root.line, root.column) = (line(event), UInt32(truncatingIfNeeded: event.start_mark.column) + 1)
        if open.isEmpty {
            builder.rootIndexes.append(Int32(truncatingIfNeeded: index))
        } else {
            place(&root)
        }
        builder.nodes[index] = root
    }

    /// Copies a complete subtree to the end of the arena, within the expansion limit.
    private mutating func copy(_ node: Int, line: UInt32) throws(DocumentProblem) -> Int {
        let length = Int(builder.nodes[node].length)
        builder.expandedNodes += length
        guard builder.expandedNodes <= builder.limits.expandedNodes, builder.nodes.count + length <= builder.limits.nodes else {
            throw builder.problem(
                .limit, line: Int(line), column: 1,
                "aliases expand to more than the limit of \(builder.limits.expandedNodes) nodes; raise --max-expanded-nodes if this is meant")
        }
        let index = builder.nodes.count
        builder.nodes.append(contentsOf: Array(builder.nodes[node..<node + length]))
        return index
    }

    /// Applies `<<` entries in the order they stand, as the API server's parser does: what comes later in
    /// the mapping wins, merged or not; within one list of merges the first wins.
    /// - Returns: how many entries were added.
    private mutating func expandMerges(_ frame: Frame) throws(DocumentProblem) -> Int {
        let end = builder.nodes.count
        var added = 0
        var winners: [Int] = []
        var child = frame.node + 1
        while child < end {
            let next = child + Int(builder.nodes[child].length)
            if builder.nodes[child].keyLength == 2, builder.keyText(child) == "<<" {
                builder.nodes[child].flags.insert(.shadowed)
                for source in try mergeSources(child) {
                    var entry = source + 1
                    let sourceEnd = source + Int(builder.nodes[source].length)
                    while entry < sourceEnd {
                        if !builder.nodes[entry].flags.contains(.shadowed) {
                            let copied = try copy(entry, line: builder.nodes[child].line)
                            override(&winners, with: copied)
                            added += 1
                        }
                        entry += Int(builder.nodes[entry].length)
                    }
                }
            } else {
                override(&winners, with: child)
            }
            child = next
        }
        return added
    }

    private mutating func override(_ winners: inout [Int], with node: Int) {
        if let beaten = winners.firstIndex(where: { builder.sameKey($0, node) }) {
            builder.nodes[winners[beaten]].flags.insert(.shadowed)
            winners[beaten] = node
        } else {
            winners.append(node)
        }
    }

    /// The mappings of one `<<` entry, the strongest last.
    private func mergeSources(_ node: Int) throws(DocumentProblem) -> [Int] {
        switch builder.nodes[node].kind {
        case .mapping: return [node]
        case .sequence:
            var sources: [Int] = []
            var child = node + 1
            while child < node + Int(builder.nodes[node].length) {
                guard builder.nodes[child].kind == .mapping else { break }
                sources.append(child)
                child += Int(builder.nodes[child].length)
            }
            guard child == node + Int(builder.nodes[node].length) else { fallthrough }
            return sources.reversed()
        default:
            throw builder.problem(.syntax, at: node, "the merge key '<<' needs a mapping or a list of mappings")
        }
    }

    private func line(_ event: yaml_event_t) -> UInt32 {
        UInt32(truncatingIfNeeded: firstLine + event.start_mark.line + 1)
    }

    private func problem(_ reason: DocumentProblem.Reason, _ event: yaml_event_t, _ message: String) -> DocumentProblem {
        builder.problem(reason, line: Int(line(event)), column: event.start_mark.column + 1, message)
    }
}
