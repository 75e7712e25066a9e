import Documents
import Kubernetes
import Testing

struct QuantityTests {
    /// The amount in nano units.
    @Test(arguments: [
        ("0", 0), ("1", 1_000_000_000), ("+1", 1_000_000_000), ("-2", -2_000_000_000), ("500m", 500_000_000), ("0.5", 500_000_000),
        (".5", 500_000_000), ("5.", 5_000_000_000), ("1n", 1), ("1u", 1000), ("2k", 2_000_000_000_000), ("1Ki", 1_024_000_000_000),
        ("1.5Ki", 1_536_000_000_000), ("2e3", 2_000_000_000_000), ("2E3", 2_000_000_000_000), ("1e-3", 1_000_000), ("12e-1", 1_200_000_000),
        ("0000.100", 100_000_000),
    ])
    func reads(text: String, nanos: Int) throws {
        #expect(try #require(Quantity(text)).nanos == Int128(nanos))
    }

    /// Powers of two and ten are told apart, and `E` is exa unless digits follow.
    @Test func ordersSuffixes() throws {
        let ascending = ["1", "1k", "1Ki", "1M", "1Mi", "1G", "1Gi", "1T", "1Ti", "1P", "1Pi", "1E", "1Ei"]
        let quantities = try ascending.map { try #require(Quantity($0)) }
        #expect(quantities == quantities.sorted())
        #expect(Set(quantities).count == ascending.count)
        #expect(Quantity("1E") == Quantity("1000P"))
        #expect(Quantity("1024Mi") == Quantity("1Gi"))
        #expect(Quantity("1000m") == Quantity(1))
    }

    /// Finer than nano rounds away from zero; beyond 2⁶³−1 caps.
    @Test func roundsAndCaps() {
        #expect(Quantity("0.1n")?.nanos == 1)
        #expect(Quantity("-0.1n")?.nanos == -1)
        #expect(Quantity("1.0000000001")?.nanos == 1_000_000_001)
        #expect(Quantity("1e-400")?.nanos == 1)
        #expect(Quantity("9E") == Quantity(9_000_000_000_000_000_000))
        #expect(Quantity("10E") == Quantity(Int64.max))
        #expect(Quantity("8Ei") == Quantity(Int64.max))
        #expect(Quantity("-1e999999") == Quantity(-Int64.max))
        #expect(Quantity("123456789012345678901234567890123456789") == Quantity(Int64.max))
        #expect(Quantity("0.1234567890123456789012345678901234567890")?.nanos == 123_456_790)
        #expect(Quantity("922337203685477580.123456789")?.nanos == Int128("922337203685477580123456789"))
        #expect(Quantity("1500m")?.rounded == 2)
        #expect(Quantity("-1500m")?.rounded == -2)
    }

    @Test(arguments: [
        "", " ", "1 ", " 1", "Ki", ".", "+", "-", "1.1.M", "1+1.0M", "0.1mi", "0.1am", "1i", "1e", "1e-", "1KI", "1K", "1ki", "0x10", "1_0", "٣",
    ])
    func refuses(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test(arguments: [("1500m", "1500m"), ("1.5", "1500m"), ("2Ki", "2048"), ("1u", "1u"), ("3n", "3n")])
    func describes(text: String, shown: String) {
        #expect(Quantity(text)?.description == shown)
    }

    @Test func readsFields() throws {
        let root = DocumentTree.parse("{int: 010, half: 0.5, kilo: 1e3, text: 128Mi, 'null': null, bad: lots, wrong: true}").tree.roots[0]
        #expect(try root["int"].quantity() == Quantity(8))
        #expect(try root["half"].quantity() == Quantity("500m"))
        #expect(try root["kilo"].quantity() == Quantity(1000))
        #expect(try root["text"].quantity() == Quantity("134217728"))
        #expect(try root["null"].quantity() == nil)
        #expect(try root["absent"]["deeper"].quantity() == nil)
        #expect(throws: WrongType.self) { try root["bad"].quantity() }
        #expect(throws: WrongType.self) { try root["wrong"].quantity() }
        #expect(throws: WrongType.self) { try root["text"]["deeper"].quantity() }
    }
}
