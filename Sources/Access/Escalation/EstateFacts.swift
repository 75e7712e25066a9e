import Documents
import Kubernetes

/// What an estate holds besides RBAC that decides how far rights lead: namespaces with their Pod Security level, the Pods and
/// whom they run as, token Secrets, nodes of the control plane.
struct EstateFacts: Sendable {
    /// The Pod that an object of the estate is or makes.
    struct RunningPod: Sendable {
        /// Index into the objects of the inventory.
        let object: Int32
        let namespace: String
        let name: String
        let account: String
        let mountsToken: Bool
        /// A container reads its standard input.
        let listens: Bool
        let breaksOut: Bool
        /// Runs on every node, as far as the scheduler lets it.
        let isOnEveryNode: Bool
        /// The object is the Pod itself, so its name is known; the Pods of others are called after it.
        let isNamed: Bool
    }

    struct TokenSecret: Sendable {
        let object: Int32
        let namespace: String
        let name: String
        let account: String
    }

    struct BootstrapToken: Sendable {
        let object: Int32
        let name: String
        let groups: [String]
    }

    private(set) var pods: [RunningPod] = []
    private(set) var tokenSecrets: [TokenSecret] = []
    private(set) var bootstrapTokens: [BootstrapToken] = []
    /// Service accounts that objects are or name, with the object.
    private(set) var accounts: [ServiceAccountName] = []
    /// Every namespace an object is in or is.
    private(set) var namespaces: Set<String> = ["default", "kube-system"]
    /// Namespaces whose Pod Security level refuses privileged Pods.
    private(set) var restricted: Set<String> = []
    /// The first node of the control plane, or its first static Pod.
    private(set) var controlPlane: Int32?
    /// The ConfigMap by which EKS maps identities.
    private(set) var cloudIdentities: Int32?
    /// The estate holds Secrets, so that a missing token Secret is really missing.
    private(set) var holdsSecrets = false
    private(set) var faults: [WrongType] = []

    private let inventory: Inventory

    init(_ inventory: Inventory) {
        self.inventory = inventory
        for (index, object) in inventory.objects.enumerated() where !object.isForeignNamesake {
            if !object.namespace.isEmpty { namespaces.insert(object.namespace) }
            do throws(WrongType) {
                if let pod = object.pod { try take(pod, of: object, at: Int32(index)) } else { try take(object, at: Int32(index)) }
            } catch {
                faults.append(error)
            }
        }
    }

    // MARK: - Pods

    private mutating func take(_ pod: PodSpec, of object: KubernetesObject, at index: Int32) throws(WrongType) {
        if let malformed = pod.malformed { throw malformed }
        let account = try pod.serviceAccountName.string() ?? ""
        let name = account.isEmpty ? "default" : account
        accounts.append(ServiceAccountName(namespace: object.namespace, name: name))
        var listens = false
        for container in pod.containers where try container.node["stdin"].bool() == true { listens = true }
        pods.append(
            RunningPod(
                object: index, namespace: object.namespace, name: object.name, account: name,
                mountsToken: try mountsToken(pod, account: name, namespace: object.namespace), listens: listens,
                breaksOut: try pod.nodeAccess() != nil, isOnEveryNode: object.kind == "DaemonSet", isNamed: object.kind == "Pod"))
        let isStatic = try object.annotations["kubernetes.io/config.mirror"].string() != nil
        if object.kind == "Pod", object.namespace == "kube-system", isStatic, object.name.utf8.starts(with: "kube-apiserver".utf8) {
            controlPlane = controlPlane ?? index
        }
    }

    /// The Pod's own word wins over its service account's; unset in both means yes. A token asked for by a projected volume counts.
    private func mountsToken(_ pod: PodSpec, account: String, namespace: String) throws(WrongType) -> Bool {
        for volume in try pod.node["volumes"].items() {
            for source in try volume["projected"]["sources"].items() where source["serviceAccountToken"].exists { return true }
        }
        if let mounts = try pod.node["automountServiceAccountToken"].bool() { return mounts }
        let object = inventory.object(kind: "ServiceAccount", namespace: namespace, name: account)
        return try object?.root["automountServiceAccountToken"].bool() != false
    }

    // MARK: - Other objects

    private mutating func take(_ object: KubernetesObject, at index: Int32) throws(WrongType) {
        switch object.kind {
        case "Namespace":
            guard !object.name.isEmpty else { return }
            namespaces.insert(object.name)
            let level = object.labels["pod-security.kubernetes.io/enforce"]
            // What is no level counts as the strictest one. Source: pod-security-admission `api/helpers.go`.
            if let name = try level.string(), name != "privileged" { restricted.insert(object.name) }
        case "ServiceAccount": accounts.append(ServiceAccountName(namespace: object.namespace, name: object.name))
        case "Secret": try takeSecret(object, at: index)
        case "Node":
            let labels = object.labels
            let isControlPlane = labels["node-role.kubernetes.io/control-plane"].isWritten || labels["node-role.kubernetes.io/master"].isWritten
            if isControlPlane { controlPlane = controlPlane ?? index }
        case "ConfigMap":
            if object.namespace == "kube-system", object.name == "aws-auth" { cloudIdentities = cloudIdentities ?? index }
        default: break
        }
    }

    private mutating func takeSecret(_ object: KubernetesObject, at index: Int32) throws(WrongType) {
        holdsSecrets = true
        switch try object.root["type"].string() {
        case "kubernetes.io/service-account-token":
            guard let account = try object.annotations["kubernetes.io/service-account.name"].string(), !account.isEmpty else { return }
            tokenSecrets.append(TokenSecret(object: index, namespace: object.namespace, name: object.name, account: account))
            accounts.append(ServiceAccountName(namespace: object.namespace, name: account))
        case "bootstrap.kubernetes.io/token":
            guard object.namespace == "kube-system", object.name.utf8.starts(with: "bootstrap-token-".utf8) else { return }
            let usage = try text("usage-bootstrap-authentication", of: object)
            // Dumps leave values out; then the token is taken for one that works.
            guard usage == nil || usage == "true" else { return }
            let extra = try text("auth-extra-groups", of: object) ?? ""
            let groups = extra.split(separator: ",").map(String.init).filter { $0.utf8.starts(with: "system:bootstrappers:".utf8) }
            bootstrapTokens.append(BootstrapToken(object: index, name: object.name, groups: ["system:bootstrappers"] + groups))
        default: break
        }
    }

    /// A value of a Secret, `stringData` winning over `data`; nil when it is missing or no text.
    private func text(_ key: String, of secret: KubernetesObject) throws(WrongType) -> String? {
        if let plain = try secret.root["stringData"].entry(named: key).string() { return plain }
        let encoded = secret.root["data"].entry(named: key)
        return try encoded.string() == nil ? nil : encoded.decodedBase64
    }
}
