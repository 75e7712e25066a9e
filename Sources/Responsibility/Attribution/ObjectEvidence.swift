import Controls
import Documents
import Kubernetes

/// What an object tells about who answers for it; gathered once for all findings on it.
struct ObjectEvidence {
    let object: KubernetesObject
    let root: RootObject
    let plane: Plane
    /// Indexes of the grants that name the workload.
    let grants: [Int]
    /// Of the root object: a controller writes the Pods, people write the Deployment.
    let ownership: FieldOwnership
    let origin: OriginMark?
    /// A transfer whose condition the object as a whole fulfils.
    let transfer: Transfer?

    init(_ object: KubernetesObject, model: ResponsibilityModel, grants: GrantRegister, inventory: Inventory) {
        self.object = object
        root = RootObject(of: object, in: inventory)
        plane =
            object.isControlPlaneEvidence
            ? .controlPlane
            : model.planes.plane(apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name)
        self.grants = grants.candidates(for: root.object)
        ownership = FieldOwnership(of: root.object.root)
        let inSystemNamespace = plane == .systemNamespaces
        let top = root.object
        let origin = OriginMark(of: top, model: model, inSystemNamespace: inSystemNamespace)
        self.origin = origin
        transfer = model.transfers.first {
            $0.isFulfilled(by: top, inSystemNamespace: inSystemNamespace, isMarked: origin?.decides != nil)
        }
    }

    /// Nothing about the object but its plane says anything, so that one prepared answer fits all its findings
    /// on one duty.
    var isPlain: Bool { grants.isEmpty && ownership.isEmpty && origin == nil && transfer == nil && root.unconfirmed == nil }
}

/// What labels and annotations say about where an object comes from.
struct OriginMark {
    /// The row of the model that decides, nil when the marks are hints only.
    let decides: Origin?
    /// For the chain.
    let text: String
    /// The value of the mark, for instance a chart's name and version.
    let value: String

    /// - Returns: nil when the object carries no mark.
    init?(of object: KubernetesObject, model: ResponsibilityModel, inSystemNamespace: Bool) {
        var hint: (text: String, value: String)?
        for origin in model.origins {
            let marks = origin.place == .label ? object.labels : object.annotations
            guard let value = try? marks.entry(named: origin.key).string(), origin.value.matches(value) else { continue }
            // A mark may incriminate whoever could have written it, or a third party; it never relieves a customer.
            guard inSystemNamespace || origin.party == .customer || origin.party == .vendor else {
                hint =
                    hint ?? (
                        "\(origin.key)=\(value) claims \(origin.title), but whoever may write the object may write that; it decides nothing", value
                    )
                continue
            }
            self.init(decides: origin, text: "\(origin.key)=\(value): \(origin.title)", value: value)
            return
        }
        if let hint {
            self.init(decides: nil, text: hint.text, value: hint.value)
        } else if let chart = OriginMark.chart(of: object) {
            self.init(decides: nil, text: "chart \(chart); manifests do not show which values its user set, so it decides nothing", value: chart)
        } else {
            return nil
        }
    }

    private init(decides: Origin?, text: String, value: String) {
        self.decides = decides
        self.text = text
        self.value = value
    }

    private static func chart(of object: KubernetesObject) -> String? {
        (try? object.labels.entry(named: "helm.sh/chart").string()) ?? (try? object.annotations.entry(named: helmRelease).string())
    }
}

/// Helm writes it on everything it installs; `helm template` does not.
let helmRelease = "meta.helm.sh/release-name"

extension Transfer {
    /// Whether the object as a whole shows the condition. All of these marks speak against their writer or
    /// name a third party; none of them moves a finding to the provider.
    func isFulfilled(by object: KubernetesObject, inSystemNamespace: Bool, isMarked: Bool) -> Bool {
        switch condition {
        case .ownNetworkPlugin:
            return object.pod.map(\.installsNetworkPlugin) == true && (!inSystemNamespace || object.isHelmRelease)
        case .selfInstalledComponent: return inSystemNamespace && object.isHelmRelease && !isMarked
        case .partnerWorkload:
            return object.labels.entry(named: "cloud.google.com/matching-allowlist").exists
                || object.pod?.labels.entry(named: "cloud.google.com/matching-allowlist").exists == true
        default: return false
        }
    }
}

extension KubernetesObject {
    var isHelmRelease: Bool { annotations.entry(named: helmRelease).exists }
}

extension PodSpec {
    /// Mounts the directories in which a node looks for its network plugin.
    var installsNetworkPlugin: Bool {
        guard let volumes = try? node["volumes"].items() else { return false }
        for volume in volumes {
            guard let path = try? volume["hostPath"]["path"].string() else { continue }
            if path.hasPrefix("/etc/cni") || path.hasPrefix("/opt/cni") { return true }
        }
        return false
    }
}
