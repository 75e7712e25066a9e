public import Controls
public import Reachability

/// Whether tenants are kept apart, pair by pair: a proof where no workload of one reaches a workload of another, and
/// otherwise the flows.
public struct TenantReport {
    public enum Format: String, Sendable, CaseIterable { case table, json }

    public enum Verdict: String, Sendable {
        case isolated
        /// One reaches the other and is meant to.
        case meant
        case crossing
        /// One of the two runs nothing here, so there is nothing to prove.
        case empty
    }

    public struct Pair: Sendable {
        public let from: String
        public let to: String
        public let verdict: Verdict
        public let flows: [Flow]
    }

    /// Every ordered pair of tenants, in the order of the model.
    public let pairs: [Pair]
    private let workloads: [(tenant: String, count: Int)]
    private let model: NetworkModel
    private let gaps: [Gap]
    private let style: TerminalStyle

    public init(_ tenants: Tenants, _ model: NetworkModel, gaps: [Gap], options: ReportOptions = ReportOptions()) {
        self.model = model
        self.gaps = gaps
        style = TerminalStyle(colour: options.colour)
        var namespaces = Array(repeating: Set<String>(), count: tenants.all.count)
        var counts = Array(repeating: 0, count: tenants.all.count)
        var owners: [String: Int] = [:]
        for workload in model.workloads {
            guard let tenant = owners[workload.namespace] ?? tenants.tenant(of: workload.namespace) else { continue }
            owners[workload.namespace] = tenant
            namespaces[tenant].insert(workload.namespace)
            counts[tenant] += 1
        }
        workloads = tenants.all.indices.map { (tenants.all[$0].name, counts[$0]) }
        pairs = tenants.all.indices.flatMap { one -> [Pair] in
            let others = namespaces.indices.filter { $0 != one }.reduce(into: Set<String>()) { $0.formUnion(namespaces[$1]) }
            let crossing = Dictionary(grouping: model.flows(from: namespaces[one], to: others)) { flow -> Int in
                if case .workload(let workload) = flow.destination { owners[model.workloads[workload].namespace] ?? -1 } else { -1 }
            }
            return tenants.all.indices.filter { $0 != one }.map { other in
                let flows = crossing[other] ?? []
                let verdict: Verdict =
                    counts[one] == 0 || counts[other] == 0
                    ? .empty : flows.isEmpty ? .isolated : tenants.mayReach(from: one, to: other) ? .meant : .crossing
                return Pair(from: tenants.all[one].name, to: tenants.all[other].name, verdict: verdict, flows: flows)
            }
        }
    }

    public var isIsolated: Bool { !pairs.contains { $0.verdict == .crossing } }

    /// - Throws: what the sink throws.
    public func write(as format: Format, to sink: @escaping ByteSink) throws {
        var writer = ByteWriter(sink: sink)
        if format == .json { writeJSON(to: &writer) } else { writeTable(to: &writer) }
        try writer.finish()
    }

    // MARK: - Table

    /// A pair shows this many flows; JSON has all.
    private static let shown = 10

    private func writeTable(to writer: inout ByteWriter) {
        let counts = workloads.map { "\($0.tenant) (\($0.count) workloads)" }.joined(separator: ", ")
        line(style(TerminalText.clean("demarc reach tenants · \(counts)"), .bold), to: &writer)
        let width = pairs.map { TerminalText.width(TerminalText.clean("\($0.from) → \($0.to)")) }.max() ?? 0
        for pair in pairs {
            let name = TerminalText.clean("\(pair.from) → \(pair.to)")
            let padding = String(repeating: " ", count: width - TerminalText.width(name))
            line("\(name)\(padding)  \(style(words(pair), pair.verdict == .crossing ? .high : .good))", to: &writer)
            guard pair.verdict == .crossing else { continue }
            for flow in pair.flows.prefix(TenantReport.shown) {
                line("  " + TerminalText.clean("\(text(flow.source)) → \(text(flow.destination))  \(flow.connections)"), to: &writer)
            }
            if pair.flows.count > TenantReport.shown { line("  and \(pair.flows.count - TenantReport.shown) more", to: &writer) }
        }
        guard !gaps.isEmpty else { return }
        line(style("NOT JUDGED  \(gaps.count): what could not be read may open more", .bold), to: &writer)
        for gap in gaps { line("  " + TerminalText.clean("\(gap.line > 0 ? "\(gap.source):\(gap.line)" : gap.source)  \(gap.message)"), to: &writer) }
    }

    private func words(_ pair: Pair) -> String {
        switch pair.verdict {
        case .isolated: "isolated"
        case .meant: "\(pair.flows.count) flows, as the model means it"
        case .crossing: "CROSSING, \(pair.flows.count) flows"
        case .empty: "nothing runs on one side"
        }
    }

    private func text(_ end: FlowEnd) -> String {
        switch end {
        case .workload(let workload): "\(model.workloads[workload])"
        case .addresses(let range): "\(range)"
        }
    }

    private func line(_ text: String, to writer: inout ByteWriter) {
        writer.text(text)
        writer.byte(UInt8(ascii: "\n"))
    }

    // MARK: - JSON

    private func writeJSON(to writer: inout ByteWriter) {
        writer.beginObject()
        writer.field("schemaVersion", "1")
        writer.line()
        writer.array("tenants") { writer in
            for (tenant, count) in workloads {
                writer.object { writer in
                    writer.field("name", tenant)
                    writer.field("workloads", count)
                }
            }
        }
        writer.line()
        writer.array("pairs") { writer in
            for pair in pairs {
                writer.line()
                writer.object { writer in
                    writer.field("from", pair.from)
                    writer.field("to", pair.to)
                    writer.field("verdict", pair.verdict.rawValue)
                    writer.array("flows") { write(pair.flows, to: &$0) }
                }
            }
        }
        writer.line()
        writer.array("gaps") { $0.elements(gaps) }
        writer.endObject()
        writer.byte(UInt8(ascii: "\n"))
    }

    private func write(_ flows: [Flow], to writer: inout ByteWriter) {
        for flow in flows {
            writer.object { writer in
                writer.field("src", text(flow.source))
                writer.field("dst", text(flow.destination))
                writer.key("conns")
                writer.value(connections: flow.connections)
            }
        }
    }
}
