import Controls
import Documents
import Kubernetes
import Responsibility

extension AdmissionEngine {
    /// Admits, warns or denies.
    func validate(_ request: AdmissionRequest, target: ConnectionTarget, in estate: AdmissionEstate, at now: Timestamp) -> AdmissionRuling {
        let response = AdmissionResponse(request)
        let isGrant = request.group == PrivilegeGrantGuard.group && request.resource.hasPrefix("privilegegrants")
        if request.operation == .delete, isGrant, !isExempt(request.namespace), let grant = request.old,
            let refusal = PrivilegeGrantGuard.refusalOfDeletion(grant, engine: self, at: now)
        {
            return AdmissionRuling(response.denied(refusal))
        }
        guard request.operation != .delete, let object = request.object else { return AdmissionRuling(response.allowed()) }
        if let refusal = NamespaceName.refusal(request) { return AdmissionRuling(response.denied(refusal)) }
        if isExempt(request.namespace) { return AdmissionRuling(response.allowed(notes: [("exempt", "namespace \(request.namespace)")])) }
        // Most Pods ask for nothing that a grant could give, and all threads share the register: it is taken where it is needed.
        func grants() -> GrantRegister { estate.grants(under: model, controls: catalogue.controls, at: now) }
        if isGrant { return PrivilegeGrantGuard(request: request, object: object, engine: self, grants: grants(), now: now).ruling(response) }
        if request.operation == .connect { return AdmissionRuling(connect(request, response, target, in: estate, grants: grants())) }
        // A container that is put into a running Pod acts with the Pod's privileges, as somebody who enters one of its containers does.
        if request.isEphemeral {
            let entry = connect(request, response, target, in: estate, grants: grants())
            if entry.decision == .deny { return AdmissionRuling(entry) }
        }
        if let count = object.pod?.containers.count, count > AdmissionEngine.mostContainers {
            return AdmissionRuling(
                response.denied("\(count) containers are more than \(AdmissionEngine.mostContainers), and cannot be judged in time"))
        }
        if let refusal = claimRefusal(request, object, in: estate, grants: grants()) { return AdmissionRuling(response.denied(refusal)) }
        let owners = isController(request.user) && request.operation == .create || request.isEphemeral ? estate.owners(object) : []
        // Nobody reads what a controller is told.
        let isRead = !object.hasController
        let judged = judge(object, owners: owners, grants: grants(), isRead: isRead) { request.writes(of: object, in: estate, at: now) }
        var sorted = Sorted(judged, rules: rules, enforces: enforces(object))
        if request.operation == .update, !sorted.denied.isEmpty, let old = request.old, !PodUpdate.isSignificant(old, object) {
            sorted.forgive(judge(old, grants: grants()).findings)
        }
        if !sorted.denied.isEmpty || sorted.gap != nil {
            let denial = Denial(sorted, judged, engine: self, at: now)
            let controls = Set(sorted.denied.map { catalogue.controls[$0.finding.control].id }).sorted()
            return AdmissionRuling(
                response.denied(denial.message, causes: denial.causes, notes: sorted.notes, controls: controls, root: owners.last))
        }
        let warnings = isRead ? Warnings.lines(sorted, catalogue.controls) : []
        // A workload that is only warned about has nothing yet: its Pods will.
        let uses = enforces(object) && !sorted.grants.isEmpty ? grants().uses(sorted.grants) : []
        return AdmissionRuling(response.allowed(warnings: warnings, notes: sorted.notes, uses: uses, root: owners.last))
    }

    /// A review with a hundred thousand containers fits into a request, and would hold up all others on its thread for seconds.
    static let mostContainers = 1_000

    /// Workloads are only warned about: what they ask for is decided at the Pod, where it takes effect.
    private func enforces(_ object: KubernetesObject) -> Bool {
        object.pod == nil || object.kind == "Pod" || object.kind == "EphemeralContainers"
    }

    /// Whether this is a controller. Anybody may write an owner's reference; only of what controllers make it is believed.
    private func isController(_ user: AdmissionUser) -> Bool {
        if AdmissionEngine.builtInControllers.contains(user.name) { return true }
        return model.admission.controllers.contains { $0.matches(user.name) }
    }

    /// Refuses whoever puts himself under an owner that has a grant: a Pod, or a ReplicaSet or Job whose Pods would be made by a controller. A
    /// ReplicaSet must not wait under a Deployment for its grant either. A Job may wait under a CronJob: `kubectl create job --from` puts it there.
    private func claimRefusal(
        _ request: AdmissionRequest, _ object: KubernetesObject, in estate: AdmissionEstate, grants: @autoclosure () -> GrantRegister
    ) -> String? {
        guard object.pod != nil, object.hasController, !isController(request.user) else { return nil }
        if let old = request.old, old.controllerUID == object.controllerUID { return nil }
        let owners = estate.owners(object)
        guard let nearest = owners.first, let root = owners.last else { return nil }
        if object.kind == "ReplicaSet", nearest.kind == "Deployment", object.group == nearest.group {
            return "metadata.ownerReferences: only the controller of Deployments puts ReplicaSets under \(nearest.displayName)"
        }
        guard grants().names(root) else { return nil }
        return "metadata.ownerReferences: \(root.displayName) has a grant, so only its controller may put objects under it"
    }

