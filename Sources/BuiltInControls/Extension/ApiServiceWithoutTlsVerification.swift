import Controls
import Documents
import Kubernetes

extension Control {
    /// The API server forwards requests, with the identity of their user in headers, to whoever answers at that Service.
    ///
    /// Fields: `spec.insecureSkipTLSVerify` of APIServices. Allowed: unset, false.
    static let apiServiceWithoutTlsVerification = Control(
        id: "api-service-without-tls-verification",
        title: "Verify the certificates of aggregated APIs",
        severity: .high,
        duty: "C2",
        summary: "Whoever gets between the API server and the extension reads and answers requests in its name.",
        remedy: "Remove `insecureSkipTLSVerify` and set `caBundle`, or let cert-manager inject it.",
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
              caBundle: Q0E=
            """
        ],
        failing: [
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
              insecureSkipTLSVerify: true # ✗
            """
        ],
        check: .objects(["APIService"]) { object, report throws(WrongType) in
            let skip = object.spec["insecureSkipTLSVerify"]
            if try skip.bool() == true { report.fail(skip, "\(object.displayName) is reached without verifying its certificate") }
        })
}
