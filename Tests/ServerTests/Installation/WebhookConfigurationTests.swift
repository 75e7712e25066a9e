import Documents
import Kubernetes
import Testing

@testable import Server

/// What is installed, without a cluster.
struct WebhookConfigurationTests {
    private static func objects(_ minor: Int, endpoint: InstallationSettings.Endpoint = .service(name: "demarc", port: 443)) throws -> [Value] {
        let settings = InstallationSettings(
            namespace: "demarc", endpoint: endpoint, version: KubernetesVersion(1, minor), systemNamespaces: ["ack-csi-fuse"], ownerRole: "r")
        return try WebhookConfigurations(settings: settings, bundle: "PEM", owner: "u").objects.map { object in
            try #require(DocumentTree.parse(object.manifest.yaml).tree.roots.first)
        }
    }

    private static func webhooks(_ minor: Int) throws -> [String: Value] {
        try objects(minor).flatMap { try $0["webhooks"].items() }.reduce(into: [:]) { $0[$1["name"].text] = $1 }
    }

    @Test(arguments: [20, 21, 27, 28, 36]) func onlyWhatProtectsTenantsFailsClosed(minor: Int) throws {
        let webhooks = try Self.webhooks(minor)
        let names =
            ["defaults.demarc.dev", "grants.demarc.dev", "objects.demarc.dev", "pods.demarc.dev"]
            + (minor < 21 ? ["ending-namespaces.demarc.dev", "namespaces.demarc.dev"] : [])
        #expect(Set(webhooks.keys) == Set(names))
        for (name, webhook) in webhooks {
            let isClosed = name.hasPrefix("pods.") || name.hasPrefix("namespaces.") || name.hasPrefix("grants.")
            let isMutating = name.hasPrefix("defaults.") || name.hasPrefix("grants.")
            #expect(webhook["failurePolicy"].text == (isClosed ? "Fail" : "Ignore"), "\(name)")
            #expect(try webhook["timeoutSeconds"].int() == (isClosed ? 5 : 2))
            #expect(webhook["sideEffects"].text == "None" && webhook["matchPolicy"].text == "Equivalent")
            #expect(try webhook["admissionReviewVersions"].strings() == ["v1"])
            #expect(webhook["clientConfig"]["caBundle"].text == "UEVN")
            #expect(webhook["clientConfig"]["service"]["path"].text == (isMutating ? "/mutate" : "/validate"))
            #expect(webhook["matchConditions"].exists == (minor >= 28 && (name.hasPrefix("pods.") || name.hasPrefix("defaults."))))
        }
    }

    /// The system's namespaces and the server's own never reach a webhook; before 1.21 those that call themselves so do.
    @Test func exemptNamespacesAreOutOfReach() throws {
        let exempt = ["ack-csi-fuse", "demarc", "kube-node-lease", "kube-public", "kube-system"]
        for (name, webhook) in try Self.webhooks(20) {
            let isOfNamespaces = name.contains("namespaces.")
            let field = isOfNamespaces ? webhook["objectSelector"] : webhook["namespaceSelector"]
            let expression = try #require(try field["matchExpressions"].items().first { _ in true })
            #expect(expression["key"].text == "kubernetes.io/metadata.name")
            #expect(expression["operator"].text == (isOfNamespaces ? "In" : "NotIn"))
            #expect(try expression["values"].strings() == exempt)
            let selector = try LabelSelector(webhook["namespaceSelector"])
            #expect(selector.matches(["kubernetes.io/metadata.name": "shop"]) && selector.matches([:]))
            #expect(selector.matches(["kubernetes.io/metadata.name": "kube-system"]) == isOfNamespaces)
        }
    }

