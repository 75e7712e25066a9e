import Documents
import Testing

struct ManifestTextTests {
    @Test func aManifestIsWrittenAsPeopleWriteIt() {
        let manifest = ManifestText.map([
            "kind": .text("NetworkPolicy"), "metadata": .map(["name": .text("web"), "labels": .map([])]),
            "spec": .map([
                "ingress": .list([.map(["ports": .list([.map(["port": .number(80), "protocol": .text("TCP")])])]), .map([])]), "egress": .list([]),
                "open": .boolean(false), "none": .null,
            ]),
        ])
        #expect(
            manifest.yaml == """
                kind: NetworkPolicy
                metadata:
                  name: web
                  labels: {}
                spec:
                  ingress:
                  - ports:
                    - port: 80
                      protocol: TCP
                  - {}
                  egress: []
                  open: false
                  none: null

                """)
    }

    @Test(arguments: [
        ("web", "web"), ("10.0.0.0/8", "10.0.0.0/8"), ("app.kubernetes.io/name", "app.kubernetes.io/name"), ("", #""""#), ("true", #""true""#),
        ("no", #""no""#), ("8080", #""8080""#), ("1e3", #""1e3""#), ("0x1f", #""0x1f""#), ("null", #""null""#), ("~", #""~""#), ("a: b", #""a: b""#),
        ("fd00::/8", #""fd00::/8""#), ("-", #""-""#), ("#", ##""#""##), ("a\n---\nkind: Pod", #""a\U0000000a---\U0000000akind: Pod""#),
        ("a\"b\\", #""a\"b\\""#), ("\u{1B}[31m", #""\U0000001b[31m""#), ("\u{202E}gpj", #""\U0000202egpj""#), ("订单", #""订单""#),
    ])
    func stringsStayStrings(text: String, written: String) throws {
        #expect(ManifestText.scalar(text) == written)
        let read = DocumentTree.parse(ManifestText.map(["key": .text(text)]).yaml)
        #expect(read.problems.isEmpty)
        #expect(try read.tree.roots.first?["key"].string() == text)
    }

    @Test func aDocumentIsCopiedWithChanges() throws {
        let tree = DocumentTree.parse("{a: [1, two, 3e0], b: {c: yes, d: ~, drop: 1}, e: 1.5}").tree
        let root = try #require(tree.roots.first)
        #expect(
            ManifestText(root) { value in
                if value.isKeyed("drop") { return .remove }
                return value.isKeyed("d") ? .replace(.list([])) : nil
            }.yaml == "a:\n- 1\n- two\n- 3\nb:\n  c: true\n  d: []\n")
    }

    @Test func depthHasAnEnd() {
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        let tree = DocumentTree.parse("{a: \(deep)}").tree
        #expect(tree.roots.map { ManifestText($0).yaml.utf8.count }.allSatisfy { (1..<200).contains($0) })
    }
}
