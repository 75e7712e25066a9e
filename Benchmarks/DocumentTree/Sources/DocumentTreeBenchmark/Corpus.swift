/// Manifests of a made-up estate, the same in every run: Deployments, Services, ConfigMaps, roles and policies in the
/// proportions and with the nesting of real ones.
struct Corpus {
    let objects: [Field]

    /// One value of a manifest, in a form that both syntaxes can be written from.
    indirect enum Field {
        case text(String)
        case number(Int)
        case flag(Bool)
        case list([Field])
        case map([(String, Field)])
    }

    init(count: Int) {
        objects = (0..<count).map { number in
            switch number % 8 {
            case 0...3: Corpus.deployment(number)
            case 4: Corpus.service(number)
            case 5: Corpus.configuration(number)
            case 6: Corpus.role(number)
            default: Corpus.policy(number)
            }
        }
    }

    private static func object(_ version: String, _ kind: String, _ number: Int, _ rest: [(String, Field)]) -> Field {
        .map(
            [
                ("apiVersion", .text(version)), ("kind", .text(kind)),
                (
                    "metadata",
                    .map([
                        ("name", .text("web-\(number)")), ("namespace", .text("team-\(number % 50)")), ("labels", labels(number)),
                        (
                            "annotations",
                            .map([("example.com/revision", .text("\(number)")), ("example.com/owner", .text("team-\(number % 50)@example.com"))])
                        ),
                    ])
                ),
            ] + rest)
    }

    private static func labels(_ number: Int) -> Field {
        .map([
            ("app.kubernetes.io/name", .text("web-\(number)")), ("app.kubernetes.io/instance", .text("web-\(number)-prod")),
            ("app.kubernetes.io/managed-by", .text("Helm")),
        ])
    }

    private static func deployment(_ number: Int) -> Field {
        let pod: Field = .map([
            ("serviceAccountName", .text("web-\(number)")), ("automountServiceAccountToken", .flag(false)),
            ("securityContext", .map([("runAsNonRoot", .flag(true)), ("seccompProfile", .map([("type", .text("RuntimeDefault"))]))])),
            ("containers", .list((0..<1 + number % 2).map { container($0, of: number) })),
            ("volumes", .list([.map([("name", .text("config")), ("configMap", .map([("name", .text("web-\(number)-config"))]))])])),
        ])
        return object(
            "apps/v1", "Deployment", number,
            [
                (
                    "spec",
                    .map([
                        ("replicas", .number(1 + number % 5)), ("selector", .map([("matchLabels", labels(number))])),
                        ("template", .map([("metadata", .map([("labels", labels(number))])), ("spec", pod)])),
                    ])
                )
            ])
    }

    private static func container(_ index: Int, of number: Int) -> Field {
        .map([
            ("name", .text("app-\(index)")), ("image", .text("registry.example.com/team-\(number % 50)/web:1.\(number % 30).\(index)")),
            ("args", .list([.text("--listen=0.0.0.0:8080"), .text("--log-level=info")])),
            ("env", .list((0..<3).map { .map([("name", .text("SETTING_\($0)")), ("value", .text("value of \(number)"))]) })),
            ("ports", .list([.map([("name", .text("http")), ("containerPort", .number(8080)), ("protocol", .text("TCP"))])])),
            (
                "resources",
                .map([
                    ("requests", .map([("cpu", .text("100m")), ("memory", .text("128Mi"))])),
                    ("limits", .map([("cpu", .text("500m")), ("memory", .text("256Mi"))])),
                ])
            ),
            ("livenessProbe", .map([("httpGet", .map([("path", .text("/healthz")), ("port", .text("http"))])), ("periodSeconds", .number(10))])),
            (
                "securityContext",
                .map([
                    ("allowPrivilegeEscalation", .flag(false)), ("readOnlyRootFilesystem", .flag(true)),
                    ("capabilities", .map([("drop", .list([.text("ALL")]))])),
                ])
            ),
            ("volumeMounts", .list([.map([("name", .text("config")), ("mountPath", .text("/etc/web")), ("readOnly", .flag(true))])])),
        ])
    }

    private static func service(_ number: Int) -> Field {
        object(
            "v1", "Service", number,
            [
                (
                    "spec",
                    .map([
                        ("type", .text("ClusterIP")), ("selector", labels(number)),
                        ("ports", .list([.map([("name", .text("http")), ("port", .number(80)), ("targetPort", .text("http"))])])),
                    ])
                )
            ])
    }

    private static func configuration(_ number: Int) -> Field {
        let data = (0..<6).map { ("setting-\($0).conf", Field.text("listen 0.0.0.0:80\($0); upstream web-\(number) weight=\($0)")) }
        return object("v1", "ConfigMap", number, [("data", .map(data))])
    }

    private static func role(_ number: Int) -> Field {
        let rules = ["pods", "services", "configmaps"].map { resource -> Field in
            .map([
                ("apiGroups", .list([.text("")])), ("resources", .list([.text(resource)])),
                ("verbs", .list([.text("get"), .text("list"), .text("watch")])),
            ])
        }
        return object("rbac.authorization.k8s.io/v1", "Role", number, [("rules", .list(rules))])
    }

    private static func policy(_ number: Int) -> Field {
        let peer: Field = .map([("namespaceSelector", .map([("matchLabels", .map([("team", .text("team-\(number % 50)"))]))]))])
        let rule: Field = .map([("from", .list([peer])), ("ports", .list([.map([("protocol", .text("TCP")), ("port", .number(8080))])]))])
        return object(
            "networking.k8s.io/v1", "NetworkPolicy", number,
            [("spec", .map([("podSelector", .map([("matchLabels", labels(number))])), ("ingress", .list([rule]))]))])
    }
}

// MARK: - Syntaxes

extension Corpus {
    var yaml: [UInt8] { Array(objects.map { "---\n" + $0.yaml(indent: "") }.joined().utf8) }
    /// As `kubectl get -o json` prints it.
    var prettyJSON: [UInt8] { Array(objects.map { $0.json(indent: "\n") + "\n" }.joined().utf8) }
    /// As an admission request carries it.
    var compactJSON: [UInt8] { Array(objects.map { $0.json(indent: nil) + "\n" }.joined().utf8) }
}

extension Corpus.Field {
    func yaml(indent: String) -> String {
        switch self {
        case .text(let text): text.isEmpty || text.first?.isNumber == true ? "\"\(text)\"\n" : text + "\n"
        case .number(let number): "\(number)\n"
        case .flag(let flag): "\(flag)\n"
        case .list(let items): items.map { "\(indent)- " + $0.yaml(indent: indent + "  ").drop { $0 == " " } }.joined()
        case .map(let entries): entries.map { "\(indent)\($0.0):" + $0.1.yamlValue(indent: indent) }.joined()
        }
    }

    private func yamlValue(indent: String) -> String {
        switch self {
        case .list: "\n" + yaml(indent: indent)
        case .map: "\n" + yaml(indent: indent + "  ")
        default: " " + yaml(indent: indent)
        }
    }

    func json(indent: String?) -> String {
        let inner = indent.map { $0 + "    " }
        let (start, end, colon) = (inner ?? "", indent ?? "", indent == nil ? ":" : ": ")
        return switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .list(let items): "[" + items.map { start + $0.json(indent: inner) }.joined(separator: ",") + end + "]"
        case .map(let entries): "{" + entries.map { "\(start)\"\($0.0)\"\(colon)" + $0.1.json(indent: inner) }.joined(separator: ",") + end + "}"
        }
    }
}
