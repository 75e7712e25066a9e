import Controls
import Documents
public import Kubernetes
public import Responsibility
import Synchronization

/// What the webhook knows of the cluster around a request. A snapshot: whoever watches the cluster makes a new one when something changes.
public final class AdmissionEstate: Sendable {
    /// The chain of controlling owners of an object, the nearest first, as far as they are known and are the very objects that the
    /// references name.
    public typealias Owners = @Sendable (KubernetesObject) -> [KubernetesObject]
    /// The record of the moment; nil where nobody keeps one.
    public typealias Writes = @Sendable () -> (any WriteRecord)?

    private let grants: Inventory
    /// Names of the RuntimeClasses there are.
    public let runtimeClasses: Set<String>
    let owners: Owners
    /// Who else may change what is sent to the cluster; nil where that is not known.
    let mutators: Mutators?
    /// What audit logs prove about the objects that are there.
    let writes: Writes
    private let register = Mutex<(register: GrantRegister, from: Timestamp, until: Timestamp?)?>(nil)

    /// - Parameters:
    ///   - grants: objects of kind `PrivilegeGrant`; others are left aside.
    ///   - mutators: nil where it is not known who else may change what is sent; then nobody is called the author of what a review shows.
    public init(
        grants: [KubernetesObject] = [], runtimeClasses: Set<String> = [], mutators: Mutators? = nil,
        owners: @escaping Owners = { _ in [] }, writes: @escaping Writes = { nil }
    ) {
        (self.mutators, self.writes) = (mutators, writes)
        self.grants = Inventory(grants.filter { $0.kind == "PrivilegeGrant" })
        self.runtimeClasses = runtimeClasses
        self.owners = { object in
            var below = object
            return Array(
                owners(object).prefix { owner in
                    defer { below = owner }
                    return below.mayBeMade(by: owner)
                })
        }
    }

    /// The grants as they stand at an instant. Judged anew only when one of them begins or ends.
    func grants(under model: ResponsibilityModel, controls: [Control], at now: Timestamp) -> GrantRegister {
        register.withLock { known in
            // A clock may be set back, too.
            if let known, known.from <= now, known.until.map({ now < $0 }) ?? true { return known.register }
            let made = GrantRegister(grants, controls: controls, model: model, now: now)
            known = (made, now, made.nextChange(after: now)?.at)
            return made
        }
    }
}

extension KubernetesObject {
    /// Whether metadata claims that a controller owns this object.
    var hasController: Bool { controllerUID != nil }

    /// The `uid` of that controller, empty where the claim names none.
    var controllerUID: String? {
        guard let references = try? metadata["ownerReferences"].items() else { return nil }
        for reference in references where (try? reference["controller"].bool()) == true { return reference["uid"].text }
        return nil
    }
}
