/// The header `tracestate`: what systems of tracing along the way have noted, newest first. Passed on, never read.
///
/// https://www.w3.org/TR/trace-context/#tracestate-header
public struct TraceState: Sendable, Equatable {
    /// As it is passed on; empty when there is nothing.
    public let text: String

    /// The standard asks for 32 members at most, and for 512 characters to be passed on at least.
    static let mostMembers = 32
    static let longest = 512

    /// A header that breaks the rules is dropped as a whole, as the standard asks; the trace goes on without it.
    public init(_ header: String = "") {
        text = TraceState.members(header).map(TraceState.shortened) ?? ""
    }

    /// nil when one of them is none, when there are too many, or when two have the same key.
    private static func members(_ header: String) -> [Substring]? {
        guard header.utf8.count <= 16 << 10 else { return nil }
        var members: [Substring] = []
        var keys: Set<Substring> = []
        for part in header.split(separator: ",") {
            let member = trimmed(part)
            // Empty ones are allowed, and mean nothing.
            if member.isEmpty { continue }
            guard members.count < mostMembers, let equals = member.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let (key, value) = (member[..<equals], member[member.index(after: equals)...])
            guard isKey(key.utf8), isValue(value.utf8), keys.insert(key).inserted else { return nil }
            members.append(member)
        }
        return members
    }

    private static func trimmed(_ part: Substring) -> Substring {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let rest = part.drop(while: isSpace)
        return rest.lastIndex { !isSpace($0) }.map { rest[...$0] } ?? ""
    }

    /// `key`, or `tenant@system`.
    private static func isKey(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, bytes.count <= 256 else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy(isOfKey) }) else { return false }
        switch parts.count {
        case 1: return isLetter(first)
        case 2:
            return (1...241).contains(parts[0].count) && (1...14).contains(parts[1].count) && parts[1].first.map(isLetter) == true
                && (isLetter(first) || isNumber(first))
        default: return false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isNumber(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isOfKey(_ byte: UInt8) -> Bool { isLetter(byte) || isNumber(byte) || "_-*/".utf8.contains(byte) }

    /// Up to 256 printable characters other than comma and equals sign.
    private static func isValue(_ bytes: Substring.UTF8View) -> Bool {
        bytes.count <= 256 && bytes.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    }

    /// Whole members from the newest on. Of those that do not fit, the oldest goes.
    private static func shortened(_ members: [Substring]) -> String {
        var text = ""
        for member in members {
            guard text.utf8.count + member.utf8.count + 1 <= longest else { break }
            if !text.isEmpty { text += "," }
            text += member
        }
        return text
    }
}
