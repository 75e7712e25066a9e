import ClusterSupport
import Documents
import Foundation
import Synchronization
import Testing

@testable import KubernetesClient

/// Credentials from a program: the protocol, and the program run for real.
struct ExecPluginTests {
    private static let v1 = "client.authentication.k8s.io/v1"

    private static func plugin(_ command: String = "login", version: ExecPlugin.Version = .v1) -> ExecPlugin {
        ExecPlugin(command: command, version: version, interaction: .never, place: "config:3:9")
    }

    private static let cluster = ExecPlugin.ClusterInfo(server: "https://c:6443")

    // MARK: - The protocol

    @Test func itIsToldOfTheClusterOnlyWhenItWantsTo() {
        var plugin = Self.plugin()
        var cluster = Self.cluster
        cluster.authority = Array("ca".utf8)
        cluster.serverName = "name"
        cluster.settings = .map(["audience": .text("a\"b")])
        #expect(
            plugin.information(isInteractive: false, cluster: cluster)
                == #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}"#)
        plugin.providesClusterInfo = true
        #expect(
            plugin.information(isInteractive: true, cluster: cluster) == #"""
                {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":true,"cluster":{"server":"https://c:6443","tls-server-name":"name","certificate-authority-data":"Y2E=","config":{"audience":"a\"b"}}}}
                """#)
    }

    @Test func itsAnswerIsRead() throws {
        let text = #"""
            {"kind":"ExecCredential","apiVersion":"\#(Self.v1)","status":{"token":"t","clientCertificateData":"c","clientKeyData":"k",
             "expirationTimestamp":"2030-01-01T00:00:00Z"}}
            """#
        let answer = try Self.plugin().answer(Array(text.utf8))
        #expect(answer == ExecPlugin.Answer(token: Secret("t"), certificate: "c", key: Secret("k"), expires: Timestamp("2030-01-01T00:00:00Z")))
    }

    @Test(arguments: [
        ("", "its output is no ExecCredential in JSON"), ("token", "its output is no ExecCredential in JSON"),
        ("[]", "its output is no ExecCredential in JSON"),
        (#"{"kind":"Status"}"#, "its output is not of kind ExecCredential"),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}}"#,
            "its output is not of client.authentication.k8s.io/v1, which the kubeconfig asks for"
        ),
        (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}"#, "its output holds neither a token nor a certificate"),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":""}}"#,
            "its output holds neither a token nor a certificate"
        ),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":["hunter2"]}}"#,
            "status.token of its output must be a string"
        ),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"c"}}"#,
            "its output must hold clientCertificateData and clientKeyData together, or neither"
        ),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2\n"}}"#,
            "status.token holds what no token can, such as a line break"
        ),
        (
            #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2","expirationTimestamp":"soon"}}"#,
            "status.expirationTimestamp is no RFC 3339 time"
        ),
    ])
    func aWrongAnswerIsSaidAndNotQuoted(output: String, reason: String) {
        let error = #expect(throws: ClusterError.self) { try Self.plugin().answer(Array(output.utf8)) }
        #expect(error?.kind == .credential)
        #expect(error?.description == "config:3:9: the exec plugin 'login' gave no credential: \(reason)")
    }

    // MARK: - The program

    /// Runs `body` with a shell script in a folder of its own.
    private static func withScript<R>(_ lines: String, _ body: (URL, String) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "login")
        try ("#!/bin/sh\n" + lines).write(to: script, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        return try await body(folder, script.path)
    }

    private static func answer(_ status: String) -> String { #"{"kind":"ExecCredential","apiVersion":"\#(v1)","status":\#(status)}"# }

    @Test func itGetsItsArgumentsAndVariables() async throws {
        let lines = """
            [ "$1" = "--for" ] && [ "$2" = "a b" ] && [ "$REGION" = "eu" ] || exit 9
            case $KUBERNETES_EXEC_INFO in *'"interactive":false'*) ;; *) exit 8 ;; esac
            read line && exit 7
            echo '\(Self.answer(#"{"token":"t"}"#))'
            """
        try await Self.withScript(lines) { (_, script) async throws in
            var plugin = Self.plugin(script)
            plugin.arguments = ["--for", "a b"]
            plugin.environment = [.init(name: "REGION", value: Secret("eu"))]
            #expect(try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: true).token == Secret("t"))
        }
    }

    @Test func aFailureIsAnErrorWithTheHint() async throws {
        try await Self.withScript("echo hunter2; exit 3") { (_, script) async throws in
            var plugin = Self.plugin(script)
            plugin.installHint = "get it from the platform team"
            let error = await #expect(throws: ClusterError.self) { try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: false) }
            #expect(
                error?.description
                    == "config:3:9: the exec plugin '\(script)' gave no credential: it ended with code 3\nget it from the platform team")
        }
    }

    @Test func aProgramThatIsNotThereIsSaid() async throws {
        let plugin = Self.plugin("demarc-has-no-such-plugin")
        let error = await #expect(throws: ClusterError.self) { try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: false) }
        #expect(error?.description.contains("there is no such program; install it, or correct the command in the kubeconfig") == true)
    }

    @Test func oneThatMustAskNeedsATerminal() async throws {
        var plugin = Self.plugin("true")
        plugin.interaction = .always
        let error = await #expect(throws: ClusterError.self) { try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: false) }
        #expect(error?.description.contains("it asks for a terminal (interactiveMode: Always), and there is none") == true)
    }

    // MARK: - One that does not answer

    /// Leaves its number and that of a program that it waits for, which never ends.
    private static let hanging = """
        sleep 100000 & echo $! > "$(dirname "$0")/child"
        echo run >> "$(dirname "$0")/runs"
        echo $$ > "$(dirname "$0")/new" && mv "$(dirname "$0")/new" "$(dirname "$0")/self"
        wait
        """

    private static func text(_ name: String, in folder: URL) -> String? { try? String(contentsOf: folder.appending(path: name), encoding: .utf8) }

    /// Waits for what comes: each has its own end.
    private static func until(_ condition: () async -> Bool) async throws {
        while await !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }

    private static func number(_ name: String, in folder: URL) -> pid_t? {
        text(name, in: folder).flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Waits until a process is no more, or only a name for whoever started it. One that never began is not there either.
    private static func isGone(_ name: String, in folder: URL) async throws {
        guard let number = number(name, in: folder) else { return }
        try await until {
            guard let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return true }
            return status.split(separator: ")").last?.hasPrefix(" Z") ?? true
        }
    }

    @Test(.timeLimit(.minutes(10))) func oneThatDoesNotAnswerIsEnded() async throws {
        try await Self.withScript(Self.hanging) { (folder, script) async throws in
            let plugin = Self.plugin(script)
            let error = await #expect(throws: ClusterError.self) {
                try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: true, patience: .seconds(2))
            }
            #expect(error?.kind == .credential)
            #expect(
                error?.description == "config:3:9: the exec plugin '\(script)' gave no credential: it gave no answer within 2 seconds, and has no "
                    + "terminal to ask at; run it by hand to see what it waits for")
            for name in ["self", "child"] { try await Self.isGone(name, in: folder) }
        }
    }

    /// People take their time: nothing ends what may ask them.
    @Test func oneThatMayAskIsWaitedFor() async throws {
        let lines = """
            case $KUBERNETES_EXEC_INFO in *'"interactive":true'*) ;; *) exec sleep 100000 ;; esac
            echo '\(Self.answer(#"{"token":"t"}"#))'
            """
        try await Self.withScript(lines) { (_, script) async throws in
            var plugin = Self.plugin(script)
            plugin.interaction = .ifAvailable
            #expect(try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: true, patience: .zero).token == Secret("t"))
            let error = await #expect(throws: ClusterError.self) {
                try await ExecRun.run(plugin, cluster: Self.cluster, isInteractive: false, patience: .zero)
            }
            #expect(error?.description.contains("it gave no answer within 0 seconds") == true)
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: [ExecPlugin.Interaction.never, .ifAvailable])
    func aRequestThatIsGivenUpLeavesNothingBehind(interaction: ExecPlugin.Interaction) async throws {
        try await Self.withScript(Self.hanging) { (folder, script) async throws in
            var plugin = Self.plugin(script)
            plugin.interaction = interaction
            let credentials = Credentials(.exec(plugin, Self.cluster), isInteractive: true)
            let asking = Task { try await credentials.current() }
            try await Self.until { Self.text("self", in: folder) != nil }
            // Another that waits for it leaves by itself.
            let waiting = Task { try await credentials.current() }
            try await Self.until { await credentials.waiting == 1 }
            waiting.cancel()
            for task in [waiting, asking] {
                task.cancel()
                let error = await #expect(throws: ClusterError.self) { try await task.value }
                #expect(error?.description.hasSuffix("it was no longer wanted") == true)
            }
            try await Self.isGone("self", in: folder)
            // A program at a terminal stays in the group that the terminal talks to, and ends its own.
            if interaction == .never {
                try await Self.isGone("child", in: folder)
            } else if let child = Self.number("child", in: folder) {
                kill(child, SIGKILL)
            }
            #expect(Self.text("runs", in: folder) == "run\n")
        }
    }

    /// Whoever waits for a plugin that fails need not wait for it once more.
    @Test(.timeLimit(.minutes(10))) func aFailureIsForAllThatWaited() async throws {
        let lines = """
            echo run >> "$(dirname "$0")/runs"
            while [ ! -e "$(dirname "$0")/go" ]; do sleep 0.05; done
            exit 3
            """
        try await Self.withScript(lines) { (folder, script) async throws in
            let credentials = Credentials(.exec(Self.plugin(script), Self.cluster))
            let tasks = (0..<5).map { _ in Task { try await credentials.current() } }
            try await Self.until { await credentials.waiting == 4 }
            try "".write(to: folder.appending(path: "go"), atomically: false, encoding: .utf8)
            for task in tasks {
                let error = await #expect(throws: ClusterError.self) { try await task.value }
                #expect(error?.description.hasSuffix("it ended with code 3") == true)
            }
            #expect(Self.text("runs", in: folder) == "run\n")
            // Who comes later asks anew.
            _ = await #expect(throws: ClusterError.self) { try await credentials.current() }
            #expect(Self.text("runs", in: folder) == "run\nrun\n")
        }
    }

    // MARK: - What is kept of it

    /// Each run leaves a line in a file and hands out a token with its number.
    private static func counting(expires: String) -> String {
        """
        echo run >> "$(dirname "$0")/runs"
        n=$(wc -l < "$(dirname "$0")/runs" | tr -d ' ')
        echo '{"kind":"ExecCredential","apiVersion":"\(v1)","status":{"token":"t'$n'","expirationTimestamp":"\(expires)"}}'
        """
    }

    @Test func aCredentialIsKeptUntilItEnds() async throws {
        try await Self.withScript(Self.counting(expires: "2030-01-01T00:00:00Z")) { (_, script) async throws in
            let clock = Clock("2029-12-31T23:00:00Z")
            let credentials = Credentials(.exec(Self.plugin(script), Self.cluster), now: { clock.now })
            #expect(try await credentials.current().token == Secret("t1"))
            #expect(try await credentials.current().token == Secret("t1"))
            clock.now = Timestamp("2029-12-31T23:59:56Z") ?? clock.now
            #expect(try await credentials.current().token == Secret("t2"))
        }
    }

    @Test func manyRequestsAtOnceRunItOnce() async throws {
        try await Self.withScript(Self.counting(expires: "2999-01-01T00:00:00Z")) { (_, script) async throws in
            let credentials = Credentials(.exec(Self.plugin(script), Self.cluster))
            let tokens = try await withThrowingTaskGroup(of: Secret?.self) { group in
                for _ in 0..<8 { group.addTask { try await credentials.current().token } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(tokens == Array(repeating: Secret("t1"), count: 8))
        }
    }

    /// A token that was withdrawn before its time: once another is asked for, and no more.
    @Test func aRefusedCredentialIsRenewedOnce() async throws {
        try await Self.withScript(Self.counting(expires: "2999-01-01T00:00:00Z")) { (_, script) async throws in
            try await FakeServer.running { request, _ in
                request.header("Authorization") == ["Bearer t2"] ? .init(200, #"{"gitVersion":"v1.36.0"}"#) : .init(401)
            } _: { (server) async throws in
                let source = Connection.CredentialSource.exec(Self.plugin(script), Self.cluster)
                #expect(try await server.client(credential: source) { try await $0.version() } == "v1.36.0")
                #expect(server.requests.count == 2)
            }
            try await FakeServer.running { _, _ in
                .init(401)
            } _: { (server) async throws in
                let source = Connection.CredentialSource.exec(Self.plugin(script), Self.cluster)
                let error = await #expect(throws: ClusterError.self) { try await server.client(credential: source) { try await $0.version() } }
                #expect(error?.kind == .unauthorized)
                #expect(server.requests.count == 2)
            }
        }
    }

    /// A plugin that fails never leads to a request without a credential.
    @Test func withoutACredentialNothingIsSent() async throws {
        try await Self.withScript("exit 1") { (_, script) async throws in
            try await FakeServer.running { _, _ in
                .init(200, #"{"gitVersion":"v1.36.0"}"#)
            } _: { (server) async throws in
                let source = Connection.CredentialSource.exec(Self.plugin(script), Self.cluster)
                let error = await #expect(throws: ClusterError.self) { try await server.client(credential: source) { try await $0.version() } }
                #expect(error?.kind == .credential)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let (one, other) = (try MadeIdentity(name: "one"), try MadeIdentity(name: "other"))
        _ = try ClientIdentity(certificate: Array(one.certificate.utf8), key: Array(one.key.utf8), of: "here")
        let error = #expect(throws: ClusterError.self) {
            try ClientIdentity(certificate: Array(one.certificate.utf8), key: Array(other.key.utf8), of: "here")
        }
        #expect(error?.description == "here: the client key does not belong to the client certificate")
    }
}

/// A clock that a test sets.
final class Clock: Sendable {
    private let instant: Mutex<Timestamp>

    init(_ text: String) { instant = Mutex(Timestamp(text) ?? Timestamp(secondsSinceEpoch: 0)) }

    var now: Timestamp {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }
}
