import Controls
import Documents
import Kubernetes

extension Control {
    /// TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996); an entry that still takes them lets an attacker on the way choose
    /// them.
    ///
    /// Fields: the TLS policies of Alibaba Cloud's balancers and AlbConfig listeners, the `ssl-policy` of AWS, `ssl-protocols` in the
    /// ConfigMap of ingress-nginx, and `minProtocolVersion` of Istio's Gateways. Allowed: 1.2 and newer.
    static let oldTLSVersions = Control(
        id: "old-tls-versions",
        title: "Refuse TLS 1.0 and 1.1",
        severity: .medium,
        duty: "C2",
        summary: "The entry still takes TLS 1.0 or 1.1, which are broken and withdrawn.",
        remedy: "Choose a policy that starts at TLS 1.2, such as `tls_cipher_policy_1_2_strict`.",
        references: [Reference("cwe", "CWE-327"), Reference("rfc", "8996")],
        passing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ingress-nginx-controller}
            data: {ssl-protocols: TLSv1.2 TLSv1.3}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ingress-nginx-controller}
            data:
              ssl-protocols: TLSv1 TLSv1.1 TLSv1.2 # ✗
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-tls-cipher-policy: tls_cipher_policy_1_0 # ✗
            spec: {type: LoadBalancer}
            """,
            """
            apiVersion: alibabacloud.com/v1
            kind: AlbConfig
            metadata: {name: front}
            spec:
              config: {addressType: Intranet}
              listeners:
              - port: 443
                protocol: HTTPS
                securityPolicyId: tls_cipher_policy_1_1 # ✗
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-2016-08 # ✗
            spec: {rules: []}
            """,
        ],
        check: .objects(["ConfigMap", "Service", "Ingress", "AlbConfig", "Gateway"], judgeVersions))
}

private func judgeVersions(_ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    switch object.kind {
    case "ConfigMap":
        let protocols = object.root["data"]["ssl-protocols"]
        guard let names = try protocols.string() else { return }
        let isOld = names.split(separator: " ").contains { $0 == "TLSv1" || $0 == "TLSv1.0" || $0 == "TLSv1.1" || $0.hasPrefix("SSL") }
        if isOld { report.fail(protocols, "ConfigMap '\(object.name)' allows old versions of TLS") }
    case "Service":
        try judge(object.annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-tls-cipher-policy"], object, &report)
        try judge(object.annotations["service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy"], object, &report)
    case "Ingress":
        try judge(object.annotations["alb.ingress.kubernetes.io/ssl-policy"], object, &report)
    case "AlbConfig":
        for listener in try object.spec["listeners"].items() { try judge(listener["securityPolicyId"], object, &report) }
    default:
        guard object.isInGroup("networking.istio.io") else { return report.notApplicable() }
        for server in try object.spec["servers"].items() { try judge(server["tls"]["minProtocolVersion"], object, &report) }
    }
}

private func judge(_ policy: Value, _ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    for name in oldPolicies where try policy.equals(name) {
        report.fail(policy, "\(object.displayName) allows old versions of TLS with \(policy.text)")
    }
}

/// Policies that take TLS 1.0 or 1.1. Sources: the lists of Alibaba Cloud, of Elastic Load Balancing and of Istio.
private let oldPolicies: [StaticString] = [
    "tls_cipher_policy_1_0", "tls_cipher_policy_1_1", "TLSV1_0", "TLSV1_1", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-TLS-1-0-2015-04", "ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-FS-2018-06", "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06",
]
