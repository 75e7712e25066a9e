import Controls
import Documents
import Responsibility
import Testing

struct DigestTests {
    /// FIPS 180-4 examples.
    @Test(
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        ])
    func hashesAsTheStandardSays(text: String, hex: String) {
        #expect(Digest.sha256(Array(text.utf8)) == "sha256:" + hex)
        #expect(Digest.isSHA256("sha256:" + hex))
        for wrong in [
            hex, "sha256:" + hex.uppercased(), "sha256:" + hex + "0", "sha256:" + hex.dropLast(), "sha512:" + hex, "sha256:" + hex.dropLast() + "g",
        ] {
            #expect(!Digest.isSHA256(wrong))
        }
    }

    private func canonical(_ text: String) throws -> String {
        CanonicalJSON.text(of: try #require(DocumentTree.parse(text).tree.roots.first))
    }

    @Test func canonicalFormForgetsLayoutOrderAndSyntax() throws {
        let forms = [
            "b: [1, true, null]\na: {z: x, y: ~}\n", "{\"a\": {\"z\": \"x\"}, \"b\": [1, true, null]}",
            "a:\n  z: \"x\"   # a remark\nb:\n- 1\n- yes\n-\n",
        ]
        for form in forms { #expect(try canonical(form) == #"{"a":{"z":"x"},"b":[1,true,null]}"#) }
    }

    @Test func canonicalFormSortsByUTF16AndEscapesAsLittleAsCan() throws {
        #expect(
            try canonical(#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#)
                == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
        #expect(try canonical(#"["\u0000\u001f\"\\/\b\f\n\t"]"#) == #"["\u0000\u001f\"\\/\b\f\n\t"]"#)
    }

    @Test func canonicalFormTellsApart() throws {
        let forms = ["a: 1", "a: \"1\"", "a: 2", "a: [1]", "a: {b: 1}", "b: 1", "a: true", "a: \"true\"", "a: []", "a: {}", "{}"]
        #expect(Set(try forms.map(canonical)).count == forms.count)
    }

    @Test func patternsAreExactOrBeginnings() throws {
        let exact = try #require(Pattern("kube-system"))
        #expect(exact.matches("kube-system") && !exact.matches("kube-system2") && !exact.matches("kube") && exact.isExact)
        let beginning = try #require(Pattern("gke-*"))
        #expect(beginning.matches("gke-") && beginning.matches("gke-managed") && !beginning.matches("gke") && !beginning.matches("xgke-a"))
        #expect(try #require(Pattern("*")).matches(""))
        for text in ["", "*-gke", "a*b", "**"] { #expect(Pattern(text) == nil) }
        #expect(!exact.matches("Kube-system"))
    }
}
