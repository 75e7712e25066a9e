import Controls
import Documents
import Kubernetes

extension Report {
    /// The service account whose token the Pod gets, nil when it gets none.
    ///
    /// The Pod's own `automountServiceAccountToken` wins over its service account's; unset in both means yes.
    /// A token that the Pod asks for by a projected volume counts as mounted.
    func mountedServiceAccount(of pod: PodSpec) throws(WrongType) -> String? {
        let name = try pod.node["serviceAccountName"].string() ?? ""
        let deprecated = try name.isEmpty ? pod.node["serviceAccount"].string() ?? "" : name
        let account = deprecated.isEmpty ? "default" : deprecated
        for volume in try pod.node["volumes"].items() {
            for source in try volume["projected"]["sources"].items() where source["serviceAccountToken"].exists { return account }
        }
        if let mounts = try pod.node["automountServiceAccountToken"].bool() { return mounts ? account : nil }
        let object = inventory.object(kind: "ServiceAccount", namespace: judgedObject.namespace, name: account)
        return try object?.root["automountServiceAccountToken"].bool() == false ? nil : account
    }
}
