import Documents
import Testing

/// Chains of reads: what is there, what is missing, what is of another type.
struct ValueTests {
    private let root = DocumentTree.parse(
        """
        spec:
          flag: yes
          number: 8
          float: 1e3
          fraction: 1.5
          text: hello
          nothing: null
          list: [a, {name: b}, {name: c, x: 1}]
          map: {k: v, z: null}
          "dotted.key/x": {"": empty}
        """
    ).tree.roots[0]

    @Test func readersGiveWhatIsThere() throws {
        let spec = root["spec"]
        #expect(try spec["flag"].bool() == true)
        #expect(try spec["number"].int() == 8)
        #expect(try spec["float"].int() == 1000)
        #expect(try spec["text"].string() == "hello")
        #expect(try spec["text"].equals("hello"))
        #expect(try !spec["text"].equals("hellO"))
        #expect(try !spec["text"].equals("hell"))
        #expect(try spec["map"].stringMap() == ["k": "v", "z": ""])
        #expect(try Array(spec["map"].entries().map(\.key)) == ["k", "z"])
        #expect(spec["map"].count == 2 && spec["list"].count == 3 && spec["text"].count == 0)
        #expect(spec.entry(named: "text").text == "hello")
        #expect(try DocumentTree.parse("[a, b]").tree.roots[0].strings() == ["a", "b"])
    }

    @Test(arguments: ["absent", "nothing"])
    func missingAndNullReadAsNothing(key: String) throws {
        for value in [root["spec"].entry(named: key), root["spec"].entry(named: key)["deeper"]["still"]] {
            #expect(!value.exists)
            #expect(try value.bool() == nil)
            #expect(try value.int() == nil)
            #expect(try value.string() == nil)
            #expect(try !value.equals(""))
            #expect(try value.items().isEmpty && value.entries().isEmpty)
        }
        #expect(root["spec"]["nothing"].isWritten && !root["spec"]["absent"].isWritten)
    }

    @Test func anotherTypeIsThrownAtTheEndOfTheChain() {
        let spec = root["spec"]
        #expect(wrongType { try spec["text"].bool() } == "spec.text: a boolean")
        #expect(wrongType { try spec["flag"].string() } == "spec.flag: a string")
        #expect(wrongType { try spec["flag"].equals("yes") } == "spec.flag: a string")
        #expect(wrongType { try spec["text"].int() } == "spec.text: an integer")
        #expect(wrongType { try spec["fraction"].int() } == "spec.fraction: an integer")
        #expect(wrongType { try spec["map"].items() } == "spec.map: a sequence")
        #expect(wrongType { try spec["list"].entries() } == "spec.list: a mapping")
        #expect(wrongType { try spec["list"].strings() } == "spec.list[1]: a string")
        #expect(wrongType { try spec["text"]["a"]["b"]["c"].bool() } == "spec.text: a mapping")
        #expect(wrongType { try spec["list"]["a"].items() } == "spec.list: a mapping")
    }

    private func wrongType<T>(_ read: () throws -> T) -> String {
        do {
            _ = try read()
            return "nothing thrown"
        } catch let error as WrongType {
            return "\(error.value.fieldPath): \(error.expected)"
        } catch {
            return "\(error)"
        }
    }

    @Test func pathsNameFieldsAndItems() throws {
        let spec = root["spec"]
        let items = Array(try spec["list"].items())
        #expect(root.fieldPath == "")
        #expect(items[2]["x"].fieldPath == "spec.list[2].x")
        #expect(items[2]["x"].stablePath == "spec.list[c].x")
        #expect(items[0].stablePath == "spec.list[0]")
        #expect(spec["dotted.key/x"].fieldPath == "spec[\"dotted.key/x\"]")
        #expect(spec["dotted.key/x"].entry(named: "").fieldPath == "spec[\"dotted.key/x\"][\"\"]")
        #expect(spec["absent"].fieldPath == "spec")
    }

    @Test func pathsOfLaterDocuments() throws {
        let roots = DocumentTree.parse("a: {b: 1}\n---\na: [{b: 1}, {b: 2}]\n").tree.roots
        #expect(try Array(roots[1]["a"].items())[1]["b"].fieldPath == "a[1].b")
        #expect(roots[0]["a"]["b"].isInside(roots[0]) && !roots[0]["a"]["b"].isInside(roots[1]))
    }

    @Test func descendGoesAsDeepAsThereIsSomething() {
        let (deepest, missing) = root.descend("spec.map.k.further.down")
        #expect(deepest.fieldPath == "spec.map.k" && missing == "further.down")
        #expect(root.descend("spec.text").missing == "")
    }

    @Test func childrenLeaveOutWhatIsShadowed() throws {
        let roots = DocumentTree.parse("{a: 1, b: 2, a: 3}\n---\n{<<: {}}\n").tree.roots
        #expect(try roots[0].entries().map(\.text) == ["2", "3"])
        #expect(try roots[1].entries().isEmpty)
    }

    @Test func integersBeyondTheirRangeAreOfAnotherType() throws {
        for text in ["9223372036854775808", "1e19", "18446744073709551615"] {
            for source in ["a: \(text)", "{\"a\": \(text)}"] {
                #expect(throws: WrongType.self) { try DocumentTree.parse(source).tree.roots[0]["a"].int() }
            }
        }
        #expect(try DocumentTree.parse("{\"a\": -9223372036854775808}").tree.roots[0]["a"].int() == .min)
    }
}
