import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// The metadata service of a cloud hands the credentials of the node or Pod to whoever asks from inside. A Pod that may send to
    /// it turns a forged request into a stolen cloud identity.
    ///
    /// Fields: `spec.egress[]`: port 80 over TCP to ranges that hold 169.254.169.254 (AWS, Azure, Google, OpenStack), fd00:ec2::254 (AWS) or
    /// 100.100.100.200 (Alibaba Cloud), unless another policy keeps the selected Pods from it. Allowed: those addresses in `except`.
    static let networkPolicyMetadataEgress = Control(
        id: "network-policy-metadata-egress",
        title: "Keep Pods away from the metadata service",
        severity: .medium,
        duty: "C6",
        summary: "A network policy lets Pods reach the cloud's metadata service, which hands out credentials.",
        remedy: "Put 169.254.169.254/32, 100.100.100.200/32 and, for IPv6, fd00:ec2::254/128 into `except` of the range.",
        references: [Reference("mitre-attack", "T1552.005"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16, 100.100.100.200/32]}}]
              - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
                ports: [{port: 443}]
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}
            ---
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: metadata}
            spec:
              priority: 10
              subject: {namespaces: {}}
              egress:
              - {action: Deny, to: [{networks: [169.254.169.254/32, 100.100.100.200/32]}]}
            """,
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to:
                - ipBlock:
                    cidr: 0.0.0.0/0 # ✗
                    except: [169.254.169.254/32]
              - to:
                - ipBlock:
                    cidr: 169.254.169.254/32 # ✗
                ports: [{port: 80, protocol: TCP}]
              - ports: [{port: 80}] # ✗
            """,
            """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: out}
            spec:
              priority: 10
              subject: {namespaces: {}}
              egress:
              - action: Allow
                to:
                - networks: ["::/0"] # ✗
            """,
        ],
        check: .policies { policy, review, object, report throws(WrongType) in
            var known: Set<Int> = []
            for (address, range) in MetadataService.addresses {
                for opening in review.egress(of: policy, to: AddressSet(range), MetadataService.connections) {
                    guard known.insert(opening.place.identity).inserted else { continue }
                    let place = opening.place
                    report.fail(
                        place, "\(object.kind) '\(object.name)' lets Pods reach the metadata service \(address)",
                        fix: object.exceptingMetadata(from: place))
                }
            }
        })
}

extension KubernetesObject {
    /// This policy with the metadata services excepted from a range, nil where that leaves nothing of it.
    fileprivate func exceptingMetadata(from range: Value) -> (@Sendable () -> String)? {
        guard range.isKeyed("cidr"), let block = AddressRange(range.text), block.prefixLength < (block.isIPv6 ? 128 : 32) else { return nil }
        return { self.manifest { excepting($0, range) } }
    }
}

/// The block whose range this is, with the metadata services excepted.
private func excepting(_ block: Value, _ range: Value) -> ManifestText.Change? {
    guard block.isKeyed("ipBlock"), block["cidr"].identity == range.identity, let wide = AddressRange(range.text) else { return nil }
    // What is excepted already was read when the policy was.
    var excepted = (try? block["except"].strings()) ?? []
    let known = excepted.compactMap { AddressRange($0) }
    for (address, service) in MetadataService.addresses where wide.contains(service) && !known.contains(where: { $0.contains(service) }) {
        excepted.append("\(address)/\(service.isIPv6 ? 128 : 32)")
    }
    return .replace(.map(["cidr": .text(range.text), "except": .list(excepted.map { .text($0) })]))
}
