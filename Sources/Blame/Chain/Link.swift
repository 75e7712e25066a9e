import Access
import Documents
import Kubernetes

/// From an object to the one that stands behind it.
public struct Link: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// The controlling owner, by `metadata.ownerReferences`.
        case owner
        case argoCD = "Argo CD application"
        case flux = "Flux"
        case helm = "Helm release"
    }

    public let kind: Kind
    public let subject: Subject
    /// That of an owner, empty for the others.
    public let uid: String

    /// The object that controls one, by its metadata as a history or an estate has it.
    static func owner(_ metadata: FieldValue?, of subject: Subject, _ table: ResourceTable) -> Link? {
        let references = metadata?["ownerReferences"]?.list ?? []
        guard let reference = references.first(where: { $0["controller"] == .boolean(true) }), let kind = reference["kind"]?.text,
            let name = reference["name"]?.text, let version = reference["apiVersion"]?.text
        else { return nil }
        let owner = Subject(apiVersion: version, kind: kind, namespace: subject.name.namespace, name: name, in: table)
        return Link(kind: .owner, subject: owner, uid: reference["uid"]?.text ?? "")
    }

    /// What tools of deployment write on the objects they make. Whoever may write the object may write such a mark, so what it leads
    /// to is recorded at best, until a request of the tool itself is in the record.
    static func tools(_ metadata: FieldValue?, of subject: Subject, _ table: ResourceTable) -> [Link] {
        var links: [Link] = []
        func annotation(_ key: String) -> String? { metadata?["annotations"]?[key]?.text }
        func label(_ key: String) -> String? { metadata?["labels"]?[key]?.text }
        // `application:group/kind:namespace/name`, or with the namespace of the application before it (Argo CD, "Resource tracking").
        if let tracking = annotation("argocd.argoproj.io/tracking-id"), let application = tracking.split(separator: ":").first {
            let parts = application.split(separator: "_", maxSplits: 1).map(String.init)
            let (namespace, name) = parts.count == 2 ? (parts[0], parts[1]) : ("argocd", String(application))
            links.append(link(.argoCD, "argoproj.io/v1alpha1", "Application", namespace, name, table))
        } else if let instance = label("argocd.argoproj.io/instance") {
            links.append(link(.argoCD, "argoproj.io/v1alpha1", "Application", "argocd", instance, table))
        }
        for (prefix, kind, version) in [
            ("kustomize.toolkit.fluxcd.io", "Kustomization", "kustomize.toolkit.fluxcd.io/v1"),
            ("helm.toolkit.fluxcd.io", "HelmRelease", "helm.toolkit.fluxcd.io/v2"),
        ] {
            if let name = label(prefix + "/name") {
                links.append(link(.flux, version, kind, label(prefix + "/namespace") ?? "flux-system", name, table))
            }
        }
        if let release = annotation("meta.helm.sh/release-name") {
            let namespace = annotation("meta.helm.sh/release-namespace") ?? subject.name.namespace
            links.append(
                Link(
                    kind: .helm,
                    subject: Subject(
                        ObjectName(group: "", resource: "secrets", namespace: namespace, name: "sh.helm.release.v1.\(release)"), kind: "Helm release"),
                    uid: ""))
        }
        return links
    }

    private static func link(_ kind: Kind, _ version: String, _ name: String, _ namespace: String, _ object: String, _ table: ResourceTable) -> Link {
        Link(kind: kind, subject: Subject(apiVersion: version, kind: name, namespace: namespace, name: object, in: table), uid: "")
    }
}
