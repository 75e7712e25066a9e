import Crypto
import Documents
import NodeEvidence
import SwiftASN1
import Testing
import X509

struct CertificateReadingTests {
    @Test func readsAllThatMatters() throws {
        var shape = MadeCertificate.Shape()
        shape.organization = "system:masters"
        shape.purposes = [.clientAuth, .serverAuth]
        shape.signs = false
        shape.names = [
            .dnsName("kubernetes.default.svc"), .ipAddress(ASN1OctetString(contentBytes: [10, 96, 0, 1])),
            .ipAddress(ASN1OctetString(contentBytes: [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1])),
        ]
        let authority = try MadeCertificate("kubernetes", .authority)
        let facts = try MadeCertificate("admin", by: authority, shape).facts
        #expect(facts.subject.text == "O=system:masters, CN=admin" && facts.issuer.text == "CN=kubernetes")
        #expect(facts.subject.commonName == "admin" && facts.subject.organizations == ["system:masters"])
        #expect(facts.serial == "10203")
        #expect(facts.notBefore.description == "2026-01-01T00:00:00Z" && facts.notAfter.description == "2027-01-01T00:00:00Z")
        #expect(facts.lifetimeInDays == 365 && !facts.isAuthority && !facts.isSelfIssued)
        #expect(facts.key == .ed25519 && facts.signature.digest == .builtIn && facts.key.weakness == nil)
        #expect(facts.extensions.dnsNames == ["kubernetes.default.svc"])
        #expect(facts.extensions.addresses == ["10.96.0.1", "2001:db8:0:0:0:0:0:1"])
        #expect(facts.extensions.maySignCertificates == false)
        #expect(facts.extensions.allows(CertificateExtensions.clientAuthentication))
        #expect(!facts.extensions.allows("1.3.6.1.5.5.7.3.3"))
        let own = try authority.facts
        #expect(own.isAuthority && own.isSelfIssued && own.extensions.purposes == nil)
        #expect(own.extensions.allows(CertificateExtensions.serverAuthentication), "no list is good for everything")
    }

    @Test func tellsKeysApart() throws {
        let keys: [(Certificate.PrivateKey, CertificateKey)] = [
            (.init(P256.Signing.PrivateKey()), .ellipticCurve(name: "P-256", bits: 256)),
            (.init(P384.Signing.PrivateKey()), .ellipticCurve(name: "P-384", bits: 384)),
            (.init(P521.Signing.PrivateKey()), .ellipticCurve(name: "P-521", bits: 521)),
            (.init(Curve25519.Signing.PrivateKey()), .ed25519),
        ]
        for (key, expected) in keys {
            var shape = MadeCertificate.Shape()
            shape.key = key
            let facts = try MadeCertificate("server", shape).facts
            #expect(facts.key == expected && facts.key.weakness == nil && facts.key.isKnown)
            #expect(facts.keyFingerprint == (try MadeCertificate("other", shape).facts.keyFingerprint), "one key")
            #expect(facts.fingerprint != (try MadeCertificate("other", shape).facts.fingerprint))
        }
    }

    static let old: [(String, CertificateKey, SignatureScheme.Digest, weak: Bool, broken: Bool)] = [
        (OldCertificates.md5, .rsa(bits: 1_024), .md5, true, true),
        (OldCertificates.p224, .ellipticCurve(name: "P-224", bits: 224), .sha2, false, false),
        (OldCertificates.ed448, .ed448, .builtIn, false, false),
        (OldCertificates.pss, .rsa(bits: 2_048), .sha2, false, false),
        (OldCertificates.sha1, .ellipticCurve(name: "P-256", bits: 256), .sha1, false, true),
    ]

    /// The library refuses most of these; they are read all the same.
    @Test(arguments: old) func readsWhatLibrariesRefuse(
        pem: String, key: CertificateKey, digest: SignatureScheme.Digest, weak: Bool, broken: Bool
    ) throws {
        let bundle = CertificateBundle(pem: pem)
        let facts = try #require(bundle.certificates.first)
        #expect(bundle.problems.isEmpty && bundle.certificates.count == 1)
        #expect(facts.key == key && facts.signature.digest == digest)
        #expect((facts.key.weakness != nil) == weak && facts.signature.isBroken == broken)
    }

    @Test func readsNumbersAndDigestsAsOpenSSLPrintsThem() throws {
        let facts = try #require(CertificateBundle(pem: OldCertificates.md5).certificates.first)
        #expect(facts.serial == "4d" && facts.subject.text == "O=old, CN=weak")
        #expect(facts.fingerprint == "d658384ea1158edcea720df3808e8f03f74d8cbc55006b1b2295571c057f94b7")
        #expect(facts.notBefore.description == "2026-11-27T12:39:28Z" && facts.notAfter.description == "2036-11-24T12:39:28Z")
        #expect(facts.isAuthority)
    }

    @Test func aCertificateOfTheFirstVersionIsAnAuthorityOnlyForItself() throws {
        let facts = try #require(CertificateBundle(pem: OldCertificates.sha1).certificates.first)
        #expect(facts.extensions.isAuthority == nil && !facts.isAuthority, "it is not its own issuer")
    }

    @Test func readsAllOfABundleInTheirOrder() throws {
        let (one, two) = (try MadeCertificate("one"), try MadeCertificate("two"))
        let text = "subject=one\n" + (try one.pem) + "\r\n# words between\n" + (try two.pem).replacing("\n", with: "\r\n")
        let bundle = CertificateBundle(pem: text)
        #expect(bundle.certificates.map(\.subject.commonName) == ["one", "two"] && bundle.problems.isEmpty)
    }

    @Test func timesBeyondUTCTimeAreRead() throws {
        var shape = MadeCertificate.Shape.authority
        shape.end = "2126-01-01T00:00:00Z"
        let facts = try MadeCertificate("old", shape).facts
        #expect(facts.notAfter.description == "2126-01-01T00:00:00Z" && facts.lifetimeInDays == 36_524)
    }
}
