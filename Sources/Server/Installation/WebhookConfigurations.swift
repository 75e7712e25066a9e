internal import Documents
internal import KubernetesClient

/// An object that the server keeps as it should be.
struct OwnedObject: Sendable {
    var reference: ObjectReference
    var manifest: ManifestText
    /// The fields of the object that are ours alone: nothing beside what we write may stand in them.
    var exclusive: [String]

    var name: String { "\(reference.resource.kind) \(reference.name)" }
}

/// The two configurations. Pure.
struct WebhookConfigurations: Sendable {
    static let name = "demarc"

    let settings: InstallationSettings
    /// PEM.
    let bundle: String
    /// `uid` of the owner's role.
    var owner: String?

    /// The mutating one first: the validating one decides about what it leaves.
    var objects: [OwnedObject] {
        [
            object(OwnedResources.mutatingWebhooks, [defaults, grants]),
            object(
                OwnedResources.validatingWebhooks,
                settings.namespacesNameThemselves ? [pods, objectsOfAll] : [pods, namespaces, endingNamespaces, objectsOfAll]),
        ]
    }

    private var pods: ManifestText {
        webhook(
            "pods", "/validate", WebhookRule.pods + (settings.hasMatchConditions ? WebhookRule.statusOfOwned : []), failurePolicy: "Fail", seconds: 5,
            conditions: [.noMirrorPods, .noStatusButOwners, .onlyWhatIsJudged])
    }

    private var objectsOfAll: ManifestText {
        webhook("objects", "/validate", WebhookRule.objects, failurePolicy: "Ignore", seconds: 2)
    }

    private var defaults: ManifestText {
        webhook("defaults", "/mutate", WebhookRule.defaults, failurePolicy: "Ignore", seconds: 2, conditions: [.noMirrorPods], isMutating: true)
    }

    private var grants: ManifestText {
        webhook("grants", "/mutate", WebhookRule.grants, failurePolicy: "Fail", seconds: 5, isMutating: true)
    }

    /// For servers that do not name namespaces themselves: there a namespace could call itself by the name of an exempt one, and then no
    /// webhook with the selector of the others would hear of it. So this one is asked about exactly those that carry such a name.
    private var namespaces: ManifestText {
        webhook("namespaces", "/validate", WebhookRule.namespaces, failurePolicy: "Fail", seconds: 5, claims: true)
    }

    /// The namespace of the server, which carries such a name, must be able to end while no replica answers.
    private var endingNamespaces: ManifestText {
        webhook("ending-namespaces", "/validate", WebhookRule.endingNamespaces, failurePolicy: "Ignore", seconds: 2, claims: true)
    }

    private func webhook(
        _ name: String, _ path: String, _ rules: [WebhookRule], failurePolicy: String, seconds: Int64, conditions: [MatchCondition] = [],
        isMutating: Bool = false, claims: Bool = false
    ) -> ManifestText {
        // Every field is written, also where it is the default: what is not written could be set by somebody else and would stay.
        var entries: [ManifestText.Entry] = [
            .init("name", .text("\(name).demarc.dev")), .init("admissionReviewVersions", .list([.text("v1")])),
            .init("clientConfig", clientConfig(path)), .init("failurePolicy", .text(failurePolicy)), .init("matchPolicy", .text("Equivalent")),
            .init("namespaceSelector", claims ? .map([]) : selector("NotIn")), .init("objectSelector", claims ? selector("In") : .map([])),
            .init("rules", .list(rules.map(\.manifest))), .init("sideEffects", .text("None")), .init("timeoutSeconds", .number(seconds)),
        ]
        if isMutating { entries.append(.init("reinvocationPolicy", .text("IfNeeded"))) }
        if settings.hasMatchConditions, !conditions.isEmpty { entries.append(.init("matchConditions", .list(conditions.map(\.manifest)))) }
        return .map(entries)
    }

    private func selector(_ relation: String) -> ManifestText { settings.selector(relation) }

    private func clientConfig(_ path: String) -> ManifestText {
        let bundle = ManifestText.Entry("caBundle", .text(Base64.text(Array(self.bundle.utf8))))
        switch settings.endpoint {
        case .url(let url): return .map([bundle, .init("url", .text(url + path))])
        case .service(let name, let port):
            let service = ManifestText.map([
                "name": .text(name), "namespace": .text(settings.namespace), "path": .text(path), "port": .number(port),
            ])
            return .map([bundle, .init("service", service)])
        }
    }

    private func object(_ resource: Resource, _ webhooks: [ManifestText]) -> OwnedObject {
        var metadata: [ManifestText.Entry] = [.init("name", .text(Self.name)), .init("labels", OwnedResources.labels)]
        if let owner, let role = settings.ownerRole {
            let reference = ManifestText.map([
                "apiVersion": .text(OwnedResources.clusterRoles.apiVersion), "kind": .text("ClusterRole"), "name": .text(role), "uid": .text(owner),
            ])
            metadata.append(.init("ownerReferences", .list([reference])))
        }
        return OwnedObject(
            reference: ObjectReference(resource, name: Self.name),
            manifest: .map([
                .init("apiVersion", .text(resource.apiVersion)), .init("kind", .text(resource.kind)), .init("metadata", .map(metadata)),
                .init("webhooks", .list(webhooks)),
            ]), exclusive: ["webhooks"])
    }
}

extension InstallationSettings {
    static let nameLabel = "kubernetes.io/metadata.name"

    /// Namespaces by their names.
    func selector(_ relation: String) -> ManifestText {
        .map([
            "matchExpressions": .list([
                .map([
                    "key": .text(Self.nameLabel), "operator": .text(relation), "values": .list(exemptNamespaces.map { .text($0) }),
                ])
            ])
        ])
    }
}
