import Documents
import NodeEvidence
import SwiftASN1
import Testing
import X509

/// What is no certificate, or one that readers take differently, is a problem and never a certificate, and nothing crashes.
struct HostileCertificateTests {
    @Test func everyBeginningOfACertificateIsAProblem() throws {
        let der = try MadeCertificate("server", .authority).der
        for length in 0..<der.count {
            let bundle = CertificateBundle(pem: pem(Array(der[..<length])))
            #expect(bundle.certificates.isEmpty && !bundle.problems.isEmpty, "\(length) of \(der.count) bytes")
        }
        #expect(CertificateBundle(pem: pem(der + [0])).certificates.isEmpty, "bytes behind the end")
    }

    /// A changed byte gives another certificate, whose signature does not hold, or none.
    @Test func everyChangedByteIsFoundOut() throws {
        let authority = try MadeCertificate("kubernetes", .authority)
        let der = try MadeCertificate("server", by: authority).der
        let trust = CertificateTrust(roots: [try authority.facts])
        for index in der.indices {
            for change in [0x01, 0x80, 0xFF] as [UInt8] {
                var bytes = der
                bytes[index] ^= change
                let bundle = CertificateBundle(pem: pem(bytes))
                guard let facts = bundle.certificates.first else {
                    #expect(!bundle.problems.isEmpty, "byte \(index)")
                    continue
                }
                #expect(trust.fault(of: facts, purpose: nil, at: facts.notAfter) != nil, "byte \(index) ^ \(change)")
            }
        }
    }

    @Test(arguments: [
        ("", "there is no PEM block in it"), ("text", "there is no PEM block in it"),
        ("-----BEGIN CERTIFICATE-----\n", "a block CERTIFICATE has no end"),
        ("-----BEGIN CERTIFICATE-----\nMIIB", "a block CERTIFICATE has no end"),
        ("-----BEGIN CERTIFICATE-----\n-----END RSA PRIVATE KEY-----\n", "a block CERTIFICATE has no end"),
        ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "it is not well-formed"),
        ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "it is not well-formed"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "it is a block PRIVATE KEY, no certificate"),
        ("-----BEGIN \u{1B}[2J-----\nAAAA\n-----END \u{1B}[2J-----\n", "it is a block \\u{1b}[2J, no certificate"),
    ])
    func saysWhatIsWrong(text: String, message: String) {
        let bundle = CertificateBundle(pem: text)
        #expect(bundle.certificates.isEmpty && bundle.problems.map(\.message) == [message])
    }

    @Test func oneBrokenBlockLosesNoOther() throws {
        let good = try MadeCertificate("good").pem
        let bundle = CertificateBundle(pem: good + "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" + good)
        #expect(bundle.certificates.count == 2)
        #expect(bundle.problems.map(\.position) == [2] && bundle.problems.map(\.message) == ["it is not well-formed"])
    }

    @Test func aNegativeSerialNumberIsAProblem() throws {
        var der = try MadeCertificate("server").der
        // The only INTEGER of three bytes is the serial number 01 02 03.
        let start = try #require(der.indices.first { der[$0...].starts(with: [0x02, 0x03, 0x01, 0x02, 0x03]) })
        der[start + 2] = 0x81
        let bundle = CertificateBundle(pem: pem(der))
        #expect(bundle.problems.map(\.message) == ["the serial number is negative or empty"])
    }

    /// C programs end at the NUL and would take the name for `kubernetes.default.svc`.
    @Test func namesWithNulAreReadWhole() throws {
        var shape = MadeCertificate.Shape()
        shape.names = [.dnsName("kubernetes.default.svc\0.example.com")]
        shape.organization = "system:masters\0"
        let facts = try MadeCertificate("admin\u{1B}[31m", shape).facts
        #expect(facts.extensions.dnsNames == ["kubernetes.default.svc\0.example.com"])
        #expect(facts.subject.organizations == ["system:masters\0"])
        #expect(facts.subject.text == "O=system:masters\\u{0}, CN=admin\\u{1b}[31m")
    }

    @Test func aBundleWithoutEndIsCutAndSaidSo() throws {
        let one = try MadeCertificate("one").pem
        let bundle = CertificateBundle(pem: String(repeating: one, count: 303))
        #expect(bundle.certificates.count == 300 && bundle.problems.map(\.message) == ["there are more than 300 blocks"])
    }

    @Test func deepNestingIsRefused() {
        var der: [UInt8] = [0x05, 0x00]
        for _ in 0..<400 {
            let length: [UInt8] = der.count < 128 ? [UInt8(der.count)] : [0x82, UInt8(der.count >> 8), UInt8(der.count & 0xFF)]
            der = [0x30] + length + der
        }
        #expect(CertificateBundle(pem: pem(der)).certificates.isEmpty)
    }
}
