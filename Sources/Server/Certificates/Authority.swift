internal import Crypto
public import Documents
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// A private key that does not come out by accident: printed or dumped it shows that it is there, and nothing of itself.
struct SigningKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let key: P256.Signing.PrivateKey

    var description: String { "(key)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// A certificate authority of our own: for one server, and for nothing else.
public struct Authority: Sendable, Equatable {
    /// SHA-256 of the certificate, in hexadecimal digits.
    public let id: String
    public let notBefore: Timestamp
    /// The last second in which it is valid.
    public let notAfter: Timestamp
    /// Nothing else can it certify.
    let names: CertificateNames
    let certificate: Certificate
    /// nil when it signs no more.
    let key: SigningKey?

    public static func == (one: Authority, other: Authority) -> Bool { one.id == other.id && (one.key == nil) == (other.key == nil) }

    /// Reads a certificate that an authority of ours has.
    init(pem: String, key: String?) throws(CertificateFault) {
        do {
            let certificate = try Certificate(pemEncoded: pem)
            guard let names = try certificate.extensions.nameConstraints.flatMap({ CertificateNames($0) }) else {
                throw CertificateFault("the authority has no name constraints, so Demarc has not made it")
            }
            let signing = try key.map { SigningKey(key: try P256.Signing.PrivateKey(pemRepresentation: $0)) }
            if let signing, Certificate.PublicKey(signing.key.publicKey) != certificate.publicKey {
                throw CertificateFault("the key is not that of the certificate")
            }
            try self.init(certificate, names: names, key: signing)
        } catch let fault as CertificateFault {
            throw fault
        } catch {
            // The words of the library may quote what it could not read, and that may be a key.
            throw CertificateFault("it is no certificate with a key of the curve P-256, both in PEM")
        }
    }

    private init(_ certificate: Certificate, names: CertificateNames, key: SigningKey?) throws {
        (self.certificate, self.names, self.key) = (certificate, names, key)
        notBefore = Timestamp(certificate.notValidBefore)
        notAfter = Timestamp(certificate.notValidAfter)
        id = SHA256.hash(data: try certificate.serializeAsPEM().derBytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Makes a new one.
    static func make(for names: CertificateNames, policy: RotationPolicy, now: Timestamp) throws -> Authority {
        let key = SigningKey(key: P256.Signing.PrivateKey())
        let publicKey = Certificate.PublicKey(key.key.publicKey)
        let serial = Certificate.SerialNumber()
        // The name tells authorities apart for programs that look for an issuer by its name alone.
        let subject = try DistinguishedName {
            OrganizationName("demarc")
            CommonName("demarc admission \(now)")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: serial, publicKey: publicKey, notValidBefore: now.advanced(bySeconds: -policy.backdate).date,
            notValidAfter: now.advanced(bySeconds: policy.authorityLifetime).date, issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                Critical(names.constraints)
                SubjectKeyIdentifier(hash: publicKey)
            }, issuerPrivateKey: .init(key.key))
        return try Authority(certificate, names: names, key: key)
    }

    /// The same without its key.
    func withoutKey() throws -> Authority { try Authority(certificate, names: names, key: nil) }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString } }

    /// It can sign what others can check now.
    func isUsable(at now: Timestamp) -> Bool { key != nil && notBefore <= now && now < notAfter }
}

extension Timestamp {
    init(_ date: Date) { self.init(secondsSinceEpoch: Int64(date.timeIntervalSince1970.rounded(.down))) }

    var date: Date { Date(timeIntervalSince1970: Double(secondsSinceEpoch)) }
}
