import Foundation

struct UsageError: Error {
    let text: String
}

/// What the command line asks for.
struct Options {
    static let usage = """
        usage: AdmissionLoad URL [--body FILE] [--connections 16] [--seconds 10] [--requests N] [--warmup 2] [--json]

        Sends the same review over TLS 1.3 and HTTP/1.1, one request at a time on each connection, and prints how many were answered
        and how long that took. Without --body it is a Pod of some 6 KB. The server's certificate is not checked.
        """

    var host = ""
    var port = 443
    var path = "/"
    var body = Review.sample
    var connections = 16
    var seconds = 10.0
    /// Ends after so many, instead of after a time.
    var requests: Int?
    var warmup = 2.0
    var isJSON = false

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func number<N: LosslessStringConvertible>(_ flag: String) throws -> N {
            guard let text = rest.popFirst(), let number = N(text) else { throw UsageError(text: "\(flag) needs a number") }
            return number
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--body":
                guard let path = rest.popFirst(), let data = FileManager.default.contents(atPath: path) else {
                    throw UsageError(text: "--body needs a file that can be read")
                }
                body = Array(data)
            case "--connections": connections = max(1, try number(argument))
            case "--seconds": seconds = try number(argument)
            case "--requests": requests = try number(argument)
            case "--warmup": warmup = try number(argument)
            case "--json": isJSON = true
            default:
                guard host.isEmpty, let url = URL(string: argument), url.scheme == "https", let host = url.host() else {
                    throw UsageError(text: "'\(argument)' is neither a flag nor a URL with https")
                }
                (self.host, port, path) = (host, url.port ?? 443, url.path().isEmpty ? "/" : url.path())
                if let query = url.query() { path += "?" + query }
            }
        }
        guard !host.isEmpty else { throw UsageError(text: "a URL is missing") }
    }
}
