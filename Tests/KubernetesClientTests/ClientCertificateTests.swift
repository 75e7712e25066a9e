import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import KubernetesClient

/// Client certificates, with a server that wants one.
struct ClientCertificateTests {
    private let peer: TLSPeer

    init() throws { peer = try TLSPeer() }

    private func inFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private static func inline(_ identity: MadeIdentity) -> String {
        "client-certificate-data: \(TLSPeer.data(identity.certificate)), client-key-data: \(TLSPeer.data(identity.key))"
    }

    private static func write(_ identity: MadeIdentity, to folder: URL, certificate: Bool = true, key: Bool = true) throws {
        if certificate { try identity.certificate.write(to: folder.appending(path: "c.pem"), atomically: true, encoding: .utf8) }
        if key { try identity.key.write(to: folder.appending(path: "k.pem"), atomically: true, encoding: .utf8) }
    }

    private static func files(_ folder: URL) -> String {
        "client-certificate: \(folder.path)/c.pem, client-key: \(folder.path)/k.pem"
    }

    @Test(arguments: [false, true]) func itIsShown(asFiles: Bool) async throws {
        let jane = try MadeIdentity(name: "jane", groups: ["dev", "ops"], by: peer.clients)
        try await inFolder { folder in
            try Self.write(jane, to: folder)
            try await peer.running(asks: true) { server in
                let user = asFiles ? Self.files(folder) : Self.inline(jane)
                try await TLSPeer.ask(try peer.connection("127.0.0.1:\(server.port)", user: user))
                let subject = try #require(server.requests.first.flatMap(TLSPeer.subject))
                for part in ["CN=jane", "O=dev", "O=ops"] { #expect(subject.contains(part), "\(subject)") }
                #expect(server.requests.first?.header("Authorization") == [])
            }
        }
    }

    /// Nothing reaches the server, and least of all a request without a certificate.
    @Test func aWrongOneIsAnError() async throws {
        let stranger = try MadeIdentity(name: "jane", by: try MadeIdentity(name: "others"))
        let former = try MadeIdentity(name: "jane", by: peer.clients, lasts: -3_600)
        try await peer.running(asks: true) { server in
            for (user, text) in [
                (Self.inline(stranger), "it refuses the client certificate"), (Self.inline(former), "it refuses the client certificate"),
                ("", "it asks for a client certificate, and the kubeconfig has none for this user"),
            ] {
                let error = await TLSPeer.failure { try await TLSPeer.ask(try peer.connection("127.0.0.1:\(server.port)", user: user), attempts: 3) }
                #expect(error?.kind == .unreachable && error?.description.contains(text) == true, "\(error?.description ?? "no error")")
            }
            #expect(server.requests.isEmpty && peer.names.all.count == 3, "a refused certificate is not tried again: \(peer.names.all.count)")
        }
    }

    /// Each request looks at the files; while they do not belong together the former pair goes on, and where they are gone nothing leaves.
    @Test func filesThatChangeAreReadAgain() async throws {
        let (first, second) = (try MadeIdentity(name: "first", by: peer.clients), try MadeIdentity(name: "second", by: peer.clients))
        try await inFolder { folder in
            try Self.write(first, to: folder)
            try await peer.running(asks: true) { server in
                let connection = try peer.connection("127.0.0.1:\(server.port)", user: Self.files(folder))
                try await ClusterClient.connected(to: connection) { client in
                    _ = try await client.version()
                    _ = try await client.version()
                    try Self.write(second, to: folder, key: false)
                    _ = try await client.version()
                    try Self.write(second, to: folder)
                    _ = try await client.version()
                    try FileManager.default.removeItem(at: folder.appending(path: "k.pem"))
                    let error = await TLSPeer.failure { _ = try await client.version() }
                    #expect(error?.kind == .credential && error?.description.contains("the client key \(folder.path)/k.pem cannot be read") == true)
                }
                #expect(server.requests.map(TLSPeer.subject) == ["CN=first", "CN=first", "CN=first", "CN=second"])
                // One connection for each certificate, not one for each request.
                #expect(peer.names.all.count == 2)
            }
        }
    }

    @Test func filesThatAreBrokenAtTheStartAreAnError() async throws {
        try await inFolder { folder in
            let (one, other) = (try MadeIdentity(name: "a", by: peer.clients), try MadeIdentity(name: "b", by: peer.clients))
            try Self.write(one, to: folder)
            try Self.write(other, to: folder, certificate: false)
            let error = await TLSPeer.failure { _ = try peer.connection("127.0.0.1:1", user: Self.files(folder)) }
            #expect(error?.kind == .credential && error?.description.contains("the client key does not belong to the client certificate") == true)
        }
    }

    /// What a real API server makes of it: the subject becomes the user and the groups, and rights go by them.
    @Test(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)")) func anAPIServerKnowsTheSubject() async throws {
        try await APIServer.running { server in
            _ = try server.create(
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: services, namespace: default}
                rules: [{apiGroups: [""], resources: [services], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: devs, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: services}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: certified-devs}]
                """)
            let folder = server.folder
            func openssl(_ arguments: String...) throws {
                let made = try BoundedProcess.run("openssl", arguments, seconds: 60)
                #expect(made.code == 0, "\(made.complaint)")
            }
            let (key, request, certificate) = ("\(folder.path)/k.pem", "\(folder.path)/c.csr", "\(folder.path)/c.pem")
            try openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
            try openssl("req", "-new", "-subj", "/O=certified-devs/CN=carol", "-key", key, "-out", request)
            try openssl(
                "x509", "-req", "-in", request, "-CA", server.certificateAuthority.path, "-CAkey", "\(folder.path)/pki/ca.key", "-CAcreateserial",
                "-days", "1", "-out", certificate)
            let authority = try String(contentsOf: server.certificateAuthority, encoding: .utf8)
            let text = """
                clusters: [{name: c, cluster: {server: "\(server.url)", certificate-authority-data: \(TLSPeer.data(authority))}}]
                users: [{name: u, user: {client-certificate: \(certificate), client-key: \(key)}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """
            let connection = try Kubeconfig.read(Array(text.utf8), path: "config").connection(context: nil)
            let services = Resource(version: "v1", name: "services", kind: "Service", isNamespaced: true)
            let secrets = Resource(version: "v1", name: "secrets", kind: "Secret", isNamespaced: true)
            try await ClusterClient.connected(to: connection) { client in
                _ = try await client.get(ObjectReference(services, namespace: "default", name: "kubernetes"))
                let error = await TLSPeer.failure { _ = try await client.get(ObjectReference(secrets, namespace: "default", name: "any")) }
                #expect(error?.kind == .forbidden && error?.description.contains(#"User "carol" cannot get resource "secrets""#) == true)
            }
            let seen = try server.auditEvents().filter { $0.contains(#""username":"carol""#) }
            #expect(seen.count >= 2 && seen.allSatisfy { $0.contains(#""groups":["certified-devs","system:authenticated"]"#) })
        }
    }
}
