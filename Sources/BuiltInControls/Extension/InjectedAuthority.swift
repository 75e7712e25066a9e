import Documents
import Kubernetes

/// Whether a controller fills in the `caBundle` after the object is created, as its annotation asks for.
func isAuthorityInjected(into object: KubernetesObject) throws(WrongType) -> Bool {
    for annotation in try object.annotations.entries() where injectingAnnotations.contains(annotation.key) { return true }
    return false
}

private let injectingAnnotations: Set<String> = [
    "cert-manager.io/inject-ca-from", "cert-manager.io/inject-apiserver-ca", "cert-manager.io/inject-ca-from-secret",
    "service.beta.openshift.io/inject-cabundle",
]
