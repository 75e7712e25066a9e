internal import Documents

/// Which version of Kubernetes a machine runs, as far as that shows without asking a program. What runs counts before what is installed.
///
/// The version inside of an executable is not read: the releases are built so that Go leaves it out of the build information (`-trimpath`), and to
/// search some hundred megabytes for it would take longer than all the rest.
enum KubernetesRelease {
    static func seen(in evidence: CollectedEvidence) -> String? {
        imageVersion(in: evidence) ?? packageVersion(in: evidence) ?? platformVersion(of: evidence.system)
    }

    /// The tag of a component's image in its static Pod.
    private static func imageVersion(in evidence: CollectedEvidence) -> String? {
        for component in ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] {
            for file in evidence.files where file.path.hasPrefix("/etc/kubernetes/manifests/") {
                guard let content = file.content, content.contains(component) else { continue }
                for root in DocumentTree.parse(content).tree.roots {
                    for container in (try? root["spec"]["containers"].items()).map(Array.init) ?? [] {
                        guard let image = try? container["image"].string(), let found = version(ofImage: image, named: component) else { continue }
                        return found
                    }
                }
            }
        }
        return nil
    }

    /// `registry.k8s.io/kube-apiserver:v1.31.2@sha256:…`
    static func version(ofImage image: String, named component: String) -> String? {
        guard let name = image.split(separator: "/").last else { return nil }
        let parts = name.prefix { $0 != "@" }.split(separator: ":")
        // Some name the architecture too: kube-apiserver-amd64.
        guard parts.count == 2, parts[0].hasPrefix(component) else { return nil }
        return version(String(parts[1]))
    }

    private static func packageVersion(in evidence: CollectedEvidence) -> String? {
        for name in ["kubelet", "kubernetes-node", "kubeadm"] {
            if let package = evidence.packages?.first(where: { $0.name == name }), let found = version(package.version) { return found }
        }
        return nil
    }

    /// Bottlerocket names the minor version of Kubernetes in its variant: `aws-k8s-1.31`.
    private static func platformVersion(of system: CollectedSystem) -> String? {
        guard let variant = system.variantID, let mark = variant.firstRange(of: "k8s-") else { return nil }
        return version(String(variant[mark.upperBound...]))
    }

    /// `v1.31.2`, `1.31.2-1.1`, `0:1.31.2-150500.1.1`, `v1.31.2-eks-7f9249a`, `1.31`.
    static func version(_ text: String) -> String? {
        var rest = Substring(text)
        if let colon = rest.firstIndex(of: ":") { rest = rest[rest.index(after: colon)...] }
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "1", parts.allSatisfy({ !$0.isEmpty && $0.count <= 4 }) else { return nil }
        return String(number)
    }
}
