import Documents
import Kubernetes

/// Reads the objects of RBAC into what an `AccessPolicy` keeps.
struct AccessPolicyReader {
    private let estate: [KubernetesObject]
    private var roleObjects = Objects()
    private var bindingObjects = Objects()

    /// Objects by name, in the order of their first appearance. Of several with one name the API server keeps the last; those
    /// that leave their name to the API server are each their own.
    private struct Objects {
        private(set) var origins: [AccessOrigin] = []
        private var indexes: [AccessIndex.Name: Int] = [:]

        mutating func take(_ object: KubernetesObject, _ origin: AccessOrigin) {
            let name = AccessIndex.Name(object)
            if object.metadata["name"].exists {
                if let known = indexes[name] { return origins[known] = origin }
                indexes[name] = origins.count
            }
            origins.append(origin)
        }

        func contains(_ name: AccessIndex.Name) -> Bool { indexes[name] != nil }
    }

    /// The estate holds the API server's own bindings, as a dump of a cluster does.
    private(set) var isDump = false

    private(set) var roles: [EffectiveRole] = []
    private(set) var roleIndexes: [AccessIndex.Name: Int] = [:]
    private(set) var bindings: [AccessBinding] = []
    private(set) var subjects: [AccessSubject] = []
    private(set) var subjectIndexes: [AccessSubject: Int] = [:]
    private(set) var faults: [WrongType] = []

    init(_ estate: [KubernetesObject]) {
        self.estate = estate
        for (index, object) in estate.enumerated() { take(object, .estate(index)) }
        isDump = ["cluster-admin", "system:basic-user"].contains { bindingObjects.contains(.init(kind: "ClusterRoleBinding", name: $0)) }
        guard !isDump else { return }
        for (index, object) in BootstrapRoles.objects.enumerated() {
            let name = AccessIndex.Name(object)
            if !roleObjects.contains(name), !bindingObjects.contains(name) { take(object, .bootstrap(index)) }
        }
    }

    private mutating func take(_ object: KubernetesObject, _ origin: AccessOrigin) {
        switch object.kind {
        case "Role", "ClusterRole": if object.isRBAC { roleObjects.take(object, origin) }
        case "RoleBinding", "ClusterRoleBinding": if object.isRBAC { bindingObjects.take(object, origin) }
        default: break
        }
    }

    private func object(_ origin: AccessOrigin) -> KubernetesObject {
        switch origin {
        case .estate(let index): estate[index]
        case .bootstrap(let index): BootstrapRoles.objects[index]
        }
    }

    // MARK: - Roles

    mutating func readRoles() {
        var written: [WrittenRole] = []
        for origin in roleObjects.origins {
            do throws(WrongType) {
                written.append(try WrittenRole(object(origin), origin))
            } catch {
                faults.append(error)
            }
        }
        let aggregation = Aggregation(written, keepsCircles: isDump)
        roles = written.indices.map { index in
            let role = written[index]
            do throws(WrongType) {
                let gathered = try aggregation.rules(of: index)
                return EffectiveRole(name: role.name, origin: role.origin, isAggregated: gathered != nil, rules: gathered ?? role.rules)
            } catch {
                faults.append(error)
                return EffectiveRole(name: role.name, origin: role.origin, isAggregated: true, rules: [])
            }
        }
        for (index, role) in roles.enumerated() where object(role.origin).metadata["name"].exists { roleIndexes[role.name] = index }
    }

    // MARK: - Bindings

    mutating func readBindings() {
        bindings.reserveCapacity(bindingObjects.origins.count)
        for origin in bindingObjects.origins {
            do throws(WrongType) {
                try readBinding(object(origin), origin)
            } catch {
                faults.append(error)
            }
        }
    }

    private mutating func readBinding(_ object: KubernetesObject, _ origin: AccessOrigin) throws(WrongType) {
        // Read in full before anything is kept: a binding with one broken subject is refused whole.
        let written = try WrittenBinding(object)
        bindings.append(
            AccessBinding(
                origin: origin, namespace: object.namespace, name: object.name, roleName: written.role, role: roleIndexes[written.role],
                subjects: written.subjects.map { index(of: $0) }))
    }

    private mutating func index(of subject: AccessSubject) -> Int32 {
        if let known = subjectIndexes[subject] { return Int32(known) }
        subjectIndexes[subject] = subjects.count
        subjects.append(subject)
        return Int32(subjects.count - 1)
    }
}

extension AccessIndex.Name {
    init(_ object: KubernetesObject) { self.init(kind: object.kind, namespace: object.namespace, name: object.name) }
}

/// A binding as it is written.
struct WrittenBinding {
    let role: AccessIndex.Name
    let subjects: [AccessSubject]

    /// - Throws: `WrongType` for a binding that the API server refuses.
    init(_ object: KubernetesObject) throws(WrongType) {
        _ = try object.validMetadata()
        let reference = try RoleReference(of: object)
        let group = try reference.node["apiGroup"].string() ?? ""
        guard group.isEmpty || group == rbacGroup else {
            throw WrongType(value: reference.node["apiGroup"], expected: "rbac.authorization.k8s.io")
        }
        role = reference.role
        guard role.kind == "ClusterRole" || role.kind == "Role" && object.kind == "RoleBinding" else {
            throw WrongType(value: reference.node["kind"], expected: "ClusterRole, or Role in a RoleBinding")
        }
        guard isPathSegment(role.name) else { throw WrongType(value: reference.node["name"], expected: "the name of a role") }
        subjects = try object.bindingSubjects().map { subject throws(WrongType) in try AccessSubject(subject, in: object) }
    }
}

/// A role before aggregation.
struct WrittenRole {
    let name: AccessIndex.Name
    let origin: AccessOrigin
    let rules: [EffectiveRule]
    let labels: [String: String]
    /// Of `aggregationRule`; nil when the role has none.
    let selectors: [LabelSelector]?
    let aggregationRule: Value

    init(_ object: KubernetesObject, _ origin: AccessOrigin) throws(WrongType) {
        labels = try object.validMetadata()
        name = AccessIndex.Name(object)
        self.origin = origin
        rules = try object.validRules().map { EffectiveRule(rule: $0, origin: origin) }
        aggregationRule = object.root["aggregationRule"]
        guard name.kind == "ClusterRole", aggregationRule.exists else {
            selectors = nil
            return
        }
        _ = try aggregationRule.entries()
        let nodes = try aggregationRule["clusterRoleSelectors"].items().map { $0 }
        guard !nodes.isEmpty else { throw WrongType(value: aggregationRule["clusterRoleSelectors"], expected: "a list with at least one selector") }
        selectors = try nodes.map { node throws(WrongType) in try LabelSelector(node) }
    }
}
