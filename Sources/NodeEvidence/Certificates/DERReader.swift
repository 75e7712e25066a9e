internal import Documents
internal import SwiftASN1

/// Why the DER of a certificate could not be read, in words for people.
struct DERProblem: Error {
    let message: String
}

/// Reads parts of a certificate (RFC 5280) that a library would judge rather than tell.
struct DERReader {
    let node: ASN1Node

    init(_ node: ASN1Node) { self.node = node }

    /// - Parameter name: what it is, for the message.
    func children(atLeast count: Int, of name: String) throws -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else { throw DERProblem(message: "\(name) should be a sequence") }
        let children = Array(nodes)
        guard children.count >= count else { throw DERProblem(message: "\(name) lacks fields") }
        return children
    }

    private func primitive(_ name: String) throws -> ArraySlice<UInt8> {
        guard case .primitive(let bytes) = node.content else { throw DERProblem(message: "\(name) is no simple value") }
        return bytes
    }

    /// Go refuses a negative serial number since 1.23, other readers take it: nobody can say who accepts such a certificate.
    func serial() throws -> String {
        guard node.identifier == .integer else { throw DERProblem(message: "the serial number is no number") }
        let bytes = try primitive("the serial number")
        guard let first = bytes.first, first < 0x80 else { throw DERProblem(message: "the serial number is negative or empty") }
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }

    // MARK: - Times

    func validity() throws -> (from: Timestamp, to: Timestamp) {
        let times = try children(atLeast: 2, of: "the validity")
        return (try DERReader(times[0]).time(), try DERReader(times[1]).time())
    }

    private func time() throws -> Timestamp {
        let instant: Timestamp?
        switch node.identifier {
        case .utcTime:
            let time = try UTCTime(derEncoded: node, withIdentifier: .utcTime)
            instant = Timestamp(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        case .generalizedTime:
            let time = try GeneralizedTime(derEncoded: node, withIdentifier: .generalizedTime)
            instant = Timestamp(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        default: throw DERProblem(message: "a time of the validity has an unknown form")
        }
        guard let instant else { throw DERProblem(message: "a time of the validity is none the calendar has") }
        return instant
    }

    // MARK: - Keys

    func key() throws -> CertificateKey {
        let parts = try children(atLeast: 2, of: "the key")
        let algorithm = try DERReader(parts[0]).children(atLeast: 1, of: "the algorithm of the key")
        let identifier = try ASN1ObjectIdentifier(derEncoded: algorithm[0]).description
        switch identifier {
        case "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10":
            let bits = try ASN1BitString(derEncoded: parts[1])
            let numbers = try DERReader(try DER.parse(bits.bytes)).children(atLeast: 2, of: "the RSA key")
            return .rsa(bits: try DERReader(numbers[0]).bitWidth())
        case "1.2.840.10045.2.1":
            guard algorithm.count > 1, algorithm[1].identifier == .objectIdentifier else {
                throw DERProblem(message: "the curve of the key has no name")
            }
            let curve = try ASN1ObjectIdentifier(derEncoded: algorithm[1]).description
            let known = Self.curves[curve]
            return .ellipticCurve(name: known?.name ?? curve, bits: known?.bits ?? 0)
        case "1.3.101.112": return .ed25519
        case "1.3.101.113": return .ed448
        case "1.2.840.10040.4.1": return .dsa
        default: return .other(identifier)
        }
    }

    private func bitWidth() throws -> Int {
        let bytes = try primitive("a number of the RSA key").drop { $0 == 0 }
        guard let first = bytes.first else { return 0 }
        return bytes.count * 8 - first.leadingZeroBitCount
    }

    /// SEC 2, appendix A; RFC 5480.
    private static let curves: [String: (name: String, bits: Int)] = [
        "1.2.840.10045.3.1.1": ("P-192", 192), "1.3.132.0.33": ("P-224", 224), "1.2.840.10045.3.1.7": ("P-256", 256), "1.3.132.0.34": ("P-384", 384),
        "1.3.132.0.35": ("P-521", 521), "1.3.132.0.10": ("secp256k1", 256), "1.3.132.0.8": ("secp160r1", 160),
    ]

    // MARK: - Signatures

    func signatureScheme() throws -> SignatureScheme {
        let parts = try children(atLeast: 1, of: "the signature algorithm")
        let identifier = try ASN1ObjectIdentifier(derEncoded: parts[0]).description
        if identifier == "1.2.840.113549.1.1.10" {
            return SignatureScheme(digest: try parts.dropFirst().first.map { try DERReader($0).digestOfPSS() } ?? .sha1, identifier: identifier)
        }
        return SignatureScheme(digest: Self.digests[identifier] ?? .unknown, identifier: identifier)
    }

    /// RFC 4055: the digest stands under tag 0, and is SHA-1 where it does not.
    private func digestOfPSS() throws -> SignatureScheme.Digest {
        let tag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        guard let wrapper = try children(atLeast: 0, of: "the signature's parameters").first(where: { $0.identifier == tag }) else { return .sha1 }
        let algorithm = try DERReader(wrapper).children(atLeast: 1, of: "the digest")
        let identifier = try ASN1ObjectIdentifier(derEncoded: try DERReader(algorithm[0]).children(atLeast: 1, of: "the digest")[0]).description
        if identifier.hasPrefix("2.16.840.1.101.3.4.2.") {
            let number = Int(identifier.split(separator: ".").last ?? "") ?? 0
            return number >= 7 ? .sha3 : .sha2
        }
        return identifier == "1.3.14.3.2.26" ? .sha1 : .unknown
    }

    /// RFC 3279, 4055, 5758, 8410.
    private static let digests: [String: SignatureScheme.Digest] = [
        "1.2.840.113549.1.1.2": .md2, "1.2.840.113549.1.1.3": .md4, "1.2.840.113549.1.1.4": .md5, "1.2.840.113549.1.1.5": .sha1,
        "1.3.14.3.2.29": .sha1, "1.2.840.10040.4.3": .sha1, "1.2.840.10045.4.1": .sha1,
        "1.2.840.113549.1.1.11": .sha2, "1.2.840.113549.1.1.12": .sha2, "1.2.840.113549.1.1.13": .sha2, "1.2.840.113549.1.1.14": .sha2,
        "1.2.840.10045.4.3.1": .sha2, "1.2.840.10045.4.3.2": .sha2, "1.2.840.10045.4.3.3": .sha2, "1.2.840.10045.4.3.4": .sha2,
        "2.16.840.1.101.3.4.3.1": .sha2, "2.16.840.1.101.3.4.3.2": .sha2, "1.3.101.112": .builtIn, "1.3.101.113": .builtIn,
    ]
}
