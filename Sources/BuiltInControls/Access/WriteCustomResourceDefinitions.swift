import Controls
import Kubernetes

extension Control {
    /// A definition is the cluster's, not a namespace's: changing it breaks or reads (through a conversion webhook) every object
    /// of its kind, deleting it deletes them all.
    ///
    /// Fields: `customresourcedefinitions` in `rules`. Allowed: reading; writing with `resourceNames`.
    static let writeCustomResourceDefinitions = Control(
        id: "write-custom-resource-definitions",
        title: "Keep custom resource definitions to the platform",
        severity: .medium,
        duty: "C7",
        summary: "Changing a definition breaks all objects of its kind in every namespace; deleting it deletes them.",
        remedy: "Install definitions with the platform's pipeline, or limit the rule with `resourceNames`.",
        references: [],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules:
            - apiGroups: ["apiextensions.k8s.io"]
              resources:
              - customresourcedefinitions
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: operator}
            rules:
            - apiGroups: ["apiextensions.k8s.io"]
              resources:
              - customresourcedefinitions # ✗
              verbs:
              - create
              - delete
            """
        ],
        check: .powers(
            Power(
                ["create", "update", "patch", "delete", "deletecollection"],
                [APIResource("apiextensions.k8s.io", "customresourcedefinitions", clusterScoped: true)])))
}
