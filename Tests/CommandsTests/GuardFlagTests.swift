import ClusterSupport
import Foundation
import Testing

/// What `demarc serve` and `demarc admission policies` are told, before they do anything.
struct GuardFlagTests {
    /// A cluster that is never asked: what is wrong with a flag is said first.
    private static let nowhere = ["--kubeconfig", "/nonexistent/kubeconfig"]

    /// A kubeconfig of a server without TLS on this machine.
    private static func kubeconfig(_ port: Int) -> String {
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:\(port)"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {}}]
        current-context: c
        """
    }

    // MARK: - Where the API server calls

    @Test(arguments: [
        "http://127.0.0.1:18444", "https://127.0.0.1:18444/", "https://127.0.0.1:18444/x/", "https://guard.example?a=b", "https://guard.example#a",
        "https://ann@guard.example", "https://", "https://:8443", "https://guard.example:", "https://guard.example:0", "https://guard.example:65536",
        "https://guard.example:+5", "https://[::1", "https://[::1]x", "https://::1", "https://[guard.example]:1", "guard.example:8443",
        "https://a b", "HTTPS://guard.example",
    ])
    func anAddressIsSchemeHostAndPort(url: String) throws {
        let result = try Program.run(["serve", "--url", url] + Self.nowhere)
        #expect(result.code == 2 && result.errors.hasPrefix("error: --url '\(url)' "), "\(result.errors)")
    }

    @Test(arguments: ["https://guard.example", "https://Guard.example:1", "https://192.0.2.1:8443", "https://[2001:db8::1]:65535", "https://[::1]"])
    func suchAnAddressIsTaken(url: String) throws {
        let result = try Program.run(["serve", "--url", url] + Self.nowhere)
        #expect(result.code == 2 && result.errors.contains("/nonexistent/kubeconfig") && !result.errors.contains("--url"), "\(result.errors)")
    }

    @Test(arguments: [
        ("--exempt-namespace", "A B"), ("--exempt-namespace", "shop-*"), ("--exempt-namespace", "a.b"), ("--exempt-namespace", "a-"),
        ("--exempt-namespace", String(repeating: "a", count: 64)), ("--namespace", "bad ns"), ("--service", "Demarc"),
    ])
    func aNameIsOneThatTheClusterTakes(flag: String, name: String) throws {
        let result = try Program.run(["serve", flag, name] + Self.nowhere)
        #expect(result.code == 2 && result.errors.hasPrefix("error: \(flag) '\(name)' "), "\(result.errors)")
    }

    // MARK: - Alone, or in a cluster

    private static let clusterFlags: [[String]] = [
        ["--url", "https://guard.example"], ["--service", "a"], ["--kubeconfig", "a"], ["--context", "a"], ["--namespace", "a"], ["--no-reports"],
        ["--exempt-namespace", "a"], ["--admission-policies", "warn"], ["--account", "a"], ["--uninstall"], ["--ledger-elsewhere"],
    ]

    @Test(arguments: clusterFlags) func flagsOfAServerInAClusterAreRefusedAlone(flags: [String]) throws {
        try Program.withFiles([:]) { folder in
            let result = try Program.run(["serve", "--standalone", "--listen", "192.0.2.1:8443"] + flags, in: folder)
            #expect(result.code == 2 && result.errors.contains("\(flags[0]) is for a server in a cluster"), "\(result.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test(arguments: ["9223372036854775807", "3601", "-1"]) func theDelayHasALimit(seconds: String) throws {
        try Program.withFiles([:]) { folder in
            let result = try Program.run(["serve", "--standalone", "--listen", "192.0.2.1:8443", "--drain-delay=\(seconds)"], in: folder)
            #expect(result.code == 2 && result.errors.contains("--drain-delay must be from 0 to 3600"), "\(result.errors)")
        }
    }

    // MARK: - Before anything is written

    @Test func withoutItsAddressAServerAloneWritesNothing() throws {
        try Program.withFiles([:]) { folder in
            let result = try Program.run(["serve", "--standalone", "--listen", "192.0.2.1:8443", "--ledger", "ledger.db"], in: folder)
            #expect(result.code == 2 && result.errors.contains("cannot listen on 192.0.2.1:8443"), "\(result.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func withoutItsAddressAServerAsksNoCluster() async throws {
        try await FakeServer.running { _, _ in
            .init(200, #"{"gitVersion":"v1.30.0"}"#)
        } _: { server in
            try Program.withFiles(["kubeconfig": Self.kubeconfig(server.port)]) { folder in
                let arguments = ["serve", "--listen", "127.0.0.1:\(server.port)", "--url", "https://guard.example", "--kubeconfig", "kubeconfig"]
                let result = try Program.run(arguments, in: folder)
                #expect(result.code == 2 && result.errors.contains("cannot listen on 127.0.0.1:\(server.port): Address already in use"))
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test(arguments: [
        (["--data", "taken"], "taken cannot be a folder: there is a file of that name; name another with --data"),
        (["--data", "taken/below"], "taken/below cannot be a folder: "),
    ])
    func aFolderThatCannotBeIsNamed(flags: [String], message: String) throws {
        try Program.withFiles(["taken": "x"]) { folder in
            let result = try Program.run(["serve", "--standalone", "--listen", "127.0.0.1:0"] + flags, in: folder)
            #expect(result.code == 2 && result.errors.contains(message) && !result.errors.contains("NSCocoa"), "\(result.errors)")
        }
    }

    // MARK: - Uninstalling

    @Test func anUninstallationNeedsAClusterThatAnswers() throws {
        // Nobody listens on the port for multiplexers.
        try Program.withFiles(["kubeconfig": Self.kubeconfig(1)]) { folder in
            let result = try Program.run(["serve", "--uninstall", "--kubeconfig", "kubeconfig"], in: folder)
            #expect(result.code == 4 && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(result.errors.contains("http://127.0.0.1:1 cannot be reached"), "\(result.errors)")
        }
    }

    @Test func anUninstallationFromAnotherNamespaceIsRefused() async throws {
        let configuration = #"""
            {"kind":"ValidatingWebhookConfiguration","webhooks":[{"name":"pods.demarc.dev","clientConfig":{"service":{"namespace":"guards","name":"demarc"}}}]}
            """#
        try await FakeServer.running { request, _ in
            switch request.path {
            case "/version": .init(200, #"{"gitVersion":"v1.30.0"}"#)
            case "/api/v1/namespaces": .init(200, #"{"kind":"NamespaceList","apiVersion":"v1","metadata":{},"items":[]}"#)
            default: request.path.hasSuffix("validatingwebhookconfigurations/demarc") ? .init(200, configuration) : .init(404)
            }
        } _: { server in
            try Program.withFiles(["kubeconfig": Self.kubeconfig(server.port)]) { folder in
                let result = try Program.run(["serve", "--uninstall", "--kubeconfig", "kubeconfig", "-n", "demarc"], in: folder)
                #expect(result.code == 2 && result.errors.contains("give -n guards"), "\(result.errors)")
                #expect(!server.requests.isEmpty && server.requests.allSatisfy { $0.method == "GET" })
                let other = try Program.run(["serve", "--uninstall", "--kubeconfig", "kubeconfig", "-n", "guards"], in: folder)
                #expect(other.code == 0 && server.requests.contains { $0.method == "DELETE" }, "\(other.errors)")
            }
        }
    }

    // MARK: - Policies without a server

    private static func policies(_ flags: [String]) throws -> (exempt: [String], text: String) {
        let result = try Program.run(["admission", "policies"] + flags)
        try #require(result.code == 0, "\(result.errors)")
        let list = try #require(result.output.firstMatch(of: #/values:\s*((?:- [^\n]*\s*)+)/#))
        return (list.1.matches(of: #/- ([^\s]+)/#).map { String($0.1) }, result.output)
    }

    /// Whoever may create a namespace could take the name of one that a cluster need not have.
    @Test func onlyNamespacesThatAreThereAreLeftOut() throws {
        let always = ["kube-node-lease", "kube-public", "kube-system"]
        #expect(try Self.policies([]).exempt == ["demarc"] + always)
        let named = try Self.policies(["-n", "guards", "--exempt-namespace", "calico-system", "--exempt-namespace", "kube-system"])
        #expect(named.exempt == ["calico-system", "guards"] + always)
        #expect(try Self.policies(["--model", "acs"]).exempt.contains("ack-csi-fuse"))
    }

    @Test func policiesAreThoseOfTheVersion() throws {
        // Allowed since 1.32: https://kubernetes.io/docs/concepts/security/pod-security-standards/
        #expect(try !Self.policies(["--kubernetes-version", "1.30"]).text.contains("net.ipv4.tcp_rmem"))
        #expect(try Self.policies(["--kubernetes-version", "1.32"]).text.contains("net.ipv4.tcp_rmem"))
        #expect(try Self.policies([]).text.contains("net.ipv4.tcp_rmem"))
    }

    @Test(arguments: [
        (["--exempt-namespace", "A B"], "--exempt-namespace 'A B' "), (["-n", "a.b"], "--namespace 'a.b' "),
        (["--kubernetes-version", "1.29"], "API servers check such policies since 1.30"), (["--kubernetes-version", "new"], "'new' is no version"),
    ])
    func wrongFlagsOfPoliciesAreNamed(flags: [String], message: String) throws {
        let result = try Program.run(["admission", "policies"] + flags)
        #expect(result.code == 2 && result.errors.contains(message) && result.output.isEmpty, "\(result.errors)")
    }
}