    /// What a cluster lives from is in no rule: nothing can be locked in or out by a webhook that does not answer.
    @Test func whatTheClusterLivesFromIsInNoRule() throws {
        let forbidden: Set = [
            "leases", "nodes", "nodes/status", "events", "tokenreviews", "subjectaccessreviews", "endpoints", "endpointslices", "pods/status",
            "pods/binding", "bindings", "pods/eviction", "configmaps", "secrets", "serviceaccounts", "namespaces/finalize", "apiservices",
            "validatingwebhookconfigurations", "mutatingwebhookconfigurations", "customresourcedefinitions", "flowschemas", "*", "*/*", "pods/*",
        ]
        // Asked about none but those that carry an exempt name, and without an answer they go on.
        for (name, webhook) in try Self.webhooks(20) where name != "ending-namespaces.demarc.dev" {
            for rule in try webhook["rules"].items() {
                #expect(forbidden.isDisjoint(with: try rule["resources"].strings()), "\(name)")
                #expect(try !rule["apiGroups"].strings().contains("*") && !rule["operations"].strings().contains("*"), "\(name)")
            }
        }
        let closed: Set = [
            "jobs", "pods", "pods/attach", "pods/ephemeralcontainers", "pods/exec", "pods/portforward", "pods/proxy", "privilegegrants",
            "privilegegrants/status", "replicasets",
        ]
        // Without conditions every status that a controller writes would wait for an answer.
        for (minor, more) in [(27, []), (28, ["jobs/status", "replicasets/status"])] {
            let pods = try #require(try Self.webhooks(minor)["pods.demarc.dev"])
            #expect(Set(try pods["rules"].items().flatMap { try $0["resources"].strings() }) == closed.union(more))
        }
    }

    @Test func configurationsGoWithTheirOwner() throws {
        for object in try Self.objects(36) {
            let owner = try #require(try object["metadata"]["ownerReferences"].items().first { _ in true })
            #expect(owner["kind"].text == "ClusterRole" && owner["name"].text == "r" && owner["uid"].text == "u")
        }
        #expect(try Self.objects(36).map { $0["kind"].text } == ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])
        let standalone = try Self.objects(36, endpoint: .url("https://10.0.0.1:8443"))
        let urls = try standalone[0]["webhooks"].items().map { $0["clientConfig"]["url"].text }
        #expect(urls == ["https://10.0.0.1:8443/mutate", "https://10.0.0.1:8443/mutate"])
    }

    // MARK: - Drift

    private static func wanted(_ minor: Int = 36) -> OwnedObject {
        let settings = InstallationSettings(
            namespace: "demarc", endpoint: .url("https://a"), version: KubernetesVersion(1, minor), systemNamespaces: [], ownerRole: "r")
        return WebhookConfigurations(settings: settings, bundle: "PEM", owner: "u").objects[1]
    }

    private static let drifts: [(from: String, to: String, expected: [String])] = [
        ("", "", []), ("failurePolicy: Fail", "failurePolicy: Ignore", ["webhooks[pods.demarc.dev].failurePolicy"]),
        ("timeoutSeconds: 5", "timeoutSeconds: 30", ["webhooks[pods.demarc.dev].timeoutSeconds"]),
        (
            "caBundle: UEVN", "caBundle: AAAA",
            ["webhooks[objects.demarc.dev].clientConfig.caBundle", "webhooks[pods.demarc.dev].clientConfig.caBundle"]
        ),
        (
            "objectSelector: {}", "objectSelector: {matchLabels: {a: b}}",
            ["webhooks[objects.demarc.dev].objectSelector", "webhooks[pods.demarc.dev].objectSelector"]
        ),
        (
            "- name: no-mirror-pods", "- name: nobody\n    expression: \"false\"\n  - name: no-mirror-pods",
            ["webhooks[pods.demarc.dev].matchConditions[nobody]"]
        ),
        ("name: objects.demarc.dev", "name: others.demarc.dev", ["webhooks[objects.demarc.dev]", "webhooks[others.demarc.dev]"]),
        ("- UPDATE", "- UPDATE\n    - DELETE", ["webhooks[objects.demarc.dev].rules", "webhooks[pods.demarc.dev].rules"]),
        ("uid: u", "uid: v", ["metadata.ownerReferences"]), ("managed-by: demarc", "managed-by: me", ["metadata.labels"]),
        ("  name: demarc\n", "  name: demarc\n  annotations: {a: b}\n  generation: 7\n", []),
    ]

    @Test(arguments: drifts) func everyChangeOfOursIsSeen(from: String, to: String, expected: [String]) throws {
        let text = Self.wanted().manifest.yaml
        let changed = from.isEmpty ? text : text.replacing(from, with: to)
        #expect(from.isEmpty || changed != text, "nothing was changed")
        let parsed = DocumentTree.parse(changed)
        #expect(parsed.problems.isEmpty, "\(parsed.problems)")
        #expect(Drift.differences(Self.wanted(), try #require(parsed.tree.roots.first)) == expected)
    }
}
