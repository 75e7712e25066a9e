import Controls
import Documents
import Kubernetes

extension Control {
    /// A Role with all verbs on all resources reads every Secret of its namespace, runs Pods as each of its service accounts and
    /// hands the same on. In kube-system that is the cluster.
    ///
    /// Fields: `rules`. Allowed: listed resources and verbs.
    /// This one finding stands for all other controls on what a rule allows.
    static let fullAccessRoles = Control(
        id: "full-access-roles",
        title: "Do not write Roles that allow everything",
        severity: .high,
        duty: "C3",
        summary: "A Role that allows everything owns all Secrets, Pods and service accounts of its namespace.",
        remedy: "List the resources and verbs that are used.",
        references: [
            .cis("5.1.1"), .cis("5.1.2"), .cis("5.1.3"), .cis("5.1.4"), .cis("5.1.8"), .cis("5.1.13"), .nsa("role-based access control"),
            Reference("mitre-attack", "T1098.006"),
        ],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: deployer, namespace: shop}
            rules:
            - apiGroups: ["apps"]
              resources:
              - deployments
              verbs:
              - patch
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: owner, namespace: shop}
            rules:
            - apiGroups: ["*"]
              resources:
              - "*" # ✗
              verbs:
              - "*"
            """
        ],
        check: .objects(["Role"], judge))
}

private func judge(_ role: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard role.isRBAC else { return report.notApplicable() }
    for node in try role.root["rules"].items() {
        let rule = try PolicyRule(node)
        guard try rule.isAdministrative else { continue }
        if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
        for item in try rule.resources.items() where try item.equals("*") {
            report.fail(item, "Role '\(role.name)' allows everything in namespace '\(role.namespace)'\(report.reachText(role))", value: "* *")
            break
        }
    }
}
