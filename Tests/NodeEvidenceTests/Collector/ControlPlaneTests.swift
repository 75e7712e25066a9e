import ClusterSupport
import Foundation
import Testing

@testable import NodeEvidence

/// A real etcd and kube-apiserver, as any control plane runs them.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"))
struct ControlPlaneTests {
    @Test func aRunningControlPlane() async throws {
        try await APIServer.running(users: ["alice": ["dev"]], controllers: ["clusterrole-aggregation"], flags: ["--anonymous-auth=false"]) {
            server in
            try check(server)
        }
    }

    private func check(_ server: APIServer) throws {
        let found = try Collected(NodeCollector(CollectorOptions(toolVersion: "0.0.0")).collect())
        try checkProcesses(found, server)
        try checkFiles(found, server)
        try checkSecrets(found, server)
    }

    private func checkProcesses(_ found: Collected, _ server: APIServer) throws {
        let pids = try server.processes()
        for name in ["etcd", "kube-apiserver", "kube-controller-manager"] {
            let process = try #require(found.list("processes").first { $0["pid"] as? Int == pids[name].map(Int.init) }, "\(name)")
            #expect(process["name"] as? String == name)
            #expect(process["argv"] as? [String] != nil)
            #expect((process["executable"] as? String)?.hasSuffix("/\(name)") == true)
            #expect(process["replaced"] as? [String] == [])
        }
        let apiServer = try #require(found.list("processes").first { $0["pid"] as? Int == pids["kube-apiserver"].map(Int.init) })
        #expect((apiServer["argv"] as? [String])?.contains("--anonymous-auth=false") == true)
        #expect((apiServer["argv"] as? [String])?.contains { $0.hasPrefix("--token-auth-file=/") } == true)
    }

    private func checkFiles(_ found: Collected, _ server: APIServer) throws {
        let folder = server.folder.resolvingSymlinksInPath().path
        let policy = try #require(found.file(folder + "/audit-policy.yaml"))
        #expect((policy["content"] as? String)?.contains("RequestResponse") == true)
        #expect(policy["mode"] as? String == "0600" && policy["for"] as? [String] == ["kube-apiserver"])
        for secret in ["/tokens.csv", "/pki/apiserver.key", "/pki/service-account.key", "/pki/ca.key"] {
            #expect(found.file(folder + secret)?["content"] is NSNull, "\(secret)")
        }
        #expect(found.file(folder + "/etcd")?["type"] as? String == "directory")

        let port = try #require(URL(string: server.url)?.port)
        let socket = try #require(found.list("sockets").first { $0["port"] as? Int == port })
        #expect(socket["process"] as? String == "kube-apiserver" && socket["address"] as? String == "127.0.0.1")

        let authority = try String(contentsOf: server.certificateAuthority, encoding: .utf8)
        let certificates = found.certificates.filter { ($0["path"] as? String)?.hasPrefix(folder) == true }
        #expect(certificates.contains { $0["path"] as? String == folder + "/ca.crt" && $0["pem"] as? String == authority })
        #expect(certificates.contains { $0["cluster"] as? String == "test" && $0["pem"] as? String == authority })
        #expect(certificates.contains { $0["path"] as? String == folder + "/pki/apiserver.crt" })
    }

    private func checkSecrets(_ found: Collected, _ server: APIServer) throws {
        #expect(!found.text.contains(server.token))
        for token in server.tokens.values { #expect(!found.text.contains(token)) }
        for key in ["apiserver", "service-account", "ca"] {
            let lines = try String(contentsOf: server.folder.appending(path: "pki/\(key).key"), encoding: .utf8).split(separator: "\n")
            for line in lines where line.count > 20 && !line.hasPrefix("-----") { #expect(!found.text.contains(line)) }
        }
    }

    /// Its port is asked for its certificate, with both versions of TLS.
    @Test(arguments: ["VersionTLS12", "VersionTLS13"])
    func itsPortShowsItsCertificate(version: String) async throws {
        try await APIServer.running(flags: ["--tls-min-version=\(version)"]) { server in
            let port = try #require(URL(string: server.url)?.port)
            var options = CollectorOptions(toolVersion: "0.0.0")
            options.probesListeners = true
            options.limits.probe = 10_000
            let found = try Collected(NodeCollector(options).collect())
            let certificate = try #require(found.certificates.first { $0["listener"] as? String == "127.0.0.1:\(port)" })
            let onDisk = try String(contentsOf: server.folder.appending(path: "pki/apiserver.crt"), encoding: .utf8)
            #expect((certificate["pem"] as? String)?.hasPrefix(onDisk) == true && certificate["process"] as? String == "kube-apiserver")
        }
    }
}
