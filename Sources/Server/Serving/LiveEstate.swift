public import Admission
internal import Synchronization

/// What admissions know of a watched cluster, made anew only when a grant, a RuntimeClass or another webhook changes: thousands of reviews share it.
public final class LiveEstate: Sendable {
    private struct Made {
        var grants: UInt64
        var runtimeClasses: Set<String>
        var mutators: UInt64
        var estate: AdmissionEstate
    }

    private let store: EstateStore
    private let made = Mutex<Made?>(nil)

    private let writes: AdmissionEstate.Writes

    /// - Parameter writes: what is proven about the objects of the cluster.
    public init(_ store: EstateStore, writes: @escaping AdmissionEstate.Writes = { nil }) { (self.store, self.writes) = (store, writes) }

    /// The estate as the watches show it at this moment.
    public var current: AdmissionEstate {
        let snapshot = store.admission
        return made.withLock { made in
            if let made, made.grants == snapshot.grantsVersion, made.runtimeClasses == snapshot.runtimeClasses,
                made.mutators == snapshot.mutatorsVersion
            {
                return made.estate
            }
            // Owners change with every rollout, so they are looked up when asked for.
            let estate = AdmissionEstate(
                grants: snapshot.grants, runtimeClasses: snapshot.runtimeClasses, mutators: snapshot.mutators,
                owners: { [store] object in store.admission.owners(of: object) }, writes: writes)
            made = Made(
                grants: snapshot.grantsVersion, runtimeClasses: snapshot.runtimeClasses, mutators: snapshot.mutatorsVersion, estate: estate)
            return estate
        }
    }
}
