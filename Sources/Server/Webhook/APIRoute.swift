public import KubernetesClient

/// A request whose sender is known and allowed.
public struct APIRequest: Sendable {
    public var method: String
    /// Without the query.
    public var path: String
    /// Behind the question mark, as it came.
    public var query: String
    public var body: [UInt8]
    public var identity: TokenIdentity
}

/// What an API route answers.
public struct APIAnswer: Sendable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    public init(status: Int = 200, contentType: String = "application/json", body: [UInt8]) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }

    /// A status with one line of text.
    public init(status: Int, text: String) {
        self.init(status: status, contentType: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
    }
}

/// A path such as `/metrics` or `/demarc/v1/findings`, always with a token. Never below `/api`: by the default role `system:discovery` everybody
/// who is authenticated may read there.
public struct APIRoute: Sendable {
    public typealias Handler = @Sendable (APIRequest) async -> APIAnswer

    /// `GET`, `POST` …; who allows `GET` also answers `HEAD`.
    public var method: String
    /// `/demarc/v1/findings`; one that ends in a slash stands for everything below.
    public var path: String
    public var handler: Handler

    public init(_ method: String, _ path: String, handler: @escaping Handler) {
        (self.method, self.path, self.handler) = (method, path, handler)
    }

    func matches(_ path: Substring) -> Bool { self.path.hasSuffix("/") ? path.hasPrefix(self.path) : path == self.path }
}
