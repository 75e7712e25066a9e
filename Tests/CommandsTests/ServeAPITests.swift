import ClusterSupport
import Foundation
import Testing

/// The API of `demarc serve` and its certificate, as programs in the cluster meet them.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeAPITests {
    private static let paths = ["/metrics", "/demarc/v1/findings", "/demarc/v1/gaps"]

    /// Who may read what the server says about itself and about the cluster.
    private static let role = """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"readers"},\
        "rules":[{"nonResourceURLs":["/metrics","/demarc/v1/*"],"verbs":["get"]}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"readers"},\
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"readers"},\
        "subjects":[{"kind":"ServiceAccount","name":"scraper","namespace":"shop"}]}
        """

    @Test func aTokenOpensWhatItsOwnerMayRead() async throws {
        try await GuardedCluster.running(.init(users: ["eve": ["dev"]])) { cluster in
            let api = cluster.api
            let account = #"{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"scraper","namespace":"shop"}}"#
            try #require(try api.create(account).allSatisfy { $0.status == 201 })
            let made = try ServiceAccountToken(api, namespace: "shop", name: "scraper")
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            func statuses(_ token: String?) throws -> [String] {
                try Self.paths.map { try replica.ask($0, token.map { ["Authorization: Bearer \($0)"] } ?? []).status }
            }
            func all(_ status: String) -> [String] { Self.paths.map { _ in status } }

            #expect(try statuses(nil) == all("401"))
            #expect(try statuses("nobody-has-this-token") == all("401"))
            #expect(try statuses(api.tokens["eve"]) == all("403"))
            #expect(try statuses(made.issued) == all("403"), "an account may nothing by itself")

            try #require(try api.create(Self.role).allSatisfy { $0.status == 201 })
            let isOpen = try await eventually { try statuses(made.issued) == all("200") }
            #expect(isOpen)
            #expect(try statuses(api.tokens["eve"]) == all("403"))
            #expect(
                try replica.ask("/demarc/v1/findings", ["Authorization: Bearer \(made.issued)", "Content-Type: text/plain"], body: Data("x".utf8))
                    .status
                    == "405")
            #expect(try replica.ask("/demarc/v1/nothing", token: made.issued).status == "404")
            // What is there is found in a while.
            let isFound = try await eventually {
                let findings = Reading(try replica.ask("/demarc/v1/findings", token: made.issued).body)
                return findings["schemaVersion"].text == "1" && !findings["findings"].items.isEmpty
            }
            #expect(isFound)

            // Clocks that differ: a token of another hour is none, whoever signed it. One of this hour shows that the signature is right.
            #expect(try statuses(made.signed(from: -60, until: 600)) == all("200"))
            #expect(try statuses(made.signed(from: -7_200, until: -3_600)) == all("401"), "expired")
            #expect(try statuses(made.signed(from: 3_600, until: 7_200)) == all("401"), "not valid yet")
            #expect(try statuses(made.signed(from: -60, until: 600, audience: "https://elsewhere.example.com")) == all("401"), "for somebody else")

            // The account goes, and its tokens with it.
            #expect(try api.request("DELETE", "/api/v1/namespaces/shop/serviceaccounts/scraper").status == 200)
            let isShut = try await eventually { try statuses(made.issued) == all("401") }
            #expect(isShut)
            #expect(!replica.output.contains(made.issued) && !replica.output.contains(api.token), "a token is in the log")
        }
    }

    @Test func itsCertificateHoldsForClocksThatDiffer() async throws {
        try await GuardedCluster.running { cluster in
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            let shown = try BoundedProcess.run("openssl", ["s_client", "-connect", "127.0.0.1:\(replica.port)", "-showcerts"], seconds: 30)
            let chain = shown.output.matches(of: #/(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/#).map { String($0.output) + "\n" }
            let configuration = Reading(try cluster.api.get("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/demarc").body)
            let bundle = try #require(configuration["webhooks"][0]["clientConfig"]["caBundle"].text.flatMap { Data(base64Encoded: $0) })
            let (leaf, trusted) = (cluster.api.folder.appending(path: "leaf.pem"), cluster.api.folder.appending(path: "trusted.pem"))
            try (try #require(chain.first)).write(to: leaf, atomically: false, encoding: .utf8)
            try bundle.write(to: trusted)
            /// Whether an API server whose clock differs by so many seconds trusts it.
            func isTrusted(_ seconds: Double) throws -> Bool {
                let time = Int(Date(timeIntervalSinceNow: seconds).timeIntervalSince1970)
                return try BoundedProcess.run("openssl", ["verify", "-attime", "\(time)", "-CAfile", trusted.path, leaf.path], seconds: 30).code == 0
            }
            #expect(try isTrusted(0) && isTrusted(-3_000) && isTrusted(86_400 * 50))
            #expect(try !isTrusted(-86_400) && !isTrusted(86_400 * 100))
        }
    }
}

/// Tokens of a service account: as the API server gives them out, and as it would have at another time.
struct ServiceAccountToken {
    /// Given out by the API server.
    let issued: String
    private let key: URL
    private let claims: @Sendable (_ from: Int, _ until: Int, _ audience: String) -> String

    init(_ api: APIServer, namespace: String, name: String) throws {
        let path = "/api/v1/namespaces/\(namespace)/serviceaccounts/\(name)"
        let answer = try api.post(
            "\(path)/token", #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}"#)
        issued = try #require(Reading(answer.body)["status"]["token"].text, "\(answer.body)")
        let uid = try #require(Reading(try api.get(path).body)["metadata"]["uid"].text)
        key = api.folder.appending(path: "pki/service-account.key")
        claims = { from, until, audience in
            """
            {"iss":"https://kubernetes.default.svc","aud":["\(audience)"],"sub":"system:serviceaccount:\(namespace):\(name)","iat":\(from),"nbf":\(from),\
            "exp":\(until),"kubernetes.io":{"namespace":"\(namespace)","serviceaccount":{"name":"\(name)","uid":"\(uid)"}}}
            """
        }
    }

    /// One with the API server's own signature, valid from and until so many seconds from now.
    func signed(from: Double, until: Double, audience: String = "https://kubernetes.default.svc") throws -> String {
        func time(_ seconds: Double) -> Int { Int(Date(timeIntervalSinceNow: seconds).timeIntervalSince1970) }
        let text = Self.encoded(Data(#"{"alg":"ES256","typ":"JWT"}"#.utf8)) + "." + Self.encoded(Data(claims(time(from), time(until), audience).utf8))
        let file = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let made = try BoundedProcess.run("openssl", ["dgst", "-sha256", "-sign", key.path, "-out", file.path], input: text, seconds: 30)
        try #require(made.code == 0, "\(made.complaint)")
        return text + "." + Self.encoded(try Self.joined(try Data(contentsOf: file)))
    }

    /// The two numbers of a signature, which ASN.1 writes as integers and JWS as 32 bytes each. https://www.rfc-editor.org/rfc/rfc7518#section-3.4
    private static func joined(_ signature: Data) throws -> Data {
        let bytes = [UInt8](signature)
        let first = 4..<4 + Int(bytes[3])
        let second = first.upperBound + 2..<first.upperBound + 2 + Int(bytes[first.upperBound + 1])
        try #require(bytes[2] == 2 && second.upperBound == bytes.count)
        func number(_ range: Range<Int>) -> [UInt8] {
            let digits = bytes[range].drop { $0 == 0 }
            return Array(repeating: 0, count: 32 - digits.count) + digits
        }
        return Data(number(first) + number(second))
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
