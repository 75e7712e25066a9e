/// JSON, value after value. Commas come by themselves; what is opened must be closed by the caller.
extension ByteWriter {
    mutating func beginObject() { open(UInt8(ascii: "{")) }
    mutating func endObject() { close(UInt8(ascii: "}")) }
    mutating func beginArray() { open(UInt8(ascii: "[")) }
    mutating func endArray() { close(UInt8(ascii: "]")) }

    mutating func key(_ key: StaticString) {
        comma()
        byte(UInt8(ascii: "\""))
        text(key)
        text("\":")
        needsComma = false
    }

    mutating func key(_ key: String) {
        value(key)
        byte(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ string: String, markup: Bool = false) {
        comma()
        byte(UInt8(ascii: "\""))
        escaped(string, markup: markup)
        byte(UInt8(ascii: "\""))
    }

    /// A literal that needs no escape.
    mutating func value(_ literal: StaticString) {
        comma()
        byte(UInt8(ascii: "\""))
        text(literal)
        byte(UInt8(ascii: "\""))
    }

    /// A string, or null.
    mutating func value(_ string: String?, markup: Bool = false) {
        if let string { value(string, markup: markup) } else { null() }
    }

    mutating func value(_ number: Int) {
        comma()
        self.number(number)
    }

    mutating func value(_ boolean: Bool) {
        comma()
        text(boolean ? "true" : "false")
    }

    mutating func null() {
        comma()
        text("null")
    }

    mutating func field(_ name: StaticString, _ string: String) {
        key(name)
        value(string)
    }

    mutating func field(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    mutating func field(_ name: StaticString, _ boolean: Bool) {
        key(name)
        value(boolean)
    }

    /// Nothing at all for nil or an empty string.
    mutating func field(_ name: StaticString, unlessEmpty string: String?) {
        if let string, !string.isEmpty { field(name, string) }
    }

    /// An object under a key.
    mutating func object(_ name: StaticString, _ body: (inout ByteWriter) -> Void) {
        key(name)
        object(body)
    }

    mutating func object(_ body: (inout ByteWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    /// An array under a key.
    mutating func array(_ name: StaticString, _ body: (inout ByteWriter) -> Void) {
        key(name)
        beginArray()
        body(&self)
        endArray()
    }

    /// Puts the next element on a line of its own, so that files compare and `grep` well without the weight of indentation.
    mutating func line() {
        if needsComma { byte(UInt8(ascii: ",")) }
        byte(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func comma() {
        if needsComma { byte(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        comma()
        byte(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        byte(bracket)
        needsComma = true
    }
}
