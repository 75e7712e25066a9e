import Documents
import NodeEvidence
import Testing

/// What holds is what the component itself would take: its precedence, its defaults, its configuration file.
struct ComponentSettingsTests {
    private func reading(
        _ yaml: String, _ kind: ComponentKind, flag: String?, field: String? = nil, as type: SettingType = .text, standard: String? = nil
    ) throws -> SettingReading {
        let document = try Evidence.document(yaml)
        let component = try #require(try document.components(kind)?.first)
        return try ComponentSettings(component, in: document).reading(flag: flag, field: field, as: type, standard: standard)
    }

    private func text(_ reading: SettingReading) -> String {
        switch reading {
        case .known(let setting): "\(setting.isSet ? setting.name : "default"): \(setting.values.joined(separator: " "))"
        case .unknown(let reason, _): "unknown: \(reason)"
        }
    }

    @Test(arguments: [
        // The kubelet's flags stand above its file.
        ("[kubelet, --config=/k.yaml, --anonymous-auth=true]", "authentication: {anonymous: {enabled: false}}", "--anonymous-auth: true"),
        ("[kubelet, --config=/k.yaml]", "authentication: {anonymous: {enabled: false}}", "authentication.anonymous.enabled in /k.yaml line 1: false"),
        ("[kubelet, --config, /k.yaml]", "authentication: {}", "default: d"),
        ("[kubelet]", "authentication: {anonymous: {enabled: false}}", "default: d"),
        ("[kubelet, --config=/other.yaml]", "{}", "unknown: the evidence does not hold /other.yaml"),
        (
            "[kubelet, --config=/k.yaml]", "authentication: [1]",
            "unknown: authentication.anonymous.enabled in /k.yaml line 1 should be below a mapping"
        ),
        ("[kubelet, --config=/k.yaml]", "a: b: c", "unknown: /k.yaml line 1"),
        ("[kubelet, --config=/k.yaml]", "", "unknown: /k.yaml holds no settings"),
    ])
    func kubelet(argv: String, file: String, expected: String) throws {
        let evidence = """
            processes: [{name: kubelet, argv: \(argv)}]
            files: [{path: /k.yaml, content: "\(file)"}]
            """
        let found = text(
            try reading(evidence, .kubelet, flag: "anonymous-auth", field: "authentication.anonymous.enabled", as: .boolean, standard: "d"))
        #expect(found == expected || (expected.hasSuffix("line 1") && found.hasPrefix(expected)), "\(found)")
    }

    @Test(arguments: [ComponentKind.kubeProxy, .kubeScheduler])
    func fileHidesFlags(kind: ComponentKind) throws {
        let evidence = """
            processes: [{name: \(kind.rawValue), argv: [\(kind.rawValue), --profiling=false, --config=/c.yaml]}]
            files: [{path: /c.yaml, content: "enableProfiling: true"}]
            """
        #expect(
            text(try reading(evidence, kind, flag: "profiling", field: "enableProfiling", as: .boolean)) == "enableProfiling in /c.yaml line 1: true")
    }

    @Test(arguments: [
        ("[etcd, --cert-file=/flag.crt]", "{ETCD_CERT_FILE: /env.crt}", "--cert-file: /flag.crt"),
        ("[etcd]", "{ETCD_CERT_FILE: /env.crt}", "ETCD_CERT_FILE: /env.crt"),
        ("[etcd, --config-file=/e.yaml]", "{ETCD_CERT_FILE: /env.crt}", "client-transport-security.cert-file in /e.yaml line 1: /file.crt"),
        ("[etcd]", "{}", "default: "),
    ])
    func etcd(argv: String, environment: String, expected: String) throws {
        let evidence = """
            processes: [{name: etcd, argv: \(argv), environment: \(environment)}]
            files: [{path: /e.yaml, content: "client-transport-security: {cert-file: /file.crt}"}]
            """
        let found = text(try reading(evidence, .etcd, flag: "cert-file", field: "client-transport-security.cert-file"))
        #expect(found == expected || expected.hasPrefix("ETCD") && found == "ETCD_CERT_FILE: /env.crt", "\(found)")
    }

    /// Drop-ins are merged in the order of their names, over the file that `--config` names.
    @Test func dropInsStandAboveTheFile() throws {
        let evidence = """
            processes: [{name: kubelet, argv: [kubelet, --config=/k.yaml, --config-dir=/k.d]}]
            files:
            - {path: /k.d, type: directory}
            - {path: /k.d/20-b.conf, content: "readOnlyPort: 20"}
            - {path: /k.yaml, content: "readOnlyPort: 1"}
            - {path: /k.d/10-a.conf, content: "readOnlyPort: 10"}
            - {path: /k.d/30-c.yaml, content: "readOnlyPort: 30"}
            """
        #expect(
            text(try reading(evidence, .kubelet, flag: "read-only-port", field: "readOnlyPort", as: .number))
                == "readOnlyPort in /k.d/20-b.conf line 1: 20")
    }

    /// Drop-ins that nobody could list may say anything.
    @Test(arguments: [("", "/k.d"), (", pid: 7, container: c", "/proc/7/root/k.d")])
    func dropInsThatWereRefusedAreUnknown(process: String, refused: String) throws {
        let evidence = """
            processes: [{name: kubelet, argv: [kubelet, --config-dir=/k.d]\(process)}]
            files: [{path: /k.d, type: directory}, {path: /etc/kubernetes/manifests/kubelet.yaml, content: "{}"}]
            refusals: [{path: \(refused), operation: list, error: Permission denied}]
            """
        #expect(
            text(try reading(evidence, .kubelet, flag: "read-only-port", field: "readOnlyPort", as: .number))
                == "unknown: \(refused) was refused to the collector: Permission denied")
    }

    @Test(arguments: [
        ("[kubelet, '--feature-gates=A=true,B=false', --config=/k.yaml]", "A", "true"),
        ("[kubelet, '--feature-gates=A=true', '--feature-gates=A=false']", "A", "false"),
        ("[kubelet, '--feature-gates=B=true', --config=/k.yaml]", "C", "true"), ("[kubelet]", "A", "false"),
    ])
    func featureGatesMerge(argv: String, gate: String, expected: String) throws {
        let document = try Evidence.document(
            """
            processes: [{name: kubelet, argv: \(argv)}]
            files: [{path: /k.yaml, content: "featureGates: {C: true}"}]
            """)
        let component = try #require(try document.components(.kubelet)?.first)
        let reading = try ComponentSettings(component, in: document).featureGate(gate, standard: false)
        guard case .known(let setting) = reading else { return #expect(Bool(false), "unknown") }
        #expect(setting.text == expected)
    }

    @Test func argumentsThatNobodySawAreNoDefaults() throws {
        let found = text(try reading("processes: [{name: kube-apiserver}]", .kubeAPIServer, flag: "profiling", standard: "true"))
        #expect(found == "unknown: the arguments of the API server were not to be seen")
    }

    @Test(arguments: [("true", true), ("T", true), ("0", false), ("False", false), ("maybe", nil), ("", nil)])
    func readsBooleansAsGoDoes(text: String, expected: Bool?) throws {
        let reading = try reading(
            "processes: [{name: kube-apiserver, argv: [kube-apiserver, '--profiling=\(text)']}]", .kubeAPIServer, flag: "profiling")
        guard case .known(let setting) = reading else { return #expect(Bool(false), "unknown") }
        #expect(setting.bool == expected)
    }
}
