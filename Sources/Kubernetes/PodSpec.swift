public import Documents

/// The Pod that an object is or makes, with its containers looked up once. A class, since a hundred checks pass it on:
/// a copy is one reference.
public final class PodSpec: Sendable {
    /// The `PodSpec` itself.
    public let node: Value
    /// Metadata of the Pod (or of the template), where Pod annotations stand.
    public let metadata: Value
    /// In the order init, regular, ephemeral.
    public let containers: [Container]
    public let securityContext: Value
    /// `spec.os.name` as far as it decides: a Pod that says `windows` knows no Linux fields.
    public let isWindows: Bool
    /// The Pod says `hostUsers: false`: root inside it is nobody on the host.
    public let hasUserNamespace: Bool
    public let usesHostNetwork: Bool
    /// Some regular container says which ports it listens on. Asked for each container, so it is found once.
    public let listsPorts: Bool
    /// Some container starts a program of Kubernetes itself.
    public let startsComponents: Bool
    /// Set when the containers or the fields above could not be read; no check can judge such a Pod.
    public let malformed: WrongType?

    public var annotations: Value { metadata["annotations"] }
    public var labels: Value { metadata["labels"] }

    /// Whether the containers are started again whenever they end. What runs to completion, such as a Job,
    /// must say `Never` or `OnFailure`.
    public var isLongRunning: Bool {
        get throws(WrongType) {
            let policy = node["restartPolicy"]
            if try policy.equals("Never") { return false }
            return try !policy.equals("OnFailure")
        }
    }

    /// The ServiceAccount the Pod runs as, by whichever of the two fields names it, nil for that of the namespace.
    public var serviceAccountName: Value {
        let name = node["serviceAccountName"]
        return name.exists ? name : node["serviceAccount"]
    }

    /// - Returns: nil when the kind makes no Pods.
    public convenience init?(of root: Value, apiVersion: String, kind: String) {
        guard let (node, metadata) = PodSpec.locate(in: root, apiVersion: apiVersion, kind: kind) else { return nil }
        self.init(node: node, metadata: metadata)
    }

    public init(node: Value, metadata: Value) {
        self.node = node
        self.metadata = metadata
        securityContext = node["securityContext"]
        var containers: [Container] = []
        var malformed: WrongType?
        var isWindows = false
        var hasUserNamespace = false
        var usesHostNetwork = false
        do {
            try Container.collect(node["initContainers"], as: .initialization, into: &containers)
            try Container.collect(node["containers"], as: .regular, into: &containers)
            try Container.collect(node["ephemeralContainers"], as: .ephemeral, into: &containers)
            isWindows = try node["os"]["name"].equals("windows")
            hasUserNamespace = try node["hostUsers"].bool() == false
            usesHostNetwork = try node["hostNetwork"].bool() == true
            _ = try securityContext.entries()
            _ = try metadata["annotations"].entries()
            if let volumes = node.written("volumes") { try PodSpec.requireVolumes(volumes) }
        } catch {
            malformed = error
        }
        self.containers = containers
        listsPorts = containers.contains { $0.role == .regular && $0.node["ports"].count > 0 }
        startsComponents = containers.contains { ComponentPrograms.isStarted(by: $0.node) }
        self.malformed = malformed
        self.isWindows = isWindows
        self.hasUserNamespace = hasUserNamespace
        self.usesHostNetwork = usesHostNetwork
    }

    /// Kinds that `locate` knows, for controls that judge the object around the Pod.
    public static let kinds = [
        "Pod", "PodTemplate", "CronJob", "AdvancedCronJob", "ReplicationController", "Job", "Rollout", "Service", "Configuration", "CloneSet",
        "StatefulSet", "DaemonSet", "BroadcastJob", "Deployment", "ReplicaSet",
    ]

    /// Each volume is a mapping of mappings, besides its name. Said here once, so that no check takes a volume of
    /// another shape for one without the field it looks for.
    private static func requireVolumes(_ volumes: Value) throws(WrongType) {
        for volume in try volumes.items() {
            for source in try volume.entries() where !source.isKeyed("name") { _ = try source.entries() }
        }
    }

