import Controls
import Documents
import Kubernetes
import Responsibility

extension AdmissionEngine {
    /// `exec`, `attach` and `port-forward`. Whoever enters a container takes over its privileges: where those are off by default, entering
    /// needs a grant of its own, since theirs was for the program and not for a person at a shell.
    func connect(
        _ request: AdmissionRequest, _ response: AdmissionResponse, _ target: ConnectionTarget, in estate: AdmissionEstate, grants: GrantRegister
    ) -> AdmissionAnswer {
        guard request.resource.hasPrefix("pods/"), request.group.isEmpty else { return response.allowed() }
        let pod: KubernetesObject
        switch target {
        case .pod(let found): pod = found
        case .missing: return response.allowed()
        case .unreadable:
            return response.denied("Pod \(request.namespace)/\(request.name) cannot be read now, so its privileges are not known; try again")
        case .unknown: return response.allowed(warnings: ["demarc knows no cluster here, so it did not look what the Pod may do"])
        }
        return entry(to: pod, request, response, in: estate, grants: grants) ?? response.allowed()
    }

    /// Whether somebody may act inside of a Pod.
    ///
    /// - Returns: nil for a Pod that has nothing to take over, or whose grants let people in.
    func entry(
        to pod: KubernetesObject, _ request: AdmissionRequest, _ response: AdmissionResponse, in estate: AdmissionEstate, grants: GrantRegister
    ) -> AdmissionAnswer? {
        // The Pod runs already: who may claim an owner with a grant was asked when it came, and when its references changed.
        let sorted = Sorted(judge(pod, owners: estate.owners(pod), grants: grants), rules: rules, enforces: true)
        guard !sorted.grants.isEmpty || !sorted.denied.isEmpty else { return nil }
        let keys = sorted.grants.sorted()
        // One grant that lets people in says nothing about the privileges of another, nor about those that nobody granted.
        if sorted.denied.isEmpty, keys.allSatisfy({ grants.isInForce($0, for: GrantControls.interactiveAccess) }) {
            let root = estate.owners(pod).last ?? pod
            return response.allowed(notes: [("grants", keys.joined(separator: ","))], uses: grants.uses(sorted.grants), root: root)
        }
        let source =
            !sorted.denied.isEmpty
            ? "that are off by default and not granted" : "of grant \(keys.joined(separator: ", ")), which was given to its program"
        let message =
            "Pod \(request.namespace)/\(request.name) runs with privileges \(source); entering it takes them over. "
            + "Entering needs the privilege '\(GrantControls.interactiveAccess)' in a grant of its workload"
        let index = catalogue.controls.firstIndex { $0.id == GrantControls.interactiveAccess }
        switch index.map({ rules[$0].mode(for: .customer) }) ?? .warn {
        case .deny:
            return response.denied(
                message, notes: [("denied", "1")], controls: [GrantControls.interactiveAccess], root: estate.owners(pod).last ?? pod)
        case .warn: return response.allowed(warnings: [message], notes: [("warned", "1")])
        case .audit: return response.allowed(notes: [("audited", "1")])
        }
    }
}
