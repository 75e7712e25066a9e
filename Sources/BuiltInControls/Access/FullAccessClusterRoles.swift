import Controls
import Documents
import Kubernetes

extension Control {
    /// A ClusterRole that allows all verbs on all resources, of all groups or of the core group, is `cluster-admin` under another
    /// name, which reviews of bindings to cluster-admin don't see.
    ///
    /// Fields: `rules`. Allowed: the API server's own `cluster-admin`, whose bindings are judged instead.
    /// This one finding stands for all other controls on what a rule allows.
    static let fullAccessClusterRoles = Control(
        id: "full-access-cluster-roles",
        title: "Do not write further cluster administrators",
        severity: .critical,
        duty: "C3",
        summary: "A role that allows everything is cluster-admin under a name that nobody looks for.",
        remedy:
            "List the resources and verbs the program uses (the audit log tells them); bind cluster-admin itself where an "
            + "administrator is meant.",
        references: [
            .cis("5.1.1"), .cis("5.1.2"), .cis("5.1.3"), .cis("5.1.4"), .cis("5.1.8"), .cis("5.1.9"), .cis("5.1.10"), .cis("5.1.11"), .cis("5.1.12"),
            .cis("5.1.13"), .nsa("role-based access control"), Reference("mitre-attack", "T1098.006"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: cluster-admin}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*"
              verbs:
              - "*"
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: [""]
              resources:
              - "*"
              verbs:
              - get
            """,
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*" # ✗
              verbs:
              - "*"
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["", "apps"]
              resources:
              - pods
              - "*" # ✗
              verbs:
              - create
              - "*"
            """,
        ],
        check: .objects(["ClusterRole"], judge))
}

private func judge(_ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard role.isRBAC else { return report.notApplicable() }
    for node in try role.root["rules"].items() {
        let rule = try PolicyRule(node)
        guard try rule.isAdministrative else { continue }
        if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
        for item in try rule.resources.items() where try item.equals("*") {
            report.fail(item, "ClusterRole '\(role.name)' allows everything\(report.reachText(role))", value: "* *")
            break
        }
    }
}
