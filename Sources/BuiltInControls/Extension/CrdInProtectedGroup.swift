import Controls
import Documents
import Kubernetes

extension Control {
    /// Groups under `k8s.io` and `kubernetes.io` belong to the Kubernetes project, whose approval stands in the annotation
    /// `api-approved.kubernetes.io` as a link, or as `unapproved…`.
    ///
    /// Fields: `spec.group`, that annotation. Allowed: other groups, or a link.
    static let crdInProtectedGroup = Control(
        id: "crd-in-protected-group",
        title: "Define custom resources in your own group",
        severity: .low,
        duty: "C7",
        summary: "A definition in a group of the Kubernetes project may clash with what the project puts there.",
        remedy: "Use a group under your own domain.",
        references: [],
        passing: [
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.example.com
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
            """,
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.sigs.k8s.io
              annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes/enhancements/pull/1111"}
            spec:
              group: sigs.k8s.io
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
            """,
        ],
        failing: [
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.widgets.k8s.io
            spec:
              group: widgets.k8s.io # ✗
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
            """,
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: widgets.widgets.k8s.io
              annotations: {api-approved.kubernetes.io: "unapproved, experimental"}
            spec:
              group: widgets.k8s.io # ✗
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions: [{name: v1, served: true, storage: true}]
            """,
        ],
        check: .objects(["CustomResourceDefinition"], judge))
}

private func judge(_ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    let group = object.spec["group"]
    let isProtected = group.withText { text in
        let suffixes = [".k8s.io", ".kubernetes.io"]
        return suffixes.contains { text.count > $0.utf8.count && text.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
    guard try group.string() != nil, isProtected else { return }
    let approval = try object.annotations["api-approved.kubernetes.io"].string() ?? ""
    if approval.isEmpty || approval.utf8.starts(with: "unapproved".utf8) {
        report.fail(group, "'\(object.name)' is in a group of the Kubernetes project without its approval")
    }
}
