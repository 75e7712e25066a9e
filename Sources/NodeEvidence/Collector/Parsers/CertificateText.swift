internal import FoundationEssentials

/// Certificates in text of the form RFC 7468 describes.
enum CertificateText {
    private static let begin = "-----BEGIN "
    /// An old name of OpenSSL's for the same thing is read as well.
    private static let labels = ["CERTIFICATE", "X509 CERTIFICATE"]

    /// All certificates of a text in their order, each written anew, so that nothing that stands between them comes along. nil where there is none.
    ///
    /// What is no base64 of a DER sequence between the marks is no certificate and is left out.
    static func certificates(in bytes: [UInt8]) -> String? { contents(of: bytes).certificates }

    /// The certificates of a file, and why it may hold others than those. A file of keys alone holds none and is no problem.
    static func contents(of bytes: [UInt8]) -> (certificates: String?, problem: String?) {
        var blocks: [String] = []
        var body: String?
        var problem: String?
        var isText = false
        for line in bytes.byteLines {
            let line = line.trimmed.text
            if let label = label(of: line, mark: begin) {
                isText = true
                if label == "TRUSTED CERTIFICATE" { problem = "a TRUSTED CERTIFICATE, as only OpenSSL writes it, was not read" }
                if body != nil { problem = "a certificate in it is damaged" }
                body = labels.contains(label) ? "" : nil
            } else if label(of: line, mark: "-----END ") != nil {
                if let block = body.flatMap(block) { blocks.append(block) } else if body != nil { problem = "a certificate in it is damaged" }
                body = nil
            } else {
                body?.append(line)
            }
        }
        if body != nil { problem = "a certificate in it is cut off" }
        if !isText { problem = "there is no certificate in the form of PEM in it" }
        return (blocks.isEmpty ? nil : blocks.joined(), problem)
    }

    private static func label(of line: String, mark: String) -> String? {
        guard line.hasPrefix(mark), line.hasSuffix("-----"), line.utf8.count >= mark.utf8.count + 5 else { return nil }
        return String(line.dropFirst(mark.count).dropLast(5))
    }

    private static func block(_ base64: String) -> String? {
        Data(base64Encoded: base64).flatMap { block(der: [UInt8]($0)) }
    }

    /// A certificate as text, nil for DER that is none: a sequence, whose first part is a sequence, whose first part is a version or a serial number (RFC
    /// 5280, 4.1). No kind of private key begins so, be it plain or encrypted (RFC 5208, 5915, 8017).
    static func block(der: [UInt8]) -> String? {
        guard der.count > 64, der[0] == 0x30, let inner = content(of: 0, in: der), der[inner] == 0x30, let first = content(of: inner, in: der),
            der[first] == 0xA0 || der[first] == 0x02
        else { return nil }
        let base64 = Array(Data(der).base64EncodedString().utf8)
        var text = "-----BEGIN CERTIFICATE-----\n"
        for start in stride(from: 0, to: base64.count, by: 64) {
            text += String(decoding: base64[start..<min(start + 64, base64.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END CERTIFICATE-----\n"
    }

    /// Where the content of the DER element at `offset` begins: behind its tag and length.
    private static func content(of offset: Int, in der: [UInt8]) -> Int? {
        guard offset + 1 < der.count else { return nil }
        let content = der[offset + 1] < 0x80 ? offset + 2 : offset + 2 + Int(der[offset + 1] & 0x7F)
        return content < der.count ? content : nil
    }

    /// Certificates of a field that holds base64 of such a text, as kubeconfigs have it.
    static func certificates(inBase64 text: String) -> String? {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters).flatMap { certificates(in: [UInt8]($0)) }
    }
}
