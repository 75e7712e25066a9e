import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// The kubelet of a node runs commands in every Pod of it, and etcd is the cluster. Both stand on the nodes' own addresses, which a Pod has
    /// no business with.
    ///
    /// Fields: `spec.egress[]` of policies against the addresses of the Nodes in the estate, on TCP 10250, 10255 (kubelet), 2379, 2380 (etcd).
    /// Allowed: those addresses in `except`, or other ports.
    static let networkPolicyNodeEgress = Control(
        id: "network-policy-node-egress",
        title: "Keep Pods away from kubelets and etcd",
        severity: .low,
        duty: "C6",
        summary: "A network policy lets Pods connect to the kubelets, or the etcd, of the cluster's nodes.",
        remedy: "Put the nodes' range into `except`, or list the ports that are needed.",
        references: [.nsa("network separation and hardening"), Reference("mitre-attack", "T1613")],
        passing: [
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.0.2.0/24]}}]
              - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
                ports: [{port: 443}]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              egress:
              - to:
                - ipBlock:
                    cidr: 192.0.2.0/24 # ✗
                ports: [{port: 10000, endPort: 11000}]
            """
        ],
        check: .policies { policy, review, object, report throws(WrongType) in
            guard !review.nodeAddresses.isEmpty else { return report.notApplicable() }
            for opening in review.egress(of: policy, to: review.nodeAddresses, nodePorts) {
                report.fail(
                    opening.place, "\(object.kind) '\(object.name)' lets Pods connect to nodes of the cluster on \(opening.connections)")
            }
        })
}

/// The kubelet's API, its read-only port, and etcd for clients and peers. (kubernetes.io, "Ports and Protocols")
private let nodePorts = ConnectionSet(tcp: PortSet([10250...10250, 10255...10255, 2379...2380]))
