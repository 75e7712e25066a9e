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

/// What the API server tells of the token by which a service account was authenticated (`user.extra`; KEP-4193). It has this from the token, which
/// it has signed itself; of everybody else it may be what they say.
public struct Credential: Hashable, Sendable {
    /// The Pod that the token is bound to.
    public var podName = ""
    public var podUID = ""
    /// The node that the Pod, or the token, is bound to.
    public var nodeName = ""
    /// `JTI=…`, as the request for the token is annotated with.
    public var id = ""

    public static let none = Credential()

    private init() {}

    /// - Parameter user: of an event.
    init(_ user: Value, of identity: Identity) {
        guard identity.serviceAccount != nil else { return }
        let extra = user["extra"]
        func one(_ value: Value) -> String { (try? value.strings())?.first.map(Credential.bounded) ?? "" }
        podName = one(extra["authentication.kubernetes.io/pod-name"])
        podUID = one(extra["authentication.kubernetes.io/pod-uid"])
        nodeName = one(extra["authentication.kubernetes.io/node-name"])
        id = one(extra["authentication.kubernetes.io/credential-id"])
    }

    private static let characters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._=:".utf8)

    /// Names of objects are no longer and have no other characters; anything else is none.
    static func bounded(_ text: String) -> String {
        let isName = text.utf8.count <= 253 && text.utf8.allSatisfy(characters.contains)
        return isName ? text : ""
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
    /// Of the one who was authenticated.
    public let credential: Credential

    public init(
        authenticated: Identity, impersonated: Identity? = nil, addresses: [String] = [], userAgent: String = "", credential: Credential = .none
    ) {
        self.authenticated = authenticated
        self.credential = credential
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
