/// What is looked at in a file, and how its secrets are kept back.
indirect enum FilePurpose: Sendable, Hashable {
    /// Only its mode: keys, tokens, sockets, programs. It is never opened.
    case mode
    /// The configuration of a component in YAML or JSON, a kubeconfig among them, with what it names.
    case document
    /// Pods that the kubelet starts.
    case manifest
    /// A network of CNI.
    case network
    case toml
    case unit
    case variables
    case certificates
    /// Each file in a directory.
    case each(FilePurpose)
    /// A directory of certificates and keys, with those below it.
    case keyDirectory
    /// A file or a directory of files.
    case either(FilePurpose)
}

/// A path that something names.
struct FileReference: Hashable {
    var path: String
    var purpose: FilePurpose
}

/// Which flags and fields name files. Sources: the reference of each component's flags at kubernetes.io/docs/reference/command-line-tools-reference,
/// that of etcd at etcd.io/docs, of its configuration files at kubernetes.io/docs/reference/config-api.
enum FileReferences {
    /// By the name of the flag, whichever component has it.
    private static let flags: [String: FilePurpose] = [
        "config": .document, "kubeconfig": .document, "bootstrap-kubeconfig": .document, "authentication-kubeconfig": .document,
        "authorization-kubeconfig": .document, "config-dir": .each(.document), "pod-manifest-path": .either(.manifest), "config-file": .document,
        "audit-policy-file": .document, "audit-webhook-config-file": .document, "encryption-provider-config": .document,
        "admission-control-config-file": .document, "authentication-config": .document, "authorization-config": .document,
        "authentication-token-webhook-config-file": .document, "authorization-webhook-config-file": .document,
        "egress-selector-config-file": .document,
        "tracing-config-file": .document, "image-credential-provider-config": .either(.document), "policy-config-file": .document,
        "cloud-config": .mode, "token-auth-file": .mode, "basic-auth-file": .mode, "authorization-policy-file": .mode, "audit-log-path": .mode,
        "client-ca-file": .certificates, "requestheader-client-ca-file": .certificates, "proxy-client-cert-file": .certificates,
        "proxy-client-key-file": .mode, "tls-cert-file": .certificates, "tls-private-key-file": .mode, "etcd-cafile": .certificates,
        "etcd-certfile": .certificates, "etcd-keyfile": .mode, "kubelet-certificate-authority": .certificates,
        "kubelet-client-certificate": .certificates,
        "kubelet-client-key": .mode, "service-account-key-file": .mode, "service-account-signing-key-file": .mode,
        "service-account-private-key-file": .mode,
        "oidc-ca-file": .certificates, "root-ca-file": .certificates, "peer-ca-file": .certificates, "cert-dir": .keyDirectory, "root-dir": .mode,
        "cni-conf-dir": .each(.network), "cni-bin-dir": .each(.mode), "image-credential-provider-bin-dir": .each(.mode),
        "seccomp-profile-root": .mode,
        "volume-plugin-dir": .each(.mode), "flex-volume-plugin-dir": .each(.mode), "cert-file": .certificates, "key-file": .mode,
        "trusted-ca-file": .certificates, "peer-cert-file": .certificates, "peer-key-file": .mode, "peer-trusted-ca-file": .certificates,
        "data-dir": .mode,
        "wal-dir": .mode, "container-runtime-endpoint": .mode, "containerd": .mode,
    ]

    /// Runtimes call their configuration like others and write it otherwise.
    private static let runtimes: [String: [String: FilePurpose]] = [
        "containerd": ["config": .toml, "c": .toml, "root": .mode, "state": .mode, "address": .mode, "a": .mode],
        "crio": ["config": .toml, "c": .toml, "config-dir": .each(.toml), "d": .each(.toml), "listen": .mode, "root": .mode, "runroot": .mode],
        "dockerd": [
            "config-file": .document, "data-root": .mode, "tlscacert": .certificates, "tlscert": .certificates, "tlskey": .mode, "host": .mode,
        ],
    ]

    /// What the arguments and environment of a component name. Only the last of equal flags counts for most; all of them are evidence.
    static func named(by component: String, arguments: [String], environment: [String: String] = [:]) -> [FileReference] {
        // What a shim is told about are its own sockets and bundle; `containers` has them.
        if component.hasPrefix("containerd-shim") || component.hasPrefix("runsc") || component == "conmon" { return [] }
        var values = ComponentFlags.values(of: arguments)
        if component == "etcd" {
            // etcd takes flags from the environment too: ETCD_CERT_FILE is --cert-file.
            for (name, value) in environment where name.hasPrefix("ETCD_") {
                values[name.dropFirst(5).lowercased().replacing("_", with: "-"), default: []].append(value)
            }
        }
        var references: [FileReference] = []
        for (flag, values) in values.sorted(by: { $0.key < $1.key }) {
            let special = runtimes[component]
            for value in values {
                if flag == "tls-sni-cert-key" {
                    references += pair(value)
                } else if let purpose = special?[flag] ?? (special == nil ? purpose(ofFlag: flag) : nil) {
                    references.append(FileReference(path: withoutScheme(value), purpose: purpose))
                }
            }
        }
        return references.filter { !$0.path.isEmpty && $0.path != "true" && !$0.path.contains(EvidenceFormat.redacted) && !$0.path.contains("://") }
    }

    private static func purpose(ofFlag flag: String) -> FilePurpose? {
        if let purpose = flags[flag] { return purpose }
        // --cluster-signing-kubelet-client-cert-file and the like.
        guard flag.hasPrefix("cluster-signing-") else { return nil }
        return flag.hasSuffix("cert-file") ? .certificates : flag.hasSuffix("key-file") ? .mode : nil
    }

    /// `cert,key` or `cert,key:name,name`.
    private static func pair(_ value: String) -> [FileReference] {
        let files = value.prefix { $0 != ":" }.split(separator: ",")
        guard files.count == 2 else { return [] }
        return [FileReference(path: String(files[0]), purpose: .certificates), FileReference(path: String(files[1]), purpose: .mode)]
    }

    static func withoutScheme(_ value: String) -> String {
        for scheme in ["unix://", "file://"] where value.hasPrefix(scheme) { return String(value.dropFirst(scheme.count)) }
        return value
    }

    /// By the name of a field in a configuration file, wherever it stands.
    static let fields: [String: FilePurpose] = [
        "staticPodPath": .either(.manifest), "clientCAFile": .certificates, "tlsCertFile": .certificates, "tlsPrivateKeyFile": .mode,
        "volumePluginDir": .each(.mode), "certificate-authority": .certificates, "client-certificate": .certificates, "client-key": .mode,
        "tokenFile": .mode,
        "kubeConfigFile": .document, "kubeconfig": .document, "certificateAuthority": .certificates, "cert-file": .certificates, "key-file": .mode,
        "trusted-ca-file": .certificates, "data-dir": .mode, "wal-dir": .mode, "caBundle": .certificates, "clientKey": .mode,
        "clientCert": .certificates,
        "podLogsDir": .mode, "containerRuntimeEndpoint": .mode, "udsName": .mode,
    ]
}
