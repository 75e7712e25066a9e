import Controls
import Documents
import Kubernetes

extension KubernetesObject {
    /// Whether this is an `Ingress` of Kubernetes itself; Knative and OpenShift have kinds of the same name.
    var isCoreIngress: Bool { isInGroup("networking.k8s.io") || isInGroup("extensions") }

    /// Calls `body` with each backend of an Ingress: `service` (or the older flat form) of the default and of every path.
    func forEachIngressBackend(_ body: (Value) throws(WrongType) -> Void) throws(WrongType) {
        if spec["defaultBackend"].exists { try body(spec["defaultBackend"]) }
        if spec["backend"].exists { try body(spec["backend"]) }
        for rule in try spec["rules"].items() {
            for path in try rule["http"]["paths"].items() where path["backend"].exists { try body(path["backend"]) }
        }
    }
}

/// Whether a certificate for `pattern` serves `host`: the same name, or one label in place of `*`.
func serverName(_ pattern: String, covers host: String) -> Bool {
    if pattern == host { return true }
    guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: ".") else { return false }
    return host[dot...] == pattern.dropFirst()
}
