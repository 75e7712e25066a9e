import Controls
import Documents
import Kubernetes

extension Control {
    /// The token in a container speaks to the API server as the workload; whoever breaks in has it.
    ///
    /// Fields: `automountServiceAccountToken` of the Pod, else of its ServiceAccount, else true. Allowed: false. A
    /// program that does call the API can mount a projected token of short life where it needs it.
    /// Standard: CIS 5.1.6.
    static let serviceAccountTokens = Control(
        id: "service-account-tokens",
        title: "Mount no service-account token unasked",
        severity: .medium,
        duty: "C3",
        summary: "Every container finds a token for the API server in its file system, and so does every intruder.",
        remedy: """
            Set `automountServiceAccountToken: false` on the Pod or its ServiceAccount; give a program that needs one a projected, short- \
            lived token.
            """,
        references: [.cis("5.1.6"), .nsa("service account tokens"), .ackPolicy("ACKBlockAutomountToken")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
              automountServiceAccountToken: false
            """,
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
            automountServiceAccountToken: false
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              automountServiceAccountToken: true # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """,
        ],
        check: .pods { pod, report throws(WrongType) in
            let automount = pod.node["automountServiceAccountToken"]
            if let mounts = try automount.bool() {
                if mounts { report.fail(automount, "the Pod mounts the token of its service account") }
                return
            }
            let name = try pod.serviceAccountName.string() ?? ""
            let account = report.inventory.object(
                kind: "ServiceAccount", namespace: report.judgedObject.namespace, name: name.isEmpty ? "default" : name)
            if try account?.root["automountServiceAccountToken"].bool() == false { return }
            let unknown = account == nil && !name.isEmpty ? " (unless ServiceAccount '\(name)', which was not given, says otherwise)" : ""
            report.fail(
                pod.node, missing: "automountServiceAccountToken", "the Pod mounts the token of its service account by default" + unknown,
                value: "true")
        })
}
