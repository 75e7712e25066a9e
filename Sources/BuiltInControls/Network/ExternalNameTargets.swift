import Controls
import Documents
import Kubernetes

extension Control {
    /// An ExternalName Service is an alias in the cluster's DNS. Pointed at the loopback, at the metadata service or
    /// at another namespace, it makes an Ingress controller or a trusting client talk to something it was kept from.
    ///
    /// Fields: `spec.externalName`. Forbidden: loopback names and addresses, link-local and metadata addresses,
    /// names of Services in other namespaces.
    static let externalNameTargets = Control(
        id: "external-name-targets",
        title: "Keep ExternalName Services away from internal targets",
        severity: .medium,
        duty: "C8b",
        summary:
            "An alias to the loopback, the metadata service or another namespace leads controllers and clients past the rules that keep them away.",
        remedy: "Name a public host that you own, or select Pods of this namespace.",
        references: [Reference("cwe", "CWE-441")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: mail, namespace: shop}
            spec: {type: ExternalName, externalName: mail.example.com}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: me, namespace: shop}
            spec:
              type: ExternalName
              externalName: localhost # ✗
            """,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: vault, namespace: shop}
            spec:
              type: ExternalName
              externalName: vault.security.svc.cluster.local # ✗
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: metadata, namespace: shop}
            spec:
              type: ExternalName
              externalName: 100.100.100.200 # ✗
            """,
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService, try service.spec["type"].equals("ExternalName") else { return report.notApplicable() }
            let target = service.spec["externalName"]
            guard let name = try target.string(), let reason = dangerOfAlias(to: name, from: service.namespace) else { return }
            report.fail(target, "Service '\(service.name)' is an alias of \(reason) (\(name))")
        })
}

private func dangerOfAlias(to name: String, from namespace: String) -> String? {
    let host = (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
    if host == "localhost" || host.hasSuffix(".localhost") || host == "ip6-localhost" { return "the loopback" }
    if host == "metadata.google.internal" || host == "instance-data" { return "the metadata service" }
    if let address = AddressRange(host) {
        if loopback.contains(where: { $0.contains(address) }) { return "the loopback" }
        if linkLocal.contains(where: { $0.contains(address) }) { return "the metadata service" }
        return nil
    }
    guard let owner = namespaceOfService(named: name), owner != namespace else { return nil }
    return "a Service of namespace '\(owner)'"
}

/// The namespace of the Service that a name of the cluster's DNS stands for: `service.namespace.svc` or `pod.service.namespace.svc`, with or
/// without the cluster's domain. nil for names outside the cluster.
func namespaceOfService(named name: String) -> String? {
    let labels = (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased().split(separator: ".")
    guard let suffix = labels.lastIndex(of: "svc"), suffix >= 2 else { return nil }
    let isOfCluster = suffix == labels.count - 1 || labels[suffix + 1] == "cluster"
    return isOfCluster ? String(labels[suffix - 1]) : nil
}

private let loopback = ["127.0.0.0/8", "0.0.0.0/8", "::1/128"].compactMap(AddressRange.init)
/// The metadata services of AWS, Azure, Google and OpenStack are link-local; Alibaba Cloud's is not.
private let linkLocal = ["169.254.0.0/16", "fe80::/10", "100.100.100.200/32", "fd00:ec2::254/128"].compactMap(AddressRange.init)