    /// Where the Pod spec stands, by group and kind; the kinds of extensions that embed one are listed beside
    /// those of Kubernetes itself.
    static func locate(in root: Value, apiVersion: String, kind: String) -> (node: Value, metadata: Value)? {
        let group = apiVersion.utf8.contains(UInt8(ascii: "/")) ? apiVersion.prefix { $0 != "/" } : ""
        let template: Value
        switch (group, kind) {
        case ("", "Pod"), ("serving.knative.dev", "Revision"): return (root["spec"], root["metadata"])
        // What servers before 1.22 hand to a webhook for `pods/ephemeralcontainers`: the list stands at the top.
        case ("", "EphemeralContainers"): return (root, root["metadata"])
        case ("", "PodTemplate"): template = root["template"]
        case ("agents.x-k8s.io", "Sandbox"), ("extensions.agents.x-k8s.io", "SandboxTemplate"): template = root["spec"]["podTemplate"]
        case ("batch", "CronJob"): template = root["spec"]["jobTemplate"]["spec"]["template"]
        case ("apps.kruise.io", "AdvancedCronJob"):
            let made = root["spec"]["template"]
            template =
                made["broadcastJobTemplate"].exists ? made["broadcastJobTemplate"]["spec"]["template"] : made["jobTemplate"]["spec"]["template"]
        case ("", "ReplicationController"), ("batch", "Job"), ("argoproj.io", "Rollout"), ("serving.knative.dev", "Service"),
            ("serving.knative.dev", "Configuration"), ("apps.kruise.io", "CloneSet"), ("apps.kruise.io", "StatefulSet"),
            ("apps.kruise.io", "DaemonSet"), ("apps.kruise.io", "BroadcastJob"):
            template = root["spec"]["template"]
        case ("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("extensions", "Deployment"),
            ("extensions", "ReplicaSet"), ("extensions", "DaemonSet"):
            template = root["spec"]["template"]
        default: return nil
        }
        return (template["spec"], template["metadata"])
    }
}

/// One container of a Pod. A class for the reason `PodSpec` is one.
public final class Container: Sendable {
    public enum Role: String, Sendable {
        case initialization, sidecar, regular, ephemeral
    }

    public let node: Value
    public let name: String
    public let role: Role
    public let securityContext: Value
    /// By the volume's name, for containers with so many mounts that looking for those of each volume would not end.
    private let mountsByVolume: [String: [Value]]?

    init(node: Value, name: String, role: Role, securityContext: Value) {
        self.node = node
        self.name = name
        self.role = role
        self.securityContext = securityContext
        let mounts = node["volumeMounts"]
        guard mounts.count > 32, let items = try? mounts.items() else {
            mountsByVolume = nil
            return
        }
        mountsByVolume = Dictionary(grouping: items) { $0["name"].text }
    }

    /// The mounts of a volume. Mounts whose name is no string belong to none.
    public func mounts(of volume: String) throws(WrongType) -> [Value] {
        if let mountsByVolume { return mountsByVolume[volume] ?? [] }
        var mounts: [Value] = []
        for mount in try node["volumeMounts"].items() where try mount["name"].string() == volume { mounts.append(mount) }
        return mounts
    }

    static func collect(_ list: Value, as role: Role, into containers: inout [Container]) throws(WrongType) {
        for node in try list.items() {
            _ = try node.entries()
            let securityContext = node["securityContext"]
            _ = try securityContext.entries()
            try requireShapes(node)
            let isSidecar = role == .initialization ? try node["restartPolicy"].equals("Always") : false
            containers.append(
                Container(node: node, name: try node["name"].string() ?? "", role: isSidecar ? .sidecar : role, securityContext: securityContext))
        }
    }

    /// The fields many checks step into or only look for have the shape the API gives them.
    private static func requireShapes(_ container: Value) throws(WrongType) {
        for field in try container.entries() {
            if field.isKeyed(anyOf: mappings) {
                _ = try field.entries()
            } else if field.isKeyed(anyOf: lists) {
                for item in try field.items() { _ = try item.entries() }
            } else if field.isKeyed("image") {
                _ = try field.isEmptyString()
            } else if field.isKeyed("env") {
                for variable in try field.items() {
                    _ = try variable.entries()
                    if let source = variable.written("valueFrom") { _ = try source.entries() }
                }
            }
        }
    }

    private static let mappings: [StaticString] = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources"]
    private static let lists: [StaticString] = ["ports", "volumeMounts", "envFrom"]
}
