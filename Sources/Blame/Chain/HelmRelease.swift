import Access
import CZlib
public import Documents

/// One revision of a release of Helm, as the Secret `sh.helm.release.v1.NAME.vN` keeps it: the chart with its values and the values that
/// its user gave. Whoever may write the Secret may write what it says, so it is recorded at best.
public struct HelmRelease: Sendable {
    public let name: String
    public let revision: Int
    /// `nginx-1.2.3`
    public let chart: String
    /// `deployed`, `superseded`.
    public let status: String
    /// RFC 3339, as Helm wrote it.
    public let deployed: String
    /// The chart's own values, and those that its user gave.
    let defaults: FieldValue
    let overrides: FieldValue

    public struct Unreadable: Error, Sendable, Equatable {
        public let message: String
    }

    /// Bytes of a release when unpacked. The Secret takes 1 MiB, which may unpack to a thousand times as much.
    static let mostBytes = 32 << 20

    /// - Parameter secret: a Secret of type `helm.sh/release.v1`.
    public init(_ secret: Value) throws(Unreadable) {
        let data = (try? secret["data"]["release"].string()) ?? ""
        let plain = (try? secret["stringData"]["release"].string()) ?? ""
        // The API has `data` in Base64, and Helm its own below that.
        let inner = plain.isEmpty ? try HelmRelease.base64(Array(data.utf8)) : Array(plain.utf8)
        try self.init(packed: try HelmRelease.base64(inner))
    }

    /// - Parameter packed: JSON, packed by gzip or not.
    init(packed: [UInt8]) throws(Unreadable) {
        // Releases of the first versions of Helm 3 are not packed.
        let json = packed.starts(with: [0x1F, 0x8B]) ? try Gzip.unpacked(packed, limit: HelmRelease.mostBytes) : packed
        let parsed = DocumentTree.parse(
            json, source: "Helm release", syntax: .json, limits: Limits(bytes: HelmRelease.mostBytes, depth: 128, nodes: 2_000_000))
        guard parsed.problems.allSatisfy({ !$0.losesDocument }), let root = parsed.tree.roots.first, root.kind == .mapping else {
            throw Unreadable(message: "the release is no JSON object")
        }
        do throws(WrongType) {
            name = try root["name"].string() ?? ""
            revision = Int(clamping: try root["version"].int() ?? 0)
            let metadata = root["chart"]["metadata"]
            chart = "\(try metadata["name"].string() ?? "?")-\(try metadata["version"].string() ?? "?")"
            status = try root["info"]["status"].string() ?? ""
            deployed = try root["info"]["last_deployed"].string() ?? ""
        } catch {
            throw Unreadable(message: "\(error.value.fieldPath) should be \(error.expected)")
        }
        defaults = FieldValue(root["chart"]["values"])
        overrides = FieldValue(root["config"])
    }

    /// Whether a value came with the chart or from its user, as far as the two lists of values tell: which template made a field of
    /// which value, they do not.
    enum Source: Equatable {
        /// The user gave no value at all.
        case chart
        /// No value of the user is like it.
        case probablyChart
        /// The user gave one that is like it, and the chart has it otherwise.
        case override(path: String)
        case unclear
    }

    func source(of value: FieldValue, named key: String) -> Source {
        guard let given = overrides.map, !given.isEmpty else { return .chart }
        let theirs = HelmRelease.places(of: value, in: overrides, path: "", depth: 0)
        guard !theirs.isEmpty else { return .probablyChart }
        // The same place of the chart's values with the same value would mean that the override changed nothing.
        let named = theirs.first { $0.key == key } ?? theirs[0]
        let others = HelmRelease.places(of: value, in: defaults, path: "", depth: 0).filter { $0.key == key }
        return named.key == key && others.isEmpty || theirs.count == 1 && others.isEmpty ? .override(path: named.path) : .unclear
    }

    private static let deepest = 64

    private static func places(of value: FieldValue, in tree: FieldValue, path: String, depth: Int) -> [(path: String, key: String)] {
        guard depth < deepest else { return [] }
        var found: [(String, String)] = []
        switch tree {
        case .map(let map):
            for (key, child) in map.sorted(by: { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }) where found.count < 100 {
                let place = path.isEmpty ? key.text : "\(path).\(key.text)"
                if child == value { found.append((place, key.text)) } else { found += places(of: value, in: child, path: place, depth: depth + 1) }
            }
        case .list(let items):
            for (index, child) in items.enumerated() where found.count < 100 {
                let place = "\(path)[\(index)]"
                if child == value { found.append((place, "")) } else { found += places(of: value, in: child, path: place, depth: depth + 1) }
            }
        default: break
        }
        return found
    }

    /// RFC 4648, with padding; line breaks are passed over.
    static func base64(_ text: [UInt8]) throws(Unreadable) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var (word, count): (UInt32, Int) = (0, 0)
        for byte in text where byte != UInt8(ascii: "=") && byte > UInt8(ascii: " ") {
            guard let digit = digit(byte) else { throw Unreadable(message: "the release is no Base64") }
            word = word << 6 | digit
            count += 1
            guard count == 4 else { continue }
            bytes += [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word)]
            (word, count) = (0, 0)
        }
        switch count {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: word >> 4))
        case 3: bytes += [UInt8(truncatingIfNeeded: word >> 10), UInt8(truncatingIfNeeded: word >> 2)]
        default: throw Unreadable(message: "the release is no Base64")
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

/// Unpacks gzip (RFC 1952) by the system's zlib, no further than a limit.
enum Gzip {
    private static let chunk = 1 << 16

    static func unpacked(_ bytes: [UInt8], limit: Int) throws(HelmRelease.Unreadable) -> [UInt8] {
        var stream = z_stream()
        // 16 more than the largest window asks for gzip alone.
        guard demarc_inflate_begin(&stream) == Z_OK else { throw HelmRelease.Unreadable(message: "zlib could not be set up") }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        let state = input.withUnsafeMutableBufferPointer { source -> Int32 in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            var part = [UInt8](repeating: 0, count: chunk)
            var state = Z_OK
            while state == Z_OK, output.count <= limit {
                let written = part.withUnsafeMutableBufferPointer { target -> Int in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    state = inflate(&stream, Z_NO_FLUSH)
                    return target.count - Int(stream.avail_out)
                }
                output += part[..<written]
                // Nothing read and nothing written: the input has ended too soon.
                if written == 0, state == Z_OK { break }
            }
            return state
        }
        guard output.count <= limit else { throw HelmRelease.Unreadable(message: "the release unpacks to more than \(limit >> 20) MiB") }
        guard state == Z_STREAM_END else { throw HelmRelease.Unreadable(message: "the release is no whole gzip") }
        return output
    }
}
