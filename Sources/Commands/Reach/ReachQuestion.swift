internal import Kubernetes
internal import Reachability

/// The words of `reach --explain`: two ends, a port, and the estate to read.
struct ReachQuestion {
    let source: String
    let destination: String
    let transport: TransportProtocol
    let port: UInt16
    let paths: [String]

    /// - Parameters:
    ///   - words: everything on the command line that is no flag.
    ///   - arguments: the command line, to see which words stand behind `--explain`.
    /// - Throws: `Failure` with code `usage`.
    init(_ words: [String], arguments: [String]) throws {
        let behind = arguments.firstIndex(of: "--explain").map { Array(arguments[($0 + 1)...].prefix(3)) } ?? []
        // Two words and a path look like three words, but a path is no port.
        let isPort = behind.last?.first?.isNumber ?? false
        guard behind.count == 3, isPort || words.count > 3, let start = words.indices.first(where: { Array(words[$0...].prefix(3)) == behind }) else {
            throw Failure.usage("--explain takes SOURCE DESTINATION PORT[/PROTOCOL]: demarc reach --explain shop/web payments/db 5432 manifests/")
        }
        (source, destination) = (behind[0], behind[1])
        let parts = behind[2].split(separator: "/", omittingEmptySubsequences: false)
        guard let port = UInt16(parts[0]), port > 0, parts.count <= 2 else {
            throw Failure.usage("'\(behind[2])' is no port; write a number from 1 to 65535, with /TCP, /UDP or /SCTP behind it")
        }
        let name = parts.count == 2 ? parts[1].uppercased() : "TCP"
        guard let transport = TransportProtocol(rawValue: name) else {
            throw Failure.usage("'\(parts[1])' is no protocol of a port; known are TCP, UDP and SCTP")
        }
        (self.port, self.transport) = (port, transport)
        paths = Array(words[..<start] + words[(start + 3)...])
    }

    struct Answer {
        let question: ReachQuestion
        let explanation: Explanation
    }

    /// - Throws: `Failure`: an end that is not in the estate is incomplete, one that is no end at all is wrong usage.
    func answer(_ model: NetworkModel, defaultNamespace: String) throws -> Answer {
        let from = try endpoint(source, model, defaultNamespace)
        let to = try endpoint(destination, model, defaultNamespace)
        guard let explanation = model.explain(from: from, to: to, transport, port) else {
            throw Failure.usage("neither '\(source)' nor '\(destination)' is a workload; one end at least must be one")
        }
        return Answer(question: self, explanation: explanation)
    }

    private func endpoint(_ text: String, _ model: NetworkModel, _ defaultNamespace: String) throws -> Endpoint {
        if let range = AddressRange(text) { return .addresses(AddressSet(range)) }
        let name = text.contains("/") ? text : "\(defaultNamespace)/\(text)"
        if let exact = model.number(ofWorkload: name) { return .workload(exact) }
        let found = model.workloads.indices.filter { "\(model.workloads[$0].namespace)/\(model.workloads[$0].name)" == name }
        if found.count > 1 {
            let names = found.map { model.workloads[$0].description }.joined(separator: ", ")
            throw Failure.usage("'\(text)' is more than one workload: \(names); say which")
        }
        guard let only = found.first else {
            let near = model.workloads.map(\.description).filter { $0.contains(text) }.prefix(3).joined(separator: ", ")
            throw Failure.incomplete(
                "there is no workload '\(name)' here\(near.isEmpty ? "" : "; did you mean \(near)?"); demarc reach lists them all")
        }
        return .workload(only)
    }
}
