import Controls
import Documents
import Kubernetes

extension Control {
    /// All Pods that name none share the account `default`: a permission that one of them needs is given to all.
    ///
    /// Fields: `serviceAccountName`, while a token is mounted. Allowed: any name but `default`, or no token.
    /// Standard: CIS 5.1.5.
    static let defaultServiceAccounts = Control(
        id: "default-service-accounts",
        title: "Give each workload a service account of its own",
        severity: .low,
        duty: "C3",
        summary: "Pods that name no service account share `default`, and with it every permission anyone ever binds to it.",
        remedy: "Create a ServiceAccount for the workload and name it in `serviceAccountName`, or set `automountServiceAccountToken: false`.",
        references: [.cis("5.1.5")],
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
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              automountServiceAccountToken: false
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
            spec: # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: default # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: default # ✗
              automountServiceAccountToken: true
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            let name = pod.serviceAccountName
            if name.exists {
                let isEmpty = try name.equals("")
                let isDefault = try name.equals("default")
                guard isEmpty || isDefault else { return }
            }
            let automount = pod.node["automountServiceAccountToken"]
            if try automount.bool() == false { return }
            if !automount.exists {
                let account = report.inventory.object(kind: "ServiceAccount", namespace: report.judgedObject.namespace, name: "default")
                if try account?.root["automountServiceAccountToken"].bool() == false { return }
            }
            report.fail(
                pod.node, missing: name.exists && name.key == "serviceAccount" ? "serviceAccount" : "serviceAccountName",
                "the Pod shares the service account 'default'", value: "default")
        })
}
