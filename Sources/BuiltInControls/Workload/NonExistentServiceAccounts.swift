import Controls
import Documents
import Kubernetes

extension Control {
    /// Pods of a workload whose ServiceAccount is missing are not created; and whoever may create accounts in the
    /// namespace later decides what they will be allowed to do.
    ///
    /// Fields: `serviceAccountName` and the ServiceAccounts of the namespace. `default` always exists. When no
    /// ServiceAccount of the namespace was given at all, nobody can tell: the verdict is `notObservable`.
    static let nonExistentServiceAccounts = Control(
        id: "non-existent-service-accounts",
        title: "Name service accounts that exist",
        severity: .low,
        duty: "C3",
        summary: "A Pod that names a missing ServiceAccount does not start, until somebody creates that name with rights of his choice.",
        remedy: "Create the ServiceAccount in the namespace of the workload, or correct the name.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: web
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: default
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: wbe # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: web}
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let field = pod.serviceAccountName
            guard let name = try field.string(), !name.isEmpty, name != "default" else { return }
            let namespace = report.judgedObject.namespace
            if report.inventory.object(kind: "ServiceAccount", namespace: namespace, name: name) != nil { return }
            if report.inventory.objects(ofKind: "ServiceAccount", namespace: namespace).contains(where: { _ in true }) {
                report.fail(field, "namespace '\(namespace)' has no ServiceAccount '\(name)'")
            } else {
                report.notObservable(field, "no ServiceAccount of namespace '\(namespace)' was given, so nobody can tell whether '\(name)' exists")
            }
        })
}
