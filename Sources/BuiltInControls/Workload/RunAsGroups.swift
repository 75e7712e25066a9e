import Controls
import Documents
import Kubernetes

extension Control {
    /// A user id without a group leaves the choice to the image: for an id the image does not know, the group is root.
    ///
    /// Fields: `runAsGroup` of the Pod or of the container, where `runAsUser` is set, on Linux. Allowed: any number.
    static let runAsGroups = Control(
        id: "run-as-groups",
        title: "Say which group a container runs as",
        severity: .low,
        duty: "C5",
        summary: "A container that sets its user but not its group runs in group root unless its image knows the user.",
        remedy: "Set `runAsGroup` beside `runAsUser`.",
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              securityContext: {runAsUser: 10001, runAsGroup: 10001}
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
              containers:
              - name: app
                image: registry.example.com/app:1.0
                securityContext: # ✗
                  runAsUser: 10001
            """
        ],
        check: .containers { container, pod, report throws(WrongType) in
            guard pod.sharesIDsWithNode else { return report.notApplicable() }
            let ownUser = container.securityContext["runAsUser"]
            let userField = ownUser.exists ? ownUser : pod.securityContext["runAsUser"]
            guard let user = try userField.int() else { return }
            if try container.securityContext["runAsGroup"].int() != nil { return }
            if try pod.securityContext["runAsGroup"].int() != nil { return }
            report.fail(
                container.node, missing: "securityContext.runAsGroup",
                "container '\(container.name)' runs as user \(user) in a group that its image picks", value: "")
        })
}
