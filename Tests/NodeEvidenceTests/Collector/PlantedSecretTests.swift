import Foundation
import Testing

@testable import NodeEvidence

/// Secrets of every kind are planted all over a machine, and none of them is in the document, in whatever form, while what is useful is.
struct PlantedSecretTests {
    /// Each has its own text, of the form that its kind has.
    private static let secrets: [String: String] = {
        var secrets: [String: String] = [:]
        let names = [
            "kubeconfigToken", "kubeconfigPassword", "execValue", "execArgument", "authProvider", "urlPassword", "aesKey", "secretboxKey",
            "registryPassword",
            "registryAuth", "inlineAuth", "dockerAuth", "manifestPassword", "manifestUnnamed", "manifestArgument", "manifestScript", "argvToken",
            "argvSplit", "argvUrl",
            "etcdPassword", "environOther", "unitEnvironment", "unitExec", "variable", "variableFlag", "cniToken", "cniEtcd", "commentYAML",
            "commentTOML",
            "commentUnit", "secretData", "secretString", "credentialEnv", "header", "blockScalar", "tokenFile", "csv", "azure", "kubeEnv", "keyFile",
            "homeToken",
            "crioAuth", "oidcSecret", "webhookToken", "brokenYAML", "hugeFile", "containerEnv", "bootArgument", "dropIn", "inlineKey", "tokenAsFile",
            "embedded",
        ]
        for (number, name) in names.enumerated() { secrets[name] = "s3cr3t\(name)Q\(number)zz" }
        secrets["bootstrap"] = "abc123.0123456789abcdef"
        secrets["webToken"] = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl"
        secrets["cloudKey"] = "AKIAIOSFODNN7PLANTED"
        secrets["gitToken"] = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
        return secrets
    }()

