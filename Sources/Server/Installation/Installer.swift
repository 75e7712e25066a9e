internal import Documents
public import KubernetesClient

/// What became of one object.
public struct InstalledChange: Sendable, Equatable, CustomStringConvertible {
    public enum What: Sendable, Equatable {
        case unchanged, created, removed
        /// It was not as it should be.
        case repaired(fields: [String])
    }

    /// `ValidatingWebhookConfiguration demarc`.
    public var object: String
    public var what: What

    public var description: String {
        switch what {
        case .unchanged: "\(object): as it should be"
        case .created: "\(object): created"
        case .removed: "\(object): removed, since it is not asked for any more"
        case .repaired(let fields): "\(object): put right: \(fields.joined(separator: ", "))"
        }
    }
}

/// Keeps in a cluster what the server owns there. Call `reconcile` while the server is ready, every minute and after each change of
/// the bundle; only the holder of the lease should.
public struct Installer: Sendable {
    private let client: ClusterClient
    private let settings: InstallationSettings

    public init(_ client: ClusterClient, settings: InstallationSettings) { (self.client, self.settings) = (client, settings) }

    /// Creates what is missing and puts right what somebody has changed. Twice in a row changes nothing.
    ///
    /// The names of exempt namespaces come first: a webhook that is installed before them would hear of the system's namespaces.
    ///
    /// - Parameter bundle: PEM, `CertificateStatus.bundle`.
    public func reconcile(bundle: String) async throws(ClusterError) -> [InstalledChange] {
        guard !bundle.isEmpty else { throw ClusterError(.configuration, "there is no certificate authority yet, so no webhook is installed") }
        var changes: [InstalledChange] = []
        if !settings.namespacesNameThemselves { changes += try await nameNamespaces() }
        let configurations = WebhookConfigurations(settings: settings, bundle: bundle, owner: try await owner())
        for object in configurations.objects { changes.append(try await keep(object)) }
        if settings.hasAdmissionPolicies {
            let policies = AdmissionPolicySet(settings, action: settings.fallback ?? .warn).objects
            for object in policies {
                if settings.fallback != nil { changes.append(try await keep(object)) } else { changes += try await remove(object) }
            }
        }
        return changes
    }

    /// Whether every webhook that API servers see trusts all of the bundle. A configuration that is not there is no obstacle: nobody reads an
    /// older bundle from it.
    public func isPublished(_ bundle: String) async throws(ClusterError) -> Bool {
        let wanted = Base64.text(Array(bundle.utf8))
        for resource in [OwnedResources.validatingWebhooks, OwnedResources.mutatingWebhooks] {
            guard let live = try await read(ObjectReference(resource, name: WebhookConfigurations.name)) else { continue }
            do {
                for webhook in try live["webhooks"].items() where webhook["clientConfig"]["caBundle"].text != wanted { return false }
            } catch { throw ClusterError(.malformed, "get \(resource.name): webhooks must be a sequence") }
        }
        return true
    }

    /// Whether API servers are told to ask this server about Pods. No more than that: one that is asked, though not about all that it should be, must not
    /// be taken for one that is silent. Where that cannot be read, it is so.
    func isCalled() async throws(ClusterError) -> Bool {
        do {
            let live = try await read(ObjectReference(OwnedResources.validatingWebhooks, name: WebhookConfigurations.name))
            return live.map { WebhookConfigurations.call(settings, $0) } ?? false
        } catch {
            guard error.kind == .forbidden else { throw error }
            return true
        }
    }

