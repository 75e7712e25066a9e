import Documents
import Testing

@testable import NodeEvidence

/// Flags are read as pflag and Go's own flag package read them.
struct CommandLineFlagTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let name: String
        let values: [String]
        var kind = ComponentKind.kubeAPIServer
        var testDescription: String { "\(kind.rawValue) \(arguments.joined(separator: " ")) → \(name)" }
    }

    @Test(arguments: [
        Case(arguments: ["--profiling=false"], name: "profiling", values: ["false"]),
        Case(arguments: ["--profiling"], name: "profiling", values: ["true"]),
        // A boolean flag never takes the next argument.
        Case(arguments: ["--profiling", "false"], name: "profiling", values: ["true"]),
        Case(arguments: ["--audit-log-path", "/var/log/audit.log"], name: "audit-log-path", values: ["/var/log/audit.log"]),
        // A flag that takes a value has whatever follows, even what looks like a flag.
        Case(arguments: ["--audit-log-path", "--profiling"], name: "profiling", values: []),
        Case(arguments: ["--audit-log-path", "--profiling"], name: "audit-log-path", values: ["--profiling"]),
        Case(arguments: ["--audit-log-path"], name: "audit-log-path", values: [""]),
        // One that nobody here knows swallows no other flag.
        Case(arguments: ["--of-next-year", "--token-auth-file=/x"], name: "token-auth-file", values: ["/x"]),
        Case(arguments: ["--of-next-year", "--token-auth-file=/x"], name: "of-next-year", values: ["true"]),
        Case(arguments: ["--of-next-year", "-1", "--profiling=false"], name: "of-next-year", values: ["-1"]),
        Case(arguments: ["--of-next-year", "--", "--profiling=false"], name: "profiling", values: []),
        Case(arguments: ["--of-next-year", "-client-cert-auth"], name: "client-cert-auth", values: ["true"], kind: .etcd),
        Case(arguments: ["--of-next-year", "-1"], name: "of-next-year", values: ["-1"], kind: .etcd),
        Case(arguments: ["--data-dir", "-x"], name: "data-dir", values: ["-x"], kind: .etcd),
        Case(arguments: ["--aggregator-reject-forwarding-redirect", "x"], name: "aggregator-reject-forwarding-redirect", values: ["true"]),
        Case(arguments: ["--shutdown-send-retry-after", "--anonymous-auth=false"], name: "anonymous-auth", values: ["false"]),
        Case(arguments: ["--disable-http2-serving", "x"], name: "disable-http2-serving", values: ["true"], kind: .kubeScheduler),
        Case(arguments: ["--audit-log-path="], name: "audit-log-path", values: [""]),
        Case(arguments: ["--anonymous_auth=false"], name: "anonymous-auth", values: ["false"]),
        Case(arguments: ["--feature-gates=A=true,B=false"], name: "feature-gates", values: ["A=true,B=false"]),
        Case(arguments: ["--authorization-mode=Node", "--authorization-mode", "RBAC"], name: "authorization-mode", values: ["Node", "RBAC"]),
        Case(arguments: ["--", "--profiling=false"], name: "profiling", values: []),
        // One dash is a shorthand to pflag, and a flag like any other to etcd.
        Case(arguments: ["-profiling=false"], name: "profiling", values: []),
        Case(arguments: ["-client-cert-auth=true"], name: "client-cert-auth", values: ["true"], kind: .etcd),
        Case(arguments: ["-client-cert-auth"], name: "client-cert-auth", values: ["true"], kind: .etcd),
        Case(arguments: ["--client_cert_auth"], name: "client-cert-auth", values: [], kind: .etcd),
        Case(arguments: ["stray", "--profiling=false"], name: "profiling", values: ["false"]),
    ])
    func readsFlags(_ example: Case) throws {
        let flags = CommandLineFlags(try Evidence.arguments(example.arguments), of: example.kind)
        #expect(flags.all(example.name).map(\.value) == example.values)
        #expect(flags.last(example.name)?.value == example.values.last)
    }

    @Test func placesAreWhereTheValueStands() throws {
        let arguments = try Evidence.arguments(["--a", "1", "--a=2"])
        let flags = CommandLineFlags(arguments, of: .kubelet)
        #expect(flags.all("a").map(\.place.identity) == [arguments[1].identity, arguments[2].identity])
    }

    /// What is known to take a value is no boolean.
    @Test(arguments: ComponentKind.allCases) func noFlagIsBoth(kind: ComponentKind) {
        #expect(kind.booleanFlags.isDisjoint(with: ComponentKind.flagsWithValue))
    }

    /// Every boolean flag of the programs that can be built here, asked of the programs themselves.
    @Test func noFlagIsTakenForOneOfAnotherShape() throws {
        for kind in ComponentKind.allCases {
            let flags = CommandLineFlags(try Evidence.arguments(["--config", "x", "--kubeconfig", "y", "--version"]), of: kind)
            #expect(flags.last("config")?.value == "x" && flags.last("kubeconfig")?.value == "y" && flags.last("version")?.value == "true")
        }
    }
}

/// Documents for these tests.
enum Evidence {
    static func root(_ yaml: String) throws -> Value {
        let parsed = DocumentTree.parse(yaml, source: "evidence.yaml")
        #expect(parsed.problems.isEmpty)
        return try #require(parsed.tree.roots.first)
    }

    static func document(_ yaml: String) throws -> EvidenceDocument { EvidenceDocument(try root(yaml)) }

    static func arguments(_ arguments: [String]) throws -> [Value] {
        let list = arguments.map { "\"\($0)\"" }.joined(separator: ", ")
        return Array(try root("[\(list)]").items())
    }
}
