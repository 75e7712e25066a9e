internal import CLibYAML

/// Turns libyaml's events into nodes of the arena, one document of the stream at a time.
struct YAMLLoader {
    var builder: TreeBuilder
    var open: [Frame] = []
    var anchors = Anchors()
    /// What libyaml reads at the moment.
    private var piece = YAMLDocuments.Document(bytes: UnsafeBufferPointer(start: nil, count: 0), lines: 0...0)
    private var characters = CharacterCursor()
    private var documentStart = 0

    typealias Event = UnsafePointer<yaml_event_t>

    /// A container that is not closed yet.
    struct Frame {
        let node: Int
        let isMapping: Bool
        let isFlow: Bool
        /// Where `Anchors` keeps the name of this container, or -1.
        let anchor: Int
        var count = 0
        /// Levels of containers below this one.
        var height = 0
        var key: Key?
        var keys = KeyFilter()
        /// Values of the `<<` keys of this mapping.
        var merges: [Int] = []

        var expectsKey: Bool { isMapping && key == nil }
    }

    struct Key {
        var offset: UInt32
        var signature: UInt32
        var line: UInt32
        var column: UInt32
        var isMerge: Bool
    }

    init(builder: TreeBuilder) {
        self.builder = builder
    }

    consuming func finish() -> ParsedSource { builder.finish() }

    /// Reads one piece of the stream; after an error the rest of the piece is left out, as kubectl does.
    mutating func load(_ document: YAMLDocuments.Document) {
        piece = document
        characters = CharacterCursor()
        documentStart = builder.nodes.count
        do {
            try parse()
        } catch {
            builder.report(error)
            builder.dropNodes(from: documentStart)
        }
    }

