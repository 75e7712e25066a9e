public import Documents

/// What keeps workloads available: which ones something scales, and which Pods a disruption budget covers.
public struct AvailabilityIndex: Sendable {
    private struct Target: Hashable {
        let kind: String
        let namespace: String
        let name: String
    }

    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private let scaled: Set<Target>
    /// Budgets by one label each of them asks for, so that a Pod looks only at those that can cover it.
    private let byLabel: [Label: [LabelSelector]]
    /// Budgets that ask for no certain label.
    private let byNamespace: [String: [LabelSelector]]

    /// Objects that scale others by a `scaleTargetRef`.
    private static let scalers = ["HorizontalPodAutoscaler", "ScaledObject", "AdvancedHorizontalPodAutoscaler", "CronHPA"]

    init(_ objects: [KubernetesObject], kinds: [String: [Int]]) {
        var scaled: Set<Target> = []
        for index in AvailabilityIndex.scalers.flatMap({ kinds[$0] ?? [] }) {
            let target = objects[index].spec["scaleTargetRef"]
            // KEDA means a Deployment unless it says otherwise.
            let kind = target["kind"].exists ? target["kind"].text : "Deployment"
            scaled.insert(Target(kind: kind, namespace: objects[index].namespace, name: target["name"].text))
        }
        var byLabel: [Label: [LabelSelector]] = [:]
        var byNamespace: [String: [LabelSelector]] = [:]
        for index in kinds["PodDisruptionBudget"] ?? [] {
            let namespace = objects[index].namespace
            // A selector the API server refuses covers nothing; a missing one neither.
            let written = objects[index].spec["selector"]
            guard written.exists, let selector = try? LabelSelector(written) else { continue }
            if let certain = selector.requirements.first(where: { $0.operator == .in && $0.values.count == 1 }) {
                byLabel[Label(namespace: namespace, key: certain.key, value: certain.values[0]), default: []].append(selector)
            } else {
                byNamespace[namespace, default: []].append(selector)
            }
        }
        self.scaled = scaled
        self.byLabel = byLabel
        self.byNamespace = byNamespace
    }

    /// Whether an autoscaler sets the number of replicas.
    public func isScaled(_ object: KubernetesObject) -> Bool {
        !scaled.isEmpty && scaled.contains(Target(kind: object.kind, namespace: object.namespace, name: object.name))
    }

    /// Whether a disruption budget of the namespace covers Pods with these labels.
    /// - Throws: `WrongType` when a label is no string.
    public func hasBudget(in namespace: String, labels: Value) throws(WrongType) -> Bool {
        for selector in byNamespace[namespace] ?? [] where try selector.matches(labels) { return true }
        guard !byLabel.isEmpty else { return false }
        for label in try labels.entries() {
            let key = Label(namespace: namespace, key: label.key, value: try label.string() ?? "")
            for selector in byLabel[key] ?? [] where try selector.matches(labels) { return true }
        }
        return false
    }
}
