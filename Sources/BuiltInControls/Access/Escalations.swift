import Access
import Controls
import Documents
import Kubernetes

/// What the ways are about that begin with a binding; each kind is one control.
enum EscalationKind: Sendable {
    /// Becoming a service account of the binding's namespace.
    case strongerAccounts
    /// The same wherever there are service accounts.
    case accountsEverywhere
    case nodes, roles, impersonation, certificates, admission
    /// Of everybody who has authenticated, or not even that.
    case everyone
    /// Of the service account that Pods run as that name none.
    case defaultAccounts
}

extension Check {
    /// A check of each subject of each binding: does the binding open it a way to control of the cluster, of this kind?
    ///
    /// What a rule that allows everything gives is left to `cluster-admin-bindings`. Ways that a doubt remains about are for
    /// `demarc access risks`.
    static func ways(_ kind: EscalationKind) -> Check {
        .objects(bindingKinds) { object, report throws(WrongType) in
            guard object.isRBAC else { return report.notApplicable() }
            let nodes = try object.root["subjects"].items()
            let analysis = report.inventory.analysis(EscalationAnalysis.self)
            guard let binding = analysis.policy.binding(ofObject: report.object) else { return report.notApplicable() }
            let kinds = report.inventory.analysis(EscalationKinds.self).kinds(ofBinding: binding)
            guard kinds.contains(kind) else { return }
            for ((node, subject), known) in zip(zip(nodes, analysis.policy.bindings[binding].subjects), kinds) where known == kind {
                guard let path = analysis.path(of: Int(subject), through: binding) else { continue }
                report.fail(path, at: node, through: binding, analysis)
            }
        }
    }
}

/// Of each subject of each binding the kind of way that the binding opens to it, found once for all controls that ask.
final class EscalationKinds: EstateAnalysis {
    /// One for each subject, binding after binding; nil where there is no way, or none that a scan reports.
    private let kinds: [EscalationKind?]
    private let starts: [Int]

    init(of inventory: Inventory) {
        let analysis = inventory.analysis(EscalationAnalysis.self)
        var kinds: [EscalationKind?] = []
        var starts = [0]
        for (index, binding) in analysis.policy.bindings.enumerated() {
            var judged: Set<Int32> = []
            for subject in binding.subjects {
                // Whom a binding names twice it gives nothing twice.
                let path = judged.insert(subject).inserted ? analysis.path(of: Int(subject), through: index) : nil
                kinds.append(path.flatMap { $0.severity >= .high ? analysis.kind(of: $0, through: index) : nil })
            }
            starts.append(kinds.count)
        }
        self.kinds = kinds
        self.starts = starts
    }

    func kinds(ofBinding binding: Int) -> ArraySlice<EscalationKind?> { kinds[starts[binding]..<starts[binding + 1]] }
}

extension EscalationAnalysis {
    /// Which control speaks of a way; nil for those that another control speaks of already.
    fileprivate func kind(of path: EscalationPath, through binding: Int) -> EscalationKind? {
        guard let first = path.steps.first, first.technique.id != "full-access" else { return nil }
        let subject = subjects[path.subject]
        if subject.isEveryone { return .everyone }
        // From a group that the subject is in anyway the rest of the way is open to it without this binding.
        let isDetour = path.steps.dropFirst().contains { step in
            if step.technique.id == Technique.impliedGroupID, case .subject(let group) = step.to { subject.isAlways(in: group) } else { false }
        }
        if isDetour { return nil }
        if subject.kind == .serviceAccount, subject.name == "default" { return .defaultAccounts }
        switch first.technique.id {
        case "bind-cluster-wide", "bind-in-namespace", "bind-role", "escalate-cluster-role", "escalate-by-aggregation", "escalate-role": return .roles
        case "impersonate-users", "impersonate-groups": return .impersonation
        case "approve-client-certificates", "approve-node-certificates", "request-node-certificates": return .certificates
        case "mutate-by-webhook", "mutate-by-policy", "watch-by-webhook", "replace-api-group", "map-cloud-identities": return .admission
        case "lift-pod-security", "host-volume", "steal-pods": return .nodes
        default: break
        }
        let next = path.steps.dropFirst().first?.technique.id
        if ["privileged-pod", "privileged-debug-container", "break-out-of-pod"].contains(next) { return .nodes }
        return policy.bindings[binding].namespace.isEmpty ? .accountsEverywhere : .strongerAccounts
    }

    /// `create-pods → ServiceAccount ci/deployer → full-access → control of the cluster`, long ones cut in the middle.
    func chain(_ path: EscalationPath) -> String {
        let steps = path.steps.map { "\($0.technique.id) → \($0.to)" }
        guard path.length > 6, let last = steps.last, path.length == steps.count else {
            return steps.prefix(6).joined(separator: " → ") + (path.length > 6 ? " → …" : "")
        }
        return (steps.prefix(4) + ["… (\(path.length - 5) more)", last]).joined(separator: " → ")
    }

    /// `cut RoleBinding shop/editors`, empty when there is nothing to cut.
    func cutPhrase(_ path: EscalationPath) -> String {
        let rest = path.remaining > 0 ? " and \(path.remaining) more" : ""
        switch path.cut {
        case .binding(let binding): return "; cut \(policy.object(policy.bindings[binding].origin).displayName)\(rest)"
        case .rule(let role, let rule): return "; cut rule \(rule + 1) of \(policy.object(policy.roles[role].origin).displayName)\(rest)"
        case nil: return ""
        }
    }
}

