import Controls
import Documents
import Kubernetes

extension PodSpec {
    /// Calls `body` with a field of the security context, first that of the Pod and then that of each container,
    /// where it is written; for fields that both levels know.
    func eachSecurityContext(
        with field: StaticString, _ report: inout Report, _ body: (Value, inout Report) throws(WrongType) -> Void
    ) throws(WrongType) {
        if let value = securityContext.written(field) { try body(value, &report) }
        for container in containers {
            guard let value = container.securityContext.written(field) else { continue }
            report.enter(container)
            try body(value, &report)
        }
    }
}

/// The name of a capability as grants compare it: without `CAP_`, in capitals. The runtime accepts both spellings;
/// the Pod Security Standards compare what is written, so a verdict never uses this.
func grantedCapability(_ written: String) -> String {
    let name = written.uppercased()
    return name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
}

/// The types of seccomp and AppArmor profiles that confine.
let confiningProfileTypes: [StaticString] = ["RuntimeDefault", "Localhost"]
