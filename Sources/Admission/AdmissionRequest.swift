import Documents
public import Kubernetes

/// What an `AdmissionReview` (`admission.k8s.io/v1`) asks. Read from the document tree, where its objects stay.
public struct AdmissionRequest: Sendable {
    public enum Operation: String, Sendable, CaseIterable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case connect = "CONNECT"
    }

    /// To be repeated in the answer; the API server refuses another's.
    public let uid: String
    public let operation: Operation
    /// The API group, empty for the core group.
    public let group: String
    /// `pods`, `pods/exec`.
    public let resource: String
    public let namespace: String
    /// Empty when the server is to make one up.
    public let name: String
    public let user: AdmissionUser
    public let isDryRun: Bool
    /// What is to be stored, or the options of a `CONNECT`; nil for `DELETE`.
    public let object: KubernetesObject?
    /// What is there now; nil for `CREATE` and `CONNECT`.
    public let old: KubernetesObject?

    /// A container is to be put into a running Pod.
    public var isEphemeral: Bool { resource == "pods/ephemeralcontainers" && group.isEmpty }

    /// - Throws: `ReviewFault` for whatever the API server would not send. Nothing is guessed: what is judged must be what gets stored.
    public init(_ body: [UInt8]) throws(ReviewFault) {
        let parsed = DocumentTree.parse(body, source: "AdmissionReview", syntax: .json, limits: AdmissionRequest.limits)
        if let problem = parsed.problems.first {
            let place = problem.position.map { " in line \($0.line), column \($0.column)" } ?? ""
            throw ReviewFault("the body is no AdmissionReview\(place): \(problem.reason.rawValue)")
        }
        guard parsed.tree.roots.count == 1, let root = parsed.tree.roots.first else { throw ReviewFault("the body holds no single document") }
        do {
            guard try root["kind"].equals("AdmissionReview"), try root["apiVersion"].equals("admission.k8s.io/v1") else {
                throw ReviewFault("the body is no AdmissionReview of admission.k8s.io/v1")
            }
            try self.init(root["request"], of: parsed.tree)
        } catch let error as WrongType {
            throw ReviewFault("\(error.value.fieldPath) should be \(error.expected)")
        } catch {
            throw error as? ReviewFault ?? ReviewFault("the review cannot be read")
        }
    }

    /// An object takes 1.5 MiB at most in etcd, and a review holds two.
    private static let limits = Limits(bytes: 8 << 20, depth: 256, nodes: 2_000_000, problems: 1)

    private init(_ request: Value, of tree: DocumentTree) throws {
        guard let uid = try request["uid"].string(), !uid.isEmpty else { throw ReviewFault("request.uid is missing") }
        guard let operation = try request["operation"].string().flatMap({ Operation(rawValue: $0) }) else {
            throw ReviewFault("request.operation is none of CREATE, UPDATE, DELETE, CONNECT")
        }
        guard let plural = try request["resource"]["resource"].string(), !plural.isEmpty else {
            throw ReviewFault("request.resource.resource is missing")
        }
        let subresource = try request["subResource"].string() ?? ""
        self.uid = uid
        self.operation = operation
        group = try request["resource"]["group"].string() ?? ""
        resource = subresource.isEmpty ? plural : "\(plural)/\(subresource)"
        namespace = try request["namespace"].string() ?? ""
        name = try request["name"].string() ?? ""
        user = try AdmissionUser(request["userInfo"])
        isDryRun = try request["dryRun"].bool() ?? false
        let objects = tree.rooted(at: [request["object"], request["oldObject"]])
        object = try AdmissionRequest.object(objects[0], of: request, in: namespace)
        old = try AdmissionRequest.object(objects[1], of: request, in: namespace)
        switch operation {
        case .create, .connect: if object == nil { throw ReviewFault("request.object is missing") }
        case .update: if object == nil || old == nil { throw ReviewFault("request.object or request.oldObject is missing") }
        case .delete: break
        }
    }

    private static func object(_ value: Value, of request: Value, in namespace: String) throws -> KubernetesObject? {
        guard value.exists else { return nil }
        guard let kind = try value["kind"].string(), let apiVersion = try value["apiVersion"].string() else {
            throw ReviewFault("request.object says neither kind nor apiVersion")
        }
        let group = try request["kind"]["group"].string() ?? ""
        let version = try request["kind"]["version"].string() ?? ""
        guard try request["kind"]["kind"].string() == kind, apiVersion == (group.isEmpty ? version : "\(group)/\(version)") else {
            throw ReviewFault("request.object is of another kind than request.kind")
        }
        let object = try KubernetesObject(root: value, apiVersion: apiVersion, kind: kind, defaultNamespace: namespace)
        guard object.namespace == namespace || namespace.isEmpty || kind == "Namespace" else {
            throw ReviewFault("request.object is in another namespace than the request")
        }
        return object
    }
}

/// Who asks, as the API server has authenticated them.
public struct AdmissionUser: Sendable, Equatable {
    public let name: String
    public let uid: String
    public let groups: [String]
    /// What the authenticator says beside: scopes of a token, for instance.
    public let extra: [String: [String]]

    public init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        (self.name, self.uid, self.groups, self.extra) = (name, uid, groups, extra)
    }

    init(_ value: Value) throws(WrongType) {
        name = try value["username"].string() ?? ""
        uid = try value["uid"].string() ?? ""
        groups = try value["groups"].strings()
        var extra: [String: [String]] = [:]
        for entry in try value["extra"].entries() { extra[entry.key] = try entry.strings() }
        self.extra = extra
    }
}
