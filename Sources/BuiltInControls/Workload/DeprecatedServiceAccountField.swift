import Controls
import Documents
import Kubernetes

extension Control {
    /// `serviceAccount` is an old alias. Tools and policies look at `serviceAccountName`, so a Pod that sets only the
    /// alias, or sets both differently, runs as somebody a reviewer does not see.
    ///
    /// Fields: `serviceAccount`. Allowed: unset, or the same as `serviceAccountName` (the API server writes both).
    static let deprecatedServiceAccountField = Control(
        id: "deprecated-service-account-field",
        title: "Name the service account in serviceAccountName",
        severity: .low,
        duty: "C8b",
        summary: "`serviceAccount` is a forgotten alias: reviewers and policies read `serviceAccountName` and miss whom the Pod runs as.",
        remedy: "Write the name into `serviceAccountName` and remove `serviceAccount`.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccountName: web
              serviceAccount: web
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              serviceAccount: web # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let alias = pod.node["serviceAccount"]
            guard let old = try alias.string(), !old.isEmpty else { return }
            let name = try pod.node["serviceAccountName"].string() ?? ""
            if old == name { return }
            report.fail(
                alias,
                name.isEmpty ? "only the deprecated field names the service account '\(old)'" : "'\(old)' contradicts serviceAccountName '\(name)'")
        })
}
