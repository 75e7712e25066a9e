import Documents
import Foundation
import Testing

@testable import NodeEvidence

/// Secrets do not come through, and what is none does, on the line where it was.
struct RedactionTests {
    private static let mark = EvidenceFormat.redacted

    private func redacted(_ text: String) -> String? { DocumentRedaction.redact(Array(text.utf8))?.text }

    // MARK: - YAML and JSON

    @Test(arguments: [
        ("token: abcdefgh", "token: \(mark)"),
        ("password: 'it''s secret' # note", "password: '\(mark)' #"),
        ("password: \"a\\\"b\\nc\"\nnext: 1", "password: \"\(mark)\"\nnext: 1"),
        ("{user: {token: abcdefgh, name: x}}", "{user: {token: \"\(mark)\", name: x}}"),
        ("u: {user: {token: abcdefgh, name: x}}", "u: {user: {token: \(mark), name: x}}"),
        ("client-key-data:\n  c2VjcmV0\nname: x", "client-key-data:\n  \(mark)\nname: x"),
        ("secret: |\n  first\n  second\nname: x", "secret: |\n  \(mark)\n  \(mark)\nname: x"),
        ("secret: >-\n    first\n\n    second\n", "secret: >-\n    \(mark)\n\n    \(mark)\n"),
        ("password: first\n  second\nname: x", "password: \(mark)\n  \(mark)\nname: x"),
        ("\"pass\\u0077ord\": abc123", "\"pass\\u0077ord\": \(mark)"),
        ("password: !!str 12345678\nx: 1", "password: !!str \(mark)\nx: 1"),
        ("ä: ö\nö: {password: abc123}", "ä: ö\nö: {password: \(mark)}"),
        ("- --token=abcdef\n- --v=2", "- --token=\(mark)\n- --v=2"),
        ("[--token, abcdef, --v, '2']", "[--token, \(mark), --v, '2']"),
        ("{\"password\": 1234, \"a\": [1]}", "{\"password\": \"\(mark)\", \"a\": [1]}"),
        ("server: https://user:hunter2@registry.example/x", "server: \(mark)"),
        ("config: |\n  user: jane\n  password: hunter22\nnext: 1", "config: |\n  \(mark)\n  \(mark)\nnext: 1"),
        ("config: '{\"token\":\"hunter22\"}'", "config: '\(mark)'"),
        ("key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  AAAA\n  -----END RSA PRIVATE KEY-----\n", "key: |\n  \(mark)\n  \(mark)\n  \(mark)\n"),
    ])
    func valuesGoAndLinesStay(text: String, expected: String) { #expect(redacted(text) == expected) }

    @Test(arguments: [
        "kind: KubeletConfiguration\nauthentication:\n  anonymous: {enabled: false}\n  webhook: {enabled: true}\nauthorization: {mode: Webhook}\n",
        "tlsPrivateKeyFile: /var/lib/kubelet/pki/kubelet.key\ntokenFile: /a/token\nserverTLSBootstrap: true\n",
        "automountServiceAccountToken: false\nserviceAccountToken: {path: token, audience: api, expirationSeconds: 3600}\n",
        "volumes:\n- secret: {secretName: web, items: [{key: a, path: b}]}\n  name: v\n",
        "tolerations:\n- {key: node-role.kubernetes.io/control-plane, operator: Exists}\n",
        "rules:\n- level: Metadata\n  resources: [{group: '', resources: [secrets, configmaps, serviceaccounts/token]}]\n",
        "env:\n- name: ETCD_NAME\n  value: cp-1\n- name: NODE\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- {name: DEBUG, value: 'true'}\n",
        "args: [--tls-private-key-file=/etc/kubernetes/pki/apiserver.key, --enable-bootstrap-token-auth=true, --service-account-issuer=https://kubernetes.default.svc]\n",
        "providers:\n- aescbc:\n    keys:\n    - name: key1\n- identity: {}\n",
        "image: registry.k8s.io/kube-apiserver:v1.31.2@sha256:0123456789012345678901234567890123456789012345678901234567890123\n",
    ])
    func whatIsNoSecretStays(text: String) {
        let result = DocumentRedaction.redact(Array(text.utf8))
        #expect(result == RedactedText(text: text, count: 0))
    }

    /// What cannot be redacted for sure is dropped as a whole.
    @Test(arguments: [
        "password: &a hunter22\nother: *a\n",
        "a: &x hunter22\npassword: *x\n",
        "password: hunter22\nnote: hunter22 again\n",
        "password: |2\n  hunter22\n",
        "password: a\npassword: b\n",
        "not: [closed",
        "? password\n: hunter22\n",
        "a: b\r\npassword: hunter22\r\n",
        "\t{",
    ])
    func inDoubtAllOfItGoes(text: String) {
        let result = redacted(text)
        #expect(result == nil || result?.contains("hunter22") == false, "\(result ?? "")")
    }

    @Test func textThatIsNoTextIsDropped() { #expect(DocumentRedaction.redact([0x61, 0x3A, 0x20, 0xFF]) == nil) }

    @Test(arguments: [
        ("a: 1 # token hunter22", "a: 1 #"), ("# hunter22\na: b", "#\na: b"), ("a: 'b # c'", "a: 'b # c'"), ("a: b#c", "a: b#c"),
        ("a: \"x\\\" # y\" # z", "a: \"x\\\" # y\" #"), ("it's: it's # z", "it's: it's #"),
    ])
    func commentsAreEmptied(text: String, expected: String) { #expect(redacted(text) == expected) }

    @Test func countsAreThoseOfValues() {
        #expect(DocumentRedaction.redact(Array("a: {token: x1y2z3w4}\nb: {password: q1w2e3r4}\n".utf8))?.count == 2)
    }

    /// No text made of pieces that matter to YAML lets a secret through, and none crashes.
    @Test func oddTextsNeverLeak() {
        let pieces = [
            "password: ", "token:", " hunter22", "\n", "\n  ", "- ", "{", "}", "[", "]", ", ", "\"", "'", "|\n", ">-\n", "#", " #", "&a ", "*a",
            "!t ", "? ", ": ",
            "key: ", "x", "---\n", "--token", "=",
        ]
        var seed: UInt64 = 7
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(seed >> 33) % pieces.count]
            }
            guard let result = DocumentRedaction.redact(Array(text.utf8)), result.text.contains("hunter22") else { continue }
            // It may stand only where nothing calls it a secret: the result, read again, must find none.
            let again = DocumentRedaction.redact(Array(result.text.utf8))
            #expect(again?.count == 0, "\(text.debugDescription) gave \(result.text.debugDescription)")
            #expect(
                result.text.split(separator: "\n", omittingEmptySubsequences: false).count
                    == text.split(separator: "\n", omittingEmptySubsequences: false).count)
        }
    }

    // MARK: - Arguments

    @Test(arguments: [
        (["--token=abcdef"], ["--token=\(mark)"]), (["--token", "abcdef"], ["--token", mark]),
        (["--bootstrap_token", "/abc"], ["--bootstrap_token", mark]),
        (["--tls-private-key-file=/a/b.key"], ["--tls-private-key-file=/a/b.key"]), (["--private-key=MIIEowIBAAKCAQEA"], ["--private-key=\(mark)"]),
        (
            ["--tls-private-key-file=/srv/k8s-81A056CF-576A-41C7-a56a-7CF1A8D00381/b.key"],
            ["--tls-private-key-file=/srv/k8s-81A056CF-576A-41C7-a56a-7CF1A8D00381/b.key"]
        ),
        (["--private-key=/MIIEowIBAAKCAQEAx3/abcDEF012345ghijkl"], ["--private-key=\(mark)"]),
        (["--token-auth-file=/a/tokens.csv"], ["--token-auth-file=/a/tokens.csv"]), (["--token-ttl=24h"], ["--token-ttl=24h"]),
        (["--enable-bootstrap-token-auth"], ["--enable-bootstrap-token-auth"]), (["--password", "--v=2"], ["--password", "--v=2"]),
        (["--etcd-servers=https://root:pw@10.0.0.1:2379"], ["--etcd-servers=\(mark)"]),
        (["--etcd-servers=https://10.0.0.1:2379"], ["--etcd-servers=https://10.0.0.1:2379"]),
        (["sh", "-c", "curl -H 'Authorization: Bearer abcd1234'"], ["sh", "-c", mark]),
        (["--tls-sni-cert-key=/a/x.crt,/a/x.key:name"], ["--tls-sni-cert-key=/a/x.crt,/a/x.key:name"]),
        (["https://u:hunter22@host/?a=b"], [mark]), (["curl", "-u", "jane:hunter22"], ["curl", "-u", mark]),
        (["--user=jane:hunter22"], ["--user=\(mark)"]),
        (["--node-labels=a=b,c=d"], ["--node-labels=a=b,c=d"]), (["--feature-gates=A=true"], ["--feature-gates=A=true"]),
    ])
    func argumentsKeepTheirNumber(arguments: [String], expected: [String]) {
        #expect(ArgumentRedaction.redact(arguments).arguments == expected)
    }

    /// As long as a tenant may make them. Without a bound each of these took minutes.
    @Test(
        arguments: [
            (String(repeating: "://", count: 150_000), false), (String(repeating: "://a@b ", count: 60_000), false),
            (String(repeating: "x://", count: 9_000) + "a@b", true), ("x://" + String(repeating: "a/", count: 90_000) + "@b", true),
            (String(repeating: "token:/", count: 60_000), false), (String(repeating: "token=«redacted»", count: 30_000), false),
            (String(repeating: "token:/", count: 60_000) + " token: hunter22", true), (String(repeating: "bearer ", count: 60_000), true),
            ("token: " + String(repeating: "0", count: 400_000), true), (String(repeating: "- token:\n", count: 9_000), false),
        ] as [(String, Bool)])
    func longTextsAreJudgedLikeShortOnes(text: String, isSecret: Bool) { #expect(SecretWords.looksSecret(text) == isSecret) }

    @Test(arguments: [
        ("https://a@b/x://c@d", true), ("https://abcdefghijkl@b", true), ("https://abcdefghijk@b", false), ("https://a/b@c x://d@e", false),
        ("https://a?b=c:d@e", true), ("https://a, b:c@d", false), ("a: https://b 'c://d:e@f'", true),
    ])
    func usersInAddresses(text: String, isSecret: Bool) { #expect(SecretWords.looksSecret(text) == isSecret) }

    @Test func longArgumentsAreNotKept() {
        let (most, more) = (String(repeating: "a ", count: 32 << 10), String(repeating: "a ", count: 32 << 10) + "a")
        #expect(ArgumentRedaction.redact([most, more, "--x=" + more]).arguments == [most, Self.mark, Self.mark])
    }

    // MARK: - Many secrets

    private static func tokens(_ count: Int) -> [String] { (0..<count).map { "token-\(100_000 + $0)" } }

    /// On lines of their own, on one line, and as JSON: each is found where it stands.
    @Test(arguments: [("- token: ", "\n", "", ""), ("{token: ", "}, ", "- [", "{}]\n"), ("{\"token\": \"", "\"},", "{\"a\": [", "{}]}")])
    func thousandsOfSecretsGo(before: String, after: String, start: String, end: String) throws {
        let tokens = Self.tokens(9_000)
        let text = start + tokens.map { before + $0 + after }.joined() + end
        let result = try #require(DocumentRedaction.redact(Array(text.utf8)))
        #expect(result.count == 9_000)
        #expect(result.text.firstRange(of: "token-") == nil)
    }

    @Test(arguments: [
        ("note: nothing", false), ("note: token-100000", true), ("note: xxtoken-108999", true), ("token-10899", false), ("token-", false),
        ("«redacted»", false), ("", false), ("short", false),
    ])
    func remainsAreFound(text: String, isFound: Bool) {
        let secrets = (Self.tokens(9_000) + ["short", ""]).map { SecretScalar(text: $0, position: Position(line: 1, column: 1), hasKey: false) }
        #expect(SecretRemains.areIn(Array(text.utf8), of: secrets) == isFound)
    }

    /// Beginnings without an end are too much to tell: the file goes.
    @Test func tooManyBeginningsCountAsRemains() {
        let secrets = (0..<2_000).map { SecretScalar(text: "aaaaaaaaaaaa\($0)", position: Position(line: 1, column: 1), hasKey: false) }
        #expect(SecretRemains.areIn([UInt8](repeating: UInt8(ascii: "a"), count: 100_000), of: secrets))
        #expect(!SecretRemains.areIn([UInt8](repeating: UInt8(ascii: "a"), count: 100_000), of: Array(secrets.prefix(1))))
    }

    // MARK: - Lines

    @Test(arguments: [
        (
            "[plugins.\"cri\".registry.configs.\"r\".auth]\n  username = \"u123456\"\n  password = \"p\"\n[other]\n  x = \"y\"",
            "[plugins.\"cri\".registry.configs.\"r\".auth]\n  username = \"\(mark)\"\n  password = \"\(mark)\"\n[other]\n  x = \"y\""
        ),
        ("key = \"/a/b.key\" # hunter22", "key = \"/a/b.key\" #"),
        ("auth = { username = \"u\", password = \"hunter22\" }", "auth = \"\(mark)\""),
        ("endpoint = [\"https://u:hunter22@r.example\"]", "endpoint = \"\(mark)\""),
        ("runtime_type = \"io.containerd.runc.v2\"\nSystemdCgroup = true", "runtime_type = \"io.containerd.runc.v2\"\nSystemdCgroup = true"),
        ("imports = [\n  \"/a/*.toml\",\n]", "imports = [\n  \"/a/*.toml\",\n]"),
    ])
    func settingsOfRuntimes(text: String, expected: String) {
        #expect(LineRedaction.redact(Array(text.utf8), form: .toml)?.text == expected)
    }

    @Test(arguments: [
        "password = \"\"\"\nhunter22\"\"\"", "auth = [\n\"hunter22\",\n]", "[a.auth]\nx = [\n \"hunter22\"\n]",
        "k = '''\n-----BEGIN PRIVATE KEY-----\n'''",
    ])
    func severalLinesOfASecretDropTheFile(text: String) { #expect(LineRedaction.redact(Array(text.utf8), form: .toml) == nil) }

    @Test(arguments: [
        ("Environment=\"KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf\"", nil),
        ("Environment=HTTP_PROXY=http://u:hunter22@proxy", "Environment=\"HTTP_PROXY=\(mark)\""),
        ("Environment=\"A=1\" \"TOKEN=hunter22\"", "Environment=\"A=\(mark)\" \"TOKEN=\(mark)\""),
        ("Environment=GOMAXPROCS=2 ETCD_DATA_DIR=/var/lib/etcd", nil), ("Environment=KUBELET_EXTRA_ARGS=", nil),
        ("Environment='KUBELET_EXTRA_ARGS=--v=2 --token=hunter22'", "Environment=\"KUBELET_EXTRA_ARGS=--v=2 --token=\(mark)\""),
        ("Environment=\"OPEN=hunter22", "Environment=\(mark)"), ("Environment=PLAIN=hunter22", "Environment=\"PLAIN=\(mark)\""),
        ("Environment=ETCD_NAME=ghp_0123456789abcdefghij", "Environment=\"ETCD_NAME=\(mark)\""),
        ("ExecStart=/usr/bin/kubelet --config=/a --token=hunter22", "ExecStart=/usr/bin/kubelet --config=/a --token=\(mark)"),
        ("ExecStart=/usr/bin/kubelet $KUBELET_ARGS", nil), ("EnvironmentFile=-/etc/default/kubelet", nil),
        ("ExecStart=", nil), ("ExecStart=-/usr/local/bin/k3s server --v=2", nil),
        ("ExecStart=/bin/sh -c \"echo hunter22 | login\"", "ExecStart=\(mark)"),
        ("ExecStart=/opt/wrap hunter22", "ExecStart=\(mark)"), ("ExecStartPre=/bin/sh -c \"echo hunter22 | docker login\"", "ExecStartPre=\(mark)"),
        ("ExecStartPost=/bin/true", "ExecStartPost=\(mark)"), ("ExecReload=/opt/r hunter22", "ExecReload=\(mark)"), ("ExecStop=", nil),
        ("ExecStart=/usr/bin/kubelet --token\thunter22", "ExecStart=/usr/bin/kubelet --token\t\(mark)"),
        ("SetCredential=a:hunter22", "SetCredential=\(mark)"),
        ("; hunter22", ";"), ("[Service]", nil), ("Restart=always", nil),
    ])
    func unitsOfSystemd(text: String, expected: String?) {
        #expect(LineRedaction.redact(Array(text.utf8), form: .unit)?.text == expected ?? text)
    }

    /// A backslash at the end of a line joins the next one to it: what is decided is decided on both, and lines stay lines.
    @Test(
        arguments: [
            ("Environment=PASSWORD=\\\nhunter22\nUser=root", "Environment=\(mark)\n\nUser=root"),
            ("Environment=\"TOKEN=a \\\nhunter22\"\nUser=root", "Environment=\"TOKEN=\(mark)\"\n\nUser=root"),
            ("Environ\\\nment=PASSWORD=hunter22", nil),
            (
                "ExecStart=/usr/bin/kubelet \\\n  --v=2 \\\n  --password \\\n  hunter22 \\\n  --node-ip=10.0.0.1",
                "ExecStart=/usr/bin/kubelet \\\n  --v=2 \\\n  --password \\\n  \(mark) \\\n  --node-ip=10.0.0.1"
            ),
            ("ExecStart=/usr/bin/kubelet --token=\\\nhunter22", "ExecStart=/usr/bin/kubelet \(mark)\\\n\(mark)"),
            ("ExecStart=/usr/bin/kubelet --token=\\\n  hunter22", "ExecStart=/usr/bin/kubelet --token=\\\n  \(mark)"),
            ("ExecStart=/usr/bin/kubelet --tok\\\nen=hunter22 --v=2", "ExecStart=/usr/bin/kubelet \(mark)\\\n\(mark) --v=2"),
            ("ExecStart=/usr/bin/kubelet --token=abc\\\nhunter22", "ExecStart=/usr/bin/kubelet \(mark)\\\n\(mark)"),
            ("ExecStart=/usr/bin/kubelet --token \\\n# hunter22 \\\n hunter22", "ExecStart=/usr/bin/kubelet --token \\\n#\n \(mark)"),
            ("ExecStart=/usr/bin/kubelet \\\n --token \"hunter\\\n22\"\nUser=root", "ExecStart=\(mark)\n\n\nUser=root"),
            ("ExecStart=\\\n/usr/bin/kubelet --v=2", "ExecStart=\\\n/usr/bin/kubelet --v=2"),
            ("ExecStopPost=/bin/x \\\n hunter22", "ExecStopPost=\(mark)\n"),
        ] as [(String, String?)])
    func joinedLinesAreOne(text: String, expected: String?) throws {
        let found = try #require(LineRedaction.redact(Array(text.utf8), form: .unit)?.text)
        #expect(!found.contains("hunter22"))
        #expect(found.count { $0 == "\n" } == text.count { $0 == "\n" })
        if let expected { #expect(found == expected) }
    }

    @Test(
        arguments: [
            ("A_B=hun\\\nter22\nN=1", "A_B=\(mark)\n\nN=1"), ("X_ARGS=\"--v=2 \\\n--token hunter22\"", "X_ARGS=\"--v=2 --token \(mark)\"\n"),
            ("A_B=\"first\nhunter22\"", nil),
        ] as [(String, String?)])
    func joinedVariablesAreOne(text: String, expected: String?) {
        #expect(LineRedaction.redact(Array(text.utf8), form: .variables)?.text == expected)
    }

    /// What reaches etcd's discovery service is its user, its password, and a token in the address.
    @Test(arguments: [
        (["--discovery-user=root:hunter22"], ["--discovery-user=\(mark)"]), (["--discovery-user", "root:hunter22"], ["--discovery-user", mark]),
        (["--discovery=https://discovery.etcd.io/3e86b59982e49066c5d813af1c2e2579"], ["--discovery=\(Self.mark)"]),
        (["--discovery", "https://discovery.etcd.io/3e86b59982e49066"], ["--discovery", mark]),
        (["--any=https://discovery.etcd.io/3e86b59982e49066"], ["--any=\(Self.mark)"]),
        (["--discovery-fallback=proxy"], ["--discovery-fallback=proxy"]),
    ])
    func discoveryOfEtcd(arguments: [String], expected: [String]) {
        #expect(ArgumentRedaction.redact(arguments).arguments == expected)
        #expect(
            redacted("discovery-user: root:hunter22\ndiscovery: https://own.example/hunter22\nname: cp\n")
                == "discovery-user: \(Self.mark)\ndiscovery: \(Self.mark)\nname: cp\n")
        #expect(ArgumentRedaction.isSecretVariable("root:hunter22", named: "ETCD_DISCOVERY_USER"))
        #expect(ArgumentRedaction.isSecretVariable("https://own.example/hunter22", named: "ETCD_DISCOVERY"))
        #expect(!ArgumentRedaction.isSecretVariable("exit", named: "ETCD_DISCOVERY_FALLBACK"))
    }

    /// Programs that bring credentials: what they are told means what only they know.
    @Test(arguments: [
        (
            "kind: CredentialProviderConfig\nproviders:\n- name: p\n  apiVersion: v1\n  args: [get, --x=hunter22]\n  env:\n  - {name: A, value: hunter23}\n",
            "kind: CredentialProviderConfig\nproviders:\n- name: p\n  apiVersion: v1\n  args: [\(mark), \(mark)]\n  env:\n  - {name: A, value: \(mark)}\n"
        ),
        (
            "{\"kind\": \"CredentialProviderConfig\", \"providers\": [{\"args\": [\"hunter22\"], \"env\": [{\"name\": \"A\", \"value\": \"1\"}]}]}",
            "{\"kind\": \"CredentialProviderConfig\", \"providers\": [{\"args\": [\"\(mark)\"], \"env\": [{\"name\": \"A\", \"value\": \"\(mark)\"}]}]}"
        ),
        (
            "users:\n- name: production\n  user:\n    exec: {command: aws, args: [eks, production], env: [{name: A, value: production}]}\n",
            "users:\n- name: production\n  user:\n    exec: {command: aws, args: [\(mark), \(mark)], env: [{name: A, value: \(mark)}]}\n"
        ),
        (
            "clusters:\n- cluster:\n    extensions:\n    - {name: hunter22, extension: {a: {b: [hunter22, 7]}}}\n    server: https://x\n",
            "clusters:\n- cluster:\n    extensions:\n    - {name: \(mark), extension: {a: {b: [\(mark), \(mark)]}}}\n    server: https://x\n"
        ),
        (
            "metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"env\":[{\"value\":\"hunter22\"}]}'\n",
            "metadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '\(mark)'\n"
        ),
        ("users: [{user: {auth-provider: {config: {a: hunter22}}}}]\n", "users: [{user: {auth-provider: {config: {a: \(mark)}}}}]\n"),
    ])
    func programsThatBringCredentials(text: String, expected: String) { #expect(redacted(text) == expected) }

    @Test(arguments: [
        ("KUBELET_EXTRA_ARGS=\"--node-ip=10.0.0.1 --v=2\"", nil), ("KUBELET_EXTRA_ARGS=--token=hunter22", "KUBELET_EXTRA_ARGS=\"--token=\(mark)\""),
        ("export PASSWORD=hunter22", "export PASSWORD=\(mark)"), ("ETCD_NAME=cp-1", nil), ("ETCD_DATA_DIR=/var/lib/etcd", nil),
        ("NAME=something", "NAME=\(mark)"),
        ("N=1", nil),
    ])
    func filesOfVariables(text: String, expected: String?) {
        #expect(LineRedaction.redact(Array(text.utf8), form: .variables)?.text == expected ?? text)
    }

    // MARK: - Certificates

    private static let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    private static let trusted = certificateBlock(2).replacing("CERTIFICATE", with: "TRUSTED CERTIFICATE")
    private static let notPEM = "there is no certificate in the form of PEM in it"

    /// What is left out of a file of certificates is said, be it all of it or one of several.
    @Test(
        arguments: [
            (certificateBlock(1), 1, nil), (certificateBlock(1) + key + certificateBlock(2), 2, nil), (key, 0, nil),
            (trusted, 0, "a TRUSTED CERTIFICATE, as only OpenSSL writes it, was not read"),
            (certificateBlock(1) + trusted, 1, "a TRUSTED CERTIFICATE, as only OpenSSL writes it, was not read"),
            ("", 0, notPEM), ("garbage\n", 0, notPEM), ("0\u{82}\u{1}", 0, notPEM),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + certificateBlock(1), 1, "a certificate in it is damaged"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n" + certificateBlock(1), 1, "a certificate in it is damaged"),
            (String(certificateBlock(1).dropLast(30)), 0, "a certificate in it is cut off"),
        ] as [(String, Int, String?)])
    func certificatesThatAreNotReadAreSaid(text: String, count: Int, problem: String?) throws {
        try FakeRoot.with(["/etc/kubernetes/pki/ca.crt": text]) { root in
            let found = try root.collect()
            let pem = found.certificates.first?["pem"] as? String
            #expect((pem?.ranges(of: "BEGIN CERTIFICATE").count ?? 0) == count)
            #expect(found.refusal("/etc/kubernetes/pki/ca.crt") == problem)
            let refusal = found.list("refusals").first { $0["path"] as? String == "/etc/kubernetes/pki/ca.crt" }
            #expect(refusal?["operation"] as? String == problem.map { _ in "parse" })
        }
    }

    @Test func onlyCertificatesComeThrough() throws {
        let certificate = [UInt8]([0x30, 0x82, 0x01, 0x00, 0x30, 0x82, 0x00, 0xF0, 0xA0, 0x03]) + [UInt8](repeating: 1, count: 100)
        let key = [UInt8]([0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x00]) + [UInt8](repeating: 2, count: 100)
        let encrypted = [UInt8]([0x30, 0x82, 0x01, 0x00, 0x30, 0x10, 0x06, 0x09]) + [UInt8](repeating: 3, count: 100)
        func block(_ label: String, _ der: [UInt8]) -> String {
            "-----BEGIN \(label)-----\n\(Data(der).base64EncodedString(options: .lineLength64Characters))\n-----END \(label)-----\n"
        }
        let text =
            "Bag Attributes hunter22\n" + block("CERTIFICATE", certificate) + block("PRIVATE KEY", key) + block("CERTIFICATE", key)
            + block("CERTIFICATE", encrypted) + "-----BEGIN CERTIFICATE-----\nhunter22\n-----END CERTIFICATE-----\n"
            + block("CERTIFICATE", certificate)
        let found = try #require(CertificateText.certificates(in: Array(text.utf8)))
        #expect(found == CertificateText.block(der: certificate).map { $0 + $0 })
        #expect(!found.contains("hunter22") && !found.contains(Data(key).base64EncodedString().prefix(40)))
        #expect(CertificateText.certificates(in: Array(block("PRIVATE KEY", key).utf8)) == nil)
        #expect(CertificateText.certificates(inBase64: Data(text.utf8).base64EncodedString()) == found)
    }
}
