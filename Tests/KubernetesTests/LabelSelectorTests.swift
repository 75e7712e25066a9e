import Documents
import Kubernetes
import Testing

struct LabelSelectorTests {
    private func value(_ text: String) -> Value { DocumentTree.parse(text).tree.roots[0] }

    @Test(arguments: [
        ("{}", "{}", true),
        ("{}", "{app: web}", true),
        ("{matchLabels: {app: web}}", "{app: web, tier: front}", true),
        ("{matchLabels: {app: web}}", "{app: db}", false),
        ("{matchLabels: {app: web}}", "{}", false),
        ("{matchLabels: {app: ''}}", "{app: null}", true),
        ("{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}]}", "{app: web}", false),
        ("{matchExpressions: [{key: tier, operator: In, values: [a, b]}]}", "{tier: b}", true),
        ("{matchExpressions: [{key: tier, operator: In, values: [a, b]}]}", "{}", false),
        ("{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}", "{tier: a}", false),
        ("{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}", "{tier: b}", true),
        ("{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}", "{}", true),
        ("{matchExpressions: [{key: tier, operator: Exists}]}", "{tier: ''}", true),
        ("{matchExpressions: [{key: tier, operator: DoesNotExist}]}", "{tier: ''}", false),
        ("{matchExpressions: [{key: example.com/tier, operator: DoesNotExist, values: []}]}", "{tier: a}", true),
    ])
    func matches(selector: String, labels: String, expected: Bool) throws {
        let selector = try LabelSelector(value(selector))
        #expect(try selector.matches(value(labels)) == expected)
        #expect(selector.matches(try value(labels).stringMap()) == expected)
    }

    /// What the API server refuses is an error and never a selector that matches nothing or everything.
    @Test(arguments: [
        "[]", "{matchLabels: []}", "{matchLabels: {app: 1}}", "{matchLabels: {-app: web}}", "{matchLabels: {app: 'a b'}}",
        "{matchExpressions: {}}", "{matchExpressions: [{operator: Exists}]}", "{matchExpressions: [{key: a}]}",
        "{matchExpressions: [{key: a, operator: in, values: [b]}]}", "{matchExpressions: [{key: a, operator: In}]}",
        "{matchExpressions: [{key: a, operator: NotIn, values: []}]}", "{matchExpressions: [{key: a, operator: Exists, values: [b]}]}",
        "{matchExpressions: [{key: a, operator: In, values: [true]}]}", "{matchExpressions: [{key: A/b, operator: Exists}]}",
        "{matchExpressions: [{key: a/b/c, operator: Exists}]}",
    ])
    func refuses(selector: String) {
        #expect(throws: WrongType.self) { try LabelSelector(value(selector)) }
    }

    @Test func readsPlainMappings() throws {
        let selector = try LabelSelector(mapping: value("{app: web}"))
        #expect(selector.matches(["app": "web"]) && !selector.matches([:]))
        #expect(try LabelSelector(mapping: value("{a: null}")).matches(value("{a: ''}")))
        #expect(try LabelSelector(value("{}")).matchesEverything)
        #expect(throws: WrongType.self) { try LabelSelector(mapping: value("{a: 1}")) }
        #expect(throws: WrongType.self) { try selector.matches(value("{app: 1}")) }
    }

    /// Lengths at their limits.
    @Test func limitsLengths() throws {
        let name = String(repeating: "a", count: 63)
        _ = try LabelSelector(value("{matchLabels: {\(name): \(name)}}"))
        #expect(throws: WrongType.self) { try LabelSelector(value("{matchLabels: {\(name)a: x}}")) }
        #expect(throws: WrongType.self) { try LabelSelector(value("{matchLabels: {x: \(name)a}}")) }
    }
}
