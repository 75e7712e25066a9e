import Admission
import Crypto
import Foundation
import Logging
import Server
import ServiceLifecycle
import X509

/// Demarc's server with nothing to decide: each review is allowed. What it answers is what the stack allows at most; the rules of `demarc serve`
/// are measured against it.
let arguments = CommandLine.arguments.dropFirst()
/// Nobody may do anything but ask for reviews.
struct Nobody: RequestAuthorizer {
    func authorize(token: String, verb: String, path: String) async -> AuthorizationAnswer { .unauthenticated }
}

let key = P256.Signing.PrivateKey()
let name = try DistinguishedName { CommonName("localhost") }
let certificate = try Certificate(
    version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey), notValidBefore: Date(timeIntervalSinceNow: -60),
    notValidAfter: Date(timeIntervalSinceNow: 86_400), issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
    extensions: Certificate.Extensions(), issuerPrivateKey: .init(key))
let identity = try ServingIdentity(chain: certificate.serializeAsPEM().pemString, key: key.pemRepresentation)

let allowed = Array(
    #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"0a6f0d1c-5f0e-4b7a-9f6e-3f1f6f1c2b7d","allowed":true}}"#.utf8)
let answer = AdmissionAnswer(body: allowed, decision: .allow, operation: "CREATE", resource: "pods", namespace: "shop", isDryRun: false)

var settings = WebhookSettings()
settings.host = "127.0.0.1"
settings.port = arguments.compactMap { Int($0) }.first ?? 0
settings.drainDelay = .zero
let logger = Logger(label: "baseline") { label in LogLines(label: label, format: .text, level: .warning) }
let server = WebhookServer(
    settings: settings, identity: identity, review: { (_, _) async throws(ReviewFault) in answer },
    metrics: ServerMetrics(version: "baseline", resources: ["pods"]), authorizer: Nobody(), readiness: { [] }, logger: logger,
    listening: { port in
        print("https://127.0.0.1:\(port)/validate")
        fflush(nil)
    })
let group = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
try await group.run()
