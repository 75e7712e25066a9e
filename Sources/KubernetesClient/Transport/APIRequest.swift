internal import NIOHTTP1

/// One request to an API server.
struct APIRequest: Sendable {
    var method: HTTPMethod = .GET
    /// Below the server's address, percent-encoded: `/api/v1/pods`.
    var path: String
    var query: [(name: String, value: String)] = []
    var accept = "application/json"
    var contentType = "application/json"
    var body: [UInt8]?
    /// What is being done, for errors.
    var purpose: String
    /// What a 403 says is missing; nil where it is no matter of a resource.
    var permission: Permission?
    /// Bytes of the answer.
    var limit = 64 << 20
    /// From sending it to the last byte of its answer; nil takes that of the client.
    var timeout: Duration?
    /// nil takes that of the client.
    var attempts: Int?
    /// A patch that applies means the same however often it arrives.
    var isIdempotent = true

    init(_ path: String, purpose: String) { (self.path, self.purpose) = (path, purpose) }

    /// A request about a resource, named by the right it needs.
    init(_ path: String, _ permission: Permission) {
        self.init(path, purpose: permission.description)
        self.permission = permission
    }

    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\(APIRequest.encoded($0.name))=\(APIRequest.encoded($0.value))" }.joined(separator: "&")
    }

    /// All but RFC 3986's unreserved characters in percent.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return encoded
    }
}

/// A whole answer with a status of success.
struct APIAnswer: Sendable {
    var status: Int
    var contentType: String
    var body: [UInt8]
}
