import Blame
import Documents
import Kubernetes
import Responsibility

extension AdmissionRequest {
    /// What this request proves about who wrote what: its sender wrote what it changes, and an earlier record tells of the rest.
    func writes(of object: KubernetesObject, in estate: AdmissionEstate, at now: Timestamp) -> any WriteRecord {
        let request = RequestWrites.Request(
            user: user.name, groups: user.groups, id: uid, at: now,
            isUndisturbed: !user.name.isEmpty && estate.mutators.map { !$0.mayChange(self) } ?? false)
        return RequestWrites(request, object: object, old: old, earlier: estate.writes())
    }
}

extension ProvenWriter {
    /// The proof is the request that is reviewed, and not an earlier record.
    var isThisRequest: Bool { evidence.hasPrefix("admission request ") }
}
