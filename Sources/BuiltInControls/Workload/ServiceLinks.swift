import Controls
import Documents
import Kubernetes

extension Control {
    /// Each Service of the namespace becomes environment variables of every Pod: a map of the namespace for an intruder,
    /// and a Service can be named so that it replaces a variable a program reads.
    ///
    /// Fields: `enableServiceLinks`. Allowed: false.
    static let serviceLinks = Control(
        id: "service-links",
        title: "Do not inject Services into the environment",
        severity: .info,
        duty: "C6",
        summary: """
            Every container gets the addresses of all Services of its namespace, which maps it for an intruder and can shadow the \
            program's own variables.
            """,
        remedy: "Set `enableServiceLinks: false`; programs find Services through DNS.",
        references: [.ackPolicy("ACKBlockAutoinjectServiceEnv")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              enableServiceLinks: false
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
            spec: # ✗
              containers:
              - name: app
                image: registry.example.com/app:1.0
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            if try pod.node["enableServiceLinks"].bool() == false { return }
            report.fail(pod.node, missing: "enableServiceLinks", "the Pod's environment lists the Services of its namespace", value: "true")
        })
}
