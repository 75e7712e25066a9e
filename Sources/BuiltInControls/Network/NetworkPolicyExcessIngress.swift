import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// What an Ingress or load balancer serves is one port of a Pod. A rule that lets the Internet in to others as well leaves it to chance that
    /// nothing else leads there: the next Service, a public address, a compromised node.
    ///
    /// Fields: `spec.ingress[]` with most of the Internet as peer, against the ports to which Services, Ingresses and routes lead outsiders.
    /// Allowed: those ports.
    static let networkPolicyExcessIngress = Control(
        id: "network-policy-excess-ingress",
        title: "Open to the Internet the served ports only",
        severity: .medium,
        duty: "C6",
        summary: "A network policy lets the whole Internet connect to ports that no entry point of the workload serves.",
        remedy: "List in `ports` of the rule what the Services and Ingresses lead to.",
        references: [.cis("5.3.2"), .nsa("network separation and hardening")],
        overrides: ["network-policy-allows-all"],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8443}]}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress:
              - from: [{ipBlock: {cidr: 0.0.0.0/0}}] # ✗
                ports: [{port: 8000, endPort: 9000}]
              - ports: [{port: 8443}]
            """
        ],
        check: .policies(["NetworkPolicy"]) { policy, review, object, report throws(WrongType) in
            for excess in review.excessIngress(of: policy) {
                let workload = report.displayName(of: excess.workload, others: excess.others, in: review.standing.model)
                report.fail(
                    excess.rule,
                    "NetworkPolicy '\(object.name)' lets the whole Internet connect to \(workload) on \(excess.connections), where only "
                        + "\(excess.served) is served", value: "ingress",
                    // With several workloads people must say who serves what.
                    fix: excess.others == 0 ? object.serving(excess) : nil)
            }
        })
}

extension KubernetesObject {
    /// This policy with a rule cut down to what is served.
    fileprivate func serving(_ excess: PolicyReview.Excess) -> @Sendable () -> String {
        let (rule, ports) = (excess.rule, SuggestedPolicy.ports(excess.served))
        return {
            self.manifest { value in
                guard value.identity == rule.identity, case .map(let entries) = ManifestText(value) else { return nil }
                return .replace(.map(entries.filter { $0.key != "ports" } + [.init("ports", ports)]))
            }
        }
    }
}
