internal import Crypto
public import Documents
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// What the server shows to its clients. The key is made in memory and is never written down.
public struct ServingCertificate: Sendable {
    /// DER, the server's own first. Clients know the authority.
    public let chain: [[UInt8]]
    /// DER as in PKCS #8.
    public let key: [UInt8]
    public let notBefore: Timestamp
    public let notAfter: Timestamp
    /// `Authority.id` of the one that signed it.
    public let authority: String
    let names: CertificateNames

    static func issue(by authority: Authority, for names: CertificateNames, policy: RotationPolicy, now: Timestamp) throws -> ServingCertificate {
        guard let issuer = authority.key else { throw CertificateFault("the authority has no key any more") }
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let notBefore = max(now.advanced(bySeconds: -policy.backdate), authority.notBefore)
        // Nobody believes a certificate beyond the end of its authority's.
        let notAfter = min(now.advanced(bySeconds: policy.servingLifetime), authority.notAfter)
        let issuerKey = try authority.certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey, notValidBefore: notBefore.date,
            notValidAfter: notAfter.date, issuer: authority.certificate.subject, subject: try DistinguishedName { CommonName("demarc") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                names.alternativeNames
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: issuerKey)
            }, issuerPrivateKey: .init(issuer.key))
        return ServingCertificate(
            chain: [try certificate.serializeAsPEM().derBytes], key: Array(key.derRepresentation), notBefore: notBefore, notAfter: notAfter,
            authority: authority.id, names: names)
    }
}
