/// Which cluster is meant, and as whom: what flags and the environment say.
public struct ConnectionOptions: Sendable {
    /// `--kubeconfig`: this file alone.
    public var kubeconfig: String?
    /// `--context`; nil takes the current one.
    public var context: String?
    /// `--as`, `--as-group`: win over what the kubeconfig says.
    public var impersonation: Impersonation?
    public var environment: [String: String]
    /// Where the service account of a Pod is mounted.
    public var serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

    public init(
        kubeconfig: String? = nil, context: String? = nil, impersonation: Impersonation? = nil, environment: [String: String]
    ) {
        (self.kubeconfig, self.context, self.impersonation, self.environment) = (kubeconfig, context, impersonation, environment)
    }

    /// The connection these options mean: that of a kubeconfig, or inside a Pod without one that of its service account.
    ///
    /// Where neither is there it is an error; there is no default address.
    public func connection() throws(ClusterError) -> Connection {
        let paths = kubeconfigPaths
        var files: [Kubeconfig] = []
        for path in paths.list {
            let what = "the kubeconfig"
            // Of a list, files that are not there are passed over (kubectl); one that is named must be there.
            let bytes = paths.isNamed ? try ClientFile.read(path, what) : try ClientFile.readIfThere(path, what)
            if let bytes { files.append(try Kubeconfig.read(bytes, path: path)) }
        }
        var connection: Connection
        let merged = Kubeconfig.merged(files)
        if !merged.contexts.isEmpty || !merged.clusters.isEmpty || paths.isNamed || context != nil {
            connection = try merged.connection(context: context)
        } else if environment["KUBERNETES_SERVICE_HOST"] != nil {
            connection = try Connection.inCluster(environment: environment, folder: serviceAccount)
        } else {
            let looked = paths.list.isEmpty ? "HOME and KUBECONFIG are not set" : "there is none at \(paths.list.joined(separator: ", "))"
            throw .configuration("no kubeconfig: \(looked); name one with --kubeconfig, or set KUBECONFIG")
        }
        if let impersonation { connection.impersonation = impersonation }
        return connection
    }

    /// kubectl's order: the flag, `KUBECONFIG`, the file in the home directory.
    private var kubeconfigPaths: (list: [String], isNamed: Bool) {
        if let kubeconfig { return ([kubeconfig], true) }
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            return (list.split(separator: ":").map(String.init), false)
        }
        return (environment["HOME"].map { [$0 + "/.kube/config"] } ?? [], false)
    }
}
