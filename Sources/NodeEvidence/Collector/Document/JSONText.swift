/// JSON, value after value, into one buffer. Commas come by themselves; what is opened must be closed by the caller.
///
/// Reports have a writer of their own that hands its bytes on while it goes. Evidence is small, is kept whole until it is complete, and holds what
/// strangers named, so this one escapes more than JSON asks for: whoever prints the document to a terminal is not steered by it.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    mutating func object(_ body: (inout JSONText) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    mutating func object(_ key: StaticString, _ body: (inout JSONText) -> Void) {
        self.key(key)
        object(body)
    }

    /// An array with each element on a line of its own, so that two documents compare well.
    mutating func lines<Element>(_ key: StaticString, _ elements: [Element], _ body: (inout JSONText, Element) -> Void) {
        self.key(key)
        open(UInt8(ascii: "["))
        for element in elements {
            line()
            body(&self, element)
        }
        close(UInt8(ascii: "]"))
    }

    mutating func strings(_ key: StaticString, _ strings: [String]) {
        self.key(key)
        open(UInt8(ascii: "["))
        for string in strings { value(string) }
        close(UInt8(ascii: "]"))
    }

    /// Nothing at all for an empty array.
    mutating func strings(_ key: StaticString, unlessEmpty strings: [String]) {
        if !strings.isEmpty { self.strings(key, strings) }
    }

    mutating func map(_ key: StaticString, _ entries: [String: String]) {
        object(key) { json in
            for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
                json.value(name)
                json.bytes.append(UInt8(ascii: ":"))
                json.needsComma = false
                json.value(value)
            }
        }
    }

    /// Nothing at all for nil.
    mutating func field(_ key: StaticString, _ string: String?) {
        guard let string else { return }
        self.key(key)
        value(string)
    }

    mutating func field(_ key: StaticString, _ number: Int?) {
        guard let number else { return }
        self.key(key)
        comma()
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func field(_ key: StaticString, _ boolean: Bool) {
        self.key(key)
        comma()
        bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    }

    mutating func null(_ key: StaticString) {
        self.key(key)
        comma()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Puts what follows on a line of its own.
    mutating func line() {
        comma()
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func key(_ key: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(contentsOf: "\":".utf8)
        needsComma = false
    }

    private mutating func value(_ string: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars { escaped(scalar) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": bytes += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: scalar.value)]
        case "\n": bytes.append(contentsOf: "\\n".utf8)
        case "\t": bytes.append(contentsOf: "\\t".utf8)
        // C0, DEL and C1 steer terminals; U+202A… and U+2066… turn the direction of text around.
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
            let digits = String(scalar.value, radix: 16)
            bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
        default: bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        comma()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}
