import Controls
import Documents
import Kubernetes

extension Control {
    /// With `preserveUnknownFields: true` whatever a client writes is stored, fields of later versions and misspelled ones too: a field that is harmless
    /// today takes effect after an update.
    ///
    /// Fields: `spec.preserveUnknownFields` of custom resource definitions. Allowed: unset, false.
    static let crdPreservesUnknownFields = Control(
        id: "crd-preserves-unknown-fields",
        title: "Let the schema prune custom resources",
        severity: .low,
        duty: "C7",
        summary: "Fields that no schema knows are stored, and may take effect after an update.",
        remedy: "Set `preserveUnknownFields: false` and give each version a structural schema.",
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
            """
        ],
        failing: [
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
              preserveUnknownFields: true # ✗
            """
        ],
        check: .objects(["CustomResourceDefinition"]) { object, report throws(WrongType) in
            let preserve = object.spec["preserveUnknownFields"]
            if try preserve.bool() == true { report.fail(preserve, "'\(object.name)' stores fields that its schema does not know") }
        })
}
