import Controls
import Documents
import Kubernetes

extension Control {
    /// `*` as a path covers profiles, flags, logs and metrics of the API server, which tell about every tenant.
    ///
    /// Fields: `rules[].nonResourceURLs`. Allowed: anything but `*` and `/*`.
    static let wildcardNonResourceUrls = Control(
        id: "wildcard-non-resource-urls",
        title: "Name the paths that rules allow",
        severity: .medium,
        duty: "C3",
        summary: "All paths of the API server include its logs, profiles and metrics, with data of all tenants.",
        remedy: "Name the paths, for instance `/metrics`.",
        references: [.nsa("role-based access control")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: metrics}
            rules:
            - nonResourceURLs: [/metrics]
              verbs: [get]
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: metrics}
            rules:
            - nonResourceURLs:
              - "*" # ✗
              verbs: [get]
            """
        ],
        check: .rules(["ClusterRole"]) { rule, role, report throws(WrongType) in
            for item in try rule.nonResourceURLs.items() {
                let isStar = try item.equals("*")
                let isEverything = try isStar ? true : item.equals("/*")
                guard isEverything else { continue }
                if try BootstrapRoles.holds(rule, in: role) { return report.notApplicable() }
                let reach = report.reachText(role)
                report.fail(item, "ClusterRole '\(role.name)' allows all paths of the API server\(reach)")
            }
        })
}
