public import Documents

/// What a watch tells.
public enum WatchEvent: Sendable {
    /// All that was told before is forgotten: what exists follows, up to `listed`.
    case beginsAnew
    /// An object that exists: found by a list, new, or changed.
    case present(Value)
    /// An object that exists too, and nobody can say what is in it.
    case unreadable(UnreadableObject)
    case deleted(Value)
    /// The objects told since `beginsAnew` are all there are, as of this version.
    case listed(resourceVersion: String)
}

/// Where a watch stands, and what it must do next. Pure: the shell that asks and waits is `Watch`.
///
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
struct WatchState: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case list
        case watch(from: String)
    }

    private(set) var step = Step.list
    /// Failures since the last event.
    private(set) var failures = 0
    /// Lists made anew since a line could not be read, since the last line that could. A list alone does not end the trouble.
    private(set) var relists = 0

    /// Starts with a list, or where an earlier watch ended.
    init(from resourceVersion: String? = nil) {
        if let resourceVersion { step = .watch(from: resourceVersion) }
    }

    /// What one line of a watch says.
    enum Line: Sendable {
        case changed(Value, resourceVersion: String)
        case unreadable(UnreadableObject, resourceVersion: String)
        case deleted(Value, resourceVersion: String)
        case bookmark(resourceVersion: String)
        case failed(ClusterError)
    }

    mutating func listed(resourceVersion: String) {
        step = .watch(from: resourceVersion)
        failures = 0
    }

    /// - Returns: what to tell; nil where there is nothing to tell.
    mutating func took(_ line: Line) throws(ClusterError) -> WatchEvent? {
        switch line {
        case .changed(let object, let version):
            go(on: version)
            return .present(object)
        case .unreadable(let object, let version):
            go(on: version)
            return .unreadable(object)
        case .deleted(let object, let version):
            go(on: version)
            return .deleted(object)
        case .bookmark(let version):
            go(on: version)
            return nil
        case .failed(let error):
            try failed(error)
            return nil
        }
    }

    private mutating func go(on version: String) {
        (failures, relists) = (0, 0)
        if !version.isEmpty { step = .watch(from: version) }
    }

    /// A list or a watch failed, or could not begin.
    /// - Throws: what waiting will not mend.
    mutating func failed(_ error: ClusterError) throws(ClusterError) {
        failures += 1
        switch error.kind {
        // What happened since is lost, so all is told anew.
        case .gone: step = .list
        // What cannot be read is met again at its version, but not in a list.
        case .tooLarge, .malformed:
            step = .list
            relists += 1
        case .unreachable, .tooManyRequests, .serverFault: break
        default: throw error
        }
    }

    /// How long to wait before the next step, after how many failures. The end of a watch, which comes every few minutes, is none.
    func delay(chance: Double) -> Duration {
        let troubles = max(failures, relists)
        guard troubles > 0 else { return .zero }
        return min(.milliseconds(200) * (1 << min(troubles - 1, 10)), .seconds(30)) * (0.5 + chance / 2)
    }

    /// Reads a line of a watch.
    static func line(_ bytes: [UInt8], purpose: String, limits: Limits = .standard) -> Line {
        // The object becomes a document of its own, as one of a list: places in it begin at the object, and the event is let go.
        let members = ListText.members(of: bytes[...]) ?? []
        guard let type = members.first(where: { $0.key == "type" }), let text = members.first(where: { $0.key == "object" }) else {
            return .failed(ClusterError(.malformed, "\(purpose): a line of the watch is no JSON object"))
        }
        let parsed = DocumentTree.parse(ObjectText.trimmed(bytes[text.value]), source: purpose, syntax: .json, limits: limits)
        let word = String(decoding: bytes[type.value].dropFirst().dropLast(), as: UTF8.self)
        switch WatchedObject(parsed, text: bytes[text.value]) {
        case .read(let object): return line(word, object, purpose: purpose)
        // Where its place is known, nothing else is lost with it.
        case .unreadable(let object, let version) where !object.name.isEmpty && !version.isEmpty:
            if word == "ADDED" || word == "MODIFIED" { return .unreadable(object, resourceVersion: version) }
            if word == "DELETED", let place = object.place(purpose) { return .deleted(place, resourceVersion: version) }
        case .unreadable: break
        }
        return .failed(ClusterError(.malformed, "\(purpose): a line of the watch holds no object"))
    }

    private static func line(_ type: String, _ object: Value, purpose: String) -> Line {
        func text(_ value: Value) -> String { ((try? value.string()) ?? nil) ?? "" }
        let version = text(object["metadata"]["resourceVersion"])
        switch type {
        case "ADDED", "MODIFIED": return .changed(object, resourceVersion: version)
        case "DELETED": return .deleted(object, resourceVersion: version)
        case "BOOKMARK": return .bookmark(resourceVersion: version)
        case "ERROR":
            let code = ((try? object["code"].int()) ?? nil) ?? 500
            let kind: ClusterError.Kind = code == 410 ? .gone : code == 429 ? .tooManyRequests : .serverFault(Int(clamping: code))
            return .failed(ClusterError(kind, "\(purpose): \(text(object["message"]).prefix(400))"))
        default: return .failed(ClusterError(.malformed, "\(purpose): unknown event '\(type.prefix(40))'"))
        }
    }
}

/// Bytes as they arrive, cut into lines. Pure.
struct LineBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to here there is no line break.
    private var searched = 0
    let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Bytes that wait for the end of their line.
    var count: Int { bytes.count - start }
    var isTooLong: Bool { count > limit }

    mutating func append(_ more: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            (searched, start) = (searched - start, 0)
        }
        bytes.append(contentsOf: more)
    }

    /// The next whole line without its break; empty ones are passed over.
    mutating func next() -> [UInt8]? {
        while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            (start, searched) = (end + 1, end + 1)
            if !line.isEmpty { return Array(line) }
        }
        searched = bytes.count
        return nil
    }
}
