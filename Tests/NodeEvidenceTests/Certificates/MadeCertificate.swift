import Crypto
import Documents
import Foundation
import NodeEvidence
import SwiftASN1
import Testing
import X509

/// A certificate made for one test, with its key, so that it can sign others.
struct MadeCertificate {
    let certificate: Certificate
    let key: Certificate.PrivateKey

    struct Shape {
        var start = "2026-01-01T00:00:00Z"
        var end = "2027-01-01T00:00:00Z"
        var constraints: BasicConstraints? = .notCertificateAuthority
        var signs: Bool?
        var purposes: [ExtendedKeyUsage.Usage] = []
        var names: [GeneralName] = []
        var key = Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
        var organization: String?

        static var authority: Shape {
            var shape = Shape()
            shape.constraints = .isCertificateAuthority(maxPathLength: nil)
            return shape
        }
    }

    /// - Parameters:
    ///   - issuer: nil for one that signs itself.
    ///   - named: the issuer's name that stands in it, where that is another's.
    init(_ name: String, by issuer: MadeCertificate? = nil, named: String? = nil, _ shape: Shape = Shape()) throws {
        key = shape.key
        let subject = try Self.name(name, shape.organization)
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(bytes: [1, 2, 3]), publicKey: shape.key.publicKey,
            notValidBefore: try Self.date(shape.start), notValidAfter: try Self.date(shape.end),
            issuer: try named.map { try Self.name($0, nil) } ?? issuer?.certificate.subject ?? subject, subject: subject,
            extensions: try Certificate.Extensions {
                if let constraints = shape.constraints { Critical(constraints) }
                if let signs = shape.signs { Critical(KeyUsage(digitalSignature: !signs, keyCertSign: signs)) }
                if !shape.purposes.isEmpty { try ExtendedKeyUsage(shape.purposes) }
                if !shape.names.isEmpty { SubjectAlternativeNames(shape.names) }
            }, issuerPrivateKey: issuer?.key ?? shape.key)
    }

    private static func name(_ common: String, _ organization: String?) throws -> DistinguishedName {
        try DistinguishedName {
            if let organization { OrganizationName(organization) }
            CommonName(common)
        }
    }

    private static func date(_ text: String) throws -> Date {
        Date(timeIntervalSince1970: Double(try #require(Timestamp(text)).secondsSinceEpoch))
    }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString + "\n" } }
    var der: [UInt8] { get throws { try certificate.serializeAsPEM().derBytes } }
    var facts: CertificateFacts { get throws { try #require(CertificateBundle(pem: try pem).certificates.first) } }
}

/// DER as a PEM block.
func pem(_ der: [UInt8], label: String = "CERTIFICATE") -> String {
    PEMDocument(type: label, derBytes: der).pemString
}

func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }
