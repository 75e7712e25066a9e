import Documents
import Foundation
import Testing

@testable import KubernetesClient

struct KubeconfigTests {
    private static func read(_ text: String, path: String = "/home/jane/.kube/config") throws -> Kubeconfig {
        try Kubeconfig.read(Array(text.utf8), path: path)
    }

    private static func connection(_ text: String, context: String? = nil) throws -> Connection {
        try read(text).connection(context: context)
    }

    /// What reading and connecting says is wrong.
    private static func complaint(_ text: String, context: String? = nil) -> String {
        do throws(ClusterError) {
            _ = try Kubeconfig.read(Array(text.utf8), path: "config").connection(context: context)
            return "nothing"
        } catch {
            return error.description
        }
    }

    private static func config(cluster: String = "server: https://c.example:6443", user: String = "token: t") -> String {
        """
        clusters: [{name: c, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: shop}}]
        current-context: x
        """
    }

    @Test func theCurrentContextIsTaken() throws {
        let connection = try Self.connection(Self.config())
        #expect(connection.name == "x")
        #expect(connection.namespace == "shop")
        #expect(connection.address == "https://c.example:6443")
        guard case .token(let token) = connection.credential else { return #expect(Bool(false), "\(connection.credential)") }
        #expect(token == Secret("t"))
    }

    /// Whatever prints a connection, its secrets stay inside.
    @Test func secretsAreNotPrinted() throws {
        let config = try Self.read(Self.config(user: "token: hunter2, as: jane"))
        let connection = try config.connection(context: nil)
        var dumped = ""
        dump(connection, to: &dumped)
        dump(config, to: &dumped)
        #expect(!"\(config) \(connection) \(dumped)".contains("hunter2"))
        #expect(dumped.contains("jane"))
    }

    @Test func theFirstFileWinsWhole() throws {
        let first = try Self.read(
            """
            clusters: [{name: c, cluster: {server: "https://one"}}]
            users: [{name: red, user: {token: one}}]
            contexts: [{name: x, context: {cluster: c, user: red}}]
            """)
        let second = try Self.read(
            """
            clusters: [{name: c, cluster: {server: "https://two", tls-server-name: two}}, {name: d, cluster: {server: "https://d"}}]
            users: [{name: red, user: {token: two, as: mallory}}, {name: blue, user: {token: blue}}]
            contexts: [{name: z, context: {cluster: d, user: blue}}]
            current-context: x
            """)
        let third = try Self.read("current-context: z")
        let merged = Kubeconfig.merged([first, second, third])
        #expect(merged.contextNames == ["x", "z"])
        #expect(merged.clusters["c"]?.server == "https://one")
        #expect(merged.clusters["c"]?.serverName == nil, "nothing of a later entry is added")
        #expect(merged.users["red"]?.impersonation.user == nil)
        #expect(merged.users["blue"]?.token == Secret("blue"))
        #expect(merged.currentContext == "x")
    }

    @Test func pathsAreMeantFromTheFile() throws {
        let config = try Self.read(
            Self.config(
                cluster: "server: https://c, certificate-authority: pki/ca.crt",
                user:
                    "client-certificate: ../me.crt, client-key: /abs/me.key, tokenFile: token, exec: {command: bin/login, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}"
            ))
        let user = try #require(config.users["u"])
        #expect(config.clusters["c"]?.authority == .file("/home/jane/.kube/pki/ca.crt"))
        #expect(user.certificate == .file("/home/jane/.kube/../me.crt"))
        #expect(user.key == .file("/abs/me.key"))
        #expect(user.tokenFile == "/home/jane/.kube/token")
        #expect(user.exec?.command == "/home/jane/.kube/bin/login")
    }

    @Test func dataWinsOverFiles() throws {
        let config = try Self.read(
            Self.config(cluster: "server: https://c, certificate-authority: ca.crt, certificate-authority-data: aGVsbG8="))
        #expect(config.clusters["c"]?.authority == .data(Array("hello".utf8)))
    }

    @Test(arguments: [
        ("clusters: [{name: c, cluster: {server: 7}}]", "config:1:32: clusters[0].cluster.server must be a string"),
        ("clusters: [{cluster: {}}]", "config:1:12: the cluster needs a name"),
        ("users: [{name: u}, {name: u}]", "config:1:20: there are two entries named 'u' under users; kubectl refuses that"),
        ("kind: Pod", "config:1:1: this is a Pod, where a kubeconfig (kind: Config) was expected"),
        ("a: [", "config:"),
        ("a: 1\n---\nb: 2", "config: a kubeconfig is one document, this file has 2"),
        (config(cluster: "certificate-authority-data: '!'"), "config:1:32: certificate-authority-data is not Base64"),
        (config(cluster: "namespace: x"), "config:1:22: the cluster has no server"),
        (config(cluster: "server: c.example"), "config:1:22: the server 'c.example' is no address; write https://HOST:PORT"),
        (config(cluster: "server: ftp://c"), "config:1:22: the server 'ftp://c' is no address; write https://HOST:PORT"),
        (
            config(cluster: "server: http://c.example"),
            "config:1:22: the server is http://c.example:80, where a credential would travel without TLS; write https://"
        ),
        (
            config(cluster: "server: 'http://localhost:8001', proxy-url: 'http://p:3128'"),
            "config:1:22: the server is http://localhost:8001, where a credential would travel without TLS; write https://"
        ),
        (config(cluster: "server: https://c, proxy-url: ftp://p"), "config:1:22: a proxy by 'ftp' is not supported; http and socks5 are"),
        (
            config(cluster: "server: https://c, tls-server-name: 10.0.0.1"),
            "config:1:22: tls-server-name '10.0.0.1' is an address; write a name of the server's certificate"
        ),
        (
            config(cluster: "server: https://10.0.0.1, proxy-url: http://p"),
            "config:1:22: behind proxy-url the certificate of an address cannot be checked; "
                + "call the server by a name, or set tls-server-name to one of its certificate"
        ),
        (
            config(cluster: "server: https://c, proxy-url: 'socks5://me:hunter2@p'"),
            "config:1:22: a user for a proxy by socks5 is not supported; remove it, or use a proxy by http"
        ),
        (config(cluster: "server: https://c, certificate-authority-data: aGVsbG8="), "config:1:22: the certificate authority is not PEM"),
        (
            config(cluster: "server: https://c, certificate-authority: /nowhere/ca.crt"),
            "the certificate authority /nowhere/ca.crt cannot be read: No such file or directory; check the path and its permissions"
        ),
        (
            config(cluster: "server: https://c, insecure-skip-tls-verify: true, certificate-authority-data: aGVsbG8="),
            "config:1:22: insecure-skip-tls-verify and a certificate authority contradict each other; remove one"
        ),
        (
            config(user: "username: a, password: b"),
            "config:2:19: user name and password are no longer accepted by Kubernetes (since 1.19); use a token, a certificate or an exec plugin"
        ),
        (
            config(user: "auth-provider: {name: gcp}"),
            "config:2:19: auth-provider was removed from Kubernetes' clients (in 1.26); use the exec plugin of the provider"
        ),
        (config(user: #"token: "a\nInjected: b""#), "config:2:19: the token holds what no token can, such as a space or a line break"),
        (config(user: "client-certificate-data: aGVsbG8="), "config:2:19: client-certificate has no client-key"),
        (config(user: "client-certificate-data: aGVsbG8=, client-key-data: aGVsbG8="), "config:2:19: the client certificate is not PEM"),
        (
            config(user: "tokenFile: /nowhere/token"),
            "the token file /nowhere/token cannot be read: No such file or directory; check the path and its permissions"
        ),
        (
            config(user: "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}"),
            "exec apiVersion 'client.authentication.k8s.io/v1alpha1' is not known"
        ),
        (
            config(user: "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}"),
            "exec needs interactiveMode, one of Never, IfAvailable, Always"
        ),
        (config(user: "exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1, interactiveMode: Sometimes}"), "Always, not 'Sometimes'"),
        (
            "contexts: [{name: x, context: {cluster: gone}}]\ncurrent-context: x",
            "config:1:22: context 'x' names cluster 'gone', which is not there; there are none"
        ),
        (config() + "\n", "nothing"),
    ])
    func whatIsWrongIsSaidWithItsPlace(text: String, complaint: String) {
        let said = Self.complaint(text)
        #expect(said.contains(complaint), "\(said)")
    }

    @Test func aContextThatIsNotThereIsNoOther() {
        #expect(Self.complaint(Self.config(), context: "y") == "the kubeconfig has no context 'y'; it has x")
        #expect(Self.complaint("contexts: [{name: a}, {name: b}]") == "the kubeconfig names no current context; name one with --context: a, b")
    }

    /// kubectl minds only the entries in use.
    @Test func aBrokenUserOfAnotherContextIsNoMatter() throws {
        let text = Self.config() + "\n" + "extra: 1"
        let both = text.replacing("users: [", with: "users: [{name: old, user: {username: a}}, ")
        #expect(try Self.connection(both).name == "x")
    }

    @Test func aContextWithoutAUserIsAnonymousBecauseItSaysSo() throws {
        let connection = try Self.connection(
            "clusters: [{name: c, cluster: {server: 'http://localhost:8001'}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x")
        #expect(connection.isAnonymous)
        #expect(try !Self.connection(Self.config()).isAnonymous)
    }

    @Test(arguments: [
        ("https://c", true, "c", 443, ""), ("https://c:6443/k8s/clusters/c-1/", true, "c", 6443, "/k8s/clusters/c-1"),
        ("https://[2001:db8::1]:6443", true, "2001:db8::1", 6443, ""), ("http://127.0.0.1:8001", false, "127.0.0.1", 8001, ""),
    ])
    func addressesAreReadAndWritten(text: String, isSecure: Bool, host: String, port: Int, path: String) throws {
        let address = try #require(ServerAddress(text))
        #expect((address.isSecure, address.host, address.port, address.path) == (isSecure, host, port, path))
        #expect(ServerAddress(address.text) == address)
    }

    @Test(arguments: [
        ("http://127.0.0.1", true), ("http://127.9.8.7:1", true), ("http://localhost:8001", true), ("http://[::1]", true),
        ("http://127.0.0.1.example", false), ("http://127.example", false), ("http://10.0.0.1", false), ("http://localhost.example", false),
    ])
    func onlyThisMachineIsSpokenToWithoutTLS(text: String, isLoopback: Bool) { #expect(ServerAddress(text)?.isLoopback == isLoopback) }

    @Test(arguments: ["", "c", "https://", "https://user:pass@c", "https://c?x=1", "unix:///run/x"])
    func whatIsNoAddressIsRefused(text: String) { #expect(ServerAddress(text) == nil) }
}

/// Which files are read, by flags and environment.
struct ConnectionOptionsTests {
    private static func withFolder<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: ".kube"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8) }
        return try body(folder.path)
    }

    private static func config(_ name: String) -> String {
        """
        clusters: [{name: \(name), cluster: {server: "https://\(name)"}}]
        users: [{name: \(name), user: {token: \(name)}}]
        contexts: [{name: \(name), context: {cluster: \(name), user: \(name)}}]
        current-context: \(name)
        """
    }

    @Test func theFlagWinsOverTheVariableOverTheHome() throws {
        try Self.withFolder([".kube/config": Self.config("home"), "a": Self.config("a"), "b": Self.config("b")]) { (folder) throws in
            func name(_ flag: String?, _ variable: String?, context: String? = nil) throws -> String {
                var environment = ["HOME": folder]
                environment["KUBECONFIG"] = variable
                return try ConnectionOptions(kubeconfig: flag.map { "\(folder)/\($0)" }, context: context, environment: environment).connection().name
            }
            #expect(try name(nil, nil) == "home")
            #expect(try name(nil, "") == "home")
            #expect(try name(nil, "\(folder)/a:\(folder)/b") == "a")
            #expect(try name(nil, "\(folder)/gone::\(folder)/b") == "b")
            #expect(try name(nil, "\(folder)/a:\(folder)/b", context: "b") == "b")
            #expect(try name("b", "\(folder)/a") == "b")
            #expect(throws: ClusterError.self) { try name("gone", "\(folder)/a") }
        }
    }

    @Test func withoutAnyFileThereIsNoDefault() {
        let error = #expect(throws: ClusterError.self) { try ConnectionOptions(environment: ["HOME": "/nowhere"]).connection() }
        #expect(error?.description == "no kubeconfig: there is none at /nowhere/.kube/config; name one with --kubeconfig, or set KUBECONFIG")
        #expect(error?.kind == .configuration)
    }

    @Test func insideAPodItsServiceAccountIsUsed() throws {
        let authority = try MadeIdentity(name: "kubernetes").certificate
        try Self.withFolder(["token": "abc", "ca.crt": authority, "namespace": "shop"]) { folder in
            var options = ConnectionOptions(environment: ["KUBERNETES_SERVICE_HOST": "2001:db8::1", "KUBERNETES_SERVICE_PORT": "6443"])
            options.serviceAccount = folder
            let connection = try options.connection()
            #expect(connection.name == "in-cluster")
            #expect(connection.namespace == "shop")
            #expect(connection.address == "https://[2001:db8::1]:6443")
            // Without its authority nothing is believed, rather than whatever the system believes.
            try FileManager.default.removeItem(atPath: folder + "/ca.crt")
            let error = #expect(throws: ClusterError.self) { try options.connection() }
            #expect(error?.description.hasPrefix("the certificate authority \(folder)/ca.crt cannot be read") == true)
        }
    }
}
