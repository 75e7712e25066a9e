import Controls
import Kubernetes

extension Control {
    /// A written endpoint sends traffic of a Service or Ingress to any address, so into namespaces the writer has no right to
    /// (CVE-2021-25740, which has no fix but this).
    ///
    /// Fields: `endpoints`, `endpointslices` in `rules`. Allowed: reading.
    static let writeEndpoints = Control(
        id: "write-endpoints",
        title: "Do not allow writing endpoints",
        severity: .medium,
        duty: "C3",
        summary: "Written endpoints lead a load balancer's traffic past NetworkPolicies into other namespaces (CVE-2021-25740).",
        remedy: "Remove the write verbs on endpoints and endpointslices; the controller writes them from selectors.",
        references: [Reference("cve", "CVE-2021-25740"), Reference("mitre-attack", "T1557")],
        passing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: shop}
            rules:
            - apiGroups: ["", "discovery.k8s.io"]
              resources:
              - endpoints
              - endpointslices
              verbs:
              - get
            """
        ],
        failing: [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: writer, namespace: shop}
            rules:
            - apiGroups: ["", "discovery.k8s.io"]
              resources:
              - endpoints # ✗
              - endpointslices # ✗
              verbs:
              - update
            """
        ],
        check: .powers(
            Power(
                ["create", "update", "patch"], [APIResource("", "endpoints"), APIResource("discovery.k8s.io", "endpointslices")])))
}
