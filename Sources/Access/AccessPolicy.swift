public import Documents
public import Kubernetes

/// All roles and bindings of an estate as the RBAC authorizer sees them, read once.
///
/// What the API server refuses (a subject of an unknown kind, a rule without verbs) is not there for it either: such an
/// object gives nothing here and is listed in `faults`. Where an estate does not hold the API server's own roles, it is no
/// dump of a cluster; then those are taken in as a fresh API server makes them, so that a binding of `edit` means what it
/// will mean.
public struct AccessPolicy: EstateAnalysis {
    public let roles: [EffectiveRole]
    public let bindings: [AccessBinding]
    /// Everyone that a binding names, each once.
    public let subjects: [AccessSubject]
    /// Objects that the API server refuses, with the place of the fault.
    public let faults: [WrongType]

    private let estate: [KubernetesObject]
    private let subjectIndexes: [AccessSubject: Int]
    /// By index of the subject, ascending.
    private let bindingsBySubject: [[Int32]]
    /// By index of the role, ascending.
    private let bindingsByRole: [[Int32]]
    private let roleIndexes: [AccessIndex.Name: Int]

    public init(of inventory: Inventory) {
        var reader = AccessPolicyReader(inventory.objects)
        reader.readRoles()
        reader.readBindings()
        estate = inventory.objects
        roles = reader.roles
        roleIndexes = reader.roleIndexes
        bindings = reader.bindings
        subjects = reader.subjects
        subjectIndexes = reader.subjectIndexes
        faults = reader.faults
        var bySubject = [[Int32]](repeating: [], count: reader.subjects.count)
        var byRole = [[Int32]](repeating: [], count: reader.roles.count)
        for (index, binding) in reader.bindings.enumerated() {
            if let role = binding.role { byRole[role].append(Int32(index)) }
            // A binding that names somebody twice gives nothing twice.
            for subject in binding.subjects where bySubject[Int(subject)].last != Int32(index) { bySubject[Int(subject)].append(Int32(index)) }
        }
        bindingsBySubject = bySubject
        bindingsByRole = byRole
    }

    public func object(_ origin: AccessOrigin) -> KubernetesObject {
        switch origin {
        case .estate(let index): estate[index]
        case .bootstrap(let index): BootstrapRoles.objects[index]
        }
    }

    /// Index of a role, nil when neither the estate nor the API server has it.
    public func role(_ name: AccessIndex.Name) -> Int? { roleIndexes[name] }

    /// Index of a subject, nil when no binding names it.
    public func subject(_ subject: AccessSubject) -> Int? { subjectIndexes[subject] }

    /// Indexes of the bindings that name a subject.
    public func bindings(of subject: Int) -> [Int32] { bindingsBySubject[subject] }

    /// Indexes of the bindings of a role.
    public func bindings(ofRole role: Int) -> [Int32] { bindingsByRole[role] }

    // MARK: - Questions

    /// Decides as the API server does: members of `system:masters` first, then each binding that applies.
    public func decide(_ request: AccessRequest, by requester: Requester) -> AccessDecision {
        if requester.groups.contains(Requester.mastersGroup) { return .masters }
        let namespace = request.namespace
        for name in requester.subjects {
            guard let subject = subjectIndexes[name] else { continue }
            for index in bindingsBySubject[subject] {
                let binding = bindings[Int(index)]
                guard binding.applies(in: namespace), let role = binding.role, let rule = roles[role].rule(allowing: request) else { continue }
                return .allowed(AccessReason(subject: subject, binding: Int(index), role: role, rule: rule))
            }
        }
        return .denied
    }

    /// Everyone to whom a binding allows a request, by subject and then by binding. `system:masters` is allowed everything
    /// without a binding and is not listed for that.
    public func whoCan(_ request: AccessRequest) -> [AccessReason] {
        let namespace = request.namespace
        var reasons: [AccessReason] = []
        for (role, effective) in roles.enumerated() {
            guard !bindingsByRole[role].isEmpty, let rule = effective.rule(allowing: request) else { continue }
            for index in bindingsByRole[role] where bindings[Int(index)].applies(in: namespace) {
                for subject in Set(bindings[Int(index)].subjects) {
                    reasons.append(AccessReason(subject: Int(subject), binding: Int(index), role: role, rule: rule))
                }
            }
        }
        return reasons.sorted { (subjects[$0.subject], $0.binding) < (subjects[$1.subject], $1.binding) }
    }
}

/// A RoleBinding or ClusterRoleBinding.
public struct AccessBinding: Sendable {
    public let origin: AccessOrigin
    /// Empty for a ClusterRoleBinding.
    public let namespace: String
    public let name: String
    public let roleName: AccessIndex.Name
    /// Index of the role, nil when nobody has it: the binding gives nothing, until somebody creates that role.
    public let role: Int?
    /// Indexes of the subjects, in the order the binding names them.
    public let subjects: [Int32]

    /// Whether the binding counts for requests in a namespace, or for those without one when it is empty.
    public func applies(in requested: String) -> Bool { namespace.isEmpty || namespace == requested }
}

/// Why somebody may do something. All are indexes into an `AccessPolicy`, `rule` into the rules of the role.
public struct AccessReason: Hashable, Sendable {
    public let subject: Int
    public let binding: Int
    public let role: Int
    public let rule: Int
}

public enum AccessDecision: Hashable, Sendable {
    case denied
    case allowed(AccessReason)
    /// The requester is in `system:masters`, whom nothing is refused.
    case masters

    public var isAllowed: Bool { self != .denied }
}
