public import Documents
internal import X509

/// What one X.509 certificate says of itself, read without judging it.
///
/// Read from the DER itself, since libraries refuse what has to be reported: keys that are too short, digests nobody should use.
public struct CertificateFacts: Sendable {
    public let subject: CertificateName
    public let issuer: CertificateName
    /// In hexadecimal, as people compare it.
    public let serial: String
    public let notBefore: Timestamp
    public let notAfter: Timestamp
    public let key: CertificateKey
    public let signature: SignatureScheme
    public let extensions: CertificateExtensions
    /// SHA-256 of the whole certificate, in hexadecimal.
    public let fingerprint: String
    /// SHA-256 of the key with its algorithm: equal where two certificates have one key.
    public let keyFingerprint: String
    /// For checking signatures; nil where the library refuses the certificate, and `refusal` then says why.
    let verifiable: Certificate?
    let refusal: String

    /// Whether it may sign others: what CA:TRUE says, and for version 1, which could not say it, being its own issuer.
    public var isAuthority: Bool { extensions.isAuthority ?? (extensions.isEmpty && isSelfIssued) }
    public var isSelfIssued: Bool { subject.encoded == issuer.encoded }
    /// In whole days, rounded down.
    public var lifetimeInDays: Int64 { notBefore.seconds(to: notAfter) / 86_400 }
}

/// A distinguished name, with the parts that Kubernetes takes for users and groups.
public struct CertificateName: Sendable, Hashable {
    /// As encoded: Go and OpenSSL compare names by their bytes.
    let encoded: [UInt8]
    /// `O=system:masters, CN=kubernetes-admin`, with characters that steer a terminal escaped.
    public let text: String
    /// The last one: the user that the API server sees in a client certificate.
    public let commonName: String
    /// The groups that the API server sees.
    public let organizations: [String]
}

/// A public key by its algorithm.
public enum CertificateKey: Sendable, Hashable {
    case rsa(bits: Int)
    /// The name of a curve, or its object identifier where it is unknown here, with the size of its field in bits (0 then).
    case ellipticCurve(name: String, bits: Int)
    case ed25519
    case ed448
    case dsa
    /// The object identifier of an algorithm that is unknown here.
    case other(String)

    public var text: String {
        switch self {
        case .rsa(let bits): "RSA with \(bits) bits"
        case .ellipticCurve(let name, _): "the curve \(name)"
        case .ed25519: "Ed25519"
        case .ed448: "Ed448"
        case .dsa: "DSA"
        case .other(let identifier): "the algorithm \(identifier)"
        }
    }

    /// Why the key is too weak, nil where it is not. Less than 112 bits of strength is disallowed by NIST SP 800-131A; DSA signs no
    /// longer by FIPS 186-5.
    public var weakness: String? {
        switch self {
        case .rsa(let bits) where bits < 2_048: "\(text), fewer than 2048"
        case .ellipticCurve(_, let bits) where (1..<224).contains(bits): "\(text), whose field has \(bits) bits"
        case .dsa: "DSA, which is no longer approved for signatures"
        default: nil
        }
    }

    /// Whether the strength can be told at all.
    public var isKnown: Bool {
        switch self {
        case .other: false
        case .ellipticCurve(_, let bits): bits > 0
        default: true
        }
    }
}

/// How a certificate is signed.
public struct SignatureScheme: Sendable, Hashable {
    public enum Digest: String, Sendable {
        case md2 = "MD2"
        case md4 = "MD4"
        case md5 = "MD5"
        case sha1 = "SHA-1"
        case sha2 = "SHA-2"
        case sha3 = "SHA-3"
        /// Part of the scheme, as in Ed25519.
        case builtIn = "its own"
        case unknown
    }

    public let digest: Digest
    /// The object identifier, for schemes that are unknown here.
    public let identifier: String

    /// Whether somebody can make a second certificate that the signature fits: collisions of MD5 and SHA-1 have been shown.
    public var isBroken: Bool {
        switch digest {
        case .md2, .md4, .md5, .sha1: true
        case .sha2, .sha3, .builtIn, .unknown: false
        }
    }
}

/// The extensions that decide what a certificate is good for. nil where one is absent.
public struct CertificateExtensions: Sendable {
    public internal(set) var isAuthority: Bool?
    public internal(set) var pathLength: Int?
    public internal(set) var maySignCertificates: Bool?
    /// Object identifiers of extended key usages.
    public internal(set) var purposes: [String]?
    public internal(set) var dnsNames: [String] = []
    /// In their usual text form.
    public internal(set) var addresses: [String] = []
    public internal(set) var hasAlternativeNames = false
    var isEmpty = true

    public static let serverAuthentication = "1.3.6.1.5.5.7.3.1"
    public static let clientAuthentication = "1.3.6.1.5.5.7.3.2"
    static let anyPurpose = "2.5.29.37.0"

    /// Whether it is good for a purpose. No list is good for all of them.
    public func allows(_ purpose: String) -> Bool {
        purposes.map { $0.contains(purpose) || $0.contains(Self.anyPurpose) } ?? true
    }
}

/// Why a certificate, or what stands in its place, could not be read.
public struct CertificateProblem: Error, Sendable, Equatable {
    /// Which of the entry, counted from one.
    public let position: Int
    public let message: String
}
