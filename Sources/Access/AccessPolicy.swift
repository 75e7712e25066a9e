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
    /// The estate was dumped from a cluster: it holds what the API server itself made.
    public let isDump: Bool

    private let estate: [KubernetesObject]
    private let subjectIndexes: [AccessSubject: Int]
    /// By index of the subject, ascending.
    private let bindingsBySubject: [[Int32]]
    /// By index of the role, ascending.
    private let bindingsByRole: [[Int32]]
    private let roleIndexes: [AccessIndex.Name: Int]
    private let bindingsByObject: [Int: Int]

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
        isDump = reader.isDump
        var bySubject = [[Int32]](repeating: [], count: reader.subjects.count)
        var byRole = [[Int32]](repeating: [], count: reader.roles.count)
        for (index, binding) in reader.bindings.enumerated() {
            if let role = binding.role { byRole[role].append(Int32(index)) }
            // A binding that names somebody twice gives nothing twice.
            for subject in binding.subjects where bySubject[Int(subject)].last != Int32(index) { bySubject[Int(subject)].append(Int32(index)) }
        }
        var byObject: [Int: Int] = [:]
        for (index, binding) in reader.bindings.enumerated() { if case .estate(let object) = binding.origin { byObject[object] = index } }
        bindingsByObject = byObject
        bindingsBySubject = bySubject
        bindingsByRole = byRole
    }

    /// Index of the binding that an object of the inventory is, nil when it is none or the API server refuses it.
    public func binding(ofObject object: Int) -> Int? { bindingsByObject[object] }

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
        // Each role is asked once, however many bindings give it.
        var refusing: Set<Int> = []
        for name in requester.subjects {
            guard let subject = subjectIndexes[name] else { continue }
            for index in bindingsBySubject[subject] {
                let binding = bindings[Int(index)]
                guard binding.applies(in: namespace), let role = binding.role, !refusing.contains(role) else { continue }
                guard let rule = roles[role].rule(allowing: request) else {
                    refusing.insert(role)
                    continue
                }
                return .allowed(AccessReason(subject: subject, binding: Int(index), role: role, rule: rule))
            }
        }
        return .denied
    }

    /// Everyone to whom a binding allows a request, by subject and then by binding. `system:masters` is allowed everything
    /// without a binding and is not listed for that.
    /// - Parameter anywhere: the bindings of every namespace count, each in its own.
    public func whoCan(_ request: AccessRequest, anywhere: Bool = false) -> [AccessReason] {
        let namespace = request.namespace
        var reasons: [AccessReason] = []
        for (role, effective) in roles.enumerated() {
            guard !bindingsByRole[role].isEmpty, let rule = effective.rule(allowing: request) else { continue }
            for index in bindingsByRole[role] where anywhere || bindings[Int(index)].applies(in: namespace) {
                for subject in Set(bindings[Int(index)].subjects) {
                    reasons.append(AccessReason(subject: Int(subject), binding: Int(index), role: role, rule: rule))
                }
            }
        }
        let rank = ranks(of: reasons)
        return reasons.sorted { (rank[$0.subject, default: 0], $0.binding) < (rank[$1.subject, default: 0], $1.binding) }
    }

    /// The place of each subject among those that some reasons name, so that each name is compared but a few times.
    private func ranks(of reasons: [AccessReason]) -> [Int: Int] {
        let named = Set(reasons.map(\.subject)).sorted { subjects[$0] < subjects[$1] }
        return Dictionary(uniqueKeysWithValues: named.enumerated().map { ($1, $0) })
    }

    /// Indexes of the bindings that would apply to a request by a requester, but whose role nobody has.
    public func danglingBindings(of requester: Requester, in namespace: String) -> [Int] {
        requester.subjects.compactMap { subjectIndexes[$0] }.flatMap { bindingsBySubject[$0] }.map { Int($0) }
            .filter { bindings[$0].role == nil && bindings[$0].applies(in: namespace) }
    }

    /// Whether a reason is there in every fresh API server: the binding, its subject and the rule are its own, unchanged.
    public func isBootstrap(_ reason: AccessReason) -> Bool {
        let binding = bindings[reason.binding]
        let rule = roles[reason.role].rules[reason.rule]
        if case .bootstrap = binding.origin, case .bootstrap = rule.origin { return true }
        // Asked of the name alone: a binding may name a hundred thousand, and each of them may be asked about.
        let isOwn = try? BootstrapRoles.holds(subject: subjects[reason.subject].description, in: object(binding.origin))
        return isOwn == true && (try? BootstrapRoles.holds(rule.rule, in: object(rule.origin))) == true
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
