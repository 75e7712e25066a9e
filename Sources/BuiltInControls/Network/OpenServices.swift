import Controls
import Documents
import Kubernetes

/// Whether a Service by itself lets people outside the cluster in.
func isOpen(_ service: KubernetesObject, _ settings: Settings) throws(WrongType) -> Bool {
    guard service.isCoreService else { return false }
    if try ServiceReach(of: service, settings).mayBePublic { return true }
    return try !service.spec["externalIPs"].items().isEmpty
}

extension ServiceReach {
    init(of service: KubernetesObject, _ settings: Settings) throws(WrongType) {
        try self.init(of: service, platforms: settings.loadBalancerPlatforms)
    }
}
