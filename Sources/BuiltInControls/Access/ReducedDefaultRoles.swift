import Controls
import Documents
import Kubernetes

extension Control {
    /// Components of the platform need what the API server gives them. Where somebody took it away, and told the API server not to
    /// put it back, they fail sooner or later, and each new version brings less than it should.
    ///
    /// Fields: `rules` and `subjects` of roles and bindings called like those the API server makes, with the annotation
    /// `rbac.authorization.kubernetes.io/autoupdate: "false"`; without it, those that lost all of them.
    /// Allowed: what is put back at the next start; the group of those who have not authenticated may be taken out.
    static let reducedDefaultRoles = Control(
        id: "reduced-default-roles",
        title: "Take nothing away from what the API server gives its components",
        severity: .medium,
        duty: "C7",
        summary: "A component of the platform lacks rights that it needs, now or with the next version.",
        remedy: "Remove the annotation, so that the API server puts back what is missing when it starts.",
        references: [.nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: "system:node-proxier"}
            rules:
            - {apiGroups: [""], resources: [services, endpoints], verbs: [list, watch]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata:
              name: "system:public-info-viewer"
              annotations: {rbac.authorization.kubernetes.io/autoupdate: "false"}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:public-info-viewer"}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: "system:node-proxier"
              annotations: {rbac.authorization.kubernetes.io/autoupdate: "false"}
            rules: # ✗
            - {apiGroups: [""], resources: [services], verbs: [list, watch]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "system:node-proxier"}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:node-proxier"}
            subjects: [] # ✗
            """
        ],
        check: .objects(Check.roleKinds + Check.bindingKinds) { object, report throws(WrongType) in
            guard object.isRBAC else { return report.notApplicable() }
            if Check.roleKinds.contains(object.kind) { try judgeRole(object, &report) } else { try judgeBinding(object, &report) }
        })
}

private func judgeRole(_ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    let rules = role.root["rules"]
    guard BootstrapRoles.contains(AccessIndex.Name(kind: role.kind, namespace: role.namespace, name: role.name)),
        !role.root["aggregationRule"].exists
    else { return report.notApplicable() }
    let isEmpty = try rules.items().isEmpty
    let isKept = try role.isKeptFromUpdates
    guard isEmpty || isKept else { return }
    let missing = try BootstrapRoles.missingRules(of: role)
    guard let first = missing.first else { return }
    let what = try (first.resources.strings() + first.nonResourceURLs.strings()).joined(separator: ",")
    let verbs = try first.verbs.strings().joined(separator: ",")
    let more = missing.count > 1 ? " and \(missing.count - 1) more rules" : ""
    report.fail(
        rules.isWritten ? rules : role.metadata, "\(role.displayName) lacks \(verbs) on \(what)\(more) that the API server gives it", value: verbs)
}

private func judgeBinding(_ binding: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard BootstrapRoles.containsBinding(of: binding) else { return report.notApplicable() }
    let subjects = binding.root["subjects"]
    let isEmpty = try subjects.items().isEmpty
    let isKept = try binding.isKeptFromUpdates
    guard isEmpty || isKept else { return }
    // That group is taken out on purpose, as guides for hardening have it.
    let missing = try BootstrapRoles.missingSubjects(of: binding).filter { $0.name.name != "system:unauthenticated" }
    guard let first = missing.first else { return }
    let more = missing.count > 1 ? " and \(missing.count - 1) more subjects" : ""
    report.fail(
        subjects.isWritten ? subjects : binding.metadata, "\(binding.displayName) lacks \(first.displayName)\(more) that the API server binds",
        value: first.displayName)
}
