public import Documents
public import Kubernetes

extension KubernetesObject {
    /// Why the API server refuses this role or binding, nil when it takes it, and for objects of other kinds.
    public var accessFault: WrongType? {
        guard isRBAC else { return nil }
        do throws(WrongType) {
            switch kind {
            case "Role", "ClusterRole": _ = try WrittenRole(self, .estate(0))
            case "RoleBinding", "ClusterRoleBinding": _ = try WrittenBinding(self)
            default: break
            }
            return nil
        } catch {
            return error
        }
    }
}
