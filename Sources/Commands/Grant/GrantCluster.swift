internal import Admission
internal import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Reports
internal import Responsibility
internal import Server
internal import SystemPackage

/// Grants of a cluster, read and decided about with the credential of whoever runs the program. Who that is, when it happened and which spec it is
/// about is filled in by the server's webhook from the authenticated request; nothing here says so.
struct GrantCluster: Sendable {
    let client: ClusterClient
    let quiet: Bool

    static let resource = Resource(group: "demarc.dev", version: "v1alpha1", name: "privilegegrants", kind: "PrivilegeGrant", isNamespaced: true)
    private static let manager = "demarc-grant"

    static func connected(_ options: GrantOptions, _ body: @Sendable (GrantCluster) async throws -> Void) async throws {
        let connection = try ClusterOptions.connection(options.kubeconfig, options.context)
        var settings = ClientSettings()
        settings.userAgent = "demarc/\(Version.current)"
        settings.isInteractive = Terminal.isTerminal(.standardInput) && Terminal.isTerminal(.standardError)
        let quiet = options.quiet
        do {
            try await ClusterClient.connected(to: connection, settings: settings) { try await body(GrantCluster(client: $0, quiet: quiet)) }
        } catch let error as ClusterError {
            throw Failure(deciding: error)
        }
    }

    // MARK: - Reading

    private func reference(_ grant: GrantReference) -> ObjectReference {
        ObjectReference(Self.resource, namespace: grant.namespace ?? "default", name: grant.name)
    }

    func read(_ reference: GrantReference) async throws -> PrivilegeGrant {
        try GrantCluster.grant(try await client.get(self.reference(reference)))
    }

    /// - Parameter namespace: nil lists all.
    func list(namespace: String?, limits: Limits) async throws -> [KubernetesObject] {
        var objects: [KubernetesObject] = []
        try await client.pages(ListQuery(Self.resource, namespace: namespace)) { page in
            if page.beginsAnew { objects = [] }
            for document in page.documents(limits: limits, source: { KubernetesObject.sourceName($0, of: Self.resource, source: client.name) }) {
                guard let root = document.tree.roots.first else { continue }
                objects.append(try KubernetesObject(listed: root, of: Self.resource, source: client.name))
            }
        }
        return objects
    }

    private static func object(_ root: Value) throws -> KubernetesObject {
        do throws(WrongType) {
            return try KubernetesObject(root: root, apiVersion: resource.apiVersion, kind: resource.kind)
        } catch {
            throw Failure.incomplete("the server's answer cannot be read: \(error.value.fieldPath) should be \(error.expected)")
        }
    }

    private static func grant(_ root: Value) throws -> PrivilegeGrant { try PrivilegeGrant.strictly(try object(root)) }

    // MARK: - Deciding

    /// Adds a decision behind those there are, and says what the server made of it. It is about the spec that was read, in the version that was read:
    /// where somebody changes the grant meanwhile, the server refuses it.
    func decide(_ action: GrantDecision.Action, about grant: PrivilegeGrant, reason: String?, plan: GrantPlan) async throws {
        var decision: [ManifestText.Entry] = [
            .init("action", .text(action.rawValue)), .init("specHash", .text(plan.cycle(of: grant).specHash(for: action))),
        ]
        if let reason { decision.append(.init("reason", .text(reason))) }
        let made = ManifestText.map(decision)
        let object = ObjectReference(Self.resource, namespace: grant.namespace, name: grant.name)
        let answer = try await written(over: grant.root, object) { [client] root in
            let before = (try? root["status"]["decisions"].items().map { ManifestText($0) }) ?? []
            let version = root["metadata"]["resourceVersion"].text
            return try await client.patchStatus(.map(["decisions": .list(before + [made])]), object, over: version, manager: Self.manager)
        }
        let after = try GrantCluster.grant(answer)
        guard after.decisions.count > grant.decisions.count, let made = after.decisions.last else {
            throw Failure.incomplete("\(grant.key): the server took the request and kept no decision; is the webhook of demarc installed?")
        }
        try Output.standard.line(TerminalText.clean(GrantOutcome(decision: made, cycle: plan.cycle(of: after, after: made), entry: nil).text))
    }

    /// Creates a grant, or gives one that is there this spec, and says that it is applied for.
    func apply(_ object: KubernetesObject, reason: String?, plan: GrantPlan) async throws {
        let place = ObjectReference(Self.resource, namespace: object.namespace, name: object.name)
        let existing: Value?
        do throws(ClusterError) {
            existing = try await client.get(place)
        } catch {
            guard error.kind == .notFound else { throw error }
            existing = nil
        }
        let spec = ManifestText(object.root["spec"])
        let root: Value
        if let existing {
            root = try await written(over: existing, place) { [client] in try await client.replace(GrantCluster.manifest($0, spec: spec), place) }
        } else {
            let metadata = GrantCluster.metadata(of: object)
            let manifest = ManifestText.map([
                .init("apiVersion", .text(Self.resource.apiVersion)), .init("kind", .text(Self.resource.kind)), .init("metadata", metadata),
                .init("spec", spec),
            ])
            root = try await client.create(manifest, Self.resource, namespace: object.namespace)
        }
        let isChanged = existing.map { CanonicalJSON.digest(of: $0["spec"]) != CanonicalJSON.digest(of: root["spec"]) } ?? true
        try await applyFor(try GrantCluster.grant(root), isChanged: isChanged, reason: reason, plan: plan)
    }

