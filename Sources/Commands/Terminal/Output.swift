internal import Reports
internal import SystemPackage

/// Writes bytes to a file descriptor until all are out. A closed pipe ends the program quietly, as other
/// tools behind `| head` do.
struct Output {
    let descriptor: FileDescriptor
    /// As errors call it.
    let name: String

    static let standard = Output(descriptor: .standardOutput, name: "standard output")
    static let error = Output(descriptor: .standardError, name: "standard error")

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// - Throws: `Failure` with code `incomplete` when not everything could be written: half a report is none.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw Failure.incomplete("\(name) cannot be written: \(error); what is there is incomplete, make room and run again")
        }
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
