import Access
import Documents
import Kubernetes

/// Manifests of RBAC in a few words, and ways in one line, for tests of techniques.
enum Rbac {
    /// A ClusterRole with one rule: `verbs resources` or `verbs resources names`, lists with commas, resources as `group:path`.
    static func clusterRole(_ name: String, _ rules: String...) -> String { role("ClusterRole", name, "", rules) }
    static func clusterRole(_ name: String, _ rules: [String]) -> String { role("ClusterRole", name, "", rules) }

    static func role(_ namespace: String, _ name: String, _ rules: String...) -> String { role("Role", name, namespace, rules) }
    static func role(_ namespace: String, _ name: String, _ rules: [String]) -> String { role("Role", name, namespace, rules) }

    private static func role(_ kind: String, _ name: String, _ namespace: String, _ rules: [String]) -> String {
        """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: \(kind)
        metadata: {name: "\(name)"\(namespace.isEmpty ? "" : ", namespace: \(namespace)")}
        rules: [\(rules.map(rule).joined(separator: ", "))]

        """
    }

    /// Groups that would make lines long.
    private static let groups = [
        "rbac": "rbac.authorization.k8s.io", "certificates": "certificates.k8s.io", "admission": "admissionregistration.k8s.io",
        "registration": "apiregistration.k8s.io",
    ]

    /// `create,get :pods/exec web-0` as one rule.
    private static func rule(_ text: String) -> String {
        let words = text.split(separator: " ")
        let resources = words[1].split(separator: ",").map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        let groups = Set(resources.map { $0.count > 1 ? Self.groups[$0[0]] ?? $0[0] : "" }).sorted()
        let paths = resources.map { $0.last ?? "" }
        let names = words.count > 2 ? ", resourceNames: \(list(words[2].split(separator: ",").map(String.init)))" : ""
        return
            "{apiGroups: \(list(groups)), resources: \(list(paths)), verbs: \(list(words[0].split(separator: ",").map(String.init)))\(names)}"
    }

    private static func list(_ items: [String]) -> String { "[\(items.map { "\"\($0)\"" }.joined(separator: ", "))]" }

    /// A binding: of a ClusterRole in the cluster, or in `namespace`; of the Role there when the name says `Role/web`.
    static func bind(_ name: String, _ role: String, to subject: String, in namespace: String = "") -> String {
        let reference = role.hasPrefix("Role/") ? ("Role", String(role.dropFirst(5))) : ("ClusterRole", role)
        return """
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding")
            metadata: {name: "\(name)"\(namespace.isEmpty ? "" : ", namespace: \(namespace)")}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: \(reference.0), name: "\(reference.1)"}
            subjects: [\(subjects(subject))]

            """
    }

    /// `User ann`, `Group ops`, `shop/web` for a service account; several with `+`.
    static func subjects(_ text: String) -> String {
        text.split(separator: "+").map { subject in
            let words = subject.split(separator: " ", maxSplits: 1)
            if words.count == 2 { return "{kind: \(words[0]), name: \"\(words[1])\"}" }
            let parts = subject.split(separator: "/")
            return "{kind: ServiceAccount, namespace: \"\(parts[0])\", name: \"\(parts[1])\"}"
        }.joined(separator: ", ")
    }

    static func pod(_ path: String, account: String, spec: String = "", container: String = "") -> String {
        let parts = path.split(separator: "/")
        return """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: \(parts[1]), namespace: \(parts[0])}
            spec: {serviceAccountName: \(account)\(spec.isEmpty ? "" : ", \(spec)"), containers: [{name: app, image: a\(container)}]}

            """
    }

    static func workload(_ kind: String, _ path: String, account: String, spec: String = "") -> String {
        let parts = path.split(separator: "/")
        return """
            ---
            apiVersion: apps/v1
            kind: \(kind)
            metadata: {name: \(parts[1]), namespace: \(parts[0])}
            spec: {template: {spec: {serviceAccountName: \(account)\(spec.isEmpty ? "" : ", \(spec)"), containers: [{name: app, image: a}]}}}

            """
    }

    static func namespace(_ name: String, enforce: String? = nil) -> String {
        """
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: \(name), labels: {\(enforce.map { "pod-security.kubernetes.io/enforce: \($0)" } ?? "")}}

        """
    }

    static func tokenSecret(_ path: String, account: String) -> String {
        let parts = path.split(separator: "/")
        return """
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: \(parts[1]), namespace: \(parts[0]), annotations: {kubernetes.io/service-account.name: \(account)}}
            type: kubernetes.io/service-account-token

            """
    }

    /// A service account that owns the cluster.
    static let boss = bind("boss", "cluster-admin", to: "shop/boss")
}

extension EscalationAnalysis {
    /// A subject's way as `technique(bindings) > place > … > cluster`, nil when there is none.
    func way(_ subject: AccessSubject) -> String? {
        guard let index = self.subject(subject), let path = path(of: index) else { return nil }
        return path.steps.map { step in
            var seen: [String] = []
            for grant in step.grants {
                let name = grant.binding.map { policy.bindings[$0].name } ?? "-"
                if !seen.contains(name) { seen.append(name) }
            }
            return "\(step.technique.id)\(seen.isEmpty ? "" : "(\(seen.joined(separator: "+")))") > \(step.to)"
        }.joined(separator: " > ").replacing("control of the cluster", with: "cluster")
    }

    /// What to cut: `binding web`, `rule view#3`.
    func cutText(_ subject: AccessSubject) -> String? {
        guard let index = self.subject(subject), let path = path(of: index), let cut = path.cut else { return nil }
        return text(cut) + (path.remaining > 0 ? " and \(path.remaining) more" : "")
    }

    func text(_ cut: EscalationCut) -> String {
        switch cut {
        case .binding(let binding): "binding \(policy.bindings[binding].name)"
        case .rule(let role, let rule): "rule \(policy.roles[role].name.name)#\(rule)"
        }
    }
}

func escalation(_ manifests: String) -> EscalationAnalysis { estate(manifests).analysis(EscalationAnalysis.self) }