    /// The same grant for another period.
    func renew(_ grant: PrivilegeGrant, notBefore: Timestamp, expires: Timestamp, reason: String?, plan: GrantPlan) async throws {
        let times = ["notBefore": notBefore, "expires": expires]
        let spec = ManifestText(grant.root["spec"]) { value in
            guard value.fieldPath == "spec.\(value.key)", let time = times[value.key] else { return nil }
            return .replace(.text(time.description))
        }
        let place = ObjectReference(Self.resource, namespace: grant.namespace, name: grant.name)
        let root = try await written(over: grant.root, place) { [client] in try await client.replace(GrantCluster.manifest($0, spec: spec), place) }
        try await applyFor(try GrantCluster.grant(root), isChanged: true, reason: reason, plan: plan)
    }

    /// - Parameter isChanged: the spec is another than before. Then the server enters who applied by itself, from the request that wrote the spec.
    private func applyFor(_ grant: PrivilegeGrant, isChanged: Bool, reason: String?, plan: GrantPlan) async throws {
        var grant = grant
        let place = ObjectReference(Self.resource, namespace: grant.namespace, name: grant.name)
        let isMarked = grant.root["metadata"]["annotations"].entry(named: GrantApplicant.annotation).exists
        var attempts = 0
        while isChanged, isMarked, Self.application(for: grant) == nil, attempts < Self.patience {
            try await Task.sleep(for: .milliseconds(250))
            grant = try GrantCluster.grant(try await client.get(place))
            attempts += 1
        }
        guard isChanged, let application = Self.application(for: grant) else {
            return try await decide(.apply, about: grant, reason: reason, plan: plan)
        }
        if reason != nil, !quiet {
            Output.note("note: the server entered the application itself, without the reason; it belongs into the justification")
        }
        try Output.standard.line(
            TerminalText.clean(GrantOutcome(decision: application, cycle: plan.cycle(of: grant, after: application), entry: nil).text))
    }

    /// Writes over the version that somebody has read. A server draws its conclusions a moment after each decision, and these change nothing of what was
    /// read and decided about: over them it is written again.
    private func written(over root: Value, _ place: ObjectReference, _ write: (Value) async throws -> Value) async throws -> Value {
        var root = root
        for _ in 0..<Self.attempts {
            do { return try await write(root) } catch let error as ClusterError where error.kind == .conflict {
                let newer = try await client.get(place)
                guard Self.isSame(root, newer) else { throw error }
                root = newer
            }
        }
        return try await write(root)
    }

    private static let attempts = 4

    /// Whether two versions of a grant differ in nothing that people write.
    private static func isSame(_ one: Value, _ other: Value) -> Bool {
        one["metadata"]["uid"].text == other["metadata"]["uid"].text
            && CanonicalJSON.digest(of: one["spec"]) == CanonicalJSON.digest(of: other["spec"])
            && CanonicalJSON.digest(of: one["status"]["decisions"]) == CanonicalJSON.digest(of: other["status"]["decisions"])
    }

    /// Times a quarter of a second.
    private static let patience = 40

    private static func application(for grant: PrivilegeGrant) -> GrantDecision? {
        grant.decisions.last { $0.action == .apply && $0.specHash == grant.specHash }
    }

    /// The object as it is there, with another spec.
    private static func manifest(_ root: Value, spec: ManifestText) -> ManifestText {
        let entries = ((try? root.entries().map { $0 }) ?? []).filter { $0.key != "spec" && $0.key != "status" }
        return .map(entries.map { .init($0.key, ManifestText($0)) } + [.init("spec", spec)])
    }

    private static func metadata(of object: KubernetesObject) -> ManifestText {
        var entries: [ManifestText.Entry] = [.init("name", .text(object.name)), .init("namespace", .text(object.namespace))]
        for field in ["labels", "annotations"] where object.metadata.entry(named: field).exists {
            entries.append(.init(field, ManifestText(object.metadata.entry(named: field))))
        }
        return .map(entries)
    }
}

extension Failure {
    /// What keeps a command about grants from its cluster. What the webhook forbids is an answer, not a broken command line.
    init(deciding error: ClusterError) {
        switch error.kind {
        case .forbidden, .conflict, .refused: self.init(code: .findings, description: error.description)
        case .notFound:
            self.init(code: .usage, description: "\(error.description); is there such a grant, and is the definition of PrivilegeGrant installed?")
        default: self.init(error)
        }
    }
}
