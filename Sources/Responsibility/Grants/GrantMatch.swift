import Controls
import Documents
import Kubernetes

/// Whether a grant covers what a finding asks for.
enum GrantMatch {
    case granted(GrantRegister.Entry)
    /// With the reason of the grant that came nearest, for the chain.
    case none(String)
}

extension GrantRegister {
    /// Matching is exact and closed: control, container, value, way of use, service account and image must
    /// all be those of the grant, and the grant must be in force.
    func match(_ finding: Finding, control: Control, object: KubernetesObject, candidates: [Int]) -> GrantMatch {
        var nearest: String?
        for index in self.candidates(candidates, naming: control.id) {
            let entry = entries[index]
            switch entry.coverage(of: finding, control: control, object: object) {
            case .covered: return .granted(entry)
            case .refused(let reason): nearest = nearest ?? "grant \(entry.grant.key) does not cover it: \(reason)"
            case .unrelated: break
            }
        }
        return .none(nearest ?? "no grant for this workload names this privilege")
    }
}

extension GrantRegister.Entry {
    enum Coverage {
        case covered
        /// The grant is about this control, but not about this use of it.
        case refused(String)
        case unrelated
    }

    func coverage(of finding: Finding, control: Control, object: KubernetesObject) -> Coverage {
        let value = finding.privilegeValue(control: control)
        guard grant.privileges.contains(where: { $0.control == control.id }) else {
            let waiting = evaluation.current.terms.privileges.contains { $0.control == control.id && $0.covers(finding, value: value) }
            return waiting ? .refused("the changed spec, which would, is not in force: \(evaluation.current.reason)") : .unrelated
        }
        var coverage = Coverage.unrelated
        for (index, privilege) in grant.privileges.enumerated() where privilege.control == control.id {
            guard privilege.covers(finding, value: value) else {
                if case .unrelated = coverage { coverage = .refused(privilege.difference(from: finding, value: value)) }
                continue
            }
            if let refusal = refusal(of: finding, object: object) { return .refused(refusal) }
            return state.isInForce(index) ? .covered : .refused(state.reason)
        }
        return coverage
    }

    /// Why the object that asks is not the one the grant is for.
    private func refusal(of finding: Finding, object: KubernetesObject) -> String? {
        guard let pod = object.pod else { return "the object makes no Pod" }
        let account = pod.serviceAccount
        guard account == grant.workload.serviceAccountName else {
            return "the service account is '\(account)', not '\(grant.workload.serviceAccountName)'"
        }
        guard !grant.imageDigests.isEmpty else { return nil }
        for container in pod.containers where finding.container.isEmpty || container.name == finding.container {
            guard let digest = container.imageDigest else { return "the image of container '\(container.name)' has no digest" }
            guard grant.imageDigests.contains(digest) else { return "the image of container '\(container.name)' is another one" }
        }
        return nil
    }
}

extension GrantedPrivilege {
    func covers(_ finding: Finding, value: String) -> Bool {
        // Bytes, not `==`: to Swift `é` in one code point and in two are equal, to a file system they are two paths.
        container.utf8.elementsEqual(finding.container.utf8) && self.value.utf8.elementsEqual(value.utf8) && (!readOnly || finding.readOnly)
    }

    func difference(from finding: Finding, value: String) -> String {
        if container != finding.container {
            return container.isEmpty ? "it is for the Pod, not for container '\(finding.container)'" : "it is for container '\(container)'"
        }
        if self.value != value { return "it is for '\(self.value)'" }
        return "it is for reading only"
    }
}

extension Finding {
    /// What is asked for, in the form grants are compared in.
    func privilegeValue(control: Control) -> String {
        let isScalar = missing.isEmpty && place.kind == .boolean
        return PrivilegeValue.normal(isScalar && value == place.text ? PrivilegeValue.text(of: place) : value, control: control.id)
    }
}

extension PodSpec {
    /// The service account the Pod runs as; `default` when it names none. `serviceAccount` is the old name
    /// of the field, which the API server still copies.
    var serviceAccount: String {
        for field in [node["serviceAccountName"], node["serviceAccount"]] {
            if let name = try? field.string(), !name.isEmpty { return name }
        }
        return "default"
    }
}

extension Container {
    /// `sha256:…` of an image that is named by digest. A tag is no digest, whatever it is called.
    var imageDigest: String? {
        guard let image = try? node["image"].string(), let at = image.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let digest = String(image[image.utf8.index(after: at)...])
        return Digest.isSHA256(digest) ? digest : nil
    }
}
