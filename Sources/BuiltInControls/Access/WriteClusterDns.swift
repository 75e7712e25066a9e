import Controls
import Documents
import Kubernetes

extension Control {
    /// CoreDNS reads its zones from a ConfigMap in kube-system. Whoever changes it answers for every name that any
    /// Pod asks.
    ///
    /// Fields: `configmaps` in `rules` that reach kube-system. Allowed: with `resourceNames` other than the DNS
    /// server's.
    static let writeClusterDns = Control(
        id: "write-cluster-dns",
        title: "Keep the configuration of the cluster's DNS to the platform",
        severity: .high,
        duty: "C3",
        summary: "Changing the DNS server's ConfigMap sends every Pod's traffic to addresses of the attacker's choice.",
        remedy: "Remove `update` and `patch` on ConfigMaps of kube-system, or name the ConfigMaps in `resourceNames`.",
        references: [Reference("mitre-attack", "T1557"), .ackPolicy("ACKProtectCoreDNS")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: writer, namespace: shop}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - update
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: writer}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - update
              resourceNames: [settings]
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps
              verbs:
              - update
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: readers, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: writer, namespace: kube-system}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps # ✗
              verbs:
              - update
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: writer}
            rules:
            - apiGroups: [""]
              resources:
              - configmaps # ✗
              verbs:
              - patch
              resourceNames: [coredns]
            """,
        ],
        check: .rules(Check.roleKinds, judge))
}

/// The Role must stand in kube-system, or the ClusterRole reach it.
private func judge(_ rule: PolicyRule, _ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    for item in try rule.resources.items() where try power.covers(item, of: rule, isRole: false) {
        let verbs = try power.verbs(of: rule)
        if verbs.isEmpty { continue }
        if case .namespaces(let namespaces) = report.inventory.reach(of: role), !namespaces.contains("kube-system") { return }
        if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
        let text = verbs.map(\.text).joined(separator: ",")
        let reach = report.reachText(role)
        report.fail(
            item, "\(role.kind) '\(role.name)' allows \(text) on \(item.text) of kube-system\(reach)",
            value: "\(text) \(item.text)")
    }
}

private let power = Power(["update", "patch"], [.configMaps], names: .only(["coredns", "coredns-custom", "kube-dns", "node-local-dns"]))
