import Controls
import Documents
import Kubernetes

/// One rule of a webhook or admission policy: which requests it sees.
///
/// Unlike RBAC, `*` means resources without subresources, `*/*` both, `pods/*` all subresources of Pods.
/// Source: kubernetes `pkg/admission/plugin/webhook/predicates/rules`.
struct AdmissionRule {
    let node: Value

    init(_ node: Value) throws(WrongType) {
        _ = try node.entries()
        self.node = node
    }

    /// The item of `resources` that covers a resource of a group, nil when none does.
    func item(covering resource: String, of group: String) throws(WrongType) -> Value? {
        guard try coversGroup(group) else { return nil }
        for item in try node["resources"].items() {
            if try item.equals("*") { return item }
            if try item.equals("*/*") { return item }
            if try item.isText(resource) { return item }
        }
        return nil
    }

    func coversGroup(_ group: String) throws(WrongType) -> Bool {
        for item in try node["apiGroups"].items() {
            if try item.equals("*") { return true }
            if try item.isText(group) { return true }
        }
        return false
    }

    /// The item that covers every resource, where the groups are all too.
    func everything() throws(WrongType) -> Value? {
        for group in try node["apiGroups"].items() where try group.equals("*") {
            for item in try node["resources"].items() {
                if try item.equals("*") { return item }
                if try item.equals("*/*") { return item }
            }
        }
        return nil
    }

    /// Whether the rule sees objects in namespaces of kinds that Kubernetes itself has, so that it can stand in
    /// the way of other programs; an operator's rule on its own kinds does not.
    func seesWorkloads() throws(WrongType) -> Bool {
        if try node["scope"].equals("Cluster") { return false }
        for resource in workloadResources where try item(covering: resource.path, of: resource.group) != nil { return true }
        return false
    }

    /// Whether creating a Pod is among the requests.
    func seesNewPods() throws(WrongType) -> Bool {
        if try node["scope"].equals("Cluster") { return false }
        guard try item(covering: "pods", of: "") != nil else { return false }
        for operation in try node["operations"].items() {
            if try operation.equals("*") { return true }
            if try operation.equals("CREATE") { return true }
        }
        return false
    }
}

private let workloadResources =
    APIResource.workloads + [
        .pods, .secrets, .configMaps, APIResource("", "services"), APIResource("", "endpoints"), APIResource("", "serviceaccounts"),
        APIResource("", "persistentvolumeclaims"), APIResource("", "events"), APIResource("coordination.k8s.io", "leases"),
        APIResource("networking.k8s.io", "ingresses"), APIResource("networking.k8s.io", "networkpolicies"), .roles, .roleBindings,
        APIResource("discovery.k8s.io", "endpointslices"),
    ]

extension Check {
    static let webhookKinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"]

    /// A check of each webhook of each configuration.
    static func webhooks(
        _ kinds: [String] = webhookKinds, _ judge: @escaping @Sendable (Value, KubernetesObject, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects(kinds) { object, report throws(WrongType) in
            for webhook in try object.root["webhooks"].items() { try judge(webhook, object, &report) }
        }
    }

    /// A check of each rule of each webhook and admission policy.
    static func admissionRules(_ judge: @escaping @Sendable (AdmissionRule, KubernetesObject, inout Report) throws(WrongType) -> Void) -> Check {
        .objects(webhookKinds + ["ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"]) { object, report throws(WrongType) in
            for webhook in try object.root["webhooks"].items() {
                for node in try webhook["rules"].items() { try judge(try AdmissionRule(node), object, &report) }
            }
            for node in try object.spec["matchConstraints"]["resourceRules"].items() { try judge(try AdmissionRule(node), object, &report) }
        }
    }
}

extension Report {
    /// Whether a selector of namespaces takes one of the provider's, which carries the labels of its object in
    /// the estate and the name that the API server writes on each.
    func providerNamespace(selectedBy selector: Value) throws(WrongType) -> String? {
        for namespace in settings.providerNamespaces where try isNamespace(namespace, selectedBy: selector) { return namespace }
        return nil
    }

    func isNamespace(_ name: String, selectedBy selector: Value) throws(WrongType) -> Bool {
        guard selector.exists else { return true }
        var labels = try inventory.object(kind: "Namespace", namespace: "", name: name)?.labels.stringMap() ?? [:]
        labels["kubernetes.io/metadata.name"] = name
        for wanted in try selector["matchLabels"].entries() where try labels[wanted.key] != (wanted.string() ?? "") { return false }
        for expression in try selector["matchExpressions"].items() {
            let label = labels[try expression["key"].string() ?? ""]
            let values = try expression["values"].strings()
            let isMet: Bool
            switch try expression["operator"].string() ?? "" {
            case "In": isMet = label.map(values.contains) ?? false
            case "NotIn": isMet = label.map { !values.contains($0) } ?? true
            case "Exists": isMet = label != nil
            case "DoesNotExist": isMet = label == nil
            default: isMet = true
            }
            if !isMet { return false }
        }
        return true
    }
}

/// Whether only objects that ask for it are sent: a selector of objects that names a label.
func isOptIn(_ webhook: Value) throws(WrongType) -> Bool {
    let selector = webhook["objectSelector"]
    if !(try selector["matchLabels"].entries().isEmpty) { return true }
    for expression in try selector["matchExpressions"].items() {
        if try expression["operator"].equals("In") { return true }
        if try expression["operator"].equals("Exists") { return true }
    }
    return false
}

/// `Fail` is what the API has by default since v1.
func failsClosed(_ policy: Value) throws(WrongType) -> Bool {
    policy.exists ? try policy.equals("Fail") : true
}