    /// Controllers of Kubernetes that create Pods or what makes Pods. With `--use-service-account-credentials=false` they all act as
    /// `system:kube-controller-manager`.
    private static let builtInControllers: Set<String> = Set(
        ["replicaset", "replication", "statefulset", "daemon-set", "job", "cronjob", "deployment"].map {
            "system:serviceaccount:kube-system:\($0)-controller"
        } + ["system:kube-controller-manager"])
}

extension GrantRegister {
    /// Grants by their keys, with the hashes of what is in force of them; exceptions are no grants.
    func uses(_ keys: Set<String>) -> [GrantUse] {
        keys.sorted().compactMap { key in specHash(of: key).map { GrantUse(grant: key, specHash: $0) } }
    }
}

/// The findings of one object by what is to be done about them.
struct Sorted {
    var denied: [AttributedFinding] = []
    var warned: [AttributedFinding] = []
    /// How many are warned about beside, unread.
    private var unread: Int
    /// How many are kept in the audit log only.
    private var audited: Int
    /// Keys of the grants and exceptions that accepted something.
    var grants: Set<String> = []
    /// A field that could not be judged, where something may have to be denied.
    var gap: Gap?

    init(_ judged: AdmissionEngine.Judged, rules: [[AdmissionRules.Rule]], enforces: Bool) {
        unread = judged.unread[.warn] ?? 0
        audited = judged.unread[.audit] ?? 0
        for finding in judged.findings {
            if let grant = finding.grant, finding.finding.verdict == .accepted, finding.attribution.basis == .grant { grants.insert(grant) }
            guard finding.finding.verdict == .fail else { continue }
            // The neighbours of the object are not looked at here; the background does, with all of them in view.
            let mode = finding.finding.asksEstate ? .audit : rules[finding.finding.control].mode(for: finding.attribution.party)
            switch mode {
            case .deny where enforces: denied.append(finding)
            case .deny, .warn: warned.append(finding)
            case .audit: audited += 1
            }
        }
        if enforces, judged.inventory.objects[0].pod != nil { gap = judged.gaps.first }
    }

    /// Leaves out what the object had already: an update that changes nothing of it must go through, or nobody could mend the rest.
    mutating func forgive(_ before: [AttributedFinding]) {
        let known = Set(before.lazy.filter { $0.finding.verdict == .fail }.map(\.fingerprint))
        warned += denied.filter { known.contains($0.fingerprint) }
        denied.removeAll { known.contains($0.fingerprint) }
    }

    /// For the audit log, which is how those learn of it who never see the answer.
    var notes: [(String, String)] {
        var notes: [(String, String)] = []
        if !denied.isEmpty { notes.append(("denied", "\(denied.count)")) }
        if warned.count + unread > 0 { notes.append(("warned", "\(warned.count + unread)")) }
        if audited > 0 { notes.append(("audited", "\(audited)")) }
        let introduced = (denied + warned).count { $0.attribution.introducedBy?.isThisRequest == true }
        if introduced > 0 { notes.append(("introduced", "\(introduced)")) }
        if !grants.isEmpty { notes.append(("grants", grants.sorted().joined(separator: ","))) }
        return notes
    }
}

/// Whether an update of a Pod is one that Pod Security looks at. Most fields of a Pod cannot be changed; of what can, an image or a
/// container is a new program under old privileges, which counts as asking anew. After KEP-2579.
enum PodUpdate {
    static func isSignificant(_ old: KubernetesObject, _ new: KubernetesObject) -> Bool {
        guard let before = old.pod, let after = new.pod, old.kind == new.kind else { return true }
        guard before.containers.count == after.containers.count else { return true }
        for (one, other) in zip(before.containers, after.containers)
        where one.name != other.name || one.node["image"].text != other.node["image"].text {
            return true
        }
        return profiles(before) != profiles(after)
    }

    /// Annotations that choose security profiles; on Pods they can be changed.
    private static func profiles(_ pod: PodSpec) -> [String] {
        guard let annotations = try? pod.annotations.entries() else { return [] }
        return annotations.filter {
            $0.isKeyed(prefix: "seccomp.security.alpha.kubernetes.io/") || $0.isKeyed(prefix: "container.apparmor.security.")
        }
        .map { "\($0.key)=\($0.text)" }.sorted()
    }
}

/// Webhooks leave out system namespaces by the label `kubernetes.io/metadata.name`. Servers from 1.21 on set it; on older ones its holder
/// could choose it, and so choose to be left out.
enum NamespaceName {
    static func refusal(_ request: AdmissionRequest) -> String? {
        guard request.group.isEmpty, request.resource == "namespaces" || request.resource.hasPrefix("namespaces/"), let object = request.object
        else { return nil }
        let label = object.labels.entry(named: "kubernetes.io/metadata.name")
        guard label.exists, (try? label.string()) != object.name else { return nil }
        return "metadata.labels[\"kubernetes.io/metadata.name\"] must be the namespace's own name '\(object.name)': webhooks choose namespaces by it"
    }
}
