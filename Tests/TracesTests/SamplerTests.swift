import Testing

@testable import Traces

struct SamplerTests {
    private static func trace(_ low: UInt64) throws -> TraceID { try #require(TraceID(high: 7, low: low)) }

    private static func parent(isSampled: Bool) throws -> SpanContext {
        try #require(SpanContext(parent: "00-\(SpanContextTests.trace)-\(SpanContextTests.span)-0\(isSampled ? 1 : 0)"))
    }

    /// What is decided of a trace that begins here, of one that is kept elsewhere, and of one that is not.
    @Test(
        arguments: [
            ("always_on", nil, true, true, true), ("always_off", nil, false, false, false), ("traceidratio", "1", true, true, true),
            ("traceidratio", "0", false, false, false), ("traceidratio", nil, true, true, true), ("parentbased_always_on", nil, true, true, false),
            ("parentbased_always_off", nil, false, true, false), ("parentbased_traceidratio", "0", false, true, false),
            ("parentbased_traceidratio", "1.0", true, true, false), ("always_on", "nonsense", true, true, true),
        ] as [(String, String?, Bool, Bool, Bool)])
    func decisions(name: String, argument: String?, root: Bool, kept: Bool, left: Bool) throws {
        let sampler = try #require(Sampler(name: name, argument: argument))
        let trace = try Self.trace(0x1234_5678_9ABC_DEF0)
        #expect(sampler.keeps(trace, parent: nil) == root)
        #expect(sampler.keeps(trace, parent: try Self.parent(isSampled: true)) == kept)
        #expect(sampler.keeps(trace, parent: try Self.parent(isSampled: false)) == left)
    }

    @Test(
        arguments: [
            ("", nil), ("jaeger_remote", nil), ("Always_On", nil), ("parentbased_", nil), ("traceidratio", "1.1"), ("traceidratio", "-0.1"),
            ("traceidratio", "nan"), ("parentbased_traceidratio", "half"), ("traceidratio", "inf"),
        ] as [(String, String?)])
    func unknown(name: String, argument: String?) { #expect(Sampler(name: name, argument: argument) == nil) }

    /// The last 56 bits decide, from the threshold up; the byte before them says nothing.
    @Test func ratio() throws {
        let half = Sampler(root: .ratio(0.5), followsParent: false)
        #expect(half.keeps(try Self.trace(0x0080_0000_0000_0000), parent: nil))
        #expect(half.keeps(try Self.trace(0xFF80_0000_0000_0000), parent: nil))
        #expect(!half.keeps(try Self.trace(0xFF7F_FFFF_FFFF_FFFF), parent: nil))
        // The smallest ratio keeps only the highest number.
        let least = Sampler(root: .ratio(1.0 / Double(UInt64(1) << 56)), followsParent: false)
        #expect(!least.keeps(try Self.trace(0x00FF_FFFF_FFFF_FF00), parent: nil))
        var random = SystemRandomNumberGenerator()
        let tenth = Sampler(root: .ratio(0.1), followsParent: false)
        var kept = 0
        for _ in 0..<20_000 {
            let trace = try Self.trace(random.next())
            let isKept = tenth.keeps(trace, parent: nil)
            if isKept { kept += 1 }
            // Who keeps a tenth keeps nothing that who keeps half does not.
            #expect(!isKept || half.keeps(trace, parent: nil))
        }
        #expect((1_600...2_400).contains(kept))
    }
}
