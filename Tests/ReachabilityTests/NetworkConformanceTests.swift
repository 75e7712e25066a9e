import Documents
import Foundation
import Kubernetes
import Reachability
import Testing

/// Estates with the flows that another analyser of network policies gives, from a folder outside the repository: where
/// it is absent, nothing is judged and a line says so.
struct NetworkConformanceTests {
    private static let folder: URL = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data =
            ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? package.appendingPathComponent("../shared/data")
        return data.appendingPathComponent("network").standardizedFileURL
    }()

    @Test func agreesOnEveryFlow() throws {
        let file = Self.folder.appendingPathComponent("expected.json")
        guard let bytes = FileManager.default.contents(atPath: file.path) else {
            print("conformance, network: skipped, \(file.path) is not there; set DEMARC_CONFORMANCE_DATA to run it")
            return
        }
        let expected = try #require(DocumentTree.parse([UInt8](bytes), source: file.path).tree.roots.first)
        var (cases, flows) = (0, 0)
        for expectation in try expected["cases"].items() {
            let directory = try #require(try expectation["dir"].string())
            let model = NetworkModel(of: try read(directory))
            #expect(model.gaps.isEmpty, "\(directory): \(model.gaps.map(\.message))")
            let (wanted, found) = (try FlowSet(expectation["flows"]), FlowSet(model))
            for flow in wanted.rows.subtracting(found.rows).sorted() { Issue.record("\(directory): missing \(flow)") }
            for flow in found.rows.subtracting(wanted.rows).sorted() { Issue.record("\(directory): too much \(flow)") }
            cases += 1
            flows += wanted.rows.count
        }
        #expect(cases > 0)
        print("conformance, network: \(cases) cases, \(flows) flows")
    }

    private func read(_ directory: String) throws -> Inventory {
        let folder = Self.folder.appendingPathComponent(directory)
        var objects: [KubernetesObject] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
            objects += SourceObjects(DocumentTree.parse([UInt8](bytes), source: name).tree).objects
        }
        return Inventory(objects)
    }
}

/// Flows as lines of text, addresses outside that share their connections as one set.
private struct FlowSet {
    private(set) var rows: Set<String> = []

    init(_ model: NetworkModel) {
        var outside = Outside()
        for flow in model.flows {
            switch (flow.source, flow.destination) {
            case (.workload(let source), .workload(let destination)):
                rows.insert("\(model.workloads[source]) → \(model.workloads[destination]): \(flow.connections)")
            case (.addresses(.v4(let range)), .workload(let workload)):
                outside.add("outside → \(model.workloads[workload])", flow.connections, range)
            case (.workload(let workload), .addresses(.v4(let range))):
                outside.add("\(model.workloads[workload]) → outside", flow.connections, range)
            default: rows.insert("IPv6 \(flow)")
            }
        }
        rows.formUnion(outside.rows)
    }

    init(_ list: Value) throws {
        var outside = Outside()
        for flow in try list.items() {
            let (source, destination) = (try flow["src"].string() ?? "", try flow["dst"].string() ?? "")
            let connections = try FlowSet.connections(flow["conns"])
            if connections.isEmpty { continue }
            if let range = FlowSet.range(source) {
                outside.add("outside → \(destination)", connections, range)
            } else if let range = FlowSet.range(destination) {
                outside.add("\(source) → outside", connections, range)
            } else {
                rows.insert("\(source) → \(destination): \(connections)")
            }
        }
        rows.formUnion(outside.rows)
    }

    private static func range(_ text: String) -> ClosedRange<UInt32>? {
        let ends = text.split(separator: "-").compactMap { AddressRange(String($0)) }
        guard ends.count == 2, !text.contains("/") else { return nil }
        return UInt32(ends[0].first)...UInt32(ends[1].first)
    }

    /// `all`, or ranges by protocol.
    private static func connections(_ value: Value) throws -> ConnectionSet {
        if value.kind == .string { return .all }
        var connections = ConnectionSet.none
        for entry in try value.entries() {
            let transport = try #require(TransportProtocol(rawValue: entry.key))
            for range in try entry.items() {
                let ends = try range.items().map { UInt16(try $0.int() ?? 0) }
                connections.formUnion(ConnectionSet(transport, PortSet(ends[0]...ends[1])))
            }
        }
        return connections
    }

    private struct Outside {
        private var ranges: [String: IntervalSet<UInt32>] = [:]

        mutating func add(_ pair: String, _ connections: ConnectionSet, _ range: ClosedRange<UInt32>) {
            let key = "\(pair): \(connections)"
            ranges[key] = (ranges[key] ?? IntervalSet()).union(IntervalSet(range))
        }

        var rows: [String] { ranges.map { "\($0.key) \($0.value.ranges)" } }
    }
}
