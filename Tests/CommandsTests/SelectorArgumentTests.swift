import Testing

@testable import Commands

/// kubectl's forms, each with objects it must and must not select. Asked through the program, as a person would.
struct SelectorArgumentTests {
    private static let labels = ["a": "{app: web, env: prod}", "b": "{app: api, env: stage, legacy: \"\"}", "c": "{}"]

    private static let objects = labels.sorted { $0.key < $1.key }.map { name, labels in
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), labels: \(labels)}\n"
    }.joined(separator: "---\n")

    private static let selectors: [(String, Int)] = [
        ("app=web", 1), ("app==web", 1), ("app = web", 1), ("app!=web", 2), ("env in (prod,stage)", 2), ("env in(prod)", 1),
        ("env notin (prod)", 2), ("legacy", 1), ("!legacy", 2), ("! legacy", 2), ("app,env=stage", 1), ("app=api,env in (prod, stage),legacy", 1),
        ("legacy=", 1), ("env in (prod,stage),app!=web", 1), ("", 3), ("app\t=\tweb", 1),
    ]

    @Test(arguments: selectors)
    func selectsAsKubectlDoes(selector: String, count: Int) throws {
        let result = try Program.run(["scan", "-", "--format", "json", "--fail-on", "none", "-l", selector], input: Self.objects)
        #expect(result.output.contains("\"objects\":\(count),"), "\(selector): \(result.output.prefix(400))\(result.errors)")
    }

    @Test(arguments: [
        "a b", "a=b=c", "=b", "!", "a in b", "a in (b", "a in b)", "a within (b)", "a,,b", "a>1", "ä=b", "a=b/c", "a=b c", "(a)", "a in (b))",
    ])
    func refusesWhatKubectlRefuses(selector: String) throws {
        #expect(throws: Failure.self) { try SelectorArgument.parse(selector) }
    }
}
