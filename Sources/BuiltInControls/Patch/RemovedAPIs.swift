import Controls
import Documents
import Kubernetes

extension Control {
    /// An object in an API version that the cluster no longer serves cannot be applied: an update that carries it
    /// fails, and what protects the workload (a policy, a budget, a webhook) silently stays as it was or is missing.
    ///
    /// Fields: `apiVersion` and `kind`. Allowed: versions that this version of Kubernetes serves.
    static let removedAPIs = Control(
        id: "removed-apis",
        title: "Use API versions that are still served",
        severity: .medium,
        duty: "C8b",
        summary: "The cluster refuses an object in a removed API version, so the change it carries, be it a fix, never arrives.",
        remedy: "Write the object in the version named in the finding; `kubectl convert` helps where fields have changed.",
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              defaultBackend: {service: {name: web, port: {number: 80}}}
            """,
            Example(
                """
                apiVersion: policy/v1beta1
                kind: PodDisruptionBudget
                metadata: {name: web}
                spec: {minAvailable: 1}
                """, version: KubernetesVersion(1, 24)),
        ],
        failing: [
            """
            apiVersion: extensions/v1beta1 # ✗
            kind: Ingress
            metadata: {name: web}
            spec:
              backend: {serviceName: web, servicePort: 80}
            ---
            apiVersion: policy/v1beta1 # ✗
            kind: PodSecurityPolicy
            metadata: {name: strict}
            """
        ],
        check: .objects(RemovedAPI.kinds) { object, report throws(WrongType) in
            guard let removed = RemovedAPI.entry(apiVersion: object.apiVersion, kind: object.kind), removed.removedIn <= report.kubernetesVersion
            else { return }
            let remedy = removed.replacement.map { "write it as \($0)" } ?? "the kind is gone without a replacement"
            report.fail(
                object.root["apiVersion"],
                "\(object.kind) in \(object.apiVersion) is not served since Kubernetes \(removed.removedIn); \(remedy)")
        })
}
