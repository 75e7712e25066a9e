public import Controls
import Documents
public import Kubernetes
public import Reachability

/// Who can connect to whom, in each of the forms that can be asked for.
public struct ReachReport {
    public enum Format: String, Sendable, CaseIterable {
        case table, json, dot, svg
    }

    let model: NetworkModel
    let inventory: Inventory
    let platforms: [String]
    let gaps: [Gap]
    let options: ReportOptions

    /// - Parameters:
    ///   - platforms: whose load balancer annotations count, empty for all.
    ///   - gaps: everything that could not be read or judged, the model's own included.
    public init(_ model: NetworkModel, inventory: Inventory, platforms: [String], gaps: [Gap], options: ReportOptions = ReportOptions()) {
        self.model = model
        self.inventory = inventory
        self.platforms = platforms
        self.gaps = gaps
        self.options = options
    }

    /// - Throws: what the sink throws.
    public func write(as format: Format, to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        switch format {
        case .table: ReachTable(self).write(to: &writer)
        case .json: writeJSON(to: &writer)
        case .svg: writer.text(FlowPicture(of: model, platforms: platforms).svg)
        case .dot: model.writeDot { writer.text($0) }
        }
        try writer.finish()
    }

    // MARK: - JSON

    private func writeJSON(to writer: inout ByteWriter) {
        writer.beginObject()
        writer.field("schemaVersion", "1")
        writer.key("flows")
        writer.beginArray()
        writeFlows(to: &writer)
        writer.line()
        writer.endArray()
        writer.line()
        writer.array("entries") { writer in
            for entry in model.entries(platforms: platforms) {
                writer.line()
                writer.object { write(entry, to: &$0) }
            }
        }
        writer.line()
        writer.array("gaps") { $0.elements(gaps) }
        writer.endObject()
        writer.byte(UInt8(ascii: "\n"))
    }

    /// Names and connections repeat a million times, so each is made into JSON once.
    private func writeFlows(to writer: inout ByteWriter) {
        let names = model.workloads.map { ReachReport.json { $0.value($1 as String) }($0.description) }
        var known: [ConnectionSet: [UInt8]] = [:]
        var last: (set: ConnectionSet, json: [UInt8]) = (.none, [])
        func writeEnd(_ end: FlowEnd, to writer: inout ByteWriter) {
            switch end {
            case .workload(let index): writer.bytes(names[index])
            case .addresses(let range):
                writer.byte(UInt8(ascii: "\""))
                writer.text(range.description)
                writer.byte(UInt8(ascii: "\""))
            }
        }
        model.forEachFlow { flow in
            // Neighbours are mostly alike, and to compare is cheaper than to look up.
            if flow.connections != last.set {
                last = (flow.connections, known[flow.connections] ?? ReachReport.json { $0.value(connections: $1) }(flow.connections))
                known[last.set] = last.json
            }
            writer.line()
            writer.text("{\"src\":")
            writeEnd(flow.source, to: &writer)
            writer.text(",\"dst\":")
            writeEnd(flow.destination, to: &writer)
            writer.text(",\"conns\":")
            writer.bytes(last.json)
            writer.byte(UInt8(ascii: "}"))
            writer.needsComma = true
        }
        writer.needsComma = false
    }

    /// What `write` makes of a value, as bytes of its own.
    private static func json<T>(_ write: @escaping (inout ByteWriter, T) -> Void) -> (T) -> [UInt8] {
        { value in
            var writer = ByteWriter(chunk: 64)
            write(&writer, value)
            return writer.take()
        }
    }

    private func write(_ entry: Entry, to writer: inout ByteWriter) {
        writer.field("workload", model.workloads[entry.workload].description)
        writer.field("kind", entry.kind.rawValue)
        writer.field("reach", "\(entry.reach)")
        writer.array("path") { writer in for object in entry.path { writer.value(inventory.objects[object].displayName) } }
        if let place = entry.path.first.map({ inventory.objects[$0].metadata["name"] }) {
            writer.field("file", place.source)
            writer.field("line", place.position.line)
        }
        writer.array("sources") { writer in
            // Everything is said by nothing, as in the object itself.
            if entry.sources != .everything { for range in entry.sources.ranges { writer.value(range.description) } }
        }
        writer.key("targets")
        writer.value(connections: entry.targets)
        writer.key("allowed")
        writer.value(connections: entry.allowed)
        writer.field("certain", entry.isCertain)
    }
}

extension ByteWriter {
    /// `"all"`, or the ports of each protocol that has any.
    mutating func value(connections: ConnectionSet) {
        if connections.isAll { return value("all" as StaticString) }
        object { writer in
            for proto in TransportProtocol.allCases where !connections[proto].isEmpty {
                writer.key(proto.rawValue)
                writer.beginArray()
                for text in connections.portTexts(proto) { writer.value(text) }
                writer.endArray()
            }
        }
    }

    mutating func elements(_ gaps: [Gap]) {
        for gap in gaps {
            line()
            object { writer in
                writer.field("source", gap.source)
                writer.field("line", gap.line)
                writer.field("reason", gap.reason.rawValue)
                writer.field("message", gap.message)
            }
        }
    }
}

extension Gap {
    /// What a model of the network could not judge.
    public init(_ gap: ReachabilityGap) {
        let reason: Reason =
            switch gap.reason {
            case .wrongType: .wrongType
            case .duplicateObject: .duplicateObject
            case .unreadKind, .undefined, .notObservable: .notObservable
            }
        self.init(
            source: gap.place.source, line: gap.place.position.line, column: gap.place.position.column, reason: reason, message: gap.message)
    }
}
