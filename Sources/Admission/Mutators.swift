import Documents
public import Kubernetes

/// Which requests others may change on their way, before this webhook is asked: what of an object they made, a review does not show.
public struct Mutators: Sendable, Equatable {
    /// Kinds that say so.
    public static let kinds: Set<String> = ["MutatingWebhookConfiguration", "MutatingAdmissionPolicy"]

    /// By resource as rules name it, `deployments` or `pods/ephemeralcontainers`, the operations; `*` for any.
    private var operations: [String: Set<String>] = [:]
    /// A rule that cannot be read may be about anything.
    private var isUnclear = false

    /// - Parameters:
    ///   - configurations: all objects of these kinds.
    ///   - own: the name of the configuration of this webhook, which fills in only what nobody has said.
    public init(_ configurations: [KubernetesObject], own: String = "demarc") {
        for object in configurations where Mutators.kinds.contains(object.kind) {
            if object.kind == "MutatingWebhookConfiguration", object.name == own { continue }
            do throws(WrongType) { try add(object) } catch { isUnclear = true }
        }
    }

    /// Selectors and conditions are left aside: whoever might be asked counts as asked. So do groups and versions, since a webhook may be asked
    /// about the same object under another one (`matchPolicy: Equivalent`).
    private mutating func add(_ object: KubernetesObject) throws(WrongType) {
        for webhook in try object.root["webhooks"].items() { for rule in try webhook["rules"].items() { try add(rule) } }
        for rule in try object.root["spec"]["matchConstraints"]["resourceRules"].items() { try add(rule) }
    }

    private mutating func add(_ rule: Value) throws(WrongType) {
        let resources = try rule["resources"].strings()
        let operations = try rule["operations"].strings()
        for resource in resources { self.operations[resource, default: []].formUnion(operations) }
    }

    /// Whether somebody may have changed what was sent.
    func mayChange(_ request: AdmissionRequest) -> Bool {
        guard !isUnclear else { return true }
        guard !operations.isEmpty else { return false }
        let parts = request.resource.split(separator: "/", maxSplits: 1).map(String.init)
        // A `/*` is also about what has no subresource.
        let names = [request.resource, "\(parts[0])/*", "*/*"] + (parts.count == 2 ? ["*/\(parts[1])"] : ["*"])
        return names.contains { name in
            operations[name].map { $0.contains("*") || $0.contains(request.operation.rawValue) } ?? false
        }
    }
}
