import Controls
import Documents
import Kubernetes

extension Control {
    /// A public load balancer without a list of sources takes connections from every address there is.
    ///
    /// Fields: `spec.loadBalancerSourceRanges`, its annotation form, and the access lists of Alibaba Cloud and
    /// Azure. Allowed: at least one range, none of them wider than `/8`. Own security groups on AWS can't be looked into.
    static let loadBalancerSourceRanges = Control(
        id: "load-balancer-source-ranges",
        title: "Limit who may reach a public load balancer",
        severity: .medium,
        duty: "P3b",
        summary: "Without source ranges a public load balancer forwards connections from the whole Internet.",
        remedy: "List the networks that need it in `spec.loadBalancerSourceRanges`, or bind an access control list of the platform.",
        references: [Reference("mitre-attack", "T1190"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer
              loadBalancerSourceRanges: [198.51.100.0/24]
              selector: {app: web}
              ports: [{port: 443}]
            """,
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-status: "on"
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-id: acl-example
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-type: white
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: # ✗
              type: LoadBalancer
              selector: {app: web}
              ports: [{port: 443}]
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer
              loadBalancerSourceRanges:
              - 198.51.100.0/24
              - 0.0.0.0/0 # ✗
              selector: {app: web}
              ports: [{port: 443}]
            """,
        ],
        check: .objects(["Service"], judgeSourceRanges))
}

private func judgeSourceRanges(_ service: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard service.isCoreService else { return report.notApplicable() }
    let reach = try ServiceReach(of: service, report.settings)
    guard reach == .internet || reach == .unknownBalancer else { return report.notApplicable() }
    let ranges = service.spec["loadBalancerSourceRanges"]
    var isLimited = false
    for range in try ranges.items() {
        isLimited = true
        guard let written = try range.string() else { continue }
        if AddressRange(written)?.isInternetWide ?? true {
            report.fail(range, "Service '\(service.name)' lets in \(written)")
        }
    }
    if isLimited { return }
    let annotations = service.annotations
    if annotations["service.beta.kubernetes.io/aws-load-balancer-security-groups"].exists {
        return report.notObservable(annotations, "the security groups of Service '\(service.name)' decide who may reach it")
    }
    let list = annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]
    if let text = try list.string(), !text.isEmpty {
        for range in text.split(separator: ",") where AddressRange(trimmed(range))?.isInternetWide ?? true {
            report.fail(list, "Service '\(service.name)' lets in \(trimmed(range))")
        }
        return
    }
    if try hasPlatformAccessList(annotations) { return }
    report.fail(
        service.spec, missing: "loadBalancerSourceRanges", "Service '\(service.name)' lets in every address of the Internet")
}

/// An access list of Alibaba Cloud that allows (rather than denies) its members, or Azure's ranges and tags.
private func hasPlatformAccessList(_ annotations: Value) throws(WrongType) -> Bool {
    if try annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-status"].equals("on") {
        return try annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-acl-type"].equals("white")
    }
    return annotations["service.beta.kubernetes.io/azure-allowed-ip-ranges"].exists
        || annotations["service.beta.kubernetes.io/azure-allowed-service-tags"].exists
}

private func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}
