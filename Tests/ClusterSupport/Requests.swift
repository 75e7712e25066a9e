import Foundation

/// A question to an API server's authorizer: may this user do that? The fields are those of `SubjectAccessReviewSpec`.
public struct AccessReview: Encodable, Sendable {
    public struct Resource: Encodable, Sendable {
        public var verb, group, resource: String
        public var namespace, subresource, name: String?

        public init(
            _ verb: String, _ resource: String, group: String = "", subresource: String? = nil, name: String? = nil, namespace: String? = nil
        ) {
            (self.verb, self.group, self.resource) = (verb, group, resource)
            (self.namespace, self.subresource, self.name) = (namespace, subresource, name)
        }
    }

    public struct NonResource: Encodable, Sendable {
        public var verb, path: String
    }

    public var user: String
    public var groups: [String]
    public var resourceAttributes: Resource?
    public var nonResourceAttributes: NonResource?

    public init(user: String, groups: [String] = [], _ resource: Resource) {
        (self.user, self.groups, resourceAttributes) = (user, groups, resource)
    }

    public init(user: String, groups: [String] = [], verb: String, path: String) {
        (self.user, self.groups, nonResourceAttributes) = (user, groups, NonResource(verb: verb, path: path))
    }
}

extension APIServer {
    public struct Response: Decodable, Sendable {
        public let status: Int
        public let body: String
        /// What kubectl prints before the answer.
        public let warnings: [String]
    }

    /// What the authorizer answers to each, in their order. About a thousand a second.
    public func allows(_ reviews: [AccessReview]) throws -> [Bool] {
        let encoder = JSONEncoder()
        let lines = try reviews.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let answers = try client("reviews", input: lines.joined(separator: "\n"), seconds: Self.patience + reviews.count / 100)
        return answers.split(separator: "\n").map { $0 == "true" }
    }

    /// Creates all objects of a text, Namespaces first: JSON values one after another, or YAML documents; Lists are taken apart.
    ///
    /// What roles and bindings among them allow is allowed once this returns.
    public func create(_ manifests: String) throws -> [Response] {
        try responses("create", input: manifests)
    }

    /// Waits until the authorizer goes by all roles and bindings that somebody else has made: it hears of them a moment after they are stored.
    public func settle() throws { _ = try client("settle", input: "", seconds: Self.patience) }

    /// Whether a resource that a definition brings is served, and found by whoever asks what there is: neither comes at once, nor both together.
    ///
    /// - Parameter path: that of its list, `/apis/GROUP/VERSION/…/RESOURCE`.
    public func serves(_ path: String) throws -> Bool {
        let parts = path.split(separator: "/")
        guard parts.count > 3, let resource = parts.last else { throw Failure(description: "\(path) is no list of a resource") }
        let version = parts[1] + "/" + parts[2]
        let answers = try send(["/apis", "/apis/\(version)", path].map { Request("GET", $0) })
        // `ModernKubernetes` cannot list its groups.
        let isListed = answers[0].status != 200 || answers[0].body.contains("\"groupVersion\":\"\(version)\"")
        return isListed && answers[1].body.contains("\"name\":\"\(resource)\"") && answers[2].status == 200
    }

    public func get(_ path: String, headers: [String: String] = [:]) throws -> Response {
        try request("GET", path, headers: headers)
    }

    public func post(_ path: String, _ body: String, headers: [String: String] = [:]) throws -> Response {
        try request("POST", path, body: body, headers: headers)
    }

    /// One request, as the administrator unless `headers` say otherwise (`Authorization`, `Impersonate-User`). The body is JSON.
    public func request(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]) throws -> Response {
        guard let response = try send([Request(method, path, body: body, headers: headers)]).first else {
            throw Failure(description: "\(method) \(path): no answer")
        }
        return response
    }

    /// A request of many.
    public struct Request: Sendable {
        public var method, path: String
        /// JSON.
        public var body: String?
        public var headers: [String: String]

        public init(_ method: String, _ path: String, body: String? = nil, headers: [String: String] = [:]) {
            (self.method, self.path, self.body, self.headers) = (method, path, body, headers)
        }
    }

    /// Many requests over several connections; answers in their order.
    public func send(_ requests: [Request]) throws -> [Response] {
        let lines = try requests.map { request in
            let fields = [
                "\"method\":\(try Self.json(request.method))", "\"path\":\(try Self.json(request.path))",
                "\"headers\":\(try Self.json(request.headers))",
                // On one line, since each line is a request: JSON has line breaks only between its tokens.
                "\"body\":\(request.body.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") } ?? "null")",
            ]
            return "{\(fields.joined(separator: ","))}"
        }
        return try responses("requests", input: lines.joined(separator: "\n"))
    }

    /// Seconds for any of these.
    private static let patience = 60

    private func responses(_ mode: String, input: String) throws -> [Response] {
        let decoder = JSONDecoder()
        return try client(mode, input: input, seconds: Self.patience + input.utf8.count / 100_000).split(separator: "\n")
            .map { try decoder.decode(Response.self, from: Data($0.utf8)) }
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}
