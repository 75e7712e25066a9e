import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate with its key, both PEM: one that signs itself, or one that it signed.
struct MadeIdentity: Sendable {
    let certificate: String
    let key: String
    private let signer: P256.Signing.PrivateKey
    private let subject: DistinguishedName

    /// - Parameter authority: who signs; nil signs itself.
    init(name: String, by authority: MadeIdentity? = nil, lasts: TimeInterval = 3_600) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey), notValidBefore: Date(timeIntervalSinceNow: -60),
            notValidAfter: Date(timeIntervalSinceNow: lasts), issuer: authority?.subject ?? subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(authority == nil ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
            },
            issuerPrivateKey: .init(authority?.signer ?? key))
        self.certificate = try certificate.serializeAsPEM().pemString
        self.key = key.pemRepresentation
        (signer, self.subject) = (key, subject)
    }
}
