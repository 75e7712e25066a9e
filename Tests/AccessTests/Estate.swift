import Access
import Documents
import Kubernetes

/// An inventory from YAML, for tests.
func estate(_ manifests: String, source: String = "estate.yaml") -> Inventory {
    Inventory(SourceObjects(DocumentTree.parse(manifests, source: source).tree).objects)
}

func policy(_ manifests: String) -> AccessPolicy { estate(manifests).analysis(AccessPolicy.self) }

extension APIResource {
    static let pods = APIResource("", "pods")
    static let secrets = APIResource("", "secrets")
    static let podsExec = APIResource("", "pods/exec")
    static let deployments = APIResource("apps", "deployments")
    static let nodes = APIResource("", "nodes", clusterScoped: true)
}
