internal import CLibYAML

/// The anchors of one document. A name may be given anew; from then on it means the later node.
struct Anchors {
    /// What a name stands for.
    enum Target {
        /// A scalar, kept apart since it may have been a key, which has no node of its own.
        case scalar(Node)
        case container(Int, height: Int)
        /// A container that is not closed: an alias to it would be endless.
        case unfinished(Int)
    }

    private var slots: [String: Int] = [:]
    private var targets: [Target] = []

    mutating func define(_ name: String, scalar: Node) {
        slots[name] = targets.count
        targets.append(.scalar(scalar))
    }

    /// - Returns: what to give to `close`.
    mutating func define(_ name: String, container: Int) -> Int {
        slots[name] = targets.count
        targets.append(.unfinished(container))
        return targets.count - 1
    }

    /// - Parameter height: levels of containers, the anchored one included.
    mutating func close(_ slot: Int, height: Int) {
        if case .unfinished(let node) = targets[slot] { targets[slot] = .container(node, height: height) }
    }

    subscript(_ name: String) -> Target? {
        slots[name].map { targets[$0] }
    }

    mutating func removeAll() {
        guard !targets.isEmpty else { return }
        slots.removeAll()
        targets.removeAll()
    }
}

extension YAMLLoader {
    mutating func takeAlias(_ event: Event) throws(DocumentProblem) {
        let name = String(cString: event.pointee.data.alias.anchor)
        let isKey = open.last?.expectsKey ?? false
        switch anchors[name] {
        case nil: throw problem(.syntax, event, "the alias '*\(name)' has no anchor")
        case .unfinished: throw problem(.syntax, event, "the alias '*\(name)' contains itself")
        case .scalar(let node):
            if isKey { return try takeKey(aliasOf: node, event) }
            try spend(1, event)
            var copy = node
            (copy.line, copy.column) = (line(event), column(event))
            try append(copy, event)
        case .container(let node, let height):
            guard !isKey else { throw problem(.syntax, event, "the key of a mapping must be a scalar, and '*\(name)' is none") }
            guard open.count + height <= builder.limits.depth else { throw builder.tooDeep(line: Int(line(event)), column: Int(column(event))) }
            let length = Int(builder.nodes[node].length)
            try spend(length, event)
            let index = builder.nodes.count
            copy(node)
            builder.nodes[index].setKey(offset: 0, signature: 0)
            (builder.nodes[index].line, builder.nodes[index].column) = (line(event), column(event))
            place(index)
            if !open.isEmpty { open[open.count - 1].raise(to: height) }
        }
    }

    private mutating func takeKey(aliasOf node: Node, _ event: Event) throws(DocumentProblem) {
        let text = Array(builder.text[Int(node.textOffset)..<Int(node.textOffset) + Int(node.textLength)])
        try text.withUnsafeBufferPointer { (text: UnsafeBufferPointer<UInt8>) throws(DocumentProblem) -> Void in
            try takeKey(Scalar(text: text, resolved: .init(kind: node.kind, isTrue: node.isTrue)), event)
        }
    }

    /// Takes nodes from the budget of expansion, before any of them is made.
    private mutating func spend(_ count: Int, _ event: Event) throws(DocumentProblem) {
        try spend(count, line: Int(line(event)), column: Int(column(event)))
    }

    private mutating func spend(_ count: Int, line: Int, column: Int) throws(DocumentProblem) {
        builder.expandedNodes += count
        guard builder.expandedNodes <= builder.limits.expandedNodes else {
            throw builder.problem(
                .limit, line: line, column: column,
                "aliases expand to more than the limit of \(builder.limits.expandedNodes) nodes; raise --max-expanded-nodes if this is meant")
        }
        guard builder.nodes.count + count <= builder.limits.nodes else { throw builder.tooManyNodes(line: line, column: column) }
    }

    /// Copies a complete subtree to the end of the arena.
    private mutating func copy(_ node: Int) {
        for source in node..<node + Int(builder.nodes[node].length) { builder.nodes.append(builder.nodes[source]) }
    }
}

// MARK: - Merge keys

extension YAMLLoader {
    /// Closes a mapping with `<<` entries. They are applied in the order they stand, as the API server's parser does:
    /// what comes later in the mapping wins, merged or not; within one list of merges the first wins.
    mutating func closeMerging(_ frame: Frame) throws(DocumentProblem) {
        builder.close(frame.node, count: frame.count)
        var order: [MappingEntry] = []
        var merges = frame.merges[...]
        for entry in builder.entries(of: frame.node) {
            guard entry.node == merges.first else {
                order.append(entry)
                continue
            }
            merges.removeFirst()
            builder.nodes[entry.node].shadow()
            for source in try mergeSources(entry.node) { try copyEntries(of: source, into: &order, at: entry.node) }
        }
        builder.close(frame.node, count: frame.count + order.count { $0.isMerged })
        builder.shadowDuplicates(among: order)
    }

    private mutating func copyEntries(of source: Int, into order: inout [MappingEntry], at merge: Int) throws(DocumentProblem) {
        let (line, column) = (Int(builder.nodes[merge].line), Int(builder.nodes[merge].column))
        for entry in builder.entries(of: source) {
            try spend(Int(builder.nodes[entry.node].length), line: line, column: column)
            order.append(MappingEntry(node: builder.nodes.count, isMerged: true))
            copy(entry.node)
        }
    }

    /// The mappings of one `<<` entry, the strongest last.
    private func mergeSources(_ node: Int) throws(DocumentProblem) -> [Int] {
        if builder.nodes[node].kind == .mapping { return [node] }
        var sources: [Int] = []
        let end = node + Int(builder.nodes[node].length)
        var child = node + 1
        while child < end, builder.nodes[child].kind == .mapping {
            sources.append(child)
            child += Int(builder.nodes[child].length)
        }
        guard builder.nodes[node].kind == .sequence, child == end else {
            throw builder.problem(.syntax, at: node, "the merge key '<<' needs a mapping or a list of mappings")
        }
        return sources.reversed()
    }
}