    private mutating func parse() throws(DocumentProblem) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            throw builder.problem(.limit, line: piece.lines.lowerBound + 1, column: 1, "out of memory")
        }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&parser, piece.bytes.baseAddress, piece.bytes.count)
        var event = yaml_event_t()
        while true {
            guard yaml_parser_parse(&parser, &event) == 1 else { throw problem(of: &parser) }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { return }
            try take(&event)
        }
    }

    private mutating func take(_ event: Event) throws(DocumentProblem) {
        switch event.pointee.type {
        case YAML_SCALAR_EVENT: try takeScalar(event)
        case YAML_MAPPING_START_EVENT:
            let start = event.pointee.data.mapping_start
            try openContainer(event, kind: .mapping, isFlow: start.style == YAML_FLOW_MAPPING_STYLE, anchor: start.anchor)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.pointee.data.sequence_start
            try openContainer(event, kind: .sequence, isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE, anchor: start.anchor)
        case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: try closeContainer()
        case YAML_ALIAS_EVENT: try takeAlias(event)
        case YAML_DOCUMENT_START_EVENT:
            documentStart = builder.nodes.count
            anchors.removeAll()
            open.removeAll(keepingCapacity: true)
        case YAML_DOCUMENT_END_EVENT: documentStart = builder.nodes.count
        default: break
        }
    }

    // MARK: - Scalars

    private mutating func takeScalar(_ event: Event) throws(DocumentProblem) {
        var scalar = try readScalar(event)
        let isKey = open.last?.expectsKey ?? false
        if !isKey, scalar.resolved.kind == .float { try refuseInfinite(scalar.text, event) }
        guard scalar.isBinary else { return try place(scalar, isKey: isKey, event) }
        let decoded = try decodeBinary(scalar.text, event)
        try decoded.withUnsafeBufferPointer { (text: UnsafeBufferPointer<UInt8>) throws(DocumentProblem) -> Void in
            scalar.text = text
            try place(scalar, isKey: isKey, event)
        }
    }

    private mutating func place(_ scalar: Scalar, isKey: Bool, _ event: Event) throws(DocumentProblem) {
        var node = Node(kind: scalar.resolved.kind, line: line(event), column: column(event))
        if scalar.resolved.isTrue { node.setTrue() }
        let anchor = event.pointee.data.scalar.anchor
        if !isKey || anchor != nil {
            node.textOffset = builder.appendText(scalar.text)
            node.textLength = UInt32(truncatingIfNeeded: scalar.text.count)
        }
        if let anchor { anchors.define(String(cString: anchor), scalar: node) }
        if isKey { try takeKey(scalar, event) } else { try append(node, event) }
    }

    /// A scalar with its type.
    struct Scalar {
        var text: UnsafeBufferPointer<UInt8>
        var resolved: YAMLScalar.Resolved
        /// Whether it may be the merge key `<<`: written without quotes, or tagged so.
        var mayMerge = false
        /// Tagged as base64, not decoded yet.
        var isBinary = false
    }

    private mutating func readScalar(_ event: Event) throws(DocumentProblem) -> Scalar {
        let text = UnsafeBufferPointer(start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length)
        if let tag = event.pointee.data.scalar.tag {
            let name = String(cString: tag)
            guard let resolved = YAMLScalar.resolve(text, tag: name) else {
                throw problem(.syntax, event, "'\(String(decoding: text, as: UTF8.self))' is not what its tag '\(name)' claims")
            }
            let tag = YAMLScalar.Tag(rawValue: name)
            return Scalar(text: text, resolved: resolved, mayMerge: tag == .merge, isBinary: tag == .binary)
        }
        guard event.pointee.data.scalar.style == YAML_PLAIN_SCALAR_STYLE else { return Scalar(text: text, resolved: .init(kind: .string)) }
        if open.last?.isFlow ?? false, text.contains(UInt8(ascii: "?")) {
            throw problem(.syntax, event, "kubectl refuses text with '?' in a flow mapping or list; put it into quotes")
        }
        if hasNonSpecificTag(event, text) { return Scalar(text: text, resolved: .init(kind: .string)) }
        return Scalar(text: text, resolved: YAMLScalar.resolvePlain(text), mayMerge: true)
    }

    /// Whether the tag `!` stands before a plain scalar and makes it a string. libyaml drops this tag, so the source
    /// is looked at wherever the scalar covers more of it than its text.
    private mutating func hasNonSpecificTag(_ event: Event, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let (start, end) = (event.pointee.start_mark.index, event.pointee.end_mark.index)
        guard end - start != text.count else { return false }
        let bytes = piece.bytes
        var position = characters.offset(of: Int(start), in: bytes)
        if position < bytes.count, bytes[position] == UInt8(ascii: "&") {
            position = bytes[position...].firstIndex { $0 <= 0x20 } ?? bytes.count
            position = bytes[position...].firstIndex { $0 > 0x20 } ?? bytes.count
        }
        return position < bytes.count && bytes[position] == UInt8(ascii: "!")
    }

    private func refuseInfinite(_ text: UnsafeBufferPointer<UInt8>, _ event: Event) throws(DocumentProblem) {
        guard let last = text.last, last | 0x20 == UInt8(ascii: "n") || last | 0x20 == UInt8(ascii: "f"), !text.contains(UInt8(ascii: "x")) else {
            return
        }
        throw problem(.syntax, event, "'\(String(decoding: text, as: UTF8.self))' cannot be written as JSON, so the API server refuses it")
    }

    /// The string that base64 stands for; what is no UTF-8 becomes U+FFFD on the way to JSON.
    private func decodeBinary(_ text: UnsafeBufferPointer<UInt8>, _ event: Event) throws(DocumentProblem) -> [UInt8] {
        guard let decoded = YAMLScalar.decodeBase64(text) else { throw problem(.syntax, event, "the value of '!!binary' is no base64 text") }
        return Array(String(decoding: decoded, as: UTF8.self).utf8)
    }

    // MARK: - Keys

    /// A key that is not a string becomes one, as on the way from YAML to JSON: `on:` is the key `true`.
    mutating func takeKey(_ scalar: Scalar, _ event: Event) throws(DocumentProblem) {
        let isMerge = scalar.mayMerge && scalar.text.elementsEqual([0x3C, 0x3C])
        guard let string = try keyString(scalar, event) else { return try setKey(scalar.text, event, isMerge: isMerge) }
        try Array(string.utf8).withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) throws(DocumentProblem) -> Void in
            try setKey(bytes, event, isMerge: false)
        }
    }

    /// nil when the key is its text.
    private func keyString(_ scalar: Scalar, _ event: Event) throws(DocumentProblem) -> String? {
        switch scalar.resolved.kind {
        case .boolean: return scalar.resolved.isTrue ? "true" : "false"
        case .integer, .float:
            guard !ScalarNumber.needsUnsigned(scalar.text) else {
                throw problem(.syntax, event, "the API server takes no number beyond 64 bits with sign as a key; put it into quotes")
            }
            guard scalar.resolved.kind == .integer else { return ScalarNumber.floatKey(scalar.text) }
            return ScalarNumber.integer(scalar.text).map(String.init)
        case .null: throw problem(.syntax, event, "null cannot be the key of a mapping; put it into quotes")
        default: return nil
        }
    }

    private mutating func setKey(_ bytes: UnsafeBufferPointer<UInt8>, _ event: Event, isMerge: Bool) throws(DocumentProblem) {
        guard bytes.count <= KeySignature.longestKey else {
            throw problem(.limit, event, "a key of \(bytes.count) bytes is longer than the limit of \(KeySignature.longestKey)")
        }
        open[open.count - 1].key = Key(
            offset: builder.internKey(bytes), signature: KeySignature.of(bytes), line: line(event), column: column(event), isMerge: isMerge)
    }

    // MARK: - Containers

    private mutating func openContainer(
        _ event: Event, kind: NodeKind, isFlow: Bool, anchor: UnsafeMutablePointer<UInt8>?
    ) throws(DocumentProblem) {
        guard open.count < builder.limits.depth else { throw builder.tooDeep(line: Int(line(event)), column: Int(column(event))) }
        if let frame = open.last, frame.expectsKey { throw problem(.syntax, event, "the key of a mapping must be a scalar") }
        let index = builder.nodes.count
        try append(Node(kind: kind, line: line(event), column: column(event)), event)
        let slot = anchor.map { anchors.define(String(cString: $0), container: index) } ?? -1
        open.append(Frame(node: index, isMapping: kind == .mapping, isFlow: isFlow, anchor: slot))
    }

    private mutating func closeContainer() throws(DocumentProblem) {
        guard let frame = open.popLast() else { return }
        if !frame.isMapping {
            builder.close(frame.node, count: frame.count)
        } else if frame.merges.isEmpty {
            builder.closeMapping(frame.node, count: frame.count, keys: frame.keys)
        } else {
            try closeMerging(frame)
        }
        if frame.anchor >= 0 { anchors.close(frame.anchor, height: frame.height + 1) }
        if !open.isEmpty { open[open.count - 1].raise(to: frame.height + 1) }
    }

    /// Adds a node at its place: as a root, an item, or under the key that came before.
    mutating func append(_ node: Node, _ event: Event) throws(DocumentProblem) {
        guard builder.nodes.count < builder.limits.nodes else {
            throw builder.tooManyNodes(line: Int(line(event)), column: Int(column(event)))
        }
        let index = builder.nodes.count
        builder.nodes.append(node)
        place(index)
    }

    mutating func place(_ index: Int) {
        guard !open.isEmpty else {
            builder.rootIndexes.append(Int32(truncatingIfNeeded: index))
            return
        }
        let top = open.count - 1
        open[top].count += 1
        guard let key = open[top].key else { return }
        open[top].key = nil
        open[top].keys.insert(key.signature)
        if key.isMerge { open[top].merges.append(index) }
        builder.nodes[index].setKey(offset: key.offset, signature: key.signature)
        builder.nodes[index].line = key.line
        builder.nodes[index].column = key.column
    }
}

