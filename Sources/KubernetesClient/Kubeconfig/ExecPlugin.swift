internal import Documents

/// A program that hands out credentials, after `client.authentication.k8s.io`
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
struct ExecPlugin: Sendable {
    enum Version: String, Sendable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    enum Interaction: String, Sendable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    /// A variable for the plugin. Its value may be a secret.
    struct Variable: Sendable {
        var name: String
        var value: Secret
    }

    var command: String
    var arguments: [String] = []
    var environment: [Variable] = []
    var version: Version
    var interaction: Interaction
    var providesClusterInfo = false
    var installHint: String?
    /// `file:line:column` of the entry.
    var place = ""

    /// What the plugin is told of the cluster, when the kubeconfig wants that.
    struct ClusterInfo: Sendable {
        var server: String
        var serverName: String?
        var isInsecure = false
        var authority: [UInt8]?
        var proxy: String?
        var settings: ManifestText?
    }

    /// The value of `KUBERNETES_EXEC_INFO`: an `ExecCredential` without status.
    func information(isInteractive: Bool, cluster: ClusterInfo?) -> String {
        var spec: [ManifestText.Entry] = [.init("interactive", .boolean(isInteractive))]
        if providesClusterInfo, let cluster {
            var entries: [ManifestText.Entry] = [.init("server", .text(cluster.server))]
            if let name = cluster.serverName { entries.append(.init("tls-server-name", .text(name))) }
            if cluster.isInsecure { entries.append(.init("insecure-skip-tls-verify", .boolean(true))) }
            if let authority = cluster.authority { entries.append(.init("certificate-authority-data", .text(base64(authority)))) }
            if let proxy = cluster.proxy { entries.append(.init("proxy-url", .text(proxy))) }
            entries.append(.init("config", cluster.settings ?? .null))
            spec.append(.init("cluster", .map(entries)))
        }
        return ManifestText.map([
            .init("kind", .text("ExecCredential")), .init("apiVersion", .text(version.rawValue)), .init("spec", .map(spec)),
        ]).json
    }

    /// What the plugin has answered.
    struct Answer: Sendable, Equatable {
        var token: Secret?
        /// PEM.
        var certificate: String?
        var key: Secret?
        /// nil holds until the server refuses it.
        var expires: Timestamp?
    }

    /// Reads the plugin's output. Errors name the field and never quote what stands there.
    func answer(_ output: [UInt8]) throws(ClusterError) -> Answer {
        let parsed = DocumentTree.parse(output, source: command, syntax: .json)
        guard parsed.problems.isEmpty, let root = parsed.tree.roots.first, parsed.tree.roots.count == 1, root.kind == .mapping else {
            throw failure("its output is no ExecCredential in JSON")
        }
        do {
            guard try root["kind"].equals("ExecCredential") else { throw failure("its output is not of kind ExecCredential") }
            guard try root["apiVersion"].string() == version.rawValue else {
                throw failure("its output is not of \(version.rawValue), which the kubeconfig asks for")
            }
            let status = root["status"]
            var answer = Answer()
            answer.token = try filled(status["token"]).map(Secret.init)
            if let token = answer.token, !Connection.isToken(token.text) {
                throw failure("status.token holds what no token can, such as a line break")
            }
            answer.certificate = try filled(status["clientCertificateData"])
            answer.key = try filled(status["clientKeyData"]).map(Secret.init)
            if let text = try filled(status["expirationTimestamp"]) {
                guard let instant = Timestamp(text) else { throw failure("status.expirationTimestamp is no RFC 3339 time") }
                answer.expires = instant
            }
            guard answer.token != nil || answer.certificate != nil else { throw failure("its output holds neither a token nor a certificate") }
            guard (answer.certificate == nil) == (answer.key == nil) else {
                throw failure("its output must hold clientCertificateData and clientKeyData together, or neither")
            }
            return answer
        } catch let error as WrongType {
            throw failure("\(error.value.fieldPath) of its output must be \(error.expected)")
        } catch let error as ClusterError {
            throw error
        } catch {
            throw failure("its output cannot be read")
        }
    }

    private func filled(_ value: Value) throws(WrongType) -> String? {
        guard let text = try value.string(), !text.isEmpty else { return nil }
        return text
    }

    /// An error of this plugin, with the hint of the kubeconfig's author.
    func failure(_ what: String) -> ClusterError {
        let hint = installHint.map { "\n\($0)" } ?? ""
        return .credential("\(place): the exec plugin '\(command)' gave no credential: \(what)\(hint)")
    }
}
