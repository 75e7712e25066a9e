import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate with its key, both PEM: one that signs itself, or one that an authority signed.
struct MadeIdentity: Sendable {
    let certificate: String
    let key: String
    private let signer: P256.Signing.PrivateKey
    private let subject: DistinguishedName

    /// - Parameters:
    ///   - groups: organisations of the subject, which an API server takes for groups.
    ///   - authority: who signs; nil signs itself, and may sign others.
    ///   - hosts: names in the certificate.
    ///   - addresses: IPv4 addresses in it.
    ///   - lasts: seconds until it ends; less than none for one that has ended.
    init(
        name: String, groups: [String] = [], by authority: MadeIdentity? = nil, hosts: [String] = [], addresses: [[UInt8]] = [],
        lasts: TimeInterval = 3_600
    ) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName {
            CommonName(name)
            for group in groups { OrganizationName(group) }
        }
        let names = hosts.map { GeneralName.dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -7_200),
            notValidAfter: Date(timeIntervalSinceNow: lasts), issuer: authority?.subject ?? subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(authority == nil ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
                if !names.isEmpty { SubjectAlternativeNames(names) }
            },
            issuerPrivateKey: .init(authority?.signer ?? key))
        self.certificate = try certificate.serializeAsPEM().pemString
        self.key = key.pemRepresentation
        (signer, self.subject) = (key, subject)
    }

    /// What a server with this identity speaks.
    /// - Parameter clients: who signs the certificates that clients must show; nil asks for none.
    func serving(clients: MadeIdentity? = nil) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
        if let clients {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(clients.certificate.utf8)))
        }
        return configuration
    }
}
