import Kubernetes

extension GraphBuilder {
    /// Draws what follows from a place.
    mutating func follow(_ place: Place, _ from: Int32) {
        switch place {
        case .cluster, .subject, .binding, .combination, .addedRule: break
        case .rights(let role, let namespace): followRights(Int(role), namespace, from)
        case .rightsInNamespaces(let role):
            for namespace in graph.namespaces.indices { draw(from, self.place(.rights(role: role, namespace: Int32(namespace)))) }
        case .roles(let namespace):
            for role in lookup.roles.all(in: namespace) { drawRole(role, from) }
        case .ownPods, .runningPods, .listeningPods, .debuggedPods, .pod, .debuggedPod: followPods(place, from)
        case .accounts(EscalationGraph.everywhere):
            for namespace in graph.namespaces.indices { draw(from, self.place(.accounts(Int32(namespace)))) }
        case .accounts(let namespace):
            for account in lookup.accounts.all(in: namespace) { draw(from, account + 1) }
        case .tokenSecrets, .tokenSecret, .bootstrapToken, .forgedBootstrapToken: followTokens(place, from)
        case .everyUser:
            for user in lookup.users { draw(from, user + 1) }
        case .everyone: followEveryone(from)
        case .node, .everyNode: followNodes(place, from)
        }
    }

    private mutating func drawRole(_ role: Int32, _ from: Int32) {
        guard grants(ofRole: Int(role)).mask != 0, let namespace = scope(policy.roles[Int(role)].name.namespace) else { return }
        draw(from, place(.rights(role: role, namespace: namespace)))
    }

    private mutating func followEveryone(_ from: Int32) {
        draw(from, place(.everyUser))
        for group in lookup.groups where graph.subjects[Int(group)].name != Requester.mastersGroup { draw(from, group + 1) }
        draw(from, place(.accounts(EscalationGraph.everywhere)))
        draw(from, place(.everyNode))
    }

    // MARK: - Pods

    private mutating func followPods(_ place: Place, _ from: Int32) {
        switch place {
        case .ownPods(let namespace):
            draw(from, self.place(.accounts(namespace)))
            if allowsPrivilegedPods(in: namespace) { draw(from, self.place(.everyNode), .privilegedPod) }
        case .runningPods(EscalationGraph.everywhere): drawNamespaces(from) { .runningPods($0) }
        case .listeningPods(EscalationGraph.everywhere): drawNamespaces(from) { .listeningPods($0) }
        case .debuggedPods(EscalationGraph.everywhere): drawNamespaces(from) { .debuggedPods($0) }
        case .runningPods(let namespace):
            for pod in lookup.pods.all(in: namespace) { draw(from, self.place(.pod(pod))) }
        case .listeningPods(let namespace):
            for pod in lookup.pods.all(in: namespace) where facts.pods[Int(pod)].listens { draw(from, self.place(.pod(pod))) }
        case .debuggedPods(let namespace):
            draw(from, self.place(.runningPods(namespace)))
            if allowsPrivilegedPods(in: namespace) { draw(from, self.place(.node), .privilegedDebugContainer) }
        case .debuggedPod(let pod):
            draw(from, self.place(.pod(pod)))
            if !facts.restricted.contains(facts.pods[Int(pod)].namespace) { draw(from, self.place(.node), .privilegedDebugContainer) }
        case .pod(let index):
            let pod = facts.pods[Int(index)]
            let object = evidence(.object(pod.object))
            if pod.mountsToken, let account = self.place(of: .account(pod.namespace, pod.account)) { draw(from, account, evidence: object) }
            if pod.breaksOut { draw(from, self.place(.node), .breakOutOfPod, evidence: object) }
        default: break
        }
    }

    /// Namespaces without Pods are left out.
    private mutating func drawNamespaces(_ from: Int32, _ make: (Int32) -> Place) {
        for namespace in graph.namespaces.indices where !lookup.pods.byNamespace[namespace].isEmpty { draw(from, place(make(Int32(namespace)))) }
    }

    /// Whether Pod Security lets a privileged Pod into the namespace, or into any.
    private func allowsPrivilegedPods(in namespace: Int32) -> Bool {
        namespace < 0 ? graph.namespaces.contains { !facts.restricted.contains($0) } : !facts.restricted.contains(graph.namespaces[Int(namespace)])
    }

    // MARK: - Tokens

    private mutating func followTokens(_ place: Place, _ from: Int32) {
        switch place {
        case .tokenSecrets(let namespace):
            for secret in lookup.tokenSecrets.all(in: namespace) { draw(from, self.place(.tokenSecret(secret))) }
        case .tokenSecret(let index):
            let secret = facts.tokenSecrets[Int(index)]
            guard let account = self.place(of: .account(secret.namespace, secret.account)) else { return }
            draw(from, account, evidence: evidence(.object(secret.object)))
        case .bootstrapToken(let index):
            let token = facts.bootstrapTokens[Int(index)]
            let object = evidence(.object(token.object))
            for group in token.groups { if let to = self.place(of: .group(group)) { draw(from, to, evidence: object) } }
        case .forgedBootstrapToken:
            for group in lookup.groups {
                let name = graph.subjects[Int(group)].name
                if name == "system:bootstrappers" || name.utf8.starts(with: "system:bootstrappers:".utf8) { draw(from, group + 1) }
            }
        default: break
        }
    }

    // MARK: - Nodes

    private mutating func followNodes(_ place: Place, _ from: Int32) {
        let isEvery = place == .everyNode
        // One Pod of each service account is proof enough, one that is on every node before others.
        var drawn: Set<Int32> = []
        for onEveryNode in [true, false] {
            for pod in facts.pods where pod.isOnEveryNode == onEveryNode {
                guard let account = self.place(of: .account(pod.namespace, pod.account)), drawn.insert(account).inserted else { continue }
                draw(from, account, isEvery || onEveryNode ? .nodeTokens : .neighbouringPods, evidence: evidence(.object(pod.object)))
            }
        }
        if isEvery, let object = facts.controlPlane { draw(from, EscalationGraph.cluster, .controlPlaneNode, evidence: evidence(.object(object))) }
    }
}
