import Crypto
import Foundation
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import X509

/// Hummingbird as it comes, over TLS: the body of each review is read, and a constant answered.
let key = P256.Signing.PrivateKey()
let name = try DistinguishedName { CommonName("localhost") }
let certificate = try Certificate(
    version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey), notValidBefore: Date(timeIntervalSinceNow: -60),
    notValidAfter: Date(timeIntervalSinceNow: 86_400), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
    extensions: Certificate.Extensions(), issuerPrivateKey: .init(key))
let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.serializeAsPEM().pemString.utf8))
let tls = TLSConfiguration.makeServerConfiguration(
    certificateChain: chain.map { .certificate($0) },
    privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)))

let allowed = ByteBuffer(
    string: #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"0a6f0d1c-5f0e-4b7a-9f6e-3f1f6f1c2b7d","allowed":true}}"#
)
let router = Router()
router.post("validate") { request, _ in
    _ = try await request.body.collect(upTo: 8 << 20)
    return Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: allowed))
}
var logger = Logger(label: "stock")
logger.logLevel = .warning
let application = Application(
    router: router, server: try .tls(.http1(), tlsConfiguration: tls), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
    onServerRunning: { channel in
        print("https://127.0.0.1:\(channel.localAddress?.port ?? 0)/validate")
        fflush(nil)
    }, logger: logger)
try await application.runService()