extension AccessSubject {
    /// Whether the API server puts every request of this subject into a group.
    fileprivate func isAlways(in group: AccessSubject) -> Bool {
        switch kind {
        case .user: Requester(user: name).subjects.contains(group)
        case .serviceAccount: Requester(user: ServiceAccountName(namespace: namespace, name: name).user).subjects.contains(group)
        case .group: group == .group(Requester.authenticatedGroup)
        }
    }

    /// Nobody is given such a name or put into such a group: the API server does that by itself.
    var isEveryone: Bool {
        switch kind {
        case .user: name == Requester.anonymous
        case .group:
            [Requester.authenticatedGroup, Requester.unauthenticatedGroup, "system:serviceaccounts"].contains(name)
                || name.utf8.starts(with: "system:serviceaccounts:".utf8)
        case .serviceAccount: false
        }
    }
}

extension Report {
    fileprivate mutating func fail(_ path: EscalationPath, at node: Value, through binding: Int, _ analysis: EscalationAnalysis) {
        let subject = analysis.subjects[path.subject]
        let role = analysis.policy.bindings[binding].roleName
        fail(
            node, "\(subject) can take over the cluster: \(analysis.chain(path))\(analysis.cutPhrase(path))",
            value: "\(subject) \(role.kind)/\(role.name)",
            fix: { NarrowedBinding(analysis, binding, subject: path.subject).text })
    }
}

/// Manifests that replace a binding: a role with what is left of its rules, bound to the same subjects; where nothing can be taken
/// out of the rules, the same binding without the subject.
struct NarrowedBinding {
    private let analysis: EscalationAnalysis
    private let binding: Int
    private let subject: Int

    init(_ analysis: EscalationAnalysis, _ binding: Int, subject: Int) {
        self.analysis = analysis
        self.binding = binding
        self.subject = subject
    }

    private var policy: AccessPolicy { analysis.policy }
    private var object: KubernetesObject { policy.object(policy.bindings[binding].origin) }

    var text: String {
        if let rules = analysis.remainingRules(ofBinding: binding) { return narrowed(rules) }
        return withoutSubject
    }

    private func narrowed(_ rules: [RemainingRule]) -> String {
        let namespace = policy.bindings[binding].namespace
        let kind = namespace.isEmpty ? "ClusterRole" : "Role"
        let name = "\(policy.bindings[binding].roleName.name)-narrowed"
        let role = ManifestText.map([
            "apiVersion": .text("\(rbacGroup)/v1"), "kind": .text(kind), "metadata": metadata(name, namespace),
            "rules": .list(rules.map(rule)),
        ])
        let bound = ManifestText.map([
            "apiVersion": .text("\(rbacGroup)/v1"), "kind": .text(object.kind), "metadata": metadata("\(object.name)-narrowed", namespace),
            "roleRef": .map(["apiGroup": .text(rbacGroup), "kind": .text(kind), "name": .text(name)]),
            "subjects": ManifestText(object.root["subjects"]),
        ])
        return "# Then: \(deletion)\n\(role.yaml)---\n\(bound.yaml)"
    }

    private func rule(_ rule: RemainingRule) -> ManifestText {
        func list(_ items: [String]) -> ManifestText { .list(items.map(ManifestText.text)) }
        guard rule.nonResourceURLs.isEmpty else { return .map(["nonResourceURLs": list(rule.nonResourceURLs), "verbs": list(rule.verbs)]) }
        let names = rule.resourceNames.isEmpty ? [] : [ManifestText.Entry("resourceNames", list(rule.resourceNames))]
        return .map(
            [.init("apiGroups", list(rule.apiGroups)), .init("resources", list(rule.resources))] + names + [.init("verbs", list(rule.verbs))])
    }

    private func metadata(_ name: String, _ namespace: String) -> ManifestText {
        namespace.isEmpty ? .map(["name": .text(name)]) : .map(["name": .text(name), "namespace": .text(namespace)])
    }

    /// The command that deletes the binding, as one line of a comment. People copy it into a shell, where only single quotes take a
    /// name as it stands; a name that would break the line or steer the terminal gets no command.
    private var deletion: String {
        let name = object.name
        guard name.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F }) else { return "delete the old binding" }
        let quoted = ManifestText.scalar(name) == name ? name : "'\(name.replacing("'", with: "'\\''"))'"
        let place = object.namespace.isEmpty ? "" : " -n \(object.namespace)"
        return "kubectl delete \(object.kind.lowercased())\(place) \(quoted)"
    }

    /// Without the items that name the subject, and without what the API server writes into objects.
    private var withoutSubject: String {
        let subjects = policy.bindings[binding].subjects
        guard let items = try? object.root["subjects"].items() else { return "" }
        let dropped = Set(zip(items, subjects).filter { $1 == Int32(subject) }.map { $0.0.identity })
        if dropped.count == subjects.count { return "# \(deletion)\n" }
        return ManifestText.map([
            "apiVersion": .text("\(rbacGroup)/v1"), "kind": .text(object.kind), "metadata": metadata(object.name, object.namespace),
            "roleRef": ManifestText(object.root["roleRef"]),
            "subjects": ManifestText(object.root["subjects"]) { dropped.contains($0.identity) ? .remove : nil },
        ]).yaml
    }
}
