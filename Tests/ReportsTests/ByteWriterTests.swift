import Foundation
import Testing

@testable import Reports

struct ByteWriterTests {
    @Test(arguments: [0, 7, 10, 99, 100, -1, -42, Int.max, Int.min])
    func numbersAreDecimal(number: Int) {
        var writer = ByteWriter(chunk: 64)
        writer.number(number)
        #expect(String(decoding: writer.take(), as: UTF8.self) == String(number))
    }

    @Test(arguments: [
        "", "plain", "exactly8", "a \"quote\" and a \\", "tab\tline\nreturn\rbell\u{7}null\u{0}", "ünïcödé 订单 👩‍💻", "\u{7F}\u{80}\u{2028}",
        "1234567\"", "12345678\"", "\\\\\\\\\\\\\\\\\\", "</script>", String(repeating: "long \u{1} ", count: 3000),
    ])
    func escapedTextReadsBack(text: String) throws {
        for markup in [false, true] {
            var writer = ByteWriter(chunk: 64)
            writer.value(text, markup: markup)
            let bytes = writer.take()
            #expect(!markup || !bytes.contains(UInt8(ascii: "<")))
            #expect(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) as? String == text)
        }
    }

    /// Any byte at any place in a word of eight.
    @Test func everyByteIsEscapedAsJSONAsks() throws {
        for scalar in 0..<UInt8(0x80) {
            for place in 0..<17 {
                let text = String(repeating: "x", count: place) + String(UnicodeScalar(scalar)) + String(repeating: "y", count: 17 - place)
                var writer = ByteWriter(chunk: 64)
                writer.value(text)
                let read = try JSONSerialization.jsonObject(with: Data(writer.take()), options: .fragmentsAllowed) as? String
                #expect(read == text, "byte \(scalar) at \(place)")
            }
        }
    }

    @Test func chunksArriveInOrder() throws {
        let collected = Collected()
        var calls = 0
        var writer = ByteWriter(chunk: 64) {
            collected.bytes += $0
            calls += 1
        }
        for number in 0..<1000 { writer.text("\(number),") }
        let large = String(repeating: "z", count: 1000)
        writer.text(large)
        try writer.finish()
        #expect(String(decoding: collected.bytes, as: UTF8.self) == (0..<1000).map { "\($0)," }.joined() + large)
        #expect(calls > 50)
        #expect(writer.total == collected.bytes.count)
    }

    @Test func anErrorOfTheSinkIsThrownAtTheEnd() {
        struct DiskFull: Error {}
        var calls = 0
        var writer = ByteWriter(chunk: 64) { _ in
            calls += 1
            throw DiskFull()
        }
        for _ in 0..<1000 { writer.text("0123456789") }
        #expect(calls == 1, "a sink that failed is left alone")
        do {
            try writer.finish()
            Issue.record("nothing was thrown")
        } catch {
            #expect(error is DiskFull)
        }
    }

    @Test func commasComeByThemselves() {
        var writer = ByteWriter(chunk: 64)
        writer.object { writer in
            writer.field("a", 1)
            writer.array("b") { writer in
                writer.value("x")
                writer.object { _ in }
                writer.beginArray()
                writer.endArray()
                writer.null()
            }
            writer.key("c\"d")
            writer.value(false)
        }
        #expect(String(decoding: writer.take(), as: UTF8.self) == #"{"a":1,"b":["x",{},[],null],"c\"d":false}"#)
    }
}
