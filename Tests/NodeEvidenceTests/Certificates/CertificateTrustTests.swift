import Crypto
import Documents
import NodeEvidence
import Testing
import X509

/// Which chains hold, and what is said of those that do not.
struct CertificateTrustTests {
    private let root: MadeCertificate
    private let middle: MadeCertificate
    private let end: MadeCertificate
    private let now: Timestamp

    init() throws {
        root = try MadeCertificate("root", .authority)
        middle = try MadeCertificate("middle", by: root, .authority)
        end = try MadeCertificate("server", by: middle)
        now = try moment("2026-06-01T00:00:00Z")
    }

    private func fault(
        of certificate: MadeCertificate, by roots: [MadeCertificate], over others: [MadeCertificate] = [], purpose: String? = nil,
        at time: String? = nil
    ) throws -> CertificateTrust.Fault? {
        CertificateTrust(roots: try roots.map { try $0.facts }).fault(
            of: try certificate.facts, intermediates: try others.map { try $0.facts }, purpose: purpose, at: try time.map(moment) ?? now)
    }

    @Test func chainsThatHold() throws {
        #expect(try fault(of: middle, by: [root]) == nil)
        #expect(try fault(of: end, by: [root], over: [middle]) == nil)
        #expect(try fault(of: end, by: [middle]) == nil, "an authority in the middle may be the one that is trusted")
        #expect(try fault(of: end, by: [end]) == nil, "a certificate may be trusted by itself")
        let others = try (0..<20).map { _ in try MadeCertificate("root", .authority) }
        #expect(try fault(of: middle, by: others + [root]) == nil, "one of many authorities with its name")
    }

    @Test func chainsThatLeadNowhere() throws {
        #expect(try fault(of: end, by: []) == .noRoots)
        #expect(try fault(of: end, by: [root]) == .unknownIssuer("CN=middle"))
        #expect(try fault(of: end, by: [root], over: [root]) == .unknownIssuer("CN=middle"))
        let impostor = try MadeCertificate("root", .authority)
        #expect(try fault(of: middle, by: [impostor]) == .wrongSignature(issuer: "CN=root"))
        #expect(try fault(of: end, by: [impostor], over: [middle]) == .wrongSignature(issuer: "CN=root"))
    }

    @Test func certificatesOutOfTime() throws {
        #expect(try fault(of: end, by: [root], over: [middle], at: "2027-01-01T00:00:01Z") == .outOfTime("CN=server"))
        #expect(try fault(of: end, by: [root], over: [middle], at: "2027-01-01T00:00:00Z") == nil, "its last second")
        var short = MadeCertificate.Shape.authority
        short.end = "2026-05-01T00:00:00Z"
        let ended = try MadeCertificate("ended", by: root, short)
        #expect(try fault(of: MadeCertificate("server", by: ended), by: [root], over: [ended]) == .outOfTime("CN=ended"))
    }

    @Test func whoMaySign() throws {
        let leaf = try MadeCertificate("leaf", by: root)
        #expect(try fault(of: MadeCertificate("server", by: leaf), by: [root], over: [leaf]) == .noAuthority("CN=leaf"))
        var mute = MadeCertificate.Shape.authority
        mute.signs = false
        let silent = try MadeCertificate("silent", by: root, mute)
        #expect(try fault(of: MadeCertificate("server", by: silent), by: [root], over: [silent]) == .mayNotSign("CN=silent"))
        var short = MadeCertificate.Shape.authority
        short.constraints = .isCertificateAuthority(maxPathLength: 0)
        let last = try MadeCertificate("last", by: root, short)
        #expect(try fault(of: MadeCertificate("server", by: last), by: [root], over: [last]) == nil)
        let below = try MadeCertificate("below", by: last, .authority)
        #expect(try fault(of: MadeCertificate("server", by: below), by: [root], over: [last, below]) == .pathTooLong("CN=last"))
    }

    @Test func purposes() throws {
        let (client, server) = (CertificateExtensions.clientAuthentication, CertificateExtensions.serverAuthentication)
        var shape = MadeCertificate.Shape()
        shape.purposes = [.serverAuth]
        let web = try MadeCertificate("web", by: root, shape)
        #expect(try fault(of: web, by: [root], purpose: server) == nil)
        #expect(try fault(of: web, by: [root], purpose: client) == .wrongPurpose("CN=web"))
        #expect(try fault(of: end, by: [root], over: [middle], purpose: client) == nil, "no list is good for everything")
        var narrow = MadeCertificate.Shape.authority
        narrow.purposes = [.serverAuth]
        let servers = try MadeCertificate("servers", by: root, narrow)
        #expect(try fault(of: MadeCertificate("user", by: servers), by: [root], over: [servers], purpose: client) == .wrongPurpose("CN=servers"))
    }

    /// Two authorities that sign each other, and a crowd that does: an answer comes, and soon.
    @Test func circlesAndCrowdsEnd() throws {
        let other = try MadeCertificate("other", .authority)
        let one = try MadeCertificate("one", by: other, .authority)
        let two = try MadeCertificate("other", by: one, .authority)
        #expect(try fault(of: MadeCertificate("server", by: one), by: [root], over: [one, two, other]) != nil)
        let crowd = try (0..<40).map { _ in try MadeCertificate("crowd", named: "crowd", .authority) }
        #expect(try fault(of: MadeCertificate("server", by: crowd[39], named: "crowd"), by: [root], over: crowd)?.isBroken == false)
        var chain = [root]
        for number in 0..<12 { chain.append(try MadeCertificate("link \(number)", by: chain[number], .authority)) }
        #expect(try fault(of: chain[12], by: [root], over: chain) == .tooMuch)
    }

    @Test func whatCannotBeCheckedIsNotCalledBroken() throws {
        for text in [OldCertificates.md5, OldCertificates.ed448, OldCertificates.pss, OldCertificates.p224] {
            let old = try #require(CertificateBundle(pem: text).certificates.first)
            let double = try MadeCertificate("double", .authority).facts
            #expect(CertificateTrust(roots: [double]).fault(of: old, purpose: nil, at: old.notAfter) == .unknownIssuer(old.issuer.text))
            #expect(CertificateTrust(roots: [old]).fault(of: old, purpose: nil, at: old.notAfter) == nil, "it is trusted itself")
        }
        let old = try #require(CertificateBundle(pem: OldCertificates.sha1).certificates.first)
        let authority = try MadeCertificate("kubernetes", .authority).facts
        let fault = CertificateTrust(roots: [authority]).fault(of: old, purpose: nil, at: old.notBefore)
        #expect(fault == .uncheckable("it is over SHA-1, which verifiers refuse") && fault?.isBroken == false)
    }

    /// Ed25519, and the three curves in every combination, sign each other.
    @Test func keysOfEveryKindSign() throws {
        let keys: [Certificate.PrivateKey] = [
            .init(Curve25519.Signing.PrivateKey()), .init(P256.Signing.PrivateKey()), .init(P384.Signing.PrivateKey()),
            .init(P521.Signing.PrivateKey()),
        ]
        for key in keys {
            var shape = MadeCertificate.Shape.authority
            shape.key = key
            let authority = try MadeCertificate("authority", shape)
            for other in keys {
                var leaf = MadeCertificate.Shape()
                leaf.key = other
                #expect(try fault(of: MadeCertificate("leaf", by: authority, leaf), by: [authority]) == nil)
            }
        }
    }
}
