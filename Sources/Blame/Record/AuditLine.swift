public import Documents

/// Events of an audit log as they are read, wherever they come from: a line of a file, or what an API server sends.
///
/// A patch stands in the log as its sender wrote it: with keys that stand twice, of which the API server takes the last, and nested as deep as Go
/// reads JSON. Neither hides who sent it.
public enum AuditLine {
    public struct Unreadable: Error {
        public let message: String
    }

    /// No object of the API that is judged comes near it, and what reads values goes down by recursion.
    private static let depth = 128
    /// Go's `encoding/json` reads 10,000, and the event is around it.
    private static let greatestDepth = 10_100
    private static let bodies: Set<String> = ["requestObject", "responseObject"]

    /// The one document of `line`: an event, or a list of them. An event with a body that is nested too deep is one of level `Metadata`: who asked for
    /// what is there, and not what was sent.
    public static func root(of line: [UInt8], source: String, limit: Int) throws(Unreadable) -> Value {
        let parsed = parse(line, source, limit, depth)
        if let root = document(of: parsed) { return root }
        let isLimited = parsed.problems.contains { $0.reason == .limit }
        if isLimited, let deep = document(of: parse(line, source, limit, greatestDepth)), let text = shallow(deep),
            let root = document(of: parse(Array(text.utf8), source, limit, depth))
        {
            return root
        }
        throw Unreadable(message: parsed.problems.first?.message ?? "there must be one event in a line")
    }

    private static func parse(_ line: [UInt8], _ source: String, _ limit: Int, _ depth: Int) -> ParsedSource {
        DocumentTree.parse(line, source: source, syntax: .json, limits: Limits(bytes: limit, depth: depth, nodes: 4_000_000, problems: 1))
    }

    /// Keys that stand twice lose nothing, however many there are.
    private static func document(of parsed: ParsedSource) -> Value? {
        let isBroken = parsed.problems.contains { $0.reason == .syntax || $0.reason == .encoding }
        return parsed.tree.roots.count == 1 && !isBroken ? parsed.tree.roots.first : nil
    }

    /// - Returns: nil where something else than a body is too deep.
    private static func shallow(_ root: Value) -> String? {
        guard (try? root["kind"].equals("EventList")) == true else { return shallowEvent(root) }
        guard let items = try? root["items"].items() else { return nil }
        var texts: [String] = []
        for item in items {
            guard let text = shallowEvent(item) else { return nil }
            texts.append(text)
        }
        var text = ""
        EventText.write(root, to: &text) { $0 == "items" || !fits(root.entry(named: $0), depth / 2) }
        return "\(text.dropLast()),\"items\":[\(texts.joined(separator: ","))]}"
    }

    private static func shallowEvent(_ event: Value) -> String? {
        guard let entries = try? event.entries() else { return nil }
        let deep = entries.filter { !fits($0, depth / 2) }.map(\.key)
        guard deep.allSatisfy(bodies.contains) else { return nil }
        var text = ""
        EventText.write(event, to: &text) { !deep.isEmpty && (bodies.contains($0) || $0 == "level") }
        return deep.isEmpty ? text : "\(text.dropLast()),\"level\":\"Metadata\"}"
    }

    private static func fits(_ value: Value, _ depth: Int) -> Bool {
        guard let children = try? value.kind == .mapping ? Array(value.entries()) : value.kind == .sequence ? Array(value.items()) : [] else {
            return false
        }
        return depth > 0 && children.allSatisfy { fits($0, depth - 1) }
    }
}
