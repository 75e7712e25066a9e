import Documents
import Kubernetes

/// Whether any listener of the Gateway encrypts.
func hasEncryptedListener(_ gateway: KubernetesObject) throws(WrongType) -> Bool {
    for listener in try gateway.spec["listeners"].items() {
        if try listener["protocol"].equals("HTTPS", or: "TLS") { return true }
    }
    return false
}
