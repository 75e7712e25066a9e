import Access
import Blame
import Controls
import Documents
public import Kubernetes
import Reachability

/// What somebody who holds a subject could do and reach: the rights of its service account, its way to the cluster, and its
/// connections. Worked out over the estate that was given, by the engines of `access risks` and `reach`.
public struct BlastRadius: Sendable {
    public let account: String
    /// What the account may do, by which binding.
    public private(set) var rights: [String] = []
    /// Bindings that everybody who is authenticated has by the API server.
    public private(set) var commonRights = 0
    /// The steps of the easiest way to the whole cluster, empty where none is known.
    public private(set) var takeover: [String] = []
    /// What its Pods may connect to.
    public private(set) var reaches: [String] = []
    /// What may connect to its Pods.
    public private(set) var reachedBy: [String] = []
    /// Connections that are not listed.
    public private(set) var furtherConnections = 0
    /// What of the Pod itself leads to its node, by the paths of its fields.
    public private(set) var ofPod: [String] = []
    /// What could not be worked out.
    public private(set) var gaps: [String] = []

    private static let listed = 40

    /// - Parameters:
    ///   - object: of the inventory; nil when the estate does not have it.
    ///   - account: the service account by the record, where the estate does not have the object.
    public init(of object: Int?, account known: String?, namespace: String, in inventory: Inventory) {
        let pod = object.flatMap { inventory.objects[$0].pod }
        let named = (try? pod?.serviceAccountName.string()) ?? nil
        let name = named.flatMap { $0.isEmpty ? nil : $0 } ?? known ?? "default"
        account = "\(namespace)/\(name)"
        if object == nil {
            gaps.append("the estate does not have the object, so what it may reach is not known; give manifests, a dump or --cluster")
        }
        if pod == nil, known == nil { gaps.append("its service account is not known; the default of its namespace was taken") }
        readRights(name, namespace, inventory)
        if let object { readConnections(object, inventory) }
        if let pod { readPod(pod) }
    }

    // MARK: - Rights

    private mutating func readRights(_ name: String, _ namespace: String, _ inventory: Inventory) {
        let analysis = inventory.analysis(EscalationAnalysis.self)
        let policy = analysis.policy
        let phrases = AccessPhrases(policy)
        let requester = Requester(user: "system:serviceaccount:\(namespace):\(name)")
        for subject in requester.subjects.compactMap({ policy.subject($0) }) {
            for binding in policy.bindings(of: subject).map({ Int($0) }) {
                guard let role = policy.bindings[binding].role else { continue }
                let place = phrases.place(policy.bindings[binding].origin)
                guard place != BootstrapRoles.objectSource else {
                    commonRights += 1
                    continue
                }
                let rules = policy.roles[role].rules.map { AccessPhrases.rule($0.rule) }.prefix(BlastRadius.listed)
                let whereTo =
                    policy.bindings[binding].namespace.isEmpty ? "in the whole cluster" : "in namespace \(policy.bindings[binding].namespace)"
                rights.append("\(rules.joined(separator: "; ")) \(whereTo), by \(phrases.binding(binding)) of \(phrases.role(role)) (\(place))")
            }
        }
        if !inventory.contains(kind: "RoleBinding"), !inventory.contains(kind: "ClusterRoleBinding") {
            gaps.append("the estate has no bindings, so the rights of \(account) are not known")
        }
        let subject = AccessSubject.account(namespace, name)
        guard let index = analysis.subject(subject), let path = analysis.path(of: index) else { return }
        takeover = path.steps.map { "\($0.from) → \($0.to): \($0.technique.title) (\($0.technique.condition))" }
    }

    // MARK: - Connections

    private mutating func readConnections(_ object: Int, _ inventory: Inventory) {
        let network = inventory.analysis(NetworkModel.self)
        guard let workload = network.workload(ofObject: object) else { return }
        if network.policyCount == 0 { gaps.append("the estate has no network policy: everything reaches everything, as far as it tells") }
        for other in network.workloads.indices where other != workload {
            add(network.connections(from: workload, to: other), network.workloads[other].description, to: \.reaches)
            add(network.connections(from: other, to: workload), network.workloads[other].description, to: \.reachedBy)
        }
        for part in network.externalEgress(of: workload) { add(part.connections, BlastRadius.text(part.addresses), to: \.reaches) }
        for part in network.externalIngress(of: workload) { add(part.connections, BlastRadius.text(part.addresses), to: \.reachedBy) }
    }

    private mutating func add(_ connections: ConnectionSet, _ end: String, to list: WritableKeyPath<BlastRadius, [String]>) {
        guard !connections.isEmpty else { return }
        guard self[keyPath: list].count < BlastRadius.listed else {
            furtherConnections += 1
            return
        }
        self[keyPath: list].append("\(end): \(connections)")
    }

    private static func text(_ addresses: AddressSet) -> String {
        let ranges = addresses.v4.ranges.map { AddressInterval.v4($0).description } + addresses.v6.ranges.map { AddressInterval.v6($0).description }
        return "addresses " + ranges.prefix(6).joined(separator: ", ") + (ranges.count > 6 ? " and \(ranges.count - 6) more ranges" : "")
    }

    // MARK: - The Pod

    /// What takes down the wall between a container and its node, in short; `demarc scan` judges all of it.
    private mutating func readPod(_ pod: PodSpec) {
        for field in ["hostNetwork", "hostPID", "hostIPC"] where (try? pod.node.entry(named: field).bool()) == true { ofPod.append("\(field): true") }
        for volume in (try? pod.node["volumes"].items()).map(Array.init) ?? [] {
            if let path = try? volume["hostPath"]["path"].string() { ofPod.append("hostPath \(path)") }
        }
        for container in ["initContainers", "containers", "ephemeralContainers"].flatMap({
            (try? pod.node.entry(named: $0).items()).map(Array.init) ?? []
        }) {
            let context = container["securityContext"]
            let name = container["name"].text
            if (try? context["privileged"].bool()) == true { ofPod.append("container \(name) is privileged") }
            let added = (try? context["capabilities"]["add"].strings()) ?? []
            if !added.isEmpty { ofPod.append("container \(name) has capabilities \(added.joined(separator: ", "))") }
        }
        if (try? pod.node["automountServiceAccountToken"].bool()) != false { ofPod.append("the token of \(account) may be mounted into it") }
    }
}
