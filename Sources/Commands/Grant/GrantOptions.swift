internal import ArgumentParser
internal import Controls
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Responsibility

/// The flags of all commands about grants that are there: where they lie, and by what they are judged.
struct GrantOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A file or directory with grants; may repeat (default: those of the configuration).", valueName: "path"))
    var grants: [String] = []

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("The namespace of the grant.", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("The responsibility model: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @Option(help: ArgumentHelp("Configuration file, instead of the .demarc.yaml found upwards.", valueName: "file"))
    var config: String?

    @Flag(help: "Grants of a cluster, that of the current context unless --context names another.")
    var cluster = false

    @Option(help: ArgumentHelp("The kubeconfig, instead of those of KUBECONFIG and ~/.kube/config.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("A context of the kubeconfig.", valueName: "name"))
    var context: String?

    @Flag(help: "No remarks on standard error.")
    var quiet = false

    func validate() throws {
        guard !cluster else {
            if !grants.isEmpty { throw ValidationError("--grants is for grants in files; leave out --cluster") }
            return
        }
        for (flag, isSet) in [("kubeconfig", kubeconfig != nil), ("context", context != nil)] where isSet {
            throw ValidationError("--\(flag) is for clusters; add --cluster")
        }
    }

    /// - Parameter now: the instant to judge for; nil takes the clock.
    /// - Throws: `Failure` with code `usage`.
    func plan(now: String? = nil) throws -> GrantPlan {
        let configuration = try Configuration.load(config)
        let namespace = try namespace ?? configuration.namespace ?? (cluster ? ClusterOptions.connection(kubeconfig, context).namespace : nil)
        return GrantPlan(
            model: try ScanPlan.model(model ?? configuration.model ?? ScanPlan.defaultModel),
            controls: Dictionary(EveryControl.all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
            now: try ScanPlan.instant(now), paths: grants.isEmpty ? configuration.grants : grants, namespace: namespace,
            limits: Limits.standard)
    }
}

/// By what grants are judged, and where they lie.
struct GrantPlan: Sendable {
    let model: ResponsibilityModel
    let controls: [String: Control]
    let now: Timestamp
    let paths: [String]
    /// nil when nobody named one.
    let namespace: String?
    let limits: Limits

    func cycle(of grant: PrivilegeGrant) -> GrantLifeCycle { GrantLifeCycle(of: grant, model: model, controls: controls, now: now) }

    /// As it is once a server has dated a decision: its clock may be ahead of the one here, and has gone on since this program was started. Nobody decides
    /// in the future, so by the clock here alone what was just decided would not count yet.
    func cycle(of grant: PrivilegeGrant, after decision: GrantDecision) -> GrantLifeCycle {
        GrantLifeCycle(of: grant, model: model, controls: controls, now: max(now, decision.at))
    }

    /// Why a decision about a grant in files would not count; nil when it would.
    func refusal(of action: GrantDecision.Action, about grant: PrivilegeGrant, by user: LocalUser) -> String? {
        if let refusal = cycle(of: grant).refusal(of: action, by: user.name, groups: user.groups) { return refusal }
        guard action == .breakGlass else { return nil }
        let all = Inventory(GrantFiles(paths, limits: limits).read().objects)
        return GrantRegister(all, controls: Array(controls.values), model: model, now: now).refusalOfEmergency(by: user.name, with: grant.key)
    }

    /// `name` or `namespace/name`.
    func reference(_ text: String) throws -> GrantReference {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw Failure.usage("'\(text)' names no grant; write its name, or namespace/name")
        }
        if parts.count == 2, let namespace, namespace != parts[0] {
            throw Failure.usage("'\(text)' is in another namespace than --namespace \(namespace); leave out one of them")
        }
        return GrantReference(namespace: parts.count == 2 ? parts[0] : namespace, name: parts[parts.count - 1])
    }
}

/// A grant as people name it.
struct GrantReference: Sendable, CustomStringConvertible {
    /// nil when it was not said.
    let namespace: String?
    let name: String

    var description: String { namespace.map { "\($0)/\(name)" } ?? name }

    func names(_ object: KubernetesObject) -> Bool { object.name == name && (namespace ?? object.namespace) == object.namespace }
}

extension PrivilegeGrant {
    /// The grant, or all that is wrong with its document.
    /// - Throws: `Failure` with code `incomplete`: what cannot be read cannot be judged.
    static func strictly(_ object: KubernetesObject) throws -> PrivilegeGrant {
        let reading = read(object)
        if let grant = reading.grant { return grant }
        let faults = reading.faults.map { "  \($0)" }.joined(separator: "\n")
        throw Failure.incomplete("the grant \(object.namespace)/\(object.name) cannot be read:\n\(faults)")
    }
}
