/// Estates of a size, as a tenant platform has them: applications of five Pods in namespaces of a hundred Pods. Most namespaces are
/// closed by default for what arrives, a third of these for what leaves too, and every eighth is open. Policies open ways between
/// applications, for metrics, to DNS, and to and from addresses outside.
struct GeneratedEstate {
    let pods: Int
    /// A fifth of the Pods: 10,000 Pods have 2,000 policies.
    var policies: Int { pods / 5 }
    /// Every Pod is of its own kind: no two share labels.
    let isDiverse: Bool

    private var applications: Int { isDiverse ? pods : pods / 5 }
    private var namespaces: Int { max(applications / (isDiverse ? 100 : 20), 1) }

    var manifest: String {
        var text = ""
        for namespace in 0..<namespaces {
            text += "{apiVersion: v1, kind: Namespace, metadata: {name: ns-\(namespace), labels: {team: team-\(namespace % 17), stage: \(namespace % 3 == 0 ? "prod" : "test")}}}\n---\n"
        }
        for application in 0..<applications {
            for replica in 0..<(isDiverse ? 1 : 5) { text += pod(application, replica) }
        }
        for policy in 0..<policies { text += self.policy(policy) }
        return text
    }

    private func pod(_ application: Int, _ replica: Int) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: app-\(application)-\(replica)
          namespace: ns-\(application % namespaces)
          labels: {app: app-\(application), tier: \(["web", "api", "db", "job"][application % 4]), pod-template-hash: h\(application)}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: app-\(application), controller: true, uid: u}]
        spec:
          containers:
          - name: app
            image: registry.example.com/app-\(application):1.0
            ports: [{name: http, containerPort: \(8000 + application % 50)}, {name: metrics, containerPort: 9090}]
        ---

        """
    }

    /// Of ten policies in a namespace one closes it, one lets metrics be collected, one opens DNS; the rest are between applications.
    private func policy(_ number: Int) -> String {
        // Every eighth namespace has none; its share goes to its neighbours.
        let namespace = number % namespaces % 8 == 7 ? (number + 1 + number / namespaces % 7) % namespaces : number % namespaces
        let closesEgress = namespace % 3 == 0
        let (own, peer) = (namespace + namespaces * (number / namespaces % 20), namespace + namespaces * ((number / namespaces + 3) % 20))
        let head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p-\(number), namespace: ns-\(namespace)}\nspec:\n"
        let rules =
            switch number / namespaces % 10 {
            case 0: "  podSelector: {}\n  policyTypes: [Ingress\(closesEgress ? ", Egress" : "")]\n"
            case 1: "  podSelector: {}\n  ingress: [{from: [{namespaceSelector: {matchLabels: {team: team-3}}}], ports: [{port: metrics}]}]\n"
            case 2 where closesEgress:
                "  podSelector: {}\n  policyTypes: [Egress]\n  egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: api}}}], ports: [{port: 53, protocol: UDP}]}]\n"
            case 3: "  podSelector: {matchLabels: {tier: web}}\n  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.\(number % 200).0.0/16]}}], ports: [{port: http}]}]\n"
            case 4 where closesEgress:
                "  podSelector: {matchLabels: {app: app-\(own)}}\n  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 198.51.\(number % 200).0/24}}], ports: [{port: 443}]}]\n"
            case 5: "  podSelector: {matchLabels: {tier: db}}\n  ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, operator: In, values: [api, job]}]}}], ports: [{port: 5432}]}]\n"
            case 6: "  podSelector: {matchLabels: {app: app-\(own)}}\n  ingress: [{from: [{namespaceSelector: {matchLabels: {stage: prod}}, podSelector: {matchLabels: {tier: web}}}], ports: [{port: 8080, endPort: 8090}]}]\n"
            default:
                "  podSelector: {matchLabels: {app: app-\(own)}}\n  policyTypes: [Ingress\(closesEgress ? ", Egress" : "")]\n"
                    + "  ingress: [{from: [{podSelector: {matchLabels: {app: app-\(peer)}}}], ports: [{port: http}]}]\n"
                    + (closesEgress ? "  egress: [{to: [{podSelector: {matchLabels: {app: app-\(peer)}}}]}]\n" : "")
            }
        return head + rules + "---\n"
    }
}
