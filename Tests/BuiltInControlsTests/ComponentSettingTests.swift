import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What holds where nobody sets it, by version, and which of several places counts.
struct ComponentSettingTests {
    /// One machine or Pod and what a control has to say of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let control: String
        let program: String
        let arguments: [String]
        let verdict: Verdict
        var version = "1.33.1"
        var files: [String: String] = [:]
        var environment: [String: String] = [:]

        init(
            _ control: String, _ program: String, _ arguments: [String], _ verdict: Verdict, version: String = "1.33.1",
            files: [String: String] = [:],
            environment: [String: String] = [:]
        ) {
            self.control = control
            self.program = program
            self.arguments = arguments
            self.verdict = verdict
            self.version = version
            self.files = files
            self.environment = environment
        }

        var testDescription: String { "\(control): \(arguments) \(files) \(environment) \(version)" }

        func evidence() -> String {
            var lines = ["apiVersion: demarc.dev/v1alpha1", "kind: NodeEvidence", "kubernetesVersion: \(version)", "processes:"]
            lines += ["- name: \(program)", "  argv:"] + ([program] + arguments).map { "  - '\($0)'" } + ["  environment:", "    UNRELATED: x"]
            lines += environment.sorted { $0.key < $1.key }.map { "    \($0.key): '\($0.value)'" }
            lines += ["files:"]
            for (path, text) in files.sorted(by: { $0.key < $1.key }) {
                lines += text.isEmpty ? ["- {path: \(path), type: directory}"] : ["- path: \(path)", "  content: |"]
                lines += text.split(separator: "\n").map { "    \($0)" }
            }
            return lines.joined(separator: "\n")
        }
    }

    @Test(arguments: defaults + precedence + unreadable + written)
    func judges(_ example: Case) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == example.control })
        let parsed = DocumentTree.parse(example.evidence())
        #expect(parsed.problems.isEmpty)
        let inventory = Inventory(SourceObjects(parsed.tree).objects)
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices, recordsQuiet: true)
        #expect(judgement.gaps.isEmpty)
        let verdicts = judgement.findings.map(\.verdict) + (judgement.quiet ?? []).map(\.verdict)
        #expect(verdicts == [example.verdict], "\(judgement.findings.map(\.message))")
    }

    private static let file = "/etc/program.yaml"
    private static func kubelet(_ control: String, _ text: String, _ verdict: Verdict, flags: [String] = [], drops: [String: String] = [:]) -> Case {
        Case(control, "kubelet", ["--config=\(file)"] + flags, verdict, files: drops.merging([file: "kind: KubeletConfiguration\n" + text]) { $1 })
    }

    /// A kubelet without a file keeps old defaults; versions differ in others.
    static let defaults: [Case] = [
        Case("kubelet-anonymous-auth", "kubelet", [], .fail), kubelet("kubelet-anonymous-auth", "", .pass),
        Case("kubelet-authorization-mode", "kubelet", [], .fail), kubelet("kubelet-authorization-mode", "", .pass),
        kubelet("kubelet-authorization-mode", "authorization: {mode: ''}", .pass),
        Case("kubelet-read-only-port", "kubelet", [], .fail), kubelet("kubelet-read-only-port", "", .pass),
        kubelet("kubelet-read-only-port", "readOnlyPort: ~", .pass),
        Case("kubelet-authentication-token-webhook", "kubelet", [], .fail), kubelet("kubelet-authentication-token-webhook", "", .pass),
        Case("kubelet-streaming-connection-idle-timeout", "kubelet", [], .pass),
        // kubeadm writes a zero duration, which the kubelet takes for "unset"; the flag says never.
        kubelet("kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: 0s", .pass),
        kubelet("kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: 0h0m0s", .pass),
        kubelet("kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: 0", .fail),
        kubelet("kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: -1s", .fail),
        kubelet(
            "kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: 5m", .fail,
            flags: ["--streaming-connection-idle-timeout=0s"]),
        Case("kubelet-make-iptables-util-chains", "kubelet", [], .pass),
        Case("kubelet-rotate-certificates", "kubelet", [], .fail),
        signedIn("exec: {command: aws}", .notApplicable), signedIn("token: «redacted»", .notApplicable), signedIn("tokenFile: /t", .notApplicable),
        signedIn("client-certificate: /c.pem", .fail), signedIn("", .fail),
        // A certificate goes before a token, and somebody else's user says nothing.
        signedIn("client-certificate-data: AA==, token: «redacted»", .fail), signedIn("exec: {command: aws}", .fail, user: "other"),
        // Whoever switches it off means it.
        signedIn("exec: {command: aws}", .fail, flags: ["--rotate-certificates=false"]),
        signedIn("exec: {command: aws}", .pass, flags: ["--rotate-certificates"]),
        Case("kubelet-rotate-server-certificate", "kubelet", [], .pass),
        Case("kubelet-protect-kernel-defaults", "kubelet", [], .fail), Case("kubelet-tls-min-version", "kubelet", [], .pass),
        Case("kubelet-seccomp-default", "kubelet", [], .fail), Case("kubelet-seccomp-default", "kubelet", [], .notApplicable, version: "1.24.17"),
        Case("kubelet-seccomp-default", "kubelet", [], .fail, version: "1.25.0"),
        Case("kubelet-event-qps", "kubelet", [], .pass), Case("kubelet-event-qps", "kubelet", [], .fail, version: "1.23.4"),
        Case("kube-apiserver-insecure-port", "kube-apiserver", [], .pass),
        Case("kube-apiserver-insecure-port", "kube-apiserver", [], .fail, version: "1.19.2"),
        Case("kube-apiserver-extended-tokens", "kube-apiserver", [], .fail),
        Case("kube-apiserver-extended-tokens", "kube-apiserver", [], .notApplicable, version: "1.19.2"),
        Case("kube-apiserver-security-context-deny", "kube-apiserver", [], .notApplicable),
        Case("kube-apiserver-security-context-deny", "kube-apiserver", [], .fail, version: "1.24.9"),
        Case("kube-apiserver-always-allow", "kube-apiserver", [], .fail), Case("kube-apiserver-service-account-lookup", "kube-apiserver", [], .pass),
        Case("kube-apiserver-profiling", "kube-apiserver", [], .fail),
        Case("kube-controller-manager-profiling", "kube-controller-manager", [], .fail),
        Case("kube-controller-manager-bind-address", "kube-controller-manager", [], .fail),
        Case("kube-scheduler-bind-address", "kube-scheduler", [], .fail),
        Case("kube-controller-manager-kubelet-server-certificates", "kube-controller-manager", [], .pass),
        Case("kube-controller-manager-cluster-signing-duration", "kube-controller-manager", [], .pass),
        Case("kube-scheduler-profiling", "kube-scheduler", [], .fail), Case("kube-proxy-metrics-bind-address", "kube-proxy", [], .pass),
        Case("kube-proxy-profiling", "kube-proxy", [], .pass), Case("etcd-client-cert-auth", "etcd", [], .fail),
        Case("etcd-auto-tls", "etcd", [], .pass),
        Case("etcd-listen-client-urls", "etcd", [], .pass),
        // An old file of the kubelet is as good as a new one.
        Case("kube-apiserver-tls-cipher-suites", "kube-apiserver", [], .fail, version: "1.22.1"),
        Case("kube-apiserver-tls-cipher-suites", "kube-apiserver", ["--tls-min-version=VersionTLS13"], .pass),
    ]

    /// A kubelet whose kubeconfig holds these credentials.
    private static func signedIn(_ credentials: String, _ verdict: Verdict, user: String = "me", flags: [String] = []) -> Case {
        let kubeconfig = """
            current-context: here
            contexts: [{name: here, context: {user: me}}]
            users: [{name: \(user), user: {\(credentials)}}]
            """
        return Case(
            "kubelet-rotate-certificates", "kubelet", ["--kubeconfig=/etc/kubeconfig"] + flags, verdict, files: ["/etc/kubeconfig": kubeconfig])
    }

    private static let drop = "/etc/kubelet.d"

    static let precedence: [Case] = [
        // Kubelet: flags over drop-ins over the file.
        kubelet("kubelet-anonymous-auth", "authentication: {anonymous: {enabled: true}}", .pass, flags: ["--anonymous-auth=false"]),
        kubelet("kubelet-anonymous-auth", "authentication: {anonymous: {enabled: false}}", .fail, flags: ["--anonymous-auth"]),
        kubelet(
            "kubelet-read-only-port", "readOnlyPort: 10255", .pass, flags: ["--config-dir=\(drop)"],
            drops: [
                drop: "", "\(drop)/10.conf": "readOnlyPort: 10255", "\(drop)/20.conf": "readOnlyPort: 0", "\(drop)/30.txt": "readOnlyPort: 10255",
            ]),
        kubelet(
            "kubelet-read-only-port", "readOnlyPort: 0", .fail, flags: ["--config-dir=\(drop)"],
            drops: [drop: "", "\(drop)/10.conf": "readOnlyPort: 10255", "\(drop)/20.conf": "failSwapOn: true"]),
        kubelet(
            "kubelet-read-only-port", "", .pass, flags: ["--config-dir=\(drop)", "--read-only-port=0"],
            drops: [drop: "", "\(drop)/10.conf": "readOnlyPort: 10255"]),
        // Drop-ins alone are merged into what the flags gave, and so leave the old defaults.
        Case("kubelet-read-only-port", "kubelet", ["--config-dir=\(drop)"], .fail, files: [drop: "", "\(drop)/10.conf": "failSwapOn: true"]),
        Case("kubelet-read-only-port", "kubelet", ["--config-dir=\(drop)"], .pass, files: [drop: "", "\(drop)/10.conf": "readOnlyPort: 0"]),
        // Feature gates merge one by one.
        kubelet(
            "kubelet-rotate-server-certificate", "featureGates: {RotateKubeletServerCertificate: false}", .fail,
            flags: ["--feature-gates=AllBeta=true"]),
        kubelet(
            "kubelet-rotate-server-certificate", "featureGates: {RotateKubeletServerCertificate: false}", .pass,
            flags: ["--feature-gates=RotateKubeletServerCertificate=true"]),
        // kube-proxy, the scheduler and etcd look at no flag beside a file.
        Case(
            "kube-proxy-metrics-bind-address", "kube-proxy", ["--config=\(file)", "--metrics-bind-address=0.0.0.0"], .pass,
            files: [file: "mode: nftables"]),
        Case(
            "kube-proxy-metrics-bind-address", "kube-proxy", ["--config=\(file)", "--metrics-bind-address=127.0.0.1"], .fail,
            files: [file: "metricsBindAddress: '[::]:10249'"]),
        Case(
            "kube-scheduler-profiling", "kube-scheduler", ["--config=\(file)", "--profiling=false"], .fail,
            files: [file: "kind: KubeSchedulerConfiguration"]),
        Case("kube-scheduler-profiling", "kube-scheduler", ["--config=\(file)", "--profiling"], .pass, files: [file: "enableProfiling: false"]),
        // …except where the file has no such setting.
        Case(
            "kube-scheduler-bind-address", "kube-scheduler", ["--config=\(file)", "--bind-address=127.0.0.1"], .pass,
            files: [file: "enableProfiling: false"]),
        Case("etcd-client-cert-auth", "etcd", ["--config-file", file, "--client-cert-auth"], .fail, files: [file: "name: one"]),
        Case("etcd-client-cert-auth", "etcd", ["--config-file", file], .pass, files: [file: "client-transport-security: {client-cert-auth: true}"]),
        // etcd: flags over variables, and a file over both.
        Case("etcd-client-cert-auth", "etcd", [], .pass, environment: ["ETCD_CLIENT_CERT_AUTH": "true"]),
        // An authority makes etcd demand certificates, where it serves TLS with a certificate of its own.
        Case("etcd-client-cert-auth", "etcd", ["--trusted-ca-file=/a", "--cert-file=/c"], .pass),
        Case("etcd-client-cert-auth", "etcd", ["--trusted-ca-file=/a"], .fail),
        Case("etcd-client-cert-auth", "etcd", ["--peer-trusted-ca-file=/a", "--peer-cert-file=/c"], .fail),
        Case("etcd-peer-client-cert-auth", "etcd", ["--peer-trusted-ca-file=/a", "--peer-cert-file=/c"], .pass),
        Case("etcd-client-cert-auth-stated", "etcd", ["--trusted-ca-file=/a", "--cert-file=/c"], .fail),
        Case("etcd-client-cert-auth-stated", "etcd", ["--trusted-ca-file=/a", "--cert-file=/c", "--client-cert-auth"], .pass),
        Case("etcd-client-cert-auth-stated", "etcd", [], .pass),
        Case("etcd-peer-client-cert-auth-stated", "etcd", ["--peer-trusted-ca-file=/a", "--peer-cert-file=/c"], .fail),
        Case("etcd-client-cert-auth", "etcd", ["-client-cert-auth=false"], .fail, environment: ["ETCD_CLIENT_CERT_AUTH": "true"]),
        Case("etcd-client-cert-auth", "etcd", [], .fail, environment: ["ETCD_CLIENT_CERT_AUTH": ""]),
        Case(
            "etcd-client-cert-auth", "etcd", [], .fail, files: [file: "name: one"],
            environment: ["ETCD_CLIENT_CERT_AUTH": "true", "ETCD_CONFIG_FILE": file]),
        // The last of several flags, dashes as underscores, the value apart, nothing after `--`.
        Case("kube-apiserver-profiling", "kube-apiserver", ["--profiling", "--profiling=false"], .pass),
        Case("kube-apiserver-profiling", "kube-apiserver", ["--profiling=false", "--profiling"], .fail),
        Case("kube-apiserver-profiling", "kube-apiserver", ["--profiling", "false"], .fail),
        Case("kube-apiserver-profiling", "kube-apiserver", ["--", "--profiling=false"], .fail),
        Case("kube-apiserver-audit-log-maxage", "kube-apiserver", ["--audit_log_maxage", "30"], .pass),
        Case(
            "kube-apiserver-node-restriction", "kube-apiserver", ["--enable-admission-plugins=A", "--enable-admission-plugins", "B,NodeRestriction"],
            .pass),
        Case(
            "kube-apiserver-node-restriction", "kube-apiserver",
            ["--enable-admission-plugins=NodeRestriction", "--disable-admission-plugins=NodeRestriction"], .fail),
        Case("kube-apiserver-service-account-admission", "kube-apiserver", ["--admission-control=NodeRestriction"], .fail),
        Case("kube-apiserver-node-restriction", "kube-apiserver", ["--admission-control=NodeRestriction"], .pass),
    ]

    /// What no program could have been started with, or what is not there to be read, is never a pass.
    static let unreadable: [Case] = [
        Case("kube-apiserver-anonymous-auth", "kube-apiserver", ["--anonymous-auth=maybe"], .notObservable),
        Case("kube-apiserver-audit-log-maxage", "kube-apiserver", ["--audit-log-maxage=many"], .notObservable),
        Case("kube-apiserver-audit-log-maxage", "kube-apiserver", ["--audit-log-maxage=99999999999999999999"], .notObservable),
        Case("kube-apiserver-audit-log-maxage", "kube-apiserver", ["--audit-log-maxage"], .notObservable),
        Case("kube-apiserver-insecure-port", "kube-apiserver", ["--insecure-port=-1"], .notObservable),
        Case("kube-apiserver-tls-min-version", "kube-apiserver", ["--tls-min-version=1.1"], .notObservable),
        Case("kube-apiserver-profiling", "kube-apiserver", ["--profiling=$(PROFILING)"], .notObservable),
        Case("kube-apiserver-feature-gates", "kube-apiserver", ["--feature-gates=AllAlpha=si"], .notObservable),
        Case("kube-apiserver-always-allow", "kube-apiserver", ["--authorization-config=/etc/missing.yaml"], .notObservable),
        Case("kube-apiserver-always-allow", "kube-apiserver", ["--authorization-config=\(file)"], .notObservable, files: [file: "authorizers: RBAC"]),
        Case("kube-apiserver-anonymous-auth", "kube-apiserver", ["--authentication-config=/etc/missing.yaml"], .notObservable),
        Case(
            "kube-apiserver-anonymous-auth", "kube-apiserver", ["--authentication-config=\(file)"], .notObservable,
            files: [file: "anonymous: {enabled: 'no'}"]),
        Case("kubelet-anonymous-auth", "kubelet", ["--config=/etc/missing.yaml"], .notObservable),
        kubelet("kubelet-anonymous-auth", "authentication: {anonymous: {enabled: 'false'}}", .notObservable),
        kubelet("kubelet-anonymous-auth", "authentication: [anonymous]", .notObservable),
        kubelet("kubelet-authorization-mode", "authorization: {mode: Sometimes}", .notObservable),
        kubelet("kubelet-read-only-port", "readOnlyPort: '0'", .notObservable),
        kubelet("kubelet-pod-pids-limit", "podPidsLimit: 1.5", .notObservable),
        kubelet("kubelet-tls-cipher-suites", "tlsCipherSuites: TLS_AES_128_GCM_SHA256", .notObservable),
        kubelet("kubelet-streaming-connection-idle-timeout", "streamingConnectionIdleTimeout: 5 minutes", .notObservable),
        Case("kube-apiserver-alpha-apis", "kube-apiserver", ["--runtime-config=api/all=perhaps"], .notObservable),
        kubelet("kubelet-read-only-port", "", .notObservable, flags: ["--config-dir=/etc/not-looked-at"]),
        Case("kubelet-ip-address-deny", "kubelet", [], .notObservable, version: "1.30.2"),
        Case("kubelet-ip-address-deny", "kubelet", [], .notApplicable),
        Case("kube-controller-manager-cluster-signing-duration", "kube-controller-manager", ["--cluster-signing-duration=1y"], .notObservable),
    ]

    private static func signing(_ duration: String, _ verdict: Verdict) -> Case {
        Case("kube-controller-manager-cluster-signing-duration", "kube-controller-manager", ["--cluster-signing-duration", duration], verdict)
    }

    /// Addresses, URLs and durations in every form that the programs read.
    static let written: [Case] =
        [("::1", Verdict.pass), ("localhost", .pass), ("127.0.0.5", .pass), ("127.0.0.1.example.com", .fail), ("10.0.0.1", .fail), ("", .fail)].map {
            Case("kube-scheduler-bind-address", "kube-scheduler", ["--bind-address=\($0.0)"], $0.1)
        }
        + [("[::1]:10249", Verdict.pass), ("127.0.0.1", .pass), (":10249", .fail), ("[::]:10249", .fail), ("", .pass)].map {
            Case("kube-proxy-metrics-bind-address", "kube-proxy", ["--metrics-bind-address", $0.0], $0.1)
        }
        + [
            ("http://localhost:2379", Verdict.pass), ("HTTP://10.0.0.1:2379", .fail), ("unix://10.0.0.1:2379", .pass), ("http://[::1]:2379", .pass),
            ("https://0.0.0.0:2379,http://node.example.com:2379", .fail), ("http://:2379", .fail),
        ].map { Case("etcd-listen-client-urls", "etcd", ["--listen-client-urls=\($0.0)"], $0.1) } + [
            signing("8760h", .pass), signing("525600m", .pass), signing("8760h0.5s", .fail), signing("1h-5m", .notObservable),
            signing("1e9h", .notObservable), signing(".h", .notObservable), signing("24", .notObservable),
            Case("kube-apiserver-alpha-apis", "kube-apiserver", ["--runtime-config=api/all=1"], .fail),
            Case("kube-apiserver-alpha-apis", "kube-apiserver", ["--runtime-config=api/alpha=true", "--runtime-config=api/alpha=false"], .pass),
            Case("kube-apiserver-alpha-apis", "kube-apiserver", ["--runtime-config==,=true"], .pass),
        ]

    /// The file says which line it is; the finding stands where the evidence holds the file.
    @Test func saysWhereAFileSaysSo() throws {
        let example = Self.kubelet("kubelet-read-only-port", "failSwapOn: true\nreadOnlyPort: 10255", .fail)
        let control = try #require(BuiltInControls.all.first { $0.id == example.control })
        let inventory = Inventory(SourceObjects(DocumentTree.parse(example.evidence()).tree).objects)
        let finding = try #require(Catalogue([control]).judge(inventory, objects: inventory.objects.indices).findings.first)
        #expect(finding.message == "readOnlyPort in /etc/program.yaml line 3 is 10255")
        #expect(finding.fieldPath == "files[0].content")
    }

    /// The tag of the image tells the version where nothing else does; variables of a Pod's etcd count.
    @Test(arguments: [
        ("kube-apiserver-insecure-port", "image: example.com/kube-apiserver:v1.19.4\n    command: [kube-apiserver]", Verdict.fail),
        ("kube-apiserver-insecure-port", "image: example.com/kube-apiserver:v1.30.4\n    command: [kube-apiserver]", .pass),
        ("kube-apiserver-insecure-port", "image: example.com/kube-apiserver@sha256:00\n    command: [kube-apiserver]", .pass),
        ("etcd-client-cert-auth", "command: [etcd]\n    env: [{name: ETCD_CLIENT_CERT_AUTH, value: 'true'}]", .pass),
        ("etcd-client-cert-auth", "command: [etcd]\n    env: [{name: ETCD_CLIENT_CERT_AUTH, value: 'false'}]", .fail),
        (
            "etcd-client-cert-auth", "command: [etcd]\n    env: [{name: ETCD_CLIENT_CERT_AUTH, valueFrom: {configMapKeyRef: {name: a, key: b}}}]",
            .notObservable
        ),
        ("etcd-client-cert-auth", "command: [etcd]\n    envFrom: [{configMapRef: {name: etcd}}]", .notObservable),
        ("etcd-client-cert-auth", "command: [etcd]\n    args: [--client-cert-auth]\n    envFrom: [{configMapRef: {name: etcd}}]", .pass),
        ("kube-proxy-metrics-bind-address", "command: [kube-proxy, --config=/var/lib/config.conf]", .notObservable),
        ("kube-proxy-metrics-bind-address", "command: [nginx]", .notApplicable),
        ("kube-proxy-metrics-bind-address", "command: [/go-runner, --log-file=/a, kube-proxy, --metrics-bind-address=0.0.0.0]", .fail),
        ("kube-proxy-metrics-bind-address", "command: [/go-runner, --log-file=/a]", .notApplicable),
    ])
    func judgesPods(control id: String, container: String, verdict: Verdict) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let other = "  - {name: other, command: [kube-scheduler]}"
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    \(container)\n\(other)"
        let inventory = Inventory(SourceObjects(DocumentTree.parse(text).tree).objects)
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices, recordsQuiet: true)
        #expect(judgement.findings.map(\.verdict) + (judgement.quiet ?? []).map(\.verdict) == [verdict], "\(judgement.findings.map(\.message))")
    }
}
