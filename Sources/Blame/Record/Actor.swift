import Documents

/// Who sent a request, as the API server authenticated them.
public struct Identity: Hashable, Sendable {
    public let user: String
    public let groups: [String]

    public init(user: String, groups: [String] = []) {
        self.user = user
        self.groups = groups
    }

    init(_ value: Value) throws(WrongType) {
        user = try value["username"].string() ?? ""
        groups = try value["groups"].strings()
        guard !user.isEmpty else { throw WrongType(value: value, expected: "a user with a name") }
    }

    /// Namespace and name of a service account; nil for all others.
    public var serviceAccount: (namespace: String, name: String)? {
        let parts = user.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount" else { return nil }
        return (String(parts[2]), String(parts[3]))
    }
}

/// Who did something and through what.
public struct Actor: Hashable, Sendable {
    /// Whose credential it was: the one who answers.
    public let authenticated: Identity
    /// As whom they acted, where they impersonated somebody.
    public let impersonated: Identity?
    /// Addresses from which the request came; what a proxy claims stands before its own.
    public let addresses: [String]
    /// As the client called itself, which anybody may choose.
    public let userAgent: String

    public init(authenticated: Identity, impersonated: Identity? = nil, addresses: [String] = [], userAgent: String = "") {
        self.authenticated = authenticated
        self.impersonated = impersonated
        self.addresses = addresses
        self.userAgent = userAgent
    }

    /// With whose rights it was done.
    public var effective: Identity { impersonated ?? authenticated }

    /// `alice`, `alice as bob`.
    public var name: String { impersonated.map { "\(authenticated.user) as \($0.user)" } ?? authenticated.user }

    /// The program, by what it calls itself: `kubectl v1.36.0`. A claim, never a proof.
    public var tool: String {
        let program = userAgent.split(separator: " ").first.map(String.init) ?? ""
        guard let slash = program.firstIndex(of: "/") else { return program }
        let version = program[program.index(after: slash)...]
        return version.isEmpty ? String(program[..<slash]) : "\(program[..<slash]) \(version)"
    }
}
