import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// Rules of a policy add up. One that another covers decides nothing; whoever removes it to close a door finds the door open still.
    ///
    /// Fields: rules of one NetworkPolicy and direction against each other, by what they say. Allowed: rules that add something.
    static let networkPolicyCoveredRules = Control(
        id: "network-policy-covered-rules",
        title: "Keep rules that add something",
        severity: .info,
        duty: "C6",
        summary: "Another rule of the same policy allows everything that this one does, so that this one decides nothing.",
        remedy: "Remove the rule, or the wider one if it was not meant.",
        references: [.cis("5.3.2")],
        passing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress:
              - from: [{podSelector: {matchLabels: {app: web}}}]
                ports: [{port: 80}]
              - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 198.51.100.0/24}}]
                ports: [{port: 443}]
            """
        ],
        failing: [
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec:
              podSelector: {}
              ingress:
              - from: [{podSelector: {matchLabels: {app: web}}}] # ✗
                ports: [{port: 80}]
              - from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 198.51.100.0/24}}]
                ports: [{port: 80, endPort: 443}]
              - from: [{ipBlock: {cidr: 198.51.100.0/25}}] # ✗
                ports: [{port: 443}]
            """
        ],
        check: .policies(["NetworkPolicy"]) { policy, review, object, report throws(WrongType) in
            for covered in review.coveredRules(of: policy) {
                let rule = covered.rule
                report.fail(
                    rule, "NetworkPolicy '\(object.name)': rule '\(covered.by.fieldPath)' allows all that this one does",
                    value: object.name,
                    fix: { object.manifest { $0.identity == rule.identity ? .remove : nil } })
            }
        })
}
