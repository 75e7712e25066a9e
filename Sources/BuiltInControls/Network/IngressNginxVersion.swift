import Controls
import Documents
import Kubernetes

extension Control {
    /// Versions of ingress-nginx before 1.11.5 and 1.12.1 can be taken over from any Pod through their admission port, without a
    /// password; the controller may read every Secret (CVE-2025-1974).
    ///
    /// Fields: tags of images named `ingress-nginx/controller` or `nginx-ingress-controller`. A vendor's suffix after the version
    /// is ignored; a tag that is no version is left for a person.
    static let ingressNginxVersion = Control(
        id: "ingress-nginx-version",
        title: "Run an ingress-nginx without known takeovers",
        severity: .critical,
        duty: "C8a",
        summary: "This version of ingress-nginx can be taken over by any Pod of the cluster, with every Secret it can read (CVE-2025-1974).",
        remedy: "Update to 1.11.5, 1.12.1 or newer, or move to a controller that is still maintained.",
        references: [Reference("cve", "CVE-2025-1974"), Reference("cve", "CVE-2025-24514"), Reference("cve", "CVE-2025-1097")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: controller}
            spec: {containers: [{name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1"}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: controller}
            spec:
              containers:
              - name: old
                image: registry.k8s.io/ingress-nginx/controller:v1.11.4 # ✗
              - name: first
                image: registry.example.com/mirror/nginx-ingress-controller:v1.12.0 # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            let image = container.node["image"]
            guard image.textContains("ingress-nginx/controller") || image.textContains("nginx-ingress-controller") else {
                return report.notApplicable()
            }
            guard let version = try image.string().flatMap(ingressNginxRelease) else {
                return report.manual(image, "container '\(container.name)' does not say which version of ingress-nginx it runs")
            }
            let isFixed = version >= (1, 12, 1) || (version >= (1, 11, 5) && version < (1, 12, 0))
            if !isFixed { report.fail(image, "container '\(container.name)' runs an ingress-nginx that any Pod can take over") }
        })
}

/// The version in an image's tag, `1.11.4` of `registry/x:v1.11.4-vendor.1@sha256:…`.
private func ingressNginxRelease(_ image: String) -> (Int, Int, Int)? {
    let name = image.prefix { $0 != "@" }
    guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return nil }
    let tag = name[name.index(after: colon)...].drop { $0 == "v" }.prefix { $0 != "-" && $0 != "_" && $0 != "+" }
    let parts = tag.split(separator: ".").map { Int($0) }
    guard parts.count == 3, let major = parts[0], let minor = parts[1], let patch = parts[2] else { return nil }
    return (major, minor, patch)
}
