import Testing

@testable import Reports

/// The small values that formats ask for.
struct ValueTests {
    @Test func identifiersAreVersion5() {
        // As Python's uuid.uuid5(uuid.NAMESPACE_URL, "https://demarc.dev/ns/oscal/party#provider").
        #expect(StableUUID.text("party", "provider") == "3f6f22cf-c22f-5286-bd4e-7bc3676fdeda")
        #expect(StableUUID.text("party", "customer") != StableUUID.text("party", "provider"))
        #expect(StableUUID.shortName("a").count == 16)
    }

    @Test(arguments: [
        ("shop/web.yaml", "shop/web.yaml"), ("./a b.yaml", "a%20b.yaml"), ("/srv/订单.yaml", "file:///srv/%E8%AE%A2%E5%8D%95.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"), ("<stdin>", "%3Cstdin%3E"), ("a#b?c.yaml", "a%23b%3Fc.yaml"),
    ])
    func pathsBecomeReferences(path: String, reference: String) {
        #expect(URIReference.text(forPath: path) == reference)
    }

    @Test(arguments: [("a\nb", "a b"), ("  a  b ", "a b"), ("", "-"), ("\u{1B}\t", "-"), ("订单", "订单")])
    func linesOfOSCALAreLines(text: String, line: String) {
        #expect(OSCALText.line(text) == line)
    }
}
