internal import Documents
public import KubernetesClient

/// What an uninstallation did.
public struct UninstallReport: Sendable {
    /// In the order in which they went: `ValidatingWebhookConfiguration demarc`.
    public internal(set) var removed: [String] = []
    /// What is still there, each with the reason and, where it is one, the permission that is missing.
    public internal(set) var failures: [ClusterError] = []

    public var isComplete: Bool { failures.isEmpty }
}

/// The server is at home elsewhere: it would put back what is removed, with a lease that nobody here has seen.
public struct UninstallRefusal: Error, CustomStringConvertible {
    /// That of the server.
    public let namespace: String
    public let description: String
}

/// Removes from a cluster all that the server has put there. It may be run again and again.
///
/// What came with the manifests of `deploy/admission` goes with them; this removes what they do not know of, and the objects they bring empty.
public struct Uninstaller: Sendable {
    private let client: ClusterClient
    private let namespace: String
    private let lease: String
    private let reportSelector: String
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - lease: the name of the one that a replica must hold to install anything.
    ///   - reportSelector: the labels of the reports that the server writes.
    public init(
        _ client: ClusterClient, namespace: String, lease: String = "demarc", reportSelector: String = "app.kubernetes.io/managed-by=demarc",
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        (self.client, self.namespace, self.lease, self.reportSelector, self.sleep) = (client, namespace, lease, reportSelector, sleep)
    }

    /// The configurations go first: from then on nobody is refused anything, whatever else fails.
    ///
    /// - Throws: `UninstallRefusal`, and `ClusterError` where the cluster cannot be asked at all.
    public func run() async throws -> UninstallReport {
        try await contact()
        let callees = await callees()
        if let other = callees.namespaces.first, !callees.namespaces.contains(namespace) {
            throw UninstallRefusal(
                namespace: other,
                description: "the webhooks call a server in namespace '\(other)', not in '\(namespace)', and it would put back what is removed")
        }
        var report = UninstallReport()
        await removeConfigurations(&report)
        // Without its lease a replica that still runs installs nothing any more: the role of the manifests cannot make a new one.
        let silence = await remainingHold()
        await remove(ObjectReference(OwnedResources.leases, namespace: namespace, name: lease), &report)
        if let silence, silence > .zero {
            try await sleep(silence)
            // It may have put them back until it lost the lease.
            await removeConfigurations(&report)
        }
        for resource in [OwnedResources.bindings, OwnedResources.policies] {
            for name in AdmissionPolicySet.names { await remove(ObjectReference(resource, name: name), &report) }
        }
        await unnameNamespaces(&report)
        await remove(ObjectReference(OwnedResources.leases, namespace: namespace, name: Heartbeat.name), &report)
        await remove(ObjectReference(OwnedResources.secrets, namespace: namespace, name: SecretStore.name), &report)
        for resource in OwnedResources.reports { await removeReports(resource, &report) }
        if callees.hasAddress, silence == nil { await lookAgain(&report) }
        return report
    }

    /// Asks for the version, which everybody may: a cluster that does not answer, or not to us, is said once and not for each object.
    private func contact() async throws(ClusterError) {
        do { _ = try await client.version() } catch {
            switch error.kind {
            case .unreachable, .credential, .unauthorized: throw error
            default: break
            }
        }
    }

    /// Where the webhooks call: the namespaces of Services, and whether an address. What cannot be read is nowhere.
    private func callees() async -> (namespaces: [String], hasAddress: Bool) {
        var (namespaces, hasAddress): ([String], Bool) = ([], false)
        for resource in [OwnedResources.validatingWebhooks, OwnedResources.mutatingWebhooks] {
            guard let live = try? await client.get(ObjectReference(resource, name: WebhookConfigurations.name)),
                let webhooks = try? live["webhooks"].items()
            else { continue }
            for webhook in webhooks {
                let (service, url) = (webhook["clientConfig"]["service"]["namespace"].text, webhook["clientConfig"]["url"].text)
                if !service.isEmpty { namespaces.append(service) }
                hasAddress = hasAddress || !url.isEmpty
            }
        }
        return (namespaces, hasAddress)
    }

