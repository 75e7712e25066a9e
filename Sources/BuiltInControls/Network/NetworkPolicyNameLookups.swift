import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Programs find each other by name. A policy that lets them out to other Pods but not to DNS cuts them off from what it allows, and
    /// whoever is called at night opens everything.
    ///
    /// Fields: what policies allow a Pod to open, against port 53 of the cluster's DNS or of any resolver. Not applicable where Pods may connect
    /// to no other Pods.
    static let networkPolicyNameLookups = Control(
        id: "network-policy-name-lookups",
        title: "Let Pods that connect to others ask for names",
        severity: .medium,
        duty: "C6",
        summary: "Policies let this Pod connect to other Pods, but not to DNS, so it finds none of them by name.",
        remedy: "Allow UDP and TCP 53 to the Pods of the cluster's DNS.",
        references: [.nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              policyTypes: [Egress]
              egress:
              - to: [{podSelector: {}}]
              - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
                ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
            spec: {containers: [{name: dns, image: registry.example.com/dns:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: kube-dns, namespace: kube-system}
            spec: {selector: {k8s-app: kube-dns}, ports: [{name: dns, protocol: UDP, port: 53}]}
            """
        ],
        failing: [
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                metadata:
                  labels: {app: web} # ✗
                spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              policyTypes: [Egress]
              egress:
              - to: [{podSelector: {matchLabels: {app: web}}}]
                ports: [{port: 8080}]
            """
        ],
        check: .pods { pod, report throws(WrongType) in
            let standing = report.inventory.analysis(NetworkStanding.self)
            guard let workload = try standing.workload(ofObject: report.object) else { return report.notApplicable() }
            switch standing.nameLookup(of: workload) {
            case .open: return
            case .unneeded: return report.notApplicable()
            case .cutOff: break
            }
            let object = report.judgedObject
            report.failUnlessUnread(
                standing, pod.labelsPlace(in: object), "policies let these Pods connect to others, but not ask DNS where those are",
                value: object.name,
                fix: standing.fix(for: workload, egress: .names))
        })
}
