/// YAML beside what kubectl 1.36 makes of it (`kubectl label --local -o json`), as the value of a field. The test
/// `KubectlTests` asks kubectl again where there is one.
struct KubectlCase: CustomStringConvertible, Sendable {
    let yaml: String
    /// nil where kubectl refuses the document.
    let json: String?

    init(_ yaml: String, _ json: String?) {
        self.yaml = yaml
        self.json = json
    }

    var description: String { yaml.debugDescription }

    /// A whole object with this value.
    var manifest: String { "apiVersion: v1\nkind: Thing\nmetadata: {name: a}\na: \(yaml)\n" }

    static let all = booleans + numbers + strings + tags + keys + mappings + aliases + flows

    static let booleans: [KubectlCase] =
        ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "!!bool yes", "!!bool \"true\"", "&x y"].map { .init($0, "true") }
        + ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "!!bool 'n'"].map { .init($0, "false") }
        + ["yES", "TrUe", "tRue", "oN", "nO", "oFF", "nULL", "~x", "yess", "trueish"].map { .init($0, "\"\($0)\"") }
        + ["", "~", "null", "Null", "NULL", "null ", "#x", "!!null ''", "!!null", "&x"].map { .init($0, "null") }

    static let numbers: [KubectlCase] = [
        .init("0", "0"), .init("-0", "0"), .init("1", "1"), .init("+1", "1"), .init("-1", "-1"), .init("1.0", "1"), .init("1e3", "1000"),
        .init("010", "8"), .init("0o10", "8"), .init("0O7", "7"), .init("08", "8"), .init("-08", "-8"), .init("0_8", "8"), .init("0o8", "\"0o8\""),
        .init("0b11", "3"), .init("-0b11", "-3"), .init("+0b11", "3"), .init("0b12", "\"0b12\""), .init("0x1F", "31"), .init("-0x10", "-16"),
        .init("0xdeadBEEF", "3735928559"), .init("0x", "\"0x\""), .init("0x-1", "\"0x-1\""), .init("0x1.8p1", "\"0x1.8p1\""),
        .init("1_000", "1000"), .init("1__0", "10"), .init("1_", "1"), .init("_1", "\"_1\""), .init("12e03", "12000"), .init("0.1e1", "1"),
        .init("1.e3", "1000"), .init(".5", "0.5"), .init("-.5", "-0.5"), .init("+.5", "0.5"), .init(".5e3", "500"), .init(".5_0", "0.5"),
        .init("._5", "\"._5\""), .init(".", "\".\""), .init("..", "\"..\""), .init(".e5", "\".e5\""), .init("1e", "\"1e\""), .init("1e+", "\"1e+\""),
        .init("+", "\"+\""), .init("+-1", "\"+-1\""), .init("1e-400", "0"), .init("1e400", "\"1e400\""), .init("1.5e309", "\"1.5e309\""),
        .init("-9223372036854775808", "-9223372036854775808"), .init("9223372036854775807", "9223372036854775807"),
        .init("9223372036854775808", "9223372036854776000"), .init("123456789012345678901234567890", "1.2345678901234568e+29"),
        .init("18446744073709551615", "18446744073709551615"), .init("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
        .init("0x1FFFFFFFFFFFFFFFF", "\"0x1FFFFFFFFFFFFFFFF\""),
        .init(".5_", "\".5_\""), .init(".5__0", "\".5__0\""), .init("-.5_0", "-0.5"), .init("1:30", "\"1:30\""), .init("12:30:45", "\"12:30:45\""),
        .init("2001-01-01", "\"2001-01-01\""), .init("1.2.3", "\"1.2.3\""),
        .init("100m", "\"100m\""), .init("1Gi", "\"1Gi\""), .init(".inf", nil), .init("-.Inf", nil), .init(".nan", nil), .init(".iNF", "\".iNF\""),
    ]

    static let strings: [KubectlCase] = [
        .init("\"a\\\n  b\"", "\"ab\""), .init("'it''s'", "\"it's\""), .init("\"\\x41\\u0042\"", "\"AB\""), .init("\"\\x00\"", "\"\\u0000\""),
        .init("'a\n\n  b'", "\"a\\nb\""), .init("a\n  b", "\"a b\""), .init("|2\n    x\n", "\"  x\\n\""), .init("|1-\n x\n", "\"x\""),
        .init(">\n  a\n  b\n\n  c\n   d\n", "\"a b\\nc\\n d\\n\""), .init("|+\n  x\n\n", "\"x\\n\\n\\n\""), .init("a\tb", "\"a\\tb\""),
        .init("x:y", "\"x:y\""), .init("x#y", "\"x#y\""), .init("=", "\"=\""), .init("<<", "\"<<\""), .init("-x", "\"-x\""), .init("?x", "\"?x\""),
        .init("a, b]}", "\"a, b]}\""), .init("\"x\ny\"", "\"x y\""), .init("\u{1F600}", "\"\u{1F600}\""), .init("\u{A0}x", "\"\u{A0}x\""),
        .init("|\n  \tx\n", nil), .init("\"\\ud83d\\ude00\"", nil), .init("@x", nil), .init("`x", nil), .init("%x", nil), .init("x: y", nil),
        .init("\"x\"y", nil), .init("\"x", nil), .init("- x", nil), .init("\n\tb: 1", nil), .init("\u{7}", nil),
    ]

    static let tags: [KubectlCase] = [
        .init("! yes", "\"yes\""), .init("&x ! yes", "\"yes\""), .init("! &x yes", "\"yes\""), .init("! \"yes\"", "\"yes\""), .init("!", "\"\""),
        .init("[ä, ! yes, \"ö\", ! 1]", "[\"ä\", \"yes\", \"ö\", \"1\"]"), .init("[yes, &x   ! 1, 1]", "[true, \"1\", 1]"),
        .init("!x", "\"\""), .init("!x yes", "\"yes\""), .init("!<x> yes", "\"yes\""), .init("!!str yes", "\"yes\""), .init("!!str 1", "\"1\""),
        .init("!!str", "\"\""), .init("!!str ~", "\"~\""), .init("!!int \"1\"", "1"), .init("!!int 0x10", "16"), .init("!!int 1_0", "10"),
        .init("!!int 1.5", nil), .init("!!int x", nil), .init("!<tag:yaml.org,2002:int> \"1\"", "1"), .init("!!float 1", "1"),
        .init("!!float \".5\"", "0.5"),
        .init("!!float yes", nil), .init("!!bool x", nil), .init("!!null \"x\"", nil), .init("!!binary aGk=", "\"hi\""), .init("!!binary aGk", nil),
        .init("!!binary \"\"", "\"\""), .init("!!binary |\n   aGk=\n", "\"hi\""), .init("!!binary \"aG k=\"", nil),
        .init("!!binary gIGC", "\"\u{FFFD}\u{FFFD}\u{FFFD}\""), .init("!!timestamp \"2001-01-01\"", "\"2001-01-01\""), .init("!!timestamp x", nil),
        .init("!!map [1]", "[1]"), .init("!!seq {b: 1}", "{\"b\": 1}"), .init("!!set {b, c}", "{\"b\": null, \"c\": null}"),
        .init("!!omap [b: 1]", "[{\"b\": 1}]"), .init("!!merge x", "\"x\""), .init("!x!y z", nil), .init("!!", nil),
    ]

    static let keys: [KubectlCase] = [
        .init("{1: x}", "{\"1\": \"x\"}"), .init("{010: x}", "{\"8\": \"x\"}"), .init("{1.10: x}", "{\"1.1\": \"x\"}"),
        .init("{1e6: x}", "{\"1e+06\": \"x\"}"),
        .init("{1e5: x}", "{\"100000\": \"x\"}"), .init("{1e21: x}", "{\"1e+21\": \"x\"}"), .init("{1e20: x}", "{\"1e+20\": \"x\"}"),
        .init("{1234567.5: x}", "{\"1.2345675e+06\": \"x\"}"), .init("{0.00001: x}", "{\"1e-05\": \"x\"}"),
        .init("{0.0001: x}", "{\"0.0001\": \"x\"}"), .init("{99999999999999999999: x}", "{\"1e+20\": \"x\"}"), .init("{-0.0: x}", "{\"-0\": \"x\"}"),
        .init("{1e39: x}", "{\".inf\": \"x\"}"), .init("{16777217.0: x}", "{\"1.6777216e+07\": \"x\"}"),
        .init("{123456.5: x}", "{\"123456.5\": \"x\"}"),
        .init("{9223372036854775808: x}", nil), .init("{0xFFFFFFFFFFFFFFFF: x}", nil),
        .init("{18446744073709551616: x}", "{\"1.8446744e+19\": \"x\"}"), .init("{.inf: x}", "{\".inf\": \"x\"}"),
        .init("{+.inf: x}", "{\".inf\": \"x\"}"),
        .init("{-.inf: x}", "{\"-.inf\": \"x\"}"), .init("{.nan: x}", "{\".nan\": \"x\"}"), .init("{yes: x}", "{\"true\": \"x\"}"),
        .init("{n: x}", "{\"false\": \"x\"}"), .init("{~: x}", nil), .init("{null: x}", nil), .init("{\"null\": x}", "{\"null\": \"x\"}"),
        .init("{\"yes\": x}", "{\"yes\": \"x\"}"), .init("{2001-01-01: x}", "{\"2001-01-01\": \"x\"}"),
        .init("{!!binary aGk=: x}", "{\"hi\": \"x\"}"),
        .init("{!!str 1: x}", "{\"1\": \"x\"}"), .init("{!!float 1: x}", "{\"1\": \"x\"}"), .init("{! 010: x}", "{\"010\": \"x\"}"),
        .init("{[b]: x}", nil), .init("{{b: c}: x}", nil), .init("\n  ? b\n  : c", "{\"b\": \"c\"}"), .init("\n  ? b", "{\"b\": null}"),
        .init("{\"sp\\u0065c\": 1}", "{\"spec\": 1}"), .init("{b, c: d}", "{\"b\": null, \"c\": \"d\"}"), .init("{\"\": 1}", "{\"\": 1}"),
    ]

    static let mappings: [KubectlCase] = [
        .init("{b: 1, b: 2}", "{\"b\": 2}"), .init("\n  b: 1\n  c: 2\n  b: 3", "{\"b\": 3, \"c\": 2}"),
        .init("{b: 1, <<: {b: 2, c: 3}}", "{\"b\": 2, \"c\": 3}"), .init("{<<: {b: 2, c: 3}, b: 1}", "{\"b\": 1, \"c\": 3}"),
        .init("{<<: [{b: 2, c: 3}, {b: 4, d: 1}], b: 1}", "{\"b\": 1, \"c\": 3, \"d\": 1}"), .init("{<<: [{b: 2}, {b: 4}]}", "{\"b\": 2}"),
        .init("{<<: {b: 1}, <<: {b: 2}}", "{\"b\": 2}"), .init("{<<: {b: {c: 1}}, b: {d: 2}}", "{\"b\": {\"d\": 2}}"), .init("{<<: {}}", "{}"),
        .init("{<<: null}", nil), .init("{<<: 1}", nil), .init("{<<: [1]}", nil), .init("{<<: []}", "{}"),
        .init("{\"<<\": {b: 1}}", "{\"<<\": {\"b\": 1}}"),
        .init("{b: 0, <<: {b: 1}, \"<<\": 3}", "{\"b\": 1, \"<<\": 3}"), .init("{!!merge \"<<\": {b: 1}}", "{\"b\": 1}"),
        .init("{<<: {<<: {b: 1, c: 1}, b: 2}, c: 3}", "{\"b\": 2, \"c\": 3}"), .init("{<<: {b: 1, <<: {b: 2}}}", "{\"b\": 2}"),
    ]

    static let aliases: [KubectlCase] = [
        .init("[&x 1, *x]", "[1, 1]"), .init("[&x 1, &x 2, *x]", "[1, 2, 2]"), .init("[&x {b: 1}, *x]", "[{\"b\": 1}, {\"b\": 1}]"),
        .init("[{&k b: 1}, *k]", "[{\"b\": 1}, \"b\"]"), .init("[{&k b: 1}, {*k : 2}]", "[{\"b\": 1}, {\"b\": 2}]"),
        .init("[&k 010, {*k : 2}]", "[8, {\"8\": 2}]"), .init("[&k {b: 1}, {*k : 2}]", nil), .init("&x [*x]", nil), .init("&x {b: *x}", nil),
        .init("*x", nil), .init("&x:y z", "\":y z\""), .init("[&x {b: 1}, {<<: *x, c: 2}]", "[{\"b\": 1}, {\"b\": 1, \"c\": 2}]"),
        .init("[&x [1], {<<: *x}]", nil), .init("[&x [&x 1, *x], *x]", "[[1, 1], 1]"),
        .init("[&k \"<<\", {*k : {b: 1}}]", "[\"<<\", {\"<<\": {\"b\": 1}}]"),
        .init("[{&k <<: {b: 1}}, *k]", "[{\"b\": 1}, \"<<\"]"),
    ]

    static let flows: [KubectlCase] = [
        .init("{b:1}", "{\"b:1\": null}"), .init("[b:1]", "[\"b:1\"]"), .init("{\"b\":1}", "{\"b\": 1}"),
        .init("[b: c, d: e]", "[{\"b\": \"c\"}, {\"d\": \"e\"}]"),
        .init("[? b]", "[{\"b\": null}]"), .init("{? b: 1}", "{\"b\": 1}"), .init("[-x]", "[\"-x\"]"), .init("[b,]", "[\"b\"]"),
        .init("[b, , c]", nil),
        .init("[ , b]", nil), .init("[b #c\n]", "[\"b\"]"), .init("[b#c]", "[\"b#c\"]"), .init("[b}", nil), .init("{b]", nil), .init("[:x]", nil),
        .init("\n- 1\n- 2", "[1, 2]"), .init("\n  - - 1\n    - 2", "[[1, 2]]"), .init("\n  - b: 1\n    c: 2\n  - d", "[{\"b\": 1, \"c\": 2}, \"d\"]"),
        .init("\n b: 1\n  c: 2", nil), .init("\n  b: 1\n c: 2", nil), .init("[\n---\n]", nil), .init("[?b]", "[{\"b\": null}]"),
        .init("{?b: 1}", "{\"b\": 1}"), .init("[b, {c: [?d]}]", "[\"b\", {\"c\": [{\"d\": null}]}]"), .init("[a?b]", nil), .init("[b?]", nil),
    ]
}
