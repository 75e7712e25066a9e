/// Lines and words of files that the kernel and tools write, without making a string of what is not kept.
extension Collection<UInt8> where SubSequence == ArraySlice<UInt8> {
    /// The lines, without their ends.
    var byteLines: [ArraySlice<UInt8>] { split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) }

    /// What stands between blanks.
    var byteWords: [ArraySlice<UInt8>] { split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
}

extension ArraySlice<UInt8> {
    var text: String { EvidenceText.of(self) }

    /// A number, nil for anything that is none or does not fit.
    func number(radix: Int = 10) -> Int? { Int(String(decoding: self, as: UTF8.self), radix: radix) }

    var trimmed: ArraySlice<UInt8> {
        var rest = self
        while let byte = rest.first, byte <= 0x20 { rest = rest.dropFirst() }
        while let byte = rest.last, byte <= 0x20 { rest = rest.dropLast() }
        return rest
    }

    /// What stands behind a prefix, nil where it has another one.
    func behind(_ prefix: StaticString) -> ArraySlice<UInt8>? {
        let prefix = UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        return starts(with: prefix) ? dropFirst(prefix.count) : nil
    }
}

extension Array<UInt8> {
    /// The first line as text, without the blanks around it.
    var firstLine: String { self[...].prefix { $0 != UInt8(ascii: "\n") }.trimmed.text }
}
