import Controls
import Documents
import Kubernetes

/// The two halves of a container's `resources`.
enum ResourceHalf: String {
    case requests, limits
}

/// Fails a container whose amount of a resource nothing sets: neither itself, nor its Pod, nor a LimitRange of
/// its namespace. What the API server would fill in counts as written.
func requireResource(
    _ resource: StaticString, in half: ResourceHalf, of container: Container, _ pod: PodSpec, _ report: inout Report
) throws(WrongType) {
    guard half.concerns(container.role) else { return report.notApplicable() }
    if try half.sets(resource, in: container.node["resources"]) { return }
    if report.kubernetesVersion >= KubernetesVersion(1, 34), try half.sets(resource, in: pod.node["resources"]) { return }
    if try half.hasDefault(for: resource, in: report) { return }
    report.fail(
        container.node, missing: "resources.\(half.rawValue).\(resource)",
        "container '\(container.name)' sets no \(resource) \(half == .limits ? "limit" : "request")", value: "\(resource)")
}

extension ResourceHalf {
    /// An init container runs before the others and alone: it can exceed, but what it requests seldom counts.
    fileprivate func concerns(_ role: Container.Role) -> Bool {
        switch role {
        case .regular, .sidecar: true
        case .initialization: self == .limits
        case .ephemeral: false
        }
    }

    /// A limit without a request is copied into the request.
    fileprivate func sets(_ resource: StaticString, in resources: Value) throws(WrongType) -> Bool {
        let limits = resources["limits"]
        _ = try limits.entries()
        if try limits[resource].isAmount() { return true }
        guard self == .requests else { return false }
        let requests = resources["requests"]
        _ = try requests.entries()
        return try requests[resource].isAmount()
    }

    /// Only asked when a container sets nothing, and a namespace seldom has more than one LimitRange.
    fileprivate func hasDefault(for resource: StaticString, in report: Report) throws(WrongType) -> Bool {
        for range in report.inventory.objects(ofKind: "LimitRange", namespace: report.judgedObject.namespace) {
            for limit in try range.spec["limits"].items() where try limit["type"].equals("Container") {
                if limit["default"][resource].exists { return true }
                if self == .requests, limit["defaultRequest"][resource].exists { return true }
            }
        }
        return false
    }
}

extension Value {
    /// Whether an amount is written here. Only its type is looked at: parsing it would cost every container a string.
    fileprivate func isAmount() throws(WrongType) -> Bool {
        switch kind {
        case .string, .integer, .float: return true
        case .null, nil: return false
        default: throw WrongType(value: self, expected: "a quantity")
        }
    }
}
