/// Reads single variables, and gathers what is wrong with them.
struct OTelVariables {
    private let environment: [String: String]
    private(set) var remarks: [String] = []

    init(_ environment: [String: String]) { self.environment = environment }

    /// An empty one counts as none, as the specification asks.
    subscript(_ name: String) -> String? {
        let value = environment[name].map { String($0.drop { $0 == " " }) } ?? ""
        return value.isEmpty ? nil : value
    }

    mutating func remark(_ text: String) { remarks.append(text) }

    /// Of the two names, that for traces wins.
    func signalName(_ name: String) -> String {
        self["OTEL_EXPORTER_OTLP_TRACES_\(name)"] != nil ? "OTEL_EXPORTER_OTLP_TRACES_\(name)" : "OTEL_EXPORTER_OTLP_\(name)"
    }

    func signal(_ name: String) -> String? { self[signalName(name)] }

    // MARK: - Where and how

    mutating func endpoint() -> CollectorAddress? {
        let name = signalName("ENDPOINT")
        guard let text = self[name] else { return nil }
        let isWhole = name.contains("TRACES")
        guard let address = CollectorAddress(text, adding: isWhole ? nil : "/v1/traces") else {
            remark("\(name) must be http://host:port or https://host:port, without a user and without a query; nothing is traced")
            return nil
        }
        return address
    }

    /// A collector takes JSON where it takes protobuf over HTTP; gRPC is another thing at another port.
    mutating func isProtocolSpoken() -> Bool {
        let name = signalName("PROTOCOL")
        switch self[name] {
        case nil, "http/json", "http/protobuf": return true
        case "grpc":
            remark("\(name): grpc is not spoken; name the collector's port for HTTP (4318) and http/json; nothing is traced")
            return false
        default:
            remark("\(name): only http/json is known, and taken")
            return true
        }
    }

    /// `name=value,name=value`, values percent-encoded. A value is never part of a remark.
    mutating func headers() -> [(name: String, value: String)] {
        let variable = signalName("HEADERS")
        var headers: [(name: String, value: String)] = []
        for (position, pair) in OTelVariables.pairs(self[variable] ?? "").enumerated() {
            guard let pair, OTelVariables.isToken(pair.key), OTelVariables.isFieldValue(pair.value) else {
                remark("\(variable): entry \(position + 1) is no header; write name=value, with values percent-encoded")
                continue
            }
            guard !OTelVariables.reserved.contains(pair.key.lowercased()) else {
                remark("\(variable): entry \(position + 1) names a header that is not free to choose")
                continue
            }
            headers.append((name: pair.key, value: pair.value))
        }
        return headers
    }

    /// Set by whoever sends, or dangerous to let somebody set.
    private static let reserved: Set<String> = ["host", "content-length", "content-type", "transfer-encoding", "connection"]

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isFieldValue(_ value: String) -> Bool { value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    // MARK: - How much

    /// In milliseconds, or a count.
    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            remark("\(name) must be a number from \(range.lowerBound) to \(range.upperBound); the default is taken")
            return nil
        }
        return number
    }

    mutating func batchLimits() -> BatchLimits {
        var limits = BatchLimits()
        if let delay = number("OTEL_BSP_SCHEDULE_DELAY", in: 10...3_600_000) { limits.delay = .milliseconds(delay) }
        if let timeout = number("OTEL_BSP_EXPORT_TIMEOUT", in: 1...3_600_000) { limits.timeout = .milliseconds(timeout) }
        // Each span takes about a kilobyte.
        if let queue = number("OTEL_BSP_MAX_QUEUE_SIZE", in: 1...65_536) { limits.queue = queue }
        if let batch = number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", in: 1...8_192) { limits.batch = batch }
        // It must be less than or equal to the queue.
        limits.batch = min(limits.batch, limits.queue)
        return limits
    }

    mutating func sampler() -> Sampler {
        guard let name = self["OTEL_TRACES_SAMPLER"] else { return .standard }
        if let sampler = Sampler(name: name, argument: self["OTEL_TRACES_SAMPLER_ARG"]) { return sampler }
        // A ratio that is none means 1.
        if let sampler = Sampler(name: name, argument: nil) {
            remark("OTEL_TRACES_SAMPLER_ARG must be a ratio from 0 to 1; 1 is taken")
            return sampler
        }
        remark("OTEL_TRACES_SAMPLER: only always_on, always_off, traceidratio and their parentbased_ forms are known; parentbased_always_on is taken")
        return .standard
    }

    // MARK: - Who

    /// A name of the service wins over an attribute; both win over what is known here.
    mutating func resource(version: String) -> [(key: String, value: String)] {
        var attributes = [
            "service.name": "demarc", "service.version": version, "telemetry.sdk.name": "demarc", "telemetry.sdk.language": "swift",
            "telemetry.sdk.version": version,
        ]
        // As the manifests of `deploy` set them.
        attributes["k8s.pod.name"] = self["POD_NAME"]
        attributes["k8s.namespace.name"] = self["POD_NAMESPACE"]
        let pairs = OTelVariables.pairs(self["OTEL_RESOURCE_ATTRIBUTES"] ?? "")
        if pairs.contains(where: { $0 == nil }) {
            // All of it is left aside, as the specification of resources asks.
            remark("OTEL_RESOURCE_ATTRIBUTES must be name=value,name=value, with values percent-encoded; none of it is taken")
        } else {
            for case let pair? in pairs.prefix(64) { attributes[pair.key] = pair.value }
        }
        if let name = self["OTEL_SERVICE_NAME"] { attributes["service.name"] = name }
        return attributes.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    }

    /// nil for an entry that is none.
    private static func pairs(_ text: String) -> [(key: String, value: String)?] {
        text.split(separator: ",").map { entry in
            guard let equals = entry.firstIndex(of: "=") else { return nil }
            let key = trimmed(entry[..<equals])
            guard !key.isEmpty, let value = decoded(trimmed(entry[entry.index(after: equals)...])) else { return nil }
            return (key: key, value: value)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// Without percent-encoding; nil where that is broken.
    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.first != UInt8(ascii: "+")
            else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
