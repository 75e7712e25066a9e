import Documents
import Kubernetes

/// The API group of Gateways and their routes; Istio has a Gateway of its own.
let gatewayAPI: StaticString = "gateway.networking.k8s.io"

/// Whether any listener of the Gateway encrypts.
func hasEncryptedListener(_ gateway: KubernetesObject) throws(WrongType) -> Bool {
    for listener in try gateway.spec["listeners"].items() {
        if try listener["protocol"].equals("HTTPS", or: "TLS") { return true }
    }
    return false
}
