import Controls
import Documents
import Kubernetes

extension PodSpec {
    /// Calls `body` with the security context of the Pod and then with that of each container, for fields that
    /// both levels know.
    func eachSecurityContext(
        _ report: inout Report, _ body: (Value, inout Report) throws(WrongType) -> Void
    ) throws(WrongType) {
        if securityContext.exists { try body(securityContext, &report) }
        for container in containers where container.securityContext.exists {
            report.enter(container)
            try body(container.securityContext, &report)
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
