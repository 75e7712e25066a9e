import Controls
import Documents
import Kubernetes

extension Control {
    /// An APIService with a Service takes all requests for its group and version. For a group of Kubernetes itself that is everybody's Pods,
    /// Deployments, roles or tokens.
    ///
    /// Fields: `spec.group`, `spec.service` of APIServices. Allowed: groups that Kubernetes does not serve itself.
    static let apiServiceOfCoreGroups = Control(
        id: "api-service-of-core-groups",
        title: "Do not replace the API's own groups",
        severity: .critical,
        duty: "C7",
        summary: "All requests for that group, tokens and Secrets included, go to the extension.",
        remedy: "Serve your kinds in a group of your own domain.",
        references: [Reference("mitre-attack", "T1557")],
        passing: [
            """
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: "v1.metrics.k8s.io"}
            spec:
              group: metrics.k8s.io
              version: v1
              groupPriorityMinimum: 100
              versionPriority: 100
              service: {namespace: guard, name: api}
            """,
            """
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: "v1.apps"}
            spec:
              group: apps
              version: v1
              groupPriorityMinimum: 100
              versionPriority: 100
            """,
        ],
        failing: [
            """
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: "v1.apps"}
            spec:
              group: apps # ✗
              version: v1
              groupPriorityMinimum: 100
              versionPriority: 100
              service: {namespace: guard, name: api}
            """,
            """
            apiVersion: apiregistration.k8s.io/v1
            kind: APIService
            metadata: {name: "v1.rbac.authorization.k8s.io"}
            spec:
              group: rbac.authorization.k8s.io # ✗
              version: v1
              groupPriorityMinimum: 100
              versionPriority: 100
              service: {namespace: guard, name: api}
            """,
        ],
        check: .objects(["APIService"]) { object, report throws(WrongType) in
            guard object.spec["service"].exists else { return }
            let group = object.spec["group"]
            if ownGroups.contains(try group.string() ?? "") {
                report.fail(object.spec, missing: "group", "\(object.displayName) takes over a group of Kubernetes itself", value: group.text)
            }
        })
}

/// Groups that kube-apiserver serves; `metrics.k8s.io` and its kin are made for extensions.
private let ownGroups: Set<String> = [
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io",
    "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
    "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
]
