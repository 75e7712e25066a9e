public import Controls
public import Documents
public import Kubernetes
public import Responsibility
import Synchronization

/// What the webhook knows of the cluster around a request. A snapshot: whoever watches the cluster makes a new one when something changes.
public final class AdmissionEstate: Sendable {
    /// Finds the object of a kind and name in a namespace, nil when it is not known.
    public typealias Lookup = @Sendable (_ kind: String, _ namespace: String, _ name: String) -> KubernetesObject?

    private let grants: Inventory
    /// Names of the RuntimeClasses there are.
    public let runtimeClasses: Set<String>
    let find: Lookup
    private let register = Mutex<(register: GrantRegister, from: Timestamp, until: Timestamp?)?>(nil)

    /// - Parameters:
    ///   - grants: objects of kind `PrivilegeGrant`; others are left aside.
    ///   - find: of the objects that own Pods, and of Pods.
    public init(grants: [KubernetesObject] = [], runtimeClasses: Set<String> = [], find: @escaping Lookup = { _, _, _ in nil }) {
        self.grants = Inventory(grants.filter { $0.kind == "PrivilegeGrant" })
        self.runtimeClasses = runtimeClasses
        self.find = find
    }

    /// The grants as they stand at an instant. Judged anew only when one of them begins or ends.
    func grants(under model: ResponsibilityModel, controls: [Control], at now: Timestamp) -> GrantRegister {
        register.withLock { known in
            // A clock may be set back, too.
            if let known, known.from <= now, known.until.map({ now < $0 }) ?? true { return known.register }
            let made = GrantRegister(grants, controls: controls, model: model, now: now)
            known = (made, now, made.nextChange(after: now))
            return made
        }
    }

    /// The controlling owners of an object, the nearest first, as far as they are known and are the very objects that its references name.
    func owners(of object: KubernetesObject) -> [KubernetesObject] {
        var owners: [KubernetesObject] = []
        var current = object
        // Pod, ReplicaSet or Job, Deployment or CronJob, and perhaps a custom kind above.
        while owners.count < 4, let reference = current.controllerReference, let owner = find(reference.kind, object.namespace, reference.name),
            (try? owner.metadata["uid"].string()) == reference.uid
        {
            owners.append(owner)
            current = owner
        }
        return owners
    }
}

extension KubernetesObject {
    /// The one owner that controls this object, as its metadata claims.
    var controllerReference: (kind: String, name: String, uid: String)? {
        guard let references = try? metadata["ownerReferences"].items() else { return nil }
        for reference in references where (try? reference["controller"].bool()) == true {
            guard let kind = try? reference["kind"].string(), let name = try? reference["name"].string(), let uid = try? reference["uid"].string(),
                !uid.isEmpty
            else { return nil }
            return (kind, name, uid)
        }
        return nil
    }
}
