import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Kubernetes is supported for fourteen months a release. What is found after that stays open for good.
    ///
    /// Evidence: the programs of Kubernetes that run, with the version of the image or package they came from, else `kubernetesVersion`; of a Node,
    /// `status.nodeInfo.kubeletVersion`. Against records of the ecosystem `kubernetes` in `--advisories`. Allowed: no fault that the version has.
    static let kubernetesComponentAdvisories = Control(
        id: "kubernetes-component-advisories",
        title: "Run versions of Kubernetes without known faults",
        severity: .high,
        duty: "A1",
        summary: "A component of Kubernetes runs in a version with a published vulnerability.",
        remedy: "Upgrade the component to the version named in the finding; where its minor release gets no fixes any more, to a later one.",
        references: [.nsa("upgrading and application security practices")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            kubernetesVersion: 1.31.2
            processes:
            - {name: kubelet, argv: [kubelet]}
            """,
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status:
              nodeInfo: {kubeletVersion: v1.31.2-gke.1500}
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            kubernetesVersion: 1.21.4 # ✗
            processes:
            - {name: kubelet, argv: [kubelet]}
            """,
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status:
              nodeInfo:
                kubeletVersion: v1.21.4 # ✗
            """,
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind, "Node"]) { object, report throws(WrongType) in
            let components: [KubernetesPart]
            if let evidence = report.evidence {
                components = try KubernetesPart.all(in: evidence)
            } else {
                components = try KubernetesPart.all(of: object)
            }
            guard !components.isEmpty else { return report.notApplicable() }
            guard report.settings.advisories.coversKubernetes else {
                let reason =
                    report.settings.advisories.isEmpty ? "no advisories were given" : "the advisories that were given say nothing about Kubernetes"
                return report.notObservable(object.root, "\(reason): give records of the ecosystem 'kubernetes' with --advisories")
            }
            for component in components { try report.judge(component) }
        })
}

/// A program of Kubernetes in one version.
struct KubernetesPart {
    let name: String
    /// How advisories name it.
    let packages: [String]
    /// The text of a version; nil when it is not known.
    let version: String?
    let place: Value

    init(_ name: String, packages: [String], version: String?, place: Value) {
        self.name = name
        // What is said of Kubernetes as a whole, or of the library all of it calls, is said of each part.
        self.packages = packages + ["k8s.io/kubernetes", "k8s.io/client-go", "k8s.io/apimachinery"]
        self.version = version
        self.place = place
    }

    static func packages(_ kind: ComponentKind) -> [String] {
        switch kind {
        case .kubeAPIServer: ["k8s.io/apiserver", "k8s.io/kube-apiserver"]
        case .kubeControllerManager: ["k8s.io/controller-manager", "k8s.io/kube-controller-manager"]
        case .kubeScheduler: ["k8s.io/kube-scheduler"]
        case .kubelet: ["k8s.io/kubelet"]
        case .kubeProxy: ["k8s.io/kube-proxy"]
        case .etcd: []
        }
    }

    /// The parts that run on a machine, and `kubectl` where it is installed.
    static func all(in evidence: EvidenceDocument) throws(WrongType) -> [KubernetesPart] {
        var parts: [KubernetesPart] = []
        let packages = try evidence.packages ?? []
        func package(_ name: String) -> EvidencePackage? { packages.first { $0.name == name } }
        for kind in ComponentKind.allCases where kind != .etcd {
            guard let first = try evidence.components(kind)?.first else { continue }
            if let image = try image(of: kind, in: evidence) {
                parts.append(KubernetesPart(kind.rawValue, packages: Self.packages(kind), version: image.version, place: image.place))
            } else if let package = package(kind.rawValue) {
                parts.append(
                    KubernetesPart(kind.rawValue, packages: Self.packages(kind), version: package.upstreamVersion, place: package.place["version"]))
            } else {
                let written = evidence.root["kubernetesVersion"]
                parts.append(
                    KubernetesPart(
                        kind.rawValue, packages: Self.packages(kind), version: evidence.kubernetesVersion,
                        place: written.exists ? written : first.place))
            }
        }
        if let kubectl = package("kubectl") {
            parts.append(
                KubernetesPart("kubectl", packages: ["k8s.io/kubectl"], version: kubectl.upstreamVersion, place: kubectl.place["version"]))
        }
        return parts
    }

    /// The version in the tag of the image that a static Pod runs.
    private static func image(of kind: ComponentKind, in evidence: EvidenceDocument) throws(WrongType) -> (version: String, place: Value)? {
        for file in try evidence.files(below: "/etc/kubernetes/manifests") {
            guard let content = file.content, file.path.hasSuffix("/\(kind.rawValue).yaml") else { continue }
            for line in content.text.split(separator: "\n") {
                let words = line.drop { $0 == " " || $0 == "-" }
                guard words.hasPrefix("image:"), let tag = words.split(separator: ":").last?.prefix(while: { $0 != "@" && $0 != "\"" && $0 != " " })
                else {
                    continue
                }
                if words.contains("/\(kind.rawValue):"), VersionOrder.kubernetes.reads(String(tag)) { return (String(tag), content) }
            }
        }
        return nil
    }

    /// What a Node object says of itself.
    static func all(of node: KubernetesObject) throws(WrongType) -> [KubernetesPart] {
        let info = node.root["status"]["nodeInfo"]
        guard let version = try info["kubeletVersion"].string(), !version.isEmpty else { return [] }
        return [KubernetesPart("kubelet", packages: packages(.kubelet), version: version, place: info["kubeletVersion"])]
    }
}

extension EvidencePackage {
    /// `1.31.2` of `1.31.2-1.1`.
    fileprivate var upstreamVersion: String {
        let behindEpoch = version.split(separator: ":").last.map(String.init) ?? version
        return behindEpoch.lastIndex(of: "-").map { String(behindEpoch[..<$0]) } ?? behindEpoch
    }
}

extension Report {
    fileprivate mutating func judge(_ part: KubernetesPart) throws(WrongType) {
        guard let version = part.version else {
            return notObservable(part.place, "the version of \(part.name) is not known, so no advisory can be matched")
        }
        guard VersionOrder.kubernetes.reads(version) else {
            return notObservable(part.place, "'\(version)' of \(part.name) is no version of Kubernetes")
        }
        let answer = settings.advisories.standings(ofKubernetes: part.packages, version: version)
        func report(_ standings: [PatchStanding], _ rest: String, patch: PatchCondition? = nil) {
            guard !standings.isEmpty else { return }
            fail(
                part.place, "\(part.name) \(version): \(Advice.count(standings)) \(rest): \(Advice.list(of: standings))",
                value: part.name + " " + standings.map(\.advisory).sorted().joined(separator: ","), patch: patch)
        }
        let open = answer.sorted
        report(open.filter(\.isFixable), Advice.mended(open.filter(\.isFixable), .kubernetes))
        report(open.filter { $0.isWithoutFix && $0.state.isUpstreams }, "for which nobody has a fix", patch: .noUpstreamFix)
        report(open.filter { $0.isWithoutFix && !$0.state.isUpstreams }, "which its minor release has not mended; a later one has")
        if let unreadable = answer.unreadable.first { throw unreadable }
    }
}
