/// Where a report goes: called with the next bytes, in order.
public typealias ByteSink = (UnsafeRawBufferPointer) throws -> Void

/// Writes bytes into a buffer that is handed to a sink whenever it is full, or kept whole when there is no sink.
///
/// A scan may have a hundred thousand findings, some 80 MB of JSON; so no text is put together as a `String`
/// before it is written, and nothing here allocates for one value. An error of the sink is kept and thrown by
/// `finish`, since a `try` on each comma would help nobody.
public struct ByteWriter: ~Copyable {
    private var storage: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    public private(set) var count = 0
    /// Bytes handed to the sink already.
    private var flushed = 0
    private let sink: ByteSink?
    private var failure: (any Error)?
    /// Whether the next JSON value or key must be set apart from the one before it.
    var needsComma = false

    /// - Parameters:
    ///   - chunk: bytes collected before the sink is called.
    ///   - sink: nil keeps everything for `take`.
    public init(chunk: Int = 256 << 10, sink: ByteSink? = nil) {
        capacity = max(chunk, 64)
        storage = .allocate(capacity: capacity)
        self.sink = sink
    }

    deinit { storage.deallocate() }

    /// Bytes written so far, those in the buffer and those gone to the sink.
    public var total: Int { flushed + count }

    /// Hands the rest to the sink.
    /// - Throws: the first error that the sink threw.
    public mutating func finish() throws {
        flush()
        if let failure { throw failure }
    }

    /// What was written and not handed to a sink; empties the buffer.
    public mutating func take() -> [UInt8] {
        defer { count = 0 }
        return Array(UnsafeBufferPointer(start: storage, count: count))
    }

    /// Hands what is in the buffer to the sink, if there is one.
    mutating func flush() {
        guard let sink, count > 0 else { return }
        if failure == nil {
            do { try sink(UnsafeRawBufferPointer(start: storage, count: count)) } catch { failure = error }
        }
        flushed += count
        count = 0
    }

    /// Makes room for `extra` more bytes; what follows may write them without asking again.
    @inline(__always)
    private mutating func reserve(_ extra: Int) {
        if count + extra > capacity { makeRoom(extra) }
    }

    /// Empties the buffer into the sink, or grows it when there is none or the text is larger than the buffer.
    private mutating func makeRoom(_ extra: Int) {
        flush()
        guard count + extra > capacity else { return }
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: storage, count: count)
        storage.deallocate()
        (storage, capacity) = (moved, larger)
    }

    // MARK: - Plain bytes

    @inline(__always)
    public mutating func byte(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    @inline(__always)
    public mutating func bytes(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (storage + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    public mutating func bytes(_ array: [UInt8]) { array.withUnsafeBufferPointer { bytes($0) } }

    public mutating func bytes(_ slice: ArraySlice<UInt8>) { slice.withUnsafeBufferPointer { bytes($0) } }

    /// Text as it stands.
    @inline(__always)
    public mutating func text(_ literal: StaticString) {
        bytes(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// A string as it stands. Native strings are UTF-8 already, so nothing is converted.
    public mutating func text(_ string: String) {
        var string = string
        string.withUTF8 { bytes($0) }
    }

    /// A number in decimal digits, written from the last one back.
    public mutating func number(_ number: Int) {
        if number < 0 { byte(UInt8(ascii: "-")) }
        reserve(20)
        var rest = number.magnitude
        var digits = 1
        while digits < 20, rest >= 10 { (rest, digits) = (rest / 10, digits + 1) }
        rest = number.magnitude
        for place in stride(from: digits - 1, through: 0, by: -1) {
            storage[count + place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    // MARK: - The inside of a JSON string

    /// Writes text as it stands between the quotes of a JSON string.
    ///
    /// - Parameter markup: also escapes `<`, so that text inside an HTML script element cannot end it.
    public mutating func escaped(_ text: UnsafeBufferPointer<UInt8>, markup: Bool = false) {
        guard let start = text.baseAddress else { return }
        var offset = 0
        while offset < text.count {
            let length = min(text.count - offset, 4096)
            // The longest escape takes six bytes.
            reserve(length * 6)
            escape(start + offset, length, markup: markup)
            offset += length
        }
    }

    public mutating func escaped(_ string: String, markup: Bool = false) {
        var string = string
        string.withUTF8 { escaped($0, markup: markup) }
    }

    /// Writes into room that is known to suffice.
    @inline(__always)
    private mutating func escape(_ text: UnsafePointer<UInt8>, _ length: Int, markup: Bool) {
        var read = 0
        var write = storage + count
        while read < length {
            // Eight plain bytes at a time: most text needs no escape at all.
            while read + 8 <= length {
                let word = UnsafeRawPointer(text + read).loadUnaligned(as: UInt64.self)
                guard isPlain(word, markup: markup) else { break }
                UnsafeMutableRawPointer(write).storeBytes(of: word, as: UInt64.self)
                read += 8
                write += 8
            }
            var rest = min(8, length - read)
            while rest > 0 {
                let byte = text[read]
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), !(markup && byte == UInt8(ascii: "<")) {
                    write.pointee = byte
                    write += 1
                } else {
                    write += escapeByte(byte, at: write)
                }
                read += 1
                rest -= 1
            }
        }
        count = write - storage
    }
}

/// Whether none of eight bytes needs an escape in a JSON string.
@inline(__always)
private func isPlain(_ word: UInt64, markup: Bool) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    var found = (word &- ones &* 0x20) & ~word
    found |= (quotes &- ones) & ~quotes
    found |= (backslashes &- ones) & ~backslashes
    if markup {
        let brackets = word ^ (ones &* 0x3C)
        found |= (brackets &- ones) & ~brackets
    }
    return found & highs == 0
}

/// Writes the escape of one byte and returns its length.
private func escapeByte(_ byte: UInt8, at write: UnsafeMutablePointer<UInt8>) -> Int {
    write[0] = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): write[1] = byte
    case UInt8(ascii: "\n"): write[1] = UInt8(ascii: "n")
    case UInt8(ascii: "\r"): write[1] = UInt8(ascii: "r")
    case UInt8(ascii: "\t"): write[1] = UInt8(ascii: "t")
    default:
        write[1] = UInt8(ascii: "u")
        write[2] = UInt8(ascii: "0")
        write[3] = UInt8(ascii: "0")
        write[4] = hexadecimalDigit(byte >> 4)
        write[5] = hexadecimalDigit(byte & 15)
        return 6
    }
    return 2
}

func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