    /// An address does not tell the server's namespace, and here there is no lease: a server elsewhere puts everything back as soon as it looks.
    private func lookAgain(_ report: inout UninstallReport) async {
        guard (try? await sleep(Uninstaller.untilItLooks)) != nil, await callees().hasAddress else { return }
        report.failures.append(
            ClusterError(
                .conflict,
                "ValidatingWebhookConfiguration \(WebhookConfigurations.name): it came back, and namespace '\(namespace)' has no lease '\(lease)': "
                    + "a server that runs with another namespace has put it back; end it, or give its namespace with -n"))
    }

    /// Longer than a server takes from one look at its objects to the next.
    private static let untilItLooks = Duration.seconds(40)

    private func removeConfigurations(_ report: inout UninstallReport) async {
        for resource in [OwnedResources.validatingWebhooks, OwnedResources.mutatingWebhooks] {
            await remove(ObjectReference(resource, name: WebhookConfigurations.name), &report)
        }
    }

    /// For how long a replica may still believe that it holds the lease; nil where there is none.
    private func remainingHold() async -> Duration? {
        do throws(ClusterError) {
            let live = try await client.get(ObjectReference(OwnedResources.leases, namespace: namespace, name: lease))
            guard !live["spec"]["holderIdentity"].text.isEmpty else { return .zero }
            let seconds = ((try? live["spec"]["leaseDurationSeconds"].int()) ?? nil) ?? 15
            return .seconds(min(max(seconds, 1), 60) + 1)
        } catch { return error.kind == .notFound ? nil : .zero }
    }

    private func remove(_ reference: ObjectReference, uid: String? = nil, _ report: inout UninstallReport) async {
        do throws(ClusterError) {
            try await client.delete(reference, uid: uid)
            let place = reference.namespace.map { "\($0)/" } ?? ""
            report.removed.append("\(reference.resource.kind) \(place)\(reference.name)")
        } catch {
            // Gone already, or of a kind that this cluster does not have.
            if error.kind != .notFound { report.failures.append(error) }
        }
    }

    /// Takes off the labels that we have set, and leaves those of others.
    private func unnameNamespaces(_ report: inout UninstallReport) async {
        let ours: [(name: String, uid: String)]
        do throws(ClusterError) { ours = try await NamespaceLabel.namespaces(client, where: NamespaceLabel.isOurs) } catch {
            return report.failures.append(error)
        }
        for (name, uid) in ours {
            do throws(ClusterError) {
                _ = try await client.apply(
                    NamespaceLabel.manifest(name, uid: uid, isLabelled: false), ObjectReference(OwnedResources.namespaces, name: name),
                    manager: OwnedResources.manager)
                report.removed.append("the label \(InstallationSettings.nameLabel) of Namespace \(name)")
            } catch {
                if error.kind != .notFound && error.kind != .conflict { report.failures.append(error) }
            }
        }
    }

    private func removeReports(_ resource: Resource, _ report: inout UninstallReport) async {
        var query = ListQuery(resource)
        query.labelSelector = reportSelector
        var found: [(namespace: String?, name: String, uid: String)] = []
        do {
            try await client.pages(query) { page in
                if page.beginsAnew { found = [] }
                for document in page.documents(source: { _ in resource.name }) {
                    guard let metadata = document.tree.roots.first?["metadata"] else { continue }
                    found.append((resource.isNamespaced ? metadata["namespace"].text : nil, metadata["name"].text, metadata["uid"].text))
                }
            }
        } catch {
            // Most clusters serve one version of one of the two projects' kinds.
            let error = (error as? ClusterError) ?? ClusterError(.malformed, "list \(resource.name).\(resource.group): \(error)")
            if error.kind != .notFound { report.failures.append(error) }
        }
        for object in found {
            await remove(ObjectReference(resource, namespace: object.namespace, name: object.name), uid: object.uid, &report)
        }
    }
}
