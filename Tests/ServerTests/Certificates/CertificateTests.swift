import Crypto
import Documents
import Foundation
import NIOSSL
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

@testable import Server

struct CertificateTests {
    private static let policy = RotationPolicy()
    private static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)

    private static func authority(_ hosts: [String] = ["demarc.demarc.svc"]) throws -> Authority {
        try Authority.make(for: CertificateNames(hosts), policy: policy, now: now)
    }

    /// What a client that trusts `authority` makes of a certificate for `host`.
    private static func accepts(_ authority: Authority, _ serving: ServingCertificate, host: String, at now: Timestamp = now) async throws -> Bool {
        let leaf = try Certificate(derEncoded: try #require(serving.chain.first))
        let root = try Certificate(pemEncoded: authority.pem)
        var verifier = Verifier(rootCertificates: CertificateStore([root])) {
            RFC5280Policy(fixedExpiryValidationTime: now.date)
            ServerIdentityPolicy(serverHostname: host, serverIP: nil)
        }
        switch await verifier.validate(leaf: leaf, intermediates: CertificateStore()) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }

    @Test func aClientAcceptsWhatTheAuthorityHasSigned() async throws {
        let authority = try Self.authority()
        let names = try CertificateNames(["demarc.demarc.svc"])
        let serving = try ServingCertificate.issue(by: authority, for: names, policy: Self.policy, now: Self.now)
        #expect(try await Self.accepts(authority, serving, host: "demarc.demarc.svc"))
        #expect(try await !Self.accepts(authority, serving, host: "kubernetes.default.svc"))
        #expect(try await !Self.accepts(Self.authority(), serving, host: "demarc.demarc.svc"), "another authority of the same kind")
        // A client whose clock is slow, and one whose clock is fast.
        #expect(try await Self.accepts(authority, serving, host: "demarc.demarc.svc", at: Self.now.advanced(bySeconds: -3_599)))
        #expect(try await !Self.accepts(authority, serving, host: "demarc.demarc.svc", at: Self.now.advanced(bySeconds: -3_601)))
        #expect(try await Self.accepts(authority, serving, host: "demarc.demarc.svc", at: serving.notAfter))
        #expect(try await !Self.accepts(authority, serving, host: "demarc.demarc.svc", at: serving.notAfter.advanced(bySeconds: 1)))
    }

    /// Whoever steals the key of the authority cannot make a certificate for the API server with it.
    @Test func theAuthorityCertifiesNothingElse() async throws {
        let authority = try Self.authority()
        let other = try CertificateNames(["kubernetes.default.svc"])
        let forged = try ServingCertificate.issue(by: authority, for: other, policy: Self.policy, now: Self.now)
        #expect(try await !Self.accepts(authority, forged, host: "kubernetes.default.svc"))
        // The same by a second opinion.
        #expect(try Self.openssl(authority, forged).contains("permitted subtree violation"))
        let addressed = try ServingCertificate.issue(by: authority, for: CertificateNames(["10.0.0.1"]), policy: Self.policy, now: Self.now)
        #expect(try Self.openssl(authority, addressed).contains("excluded subtree violation"))
        let own = try ServingCertificate.issue(
            by: authority, for: CertificateNames(["demarc.demarc.svc"]), policy: Self.policy, now: Self.now)
        #expect(try Self.openssl(authority, own).contains(": OK"))
    }

    @Test func addressesAreCertifiedAsAddresses() throws {
        let names = try CertificateNames(["127.0.0.1", "::1", "localhost", "LOCALHOST"])
        #expect(names.hosts == ["localhost"] && names.addresses.count == 2)
        let authority = try Authority.make(for: names, policy: Self.policy, now: Self.now)
        let serving = try ServingCertificate.issue(by: authority, for: names, policy: Self.policy, now: Self.now)
        #expect(try Self.openssl(authority, serving).contains(": OK"))
        let foreign = try ServingCertificate.issue(by: authority, for: CertificateNames(["127.0.0.2"]), policy: Self.policy, now: Self.now)
        #expect(try Self.openssl(authority, foreign).contains("permitted subtree violation"))
        // The names can be told from the certificate alone.
        #expect(try Authority(pem: authority.pem, key: nil).names == names)
    }

    @Test(arguments: ["", "-a", "a..b", "a b", "*.demarc.svc", "10.0.0.1/8", String(repeating: "a", count: 64), "ä.example"])
    func namesThatAreNoneAreRefused(name: String) {
        #expect(throws: CertificateFault.self) { try CertificateNames([name]) }
        #expect(throws: CertificateFault.self) { try CertificateNames([]) }
    }

    @Test func theLibraryOfTheServerTakesTheCertificate() throws {
        let authority = try Self.authority()
        let serving = try ServingCertificate.issue(
            by: authority, for: CertificateNames(["demarc.demarc.svc"]), policy: Self.policy, now: Self.now)
        let key = try NIOSSLPrivateKey(bytes: serving.key, format: .der)
        let chain = try serving.chain.map { NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der)) }
        _ = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    }

    @Test func keysDoNotComeOutByAccident() throws {
        let authority = try Self.authority()
        var dumped = ""
        dump(authority.key, to: &dumped)
        #expect(dumped.contains("(key)") && !dumped.contains("P256"))
        #expect("\(String(describing: authority.key))" == "Optional((key))")
    }

    // MARK: - What is kept

    private static func full() throws -> AuthorityState {
        var state = AuthorityState()
        (state.current, state.next) = (try authority(), try authority())
        state.nextPublished = now
        state.retired = [try authority().withoutKey(), try authority().withoutKey()]
        return state
    }

    @Test func aStateSurvivesWritingAndReading() throws {
        let state = try Self.full()
        let record = try AuthorityRecord(state)
        #expect(
            record.data.keys.sorted() == [
                "ca.crt", "current.crt", "current.key", "next.crt", "next.key", "next.published", "retired.crt",
            ])
        #expect(try record.state(place: "here") == state)
        #expect(try AuthorityRecord(data: [:]).state(place: "here") == AuthorityState())
        #expect(try state.bundle.components(separatedBy: "-----BEGIN CERTIFICATE-----").count == 5)
    }

    private static let damages: [(key: String, value: String?, words: String)] = [
        ("current.crt", "x", "Secret a/b, 'current.crt': it is no certificate"),
        ("current.key", "x", "'current.crt': it is no certificate with a key"),
        ("current.crt", nil, "'current.crt': it is missing, but its key is there"), ("next.key", nil, ""),
        ("retired.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "'retired.crt': it is no certificate"),
        ("next.published", "yesterday", ""),
    ]

    @Test(arguments: damages) func damageIsSaidAndNeverWrittenOver(key: String, value: String?, words: String) throws {
        var record = try AuthorityRecord(Self.full())
        record.data[key] = value
        if words.isEmpty {
            let state = try record.state(place: "Secret a/b")
            #expect(key == "next.key" ? state.next?.key == nil : state.nextPublished == nil)
        } else {
            let fault = try #require(throws: CertificateFault.self) { try record.state(place: "Secret a/b") }
            #expect(fault.description.contains(words))
            #expect(!fault.description.contains("PRIVATE KEY"))
        }
    }

    @Test func aKeyOfAnotherCertificateIsNoKey() throws {
        var record = try AuthorityRecord(Self.full())
        record.data["current.key"] = record.data["next.key"]
        let fault = try #require(throws: CertificateFault.self) { try record.state(place: "x") }
        #expect(fault.description.contains("the key is not that of the certificate"))
    }

    /// OpenSSL's opinion of a chain, at the time the tests make certificates for.
    private static func openssl(_ authority: Authority, _ serving: ServingCertificate) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let leaf = try Certificate(derEncoded: try #require(serving.chain.first))
        try authority.pem.write(to: folder.appending(path: "ca.crt"), atomically: false, encoding: .utf8)
        try leaf.serializeAsPEM().pemString.write(to: folder.appending(path: "leaf.crt"), atomically: false, encoding: .utf8)
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-attime", "\(now.secondsSinceEpoch)", "-CAfile",
            folder.appending(path: "ca.crt").path, folder.appending(path: "leaf.crt").path,
        ]
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}