extension YAMLLoader.Frame {
    mutating func raise(to height: Int) {
        if height > self.height { self.height = height }
    }
}

// MARK: - Places

extension YAMLLoader {
    func line(_ event: Event) -> UInt32 {
        UInt32(truncatingIfNeeded: line(event.pointee.start_mark) + 1)
    }

    /// Zero-based. libyaml sees a line break at the end of every text, also where there is none.
    private func line(_ mark: yaml_mark_t) -> Int {
        min(piece.lines.lowerBound + Int(mark.line), piece.lines.upperBound)
    }

    func column(_ event: Event) -> UInt32 {
        UInt32(truncatingIfNeeded: event.pointee.start_mark.column + 1)
    }

    func problem(_ reason: DocumentProblem.Reason, _ event: Event, _ message: String) -> DocumentProblem {
        builder.problem(reason, line: Int(line(event)), column: Int(column(event)), message)
    }

    private func problem(of parser: UnsafePointer<yaml_parser_t>) -> DocumentProblem {
        let what = parser.pointee.problem.map { String(cString: $0) } ?? "not readable as YAML"
        if parser.pointee.error == YAML_READER_ERROR {
            let (line, column) = LineBreaks.position(of: parser.pointee.problem_offset, in: piece.bytes)
            return builder.problem(
                .encoding, line: piece.lines.lowerBound + line + 1, column: column + 1, "this is not text in UTF-8: \(what)")
        }
        let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
        let mark = parser.pointee.problem_mark
        let reason: DocumentProblem.Reason = parser.pointee.error == YAML_MEMORY_ERROR ? .limit : .syntax
        return builder.problem(reason, line: line(mark) + 1, column: Int(mark.column) + 1, context + what)
    }
}

/// Finds the byte at which a character begins, for questions that come in ascending order.
private struct CharacterCursor {
    private var character = 0
    private var byte = 0

    mutating func offset(of index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        while character < index, byte < bytes.count {
            byte += 1
            while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
            character += 1
        }
        return byte
    }
}
