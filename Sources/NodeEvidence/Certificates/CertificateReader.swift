internal import Crypto
internal import Documents
internal import SwiftASN1
internal import X509

/// The certificates of one PEM text, in their order, and what of it could not be read.
public struct CertificateBundle: Sendable {
    public private(set) var certificates: [CertificateFacts] = []
    public private(set) var problems: [CertificateProblem] = []

    public init(pem: String) {
        let text = PEMBlocks(pem)
        for (index, block) in text.blocks.enumerated() {
            do throws(CertificateProblem) {
                certificates.append(try CertificateFacts(block, position: index + 1))
            } catch {
                problems.append(error)
            }
        }
        for label in text.unclosed { problems.append(CertificateProblem(position: 0, message: "a block \(label) has no end")) }
        if text.isCutShort { problems.append(CertificateProblem(position: 0, message: "there are more than \(PEMBlocks.limit) blocks")) }
        if text.blocks.isEmpty, problems.isEmpty { problems.append(CertificateProblem(position: 0, message: "there is no PEM block in it")) }
    }
}

extension CertificateFacts {
    init(_ block: PEMBlocks.Block, position: Int) throws(CertificateProblem) {
        guard block.label == "CERTIFICATE" || block.label == "TRUSTED CERTIFICATE" else {
            throw CertificateProblem(position: position, message: "it is a block \(escaped(block.label)), no certificate")
        }
        do {
            let document = try PEMDocument(pemString: block.text)
            try self.init(der: document.derBytes)
        } catch let problem as DERProblem {
            throw CertificateProblem(position: position, message: problem.message)
        } catch {
            // Errors of the library may hold what was read: only its kind is of use.
            throw CertificateProblem(position: position, message: "it is not well-formed")
        }
    }

    /// - Throws: what the libraries throw, or `DERProblem`.
    private init(der: [UInt8]) throws {
        let outer = DERReader(try DER.parse(der))
        let parts = try outer.children(atLeast: 3, of: "the certificate")
        var fields = try DERReader(parts[0]).children(atLeast: 6, of: "the certificate's body")[...]
        // Version 1 has none.
        if fields.first?.identifier.tagClass == .contextSpecific { fields = fields.dropFirst() }
        guard fields.count >= 6 else { throw DERProblem(message: "fields are missing") }
        let field = Array(fields)
        serial = try DERReader(field[0]).serial()
        signature = try DERReader(field[1]).signatureScheme()
        guard try DERReader(parts[1]).signatureScheme() == signature else { throw DERProblem(message: "it names two signature algorithms") }
        issuer = try CertificateName(field[2])
        (notBefore, notAfter) = try DERReader(field[3]).validity()
        subject = try CertificateName(field[4])
        key = try DERReader(field[5]).key()
        extensions = try CertificateExtensions(field.dropFirst(6))
        fingerprint = hexadecimal(SHA256.hash(data: der))
        keyFingerprint = hexadecimal(SHA256.hash(data: field[5].encodedBytes))
        do {
            verifiable = try Certificate(derEncoded: der)
            refusal = ""
        } catch {
            verifiable = nil
            refusal = key.weakness.map { "it has \($0)" } ?? "the library that checks signatures does not know its form"
        }
    }
}

extension CertificateName {
    init(_ node: ASN1Node) throws {
        let name = try DistinguishedName(derEncoded: node)
        var (parts, commonName, organizations): ([String], String, [String]) = ([], "", [])
        for relative in name {
            for attribute in relative {
                guard let value = String(attribute.value) else {
                    throw DERProblem(message: "a name has a part of an unusual type of text, which readers take differently")
                }
                switch attribute.type {
                case .RDNAttributeType.commonName: commonName = value
                case .RDNAttributeType.organizationName: organizations.append(value)
                default: break
                }
                parts.append("\(Self.short[attribute.type] ?? attribute.type.description)=\(escaped(value))")
            }
        }
        self.init(
            encoded: Array(node.encodedBytes), text: parts.isEmpty ? "(no name)" : parts.joined(separator: ", "), commonName: commonName,
            organizations: organizations)
    }

    private static let short: [ASN1ObjectIdentifier: String] = [
        .RDNAttributeType.commonName: "CN", .RDNAttributeType.organizationName: "O", .RDNAttributeType.organizationalUnitName: "OU",
        .RDNAttributeType.countryName: "C", .RDNAttributeType.localityName: "L", .RDNAttributeType.stateOrProvinceName: "ST",
    ]
}

extension CertificateExtensions {
    /// - Parameter fields: what follows the key: unique identifiers, which nobody uses, and the extensions under tag 3.
    init(_ fields: ArraySlice<ASN1Node>) throws {
        let tag = ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific)
        guard let wrapper = fields.first(where: { $0.identifier == tag }) else { return }
        guard let list = try DERReader(wrapper).children(atLeast: 1, of: "the extensions").first else { return }
        // Found here and not by the library: it reads names of servers that are empty or hold NUL as they are.
        var seen: Set<ASN1ObjectIdentifier> = []
        for node in try DERReader(list).children(atLeast: 0, of: "the extensions") {
            let one = try Certificate.Extension(derEncoded: node, withIdentifier: .sequence)
            guard seen.insert(one.oid).inserted else { throw DERProblem(message: "an extension stands in it twice") }
            isEmpty = false
            try read(one)
        }
    }

    private mutating func read(_ one: Certificate.Extension) throws {
        switch one.oid {
        case .X509ExtensionID.basicConstraints:
            switch try BasicConstraints(one) {
            case .isCertificateAuthority(let length): (isAuthority, pathLength) = (true, length)
            case .notCertificateAuthority: isAuthority = false
            }
        case .X509ExtensionID.keyUsage:
            maySignCertificates = try KeyUsage(one).keyCertSign
        case .X509ExtensionID.extendedKeyUsage:
            purposes = try DERReader(try DER.parse(one.value)).children(atLeast: 0, of: "the purposes").map {
                try ASN1ObjectIdentifier(derEncoded: $0).description
            }
        case .X509ExtensionID.subjectAlternativeName:
            hasAlternativeNames = true
            for name in try SubjectAlternativeNames(one) {
                switch name {
                case .dnsName(let name): dnsNames.append(name)
                case .ipAddress(let bytes):
                    guard let text = addressText(Array(bytes.bytes)) else { throw DERProblem(message: "an address in it has an odd length") }
                    addresses.append(text)
                default: break
                }
            }
        default: break
        }
    }
}

/// The text with control characters and the like as Swift writes them in source, so that they steer no terminal and end no line.
func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Four or sixteen bytes of an address as text: IPv4 with dots, IPv6 in full groups without leading zeros.
func addressText(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 4: bytes.map(String.init).joined(separator: ".")
    case 16:
        stride(from: 0, to: 16, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    default: nil
    }
}