    private static func secret(_ name: String) throws -> String { try #require(secrets[name], "\(name)") }

    /// A block whose content begins as that of a private key does.
    private static let key = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIPLANTEDKEYPLANTEDKEYPLANTEDKEYPLANTEDKEYoAoGCCqGSM49AwEH
        -----END EC PRIVATE KEY-----

        """

    private func plant(_ root: FakeRoot) throws {
        func s(_ name: String) throws -> String { try Self.secret(name) }
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        try root.write(
            "/etc/kubernetes/admin.conf",
            """
            apiVersion: v1
            kind: Config
            # old password: \(s("commentYAML"))
            clusters:
            - name: main
              cluster: {server: 'https://10.0.0.1:6443', certificate-authority-data: \(base64(certificateBlock(1)))}
            users:
            - name: admin
              user:
                client-certificate-data: \(base64(certificateBlock(2)))
                client-key-data: \(base64(Self.key))
            - name: combined
              user: {client-certificate-data: \(base64(certificateBlock(3) + Self.key))}
            - name: other
              user: {token: \(s("kubeconfigToken")), password: "\(s("kubeconfigPassword"))", username: admin}
            - name: exec
              user:
                exec:
                  command: get-token
                  args: [--client-secret, \(s("execArgument")), --region=eu]
                  env: [{name: PROFILE, value: \(s("execValue"))}]
            - name: oidc
              user:
                auth-provider: {name: oidc, config: {client-id: x, id-token: \(s("webToken")), client-secret: \(s("oidcSecret")), other: \(s("authProvider"))}}
            """)
        try root.write(
            "/home/jane/.kube/config",
            "apiVersion: v1\nkind: Config\nusers: [{name: jane, user: {token: \(s("homeToken")), tokenFile: /home/jane/token}}]\n")
        try root.write("/home/jane/token", s("tokenFile"))
        try root.write(
            "/etc/kubernetes/enc.yaml",
            """
            kind: EncryptionConfiguration
            apiVersion: apiserver.config.k8s.io/v1
            resources:
            - resources: [secrets]
              providers:
              - aescbc: {keys: [{name: key1, secret: \(base64(s("aesKey")))}]}
              - secretbox:
                  keys:
                  - name: key2
                    secret: |
                      \(s("secretboxKey"))
              - identity: {}
            """)
        try root.write(
            "/etc/kubernetes/manifests/app.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: app}
            spec:
              containers:
              - name: app
                image: registry.example/app:v1
                args: ["--api-token=\(s("manifestArgument"))", "--port=80"]
                command: [sh, -c, "curl -H 'Authorization: Bearer \(s("manifestScript"))' https://x"]
                env:
                - {name: DB_PASSWORD, value: \(s("manifestPassword"))}
                - name: UNNAMED
                  value: \(s("manifestUnnamed"))
                - {name: LEVEL, value: "3"}
            """)
        try root.write(
            "/etc/kubernetes/manifests/secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: \(base64(s("secretData")))}\nstringData: {b: \(s("secretString"))}\n")
        try root.write("/etc/kubernetes/manifests/broken.yaml", "password: \(s("brokenYAML"))\n  : [\n")
        try root.write("/etc/kubernetes/manifests/huge.yaml", "password: \(s("hugeFile"))\n" + String(repeating: "# filler\n", count: 200_000))
        try root.write(
            "/etc/kubernetes/webhook.yaml",
            "users: [{name: w, user: {token: \(s("webhookToken"))}}]\nclusters: [{cluster: {server: 'https://u:\(s("urlPassword"))@w.example'}}]\n")
        try root.write("/etc/kubernetes/tokens.csv", "\(s("csv")),admin,1\n")
        try root.write("/etc/kubernetes/azure.json", "{\"aadClientSecret\": \"\(s("azure"))\"}")
        try root.write("/home/kubernetes/kube-env", "KUBELET_KEY: \(s("kubeEnv"))\n")
        try root.write("/etc/kubernetes/pki/ca.key", Self.key + s("keyFile"))
        try root.write("/etc/kubernetes/pki/both.pem", Self.key + certificateBlock(4))
        try root.write("/etc/kubernetes/bootstrap-kubelet.conf", "users:\n- name: b\n  user:\n    token: \(s("bootstrap"))\n")
        try root.write("/var/lib/kubelet/config.json", "{\"auths\": {\"r\": {\"auth\": \"\(s("dockerAuth"))\"}}}")
        try root.write(
            "/var/lib/kubelet/config.yaml",
            """
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            note: \(s("gitToken"))
            staticPodURLHeader: {Authorization: ["\(s("header"))"]}
            passwords:
            - |-
              \(s("blockScalar"))
            clusterDNS: [10.96.0.10]
            clientKey: \(s("inlineKey"))
            tokenFile: \(s("tokenAsFile"))
            embedded: |
              [login]
              password = \(s("embedded"))
            """)
        try root.write(
            "/etc/containerd/config.toml",
            """
            version = 2 # was \(s("commentTOML"))
            [plugins."io.containerd.grpc.v1.cri".registry.configs."r.example".auth]
              username = "robot"
              password = "\(s("registryPassword"))"
              auth = "\(s("registryAuth"))"
            [x]
              y = { token = "\(s("inlineAuth"))" }
            [plugins."io.containerd.grpc.v1.cri".containerd]
              default_runtime_name = "runc"
            """)
        try root.write("/etc/crio/crio.conf", "[crio.image]\nglobal_auth = \"/a/b\"\nregistry_password = '\(s("crioAuth"))'\n")
        try root.write(
            "/etc/eks/image-credential-provider/config.json",
            "{\"apiVersion\": \"kubelet.config.k8s.io/v1\", \"kind\": \"CredentialProviderConfig\", \"providers\": [{\"name\": \"ecr\", \"env\": [{\"name\": \"AWS_ACCESS_KEY_ID\", \"value\": \"\(s("cloudKey"))\"}, {\"name\": \"X\", \"value\": \"\(s("credentialEnv"))\"}]}]}"
        )
        try root.write(
            "/etc/cni/net.d/10-x.conf",
            "{\"name\": \"net\", \"type\": \"calico\", \"kubernetes\": {\"k8s_auth_token\": \"\(s("cniToken"))\"}, \"etcd_endpoints\": \"https://u:\(s("cniEtcd"))@e:2379\"}"
        )
        try root.write(
            "/etc/systemd/system/kubelet.service",
            """
            [Service]
            # \(s("commentUnit"))
            Environment="HTTP_PROXY_PASSWORD=\(s("unitEnvironment"))"
            ExecStart=/usr/bin/kubelet --v=2 --bootstrap-token \(s("unitExec"))
            Restart=always
            """)
        try root.write("/etc/systemd/system/kubelet.service.d/10.conf", "[Service]\nEnvironment=EXTRA=\(s("dropIn"))\n")
        try root.write("/etc/default/kubelet", "SOMETHING=\(s("variable"))\nKUBELET_EXTRA_ARGS=\"--node-ip=10.0.0.1 --token=\(s("variableFlag"))\"\n")
        try root.write("/proc/cmdline", "root=/dev/sda1 luks.password=\(s("bootArgument"))\n")
        let id = String(repeating: "ab12", count: 16)
        try root.write(
            "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(id)/config.json",
            "{\"process\": {\"env\": [\"P=\(s("containerEnv"))\"]}, \"annotations\": {\"io.kubernetes.cri.container-name\": \"app\"}}")
        try root.process(
            31,
            [
                "kube-apiserver", "--token-auth-file=/etc/kubernetes/tokens.csv", "--encryption-provider-config=/etc/kubernetes/enc.yaml",
                "--authentication-token-webhook-config-file=/etc/kubernetes/webhook.yaml", "--some-token=\(s("argvToken"))", "--oidc-client-secret",
                s("argvSplit"),
                "--etcd-servers=https://root:\(s("argvUrl"))@10.0.0.1:2379", "--anonymous-auth=false",
            ])
        try root.process(
            32, ["etcd", "--name=cp"], environment: "ETCD_ROOT_PASSWORD=\(s("etcdPassword"))\0OTHER=\(s("environOther"))\0ETCD_NAME=cp\0")
        try root.process(33, ["mysqld", "--password=\(s("argvToken"))"])
    }

    @Test func noneOfThemLeaves() throws {
        try FakeRoot.with { root in
            try plant(root)
            let found = try root.collect { $0.kubernetesVersion = "1.31.0" }
            #expect(Self.secrets.count > 50)
            let leaks = Self.secrets.filter { found.text.contains($0.value) }.keys.sorted()
            #expect(leaks.isEmpty)
            for (name, secret) in Self.secrets {
                // In base64 a text has three forms, by where it begins. The characters at both ends depend on what is beside it.
                for padding in 0..<3 {
                    let encoded = (Data(repeating: 0x20, count: padding) + Data(secret.utf8)).base64EncodedString()
                    let inner = encoded.dropFirst(padding == 0 ? 0 : 4).prefix { $0 != "=" }.dropLast(2)
                    #expect(!found.text.contains(inner), "\(name) leaks in base64")
                }
            }
            for part in ["PLANTEDKEY", "PRIVATE KEY", Data(Self.key.utf8).base64EncodedString().prefix(60).description] {
                #expect(!found.text.contains(part), "\(part)")
            }
            #expect(found.result.redactions >= 25)
        }
    }

    @Test func whatIsUsefulDoes() throws {
        try FakeRoot.with { root in
            try plant(root)
            let found = try root.collect()
            let argv = try #require(found.process("kube-apiserver")?["argv"] as? [String])
            #expect(argv.contains("--anonymous-auth=false") && argv.contains("--token-auth-file=/etc/kubernetes/tokens.csv"))
            #expect(argv.contains("--some-token=«redacted»") && argv.count == 9)
            let admin = try #require(found.content("/etc/kubernetes/admin.conf"))
            #expect(admin.contains("username: admin") && !admin.contains("--region=eu") && admin.contains("command: get-token"))
            let original = try String(contentsOf: URL(filePath: root.path("/etc/kubernetes/admin.conf")), encoding: .utf8)
            #expect(
                admin.split(separator: "\n", omittingEmptySubsequences: false).count
                    == original.split(separator: "\n", omittingEmptySubsequences: false).count)
            #expect(found.content("/etc/kubernetes/enc.yaml")?.contains("aescbc: {keys: [{name: key1, secret: «redacted»}]}") == true)
            #expect(found.file("/etc/kubernetes/enc.yaml")?["redactions"] as? Int == 2)
            #expect(found.content("/etc/kubernetes/manifests/app.yaml")?.contains("--port=80") == true)
            #expect(found.content("/etc/kubernetes/manifests/app.yaml")?.contains("{name: LEVEL, value: \"3\"}") == true)
            #expect(found.content("/var/lib/kubelet/config.yaml")?.contains("clusterDNS: [10.96.0.10]") == true)
            #expect(found.content("/etc/containerd/config.toml")?.contains("default_runtime_name = \"runc\"") == true)
            #expect(
                found.content("/etc/systemd/system/kubelet.service")?.contains("ExecStart=/usr/bin/kubelet --v=2 --bootstrap-token «redacted»")
                    == true)
            #expect(found.content("/etc/cni/net.d/10-x.conf")?.contains("\"name\": \"net\"") == true)
            #expect(found.file("/etc/kubernetes/manifests/broken.yaml")?["content"] is NSNull)
            #expect(found.refusal("/etc/kubernetes/manifests/broken.yaml")?.hasPrefix("cannot be read as what it should be") == true)
            #expect(found.file("/etc/kubernetes/manifests/huge.yaml")?["truncated"] as? Bool == true)
            let certificates = found.certificates.map { "\($0["path"] ?? "") \($0["user"] ?? "") \($0["cluster"] ?? "")" }
            #expect(
                certificates == [
                    "/etc/kubernetes/admin.conf  main", "/etc/kubernetes/admin.conf admin ", "/etc/kubernetes/admin.conf combined ",
                    "/etc/kubernetes/pki/both.pem  ",
                ])
            #expect(found.process("etcd")?["environment"] as? [String: String] == ["ETCD_NAME": "cp", "ETCD_ROOT_PASSWORD": "«redacted»"])
        }
    }
}
