import Controls
import Documents
import Kubernetes

extension Control {
    /// As `authenticated-bindings`, where the role is known to change anything, or to read Secrets, Pods, nodes or namespaces: what an
    /// intruder needs to find the next step.
    ///
    /// Fields: `subjects` of bindings with the rules of their role. Allowed: reading harmless resources.
    /// Of the API server's own bindings only what was added to them is judged.
    static let authenticatedElevatedRights = Control(
        id: "authenticated-elevated-rights",
        title: "Do not give all users rights over workloads",
        severity: .high,
        duty: "P2c",
        summary: "Any credentials, those of the least of the applications too, are enough to take these rights.",
        remedy: "Bind the group of people or the service accounts that are meant.",
        references: [.nsa("role-based access control"), Reference("mitre-attack", "T1078")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: reader
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: reader
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"} # ✗
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - pods
              verbs:
              - list
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: "give"}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: edit
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:authenticated"} # ✗
            """,
        ],
        check: .subjects(Check.bindingKinds, judge))
}

private func judge(_ subject: BindingSubject, _ binding: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard subject.name == AccessIndex.Name(kind: "Group", name: "system:authenticated") else { return }
    if try report.lacksRole(of: binding) { return }
    guard try isElevated(binding, report) else { return }
    try report.fail(subject, in: binding, "all authenticated users get far-reaching rights by \(binding.displayName)")
}

private func isElevated(_ binding: KubernetesObject, _ report: Report) throws(WrongType) -> Bool {
    if try report.isPowerful(binding) { return true }
    guard let rules = try report.inventory.role(of: binding)?.policyRules() else { return false }
    for rule in rules where !(try rule.resources.items().isEmpty) {
        let isRevealing = try revealing.isAllowed(by: rule)
        if isRevealing { return true }
        for verb in try rule.verbs.items() {
            let isReading = reading.contains(try verb.string() ?? "")
            if !isReading { return true }
        }
    }
    return false
}

private let reading: Set<String> = ["get", "list", "watch"]
private let revealing = Power(["get", "list", "watch"], [.pods, .nodes, APIResource("", "namespaces")])
