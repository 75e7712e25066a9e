import Testing

@testable import Documents

@Test func readsYAMLAndJSON() throws {
    let yaml = DocumentTree.parse("a: &x {b: yes, m: 010}\nc: [1, *x]\nd:\n  <<: *x\n  b: 'no'\n---\nbroken: [\n---\nx: 1\n")
    let root = yaml.tree.roots[0]
    #expect(try root["a"]["b"].bool() == true)
    #expect(try root["a"]["m"].int() == 8)
    #expect(try root["d"]["b"].string() == "no")
    #expect(try root["d"]["m"].int() == 8)
    #expect(yaml.tree.roots.count == 2)
    #expect(yaml.problems.count == 1)
    let json = DocumentTree.parse("{\"a\": {\"b\": true, \"n\": 8, \"s\": \"x\\u00e9\\n\"}}")
    #expect(try json.tree.roots[0]["a"]["s"].string() == "xé\n")
    #expect(json.tree.roots[0]["a"]["n"].fieldPath == "a.n")
    #expect(throws: WrongType.self) { try json.tree.roots[0]["a"]["n"]["x"].bool() }
}
