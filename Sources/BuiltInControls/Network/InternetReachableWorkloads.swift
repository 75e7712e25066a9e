import Controls
import Documents
import Kubernetes
import Reachability

extension Control {
    /// A security group, a network policy and a load balancer each look closed enough, or open enough, by themselves. What counts
    /// is what all of them on one way let through together.
    ///
    /// Fields: the rules of the Pod's security groups, the network policies that select it, and on the way in its public address, or
    /// Services, Ingresses and Gateways that lead to it. Judged where a group is described in the estate.
    static let internetReachableWorkloads = Control(
        id: "internet-reachable-workloads",
        title: "Know what the Internet really reaches",
        severity: .high,
        duty: "P3b",
        summary:
            "Security groups and network policies together let the Internet reach the workload; whoever wrote the rule that lets it in must act.",
        remedy:
            "Close one of the two: narrow the rule to what must be reached, for instance `tcp 443/443` from the load balancer's group, or add "
            + "a NetworkPolicy whose ingress allows only the clients.",
        references: [Reference("mitre-attack", "T1190"), .nsa("network separation and hardening")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              annotations:
                network.alibabacloud.com/pod-with-eip: "true"
                network.alibabacloud.com/security-group-ids: sg-web
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 8443/8443, SourceCidrIp: 198.51.100.0/24, Policy: Accept, Priority: 1}
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: db
              labels: {app: db}
              annotations: {network.alibabacloud.com/security-group-ids: sg-db, alibabacloud.com/enable-network-policy-agent: "true"}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: db}
            spec:
              podSelector: {matchLabels: {app: db}}
              ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
            ---
            SecurityGroupId: sg-db
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 5432/5432, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web # ✗
              labels: {app: web}
              annotations:
                network.alibabacloud.com/pod-with-eip: "true"
                network.alibabacloud.com/security-group-ids: sg-web
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: nobody-enforces-it-on-this-pod}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
            ---
            SecurityGroupId: sg-web
            InnerAccessPolicy: Drop
            Permissions:
              Permission:
              - {Direction: ingress, IpProtocol: TCP, PortRange: 22/22, SourceCidrIp: 0.0.0.0/0, Policy: Accept, Priority: 1}
            """
        ],
        check: .pods(judgeReachability))
}

private func judgeReachability(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
    guard report.knowsSecurityGroups else { return report.notApplicable() }
    let hasPublicAddress = try !publicAddresses(of: pod).isEmpty
    let network = report.inventory.analysis(NetworkModel.self)
    let question = ExposureQuestion(
        network: network, enforcesPolicies: try enforcesPolicies(pod), cluster: report.clusterGroup, platforms: report.settings.loadBalancerPlatforms)
    let exposures = report.securityGroups.internetExposures(ofObject: report.object, hasPublicAddress: hasPublicAddress, question)
    let (place, _) = report.judgedObject.root.descend("metadata.name")
    for exposure in exposures {
        let way = report.words(for: exposure.way)
        if exposure.open.isEmpty {
            report.notObservable(
                place, "the Internet may reach its Pods through \(way) on \(exposure.possible): \(doubt(about: exposure))")
            continue
        }
        let policies = report.words(forPolicies: exposure, enforced: question.enforcesPolicies)
        for (group, rule) in exposure.rules {
            let open = exposure.open.intersection(rule.connections)
            report.fail(
                place,
                "the Internet reaches its Pods through \(way) on \(open): rule '\(rule.rule)' of \(group.id) lets it in, and \(policies)",
                value: "\(group.id): \(rule.rule)", cause: Finding.Cause(rule.peerPlace, object: report.record(of: rule, in: group)))
        }
    }
}

/// Why nobody can say whether the way is open.
private func doubt(about exposure: InternetExposure) -> String {
    if let unknown = exposure.groups.unknown { return unknown }
    let missing = exposure.groups.missing
    if !missing.isEmpty { return "the rules of \(missing.joined(separator: ", ")) are not in the estate" }
    if case .entry(let entry) = exposure.way, entry.reach == .unknown { return "whether the balancer's address is public is decided elsewhere" }
    let ids = exposure.groups.ids.joined(separator: ", ")
    return "a rule of \(ids) names what only the cloud knows, such as a prefix list or the balancer's own group"
}

extension Report {
    /// `Service web`, or `its public address`.
    fileprivate func words(for way: InternetExposure.Way) -> String {
        guard case .entry(let entry) = way else { return "its public address" }
        return entry.path.map { inventory.objects[$0].displayName }.joined(separator: ", ")
    }

    fileprivate func words(forPolicies exposure: InternetExposure, enforced: Bool) -> String {
        if !enforced { return "nothing enforces network policies on it" }
        if exposure.policies.isEmpty { return "no network policy selects it" }
        let names = exposure.policies.prefix(3).map { inventory.objects[$0].displayName }.joined(separator: ", ")
        let more = exposure.policies.count - 3
        return more > 0 ? "\(names) and \(more) more let it through" : "\(names) \(exposure.policies.count == 1 ? "lets" : "let") it through"
    }

    /// Index of the record in which a rule stands.
    fileprivate func record(of rule: SecurityGroupRule, in group: SecurityGroup) -> Int {
        guard !group.isComplete, !rule.id.isEmpty else { return group.object }
        return inventory.index(kind: CloudKind.rule, namespace: "", name: rule.id) ?? group.object
    }
}
