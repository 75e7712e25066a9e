import Documents
import Kubernetes

/// Whom a binding names. A user that is called like a service account is that service account.
public struct AccessSubject: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable, Comparable {
        case user = "User"
        case group = "Group"
        case serviceAccount = "ServiceAccount"

        public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    public let kind: Kind
    /// Of a service account; empty for users and groups.
    public let namespace: String
    public let name: String

    public static func group(_ name: String) -> AccessSubject { AccessSubject(kind: .group, namespace: "", name: name) }

    /// To the authorizer a service account is the user of its name, so `a:b` and `c` are whoever is called as `a` and `b:c` are.
    public static func account(_ namespace: String, _ name: String) -> AccessSubject {
        guard !namespace.utf8.contains(UInt8(ascii: ":")), !name.utf8.contains(UInt8(ascii: ":")), !namespace.isEmpty, !name.isEmpty else {
            return AccessSubject(kind: .user, namespace: "", name: ServiceAccountName(namespace: namespace, name: name).user)
        }
        return AccessSubject(kind: .serviceAccount, namespace: namespace, name: name)
    }

    public static func user(_ name: String) -> AccessSubject {
        ServiceAccountName(user: name).map { AccessSubject(kind: .serviceAccount, namespace: $0.namespace, name: $0.name) }
            ?? AccessSubject(kind: .user, namespace: "", name: name)
    }

    /// By bytes, as the API server compares: to Swift, two spellings of `é` are one text.
    public static func == (one: Self, other: Self) -> Bool {
        one.kind == other.kind && ExactText(one.name) == ExactText(other.name) && ExactText(one.namespace) == ExactText(other.namespace)
    }

    /// - Throws: `WrongType` for a subject that the API server refuses.
    init(_ subject: BindingSubject, in binding: KubernetesObject) throws(WrongType) {
        let group = try subject.node["apiGroup"].string() ?? ""
        let name = subject.name.name
        guard !name.isEmpty else { throw WrongType(value: subject.node["name"], expected: "the name of a subject") }
        switch subject.name.kind {
        case "User", "Group":
            guard group.isEmpty || group == rbacGroup else {
                throw WrongType(value: subject.node["apiGroup"], expected: "rbac.authorization.k8s.io for users and groups")
            }
            self = subject.name.kind == "User" ? .user(name) : .group(name)
        case "ServiceAccount":
            guard group.isEmpty else { throw WrongType(value: subject.node["apiGroup"], expected: "empty for service accounts") }
            guard !subject.name.namespace.isEmpty else {
                throw WrongType(value: subject.node["namespace"], expected: "the namespace of the service account")
            }
            guard isDNSSubdomain(name) else { throw WrongType(value: subject.node["name"], expected: "a name that a service account can have") }
            self = .account(subject.name.namespace, name)
        default: throw WrongType(value: subject.node["kind"], expected: "User, Group or ServiceAccount")
        }
    }

    private init(kind: Kind, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// `Group system:masters`, `ServiceAccount shop/web`.
    public var description: String { "\(kind.rawValue) \(namespace.isEmpty ? "" : namespace + "/")\(name)" }
}

extension AccessSubject: Comparable {
    /// By kind, namespace and name, the order reports list subjects in.
    public static func < (one: Self, other: Self) -> Bool {
        (one.kind, one.namespace, one.name) < (other.kind, other.namespace, other.name)
    }
}

extension Requester {
    /// Everyone whose bindings apply to this requester.
    public var subjects: [AccessSubject] { [.user(user)] + groups.map(AccessSubject.group) }
}
