internal import Reports
internal import SystemPackage

/// Writes bytes to a file descriptor until all are out. A closed pipe ends the program quietly, as other
/// tools behind `| head` do.
struct Output {
    let descriptor: FileDescriptor

    static let standard = Output(descriptor: .standardOutput)
    static let error = Output(descriptor: .standardError)

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try descriptor.writeAll(bytes)
    }

    /// A line for the person at the terminal; never part of the result. It may quote names that strangers chose, so
    /// nothing in it steers the terminal or looks like a second line.
    static func note(_ line: String) {
        try? error.write(TerminalText.clean(line) + "\n")
    }

    /// As above, for text of our own that has several lines.
    static func notes(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { note(String(line)) }
    }
}