    private func read(_ reference: ObjectReference) async throws(ClusterError) -> Value? {
        do { return try await client.get(reference) } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    /// The owner's `uid`; nil where there is no such role, as for a server outside of the cluster.
    private func owner() async throws(ClusterError) -> String? {
        guard let role = settings.ownerRole, let live = try await read(ObjectReference(OwnedResources.clusterRoles, name: role)) else { return nil }
        return live["metadata"]["uid"].text
    }

    /// What an earlier setting has left.
    private func remove(_ object: OwnedObject) async throws(ClusterError) -> [InstalledChange] {
        guard try await read(object.reference) != nil else { return [] }
        try await client.delete(object.reference)
        return [InstalledChange(object: object.name, what: .removed)]
    }

    private func keep(_ object: OwnedObject) async throws(ClusterError) -> InstalledChange {
        let live = try await read(object.reference)
        let differences = live.map { Drift.differences(object, $0) } ?? []
        if live != nil, differences.isEmpty { return InstalledChange(object: object.name, what: .unchanged) }
        let applied = try await client.apply(object.manifest, object.reference, manager: OwnedResources.manager, force: true)
        // What others have put beside our fields is not taken away by applying ours.
        if !Drift.differences(object, applied).isEmpty { _ = try await client.replace(Self.replacement(object, over: applied), object.reference) }
        return InstalledChange(object: object.name, what: live == nil ? .created : .repaired(fields: differences))
    }

    /// What others may keep there, with our fields alone in what is ours.
    private static func replacement(_ object: OwnedObject, over live: Value) -> ManifestText {
        guard case .map(let entries) = ManifestText(live, change: { $0.key == "managedFields" ? .remove : nil }) else { return object.manifest }
        return .map(
            entries.map { entry in .init(entry.key, object.exclusive.contains(entry.key) ? object.manifest[entry.key] ?? .null : entry.value) })
    }

    private func nameNamespaces() async throws(ClusterError) -> [InstalledChange] {
        let exempt = Set(settings.exemptNamespaces)
        let unnamed = try await NamespaceLabel.namespaces(client) { namespace in
            let name = namespace["metadata"]["name"].text
            return exempt.contains(name) && namespace["metadata"]["labels"].entry(named: InstallationSettings.nameLabel).text != name
        }
        var changes: [InstalledChange] = []
        for (name, uid) in unnamed {
            let manifest = NamespaceLabel.manifest(name, uid: uid, isLabelled: true)
            do throws(ClusterError) {
                let reference = ObjectReference(OwnedResources.namespaces, name: name)
                _ = try await client.apply(manifest, reference, manager: OwnedResources.manager, force: true)
            } catch {
                // It went away in between.
                guard error.kind == .conflict || error.kind == .notFound else { throw error }
                continue
            }
            changes.append(
                InstalledChange(object: "Namespace \(name)", what: .repaired(fields: ["metadata.labels[\(InstallationSettings.nameLabel)]"])))
        }
        return changes
    }
}

/// The label by which selectors know a namespace, where the server does not set it.
enum NamespaceLabel {
    /// - Parameter uid: applied to a namespace that is gone, a manifest without it would make a new one.
    static func manifest(_ name: String, uid: String, isLabelled: Bool) -> ManifestText {
        var metadata: [ManifestText.Entry] = [.init("name", .text(name)), .init("uid", .text(uid))]
        if isLabelled { metadata.append(.init("labels", .map([.init(InstallationSettings.nameLabel, .text(name))]))) }
        return .map([.init("apiVersion", .text("v1")), .init("kind", .text("Namespace")), .init("metadata", .map(metadata))])
    }

    /// Namespaces by a condition.
    static func namespaces(_ client: ClusterClient, where condition: (Value) -> Bool) async throws(ClusterError) -> [(name: String, uid: String)] {
        var found: [(name: String, uid: String)] = []
        do {
            try await client.pages(ListQuery(OwnedResources.namespaces)) { page in
                if page.beginsAnew { found = [] }
                for document in page.documents(source: { _ in "a namespace" }) {
                    guard let root = document.tree.roots.first, condition(root) else { continue }
                    found.append((root["metadata"]["name"].text, root["metadata"]["uid"].text))
                }
            }
        } catch { throw (error as? ClusterError) ?? ClusterError(.malformed, "list namespaces: \(error)") }
        return found
    }

    /// Whether we have set it, by the record of the server.
    static func isOurs(_ namespace: Value) -> Bool {
        guard let entries = try? namespace["metadata"]["managedFields"].items() else { return false }
        return entries.contains { entry in
            entry["manager"].text == OwnedResources.manager && entry["operation"].text == "Apply"
                && entry["fieldsV1"]["f:metadata"]["f:labels"].entry(named: "f:" + InstallationSettings.nameLabel).isWritten
        }
    }
}
