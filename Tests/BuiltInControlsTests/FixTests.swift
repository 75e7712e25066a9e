import BuiltInControls
import Controls
import Documents
import Kubernetes
import Reachability
import Testing

/// What findings suggest is applied, and the estate judged again: the finding is gone, and what was in use still is.
struct FixTests {
    /// The controls whose findings suggest policies, in all their failing examples.
    static let ids = [
        "default-deny-ingress", "default-deny-egress", "network-policy-metadata-egress", "network-policy-excess-ingress",
        "network-policy-name-lookups", "services-closed-by-policies", "network-policy-covered-rules",
        "admin-policy-overrides-network-policies", "baseline-policy-missing", "internal-ports-open-to-every-namespace",
        "exposed-workloads-without-policy", "exposed-workloads-open-egress", "exposed-metadata-access", "tenant-network-crossing",
        "tenant-access-crossing",
    ]

    @Test(arguments: ids)
    func whatIsSuggestedMendsTheFinding(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        var mended = 0
        for example in control.failing {
            let before = try Estate(example.manifest)
            let findings = before.judge(control).findings
            for finding in findings {
                guard let fix = finding.fix?() else { continue }
                let after = try before.applying(fix)
                let left = after.judge(control)
                #expect(left.gaps.isEmpty)
                let place = finding.stablePath, object = before.inventory.objects[finding.object].displayName
                let isStill = left.findings.contains {
                    $0.stablePath == place && $0.message == finding.message && after.inventory.objects[$0.object].displayName == object
                }
                #expect(!isStill, "\(id): the finding is still there after applying\n\(fix)")
                #expect(left.findings.count < findings.count)
                #expect(after.served == before.served, "\(id): what was served is served no more after applying\n\(fix)")
                mended += 1
            }
        }
        #expect(mended > 0, "\(id) suggests nothing in any of its failing examples")
    }

    /// A shop behind a controller in the estate, with a database: everything is suggested at once, and it still works.
    private static let shop = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web, version: "3"}}
            spec: {containers: [{name: web, image: a, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: front, namespace: shop}
        spec: {ingressClassName: nginx, defaultBackend: {service: {name: web, port: {number: 80}}}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: controller, namespace: edge}
        spec:
          template:
            metadata: {labels: {app.kubernetes.io/name: ingress-nginx, pod-template-hash: "1"}}
            spec: {containers: [{name: nginx, image: a, ports: [{containerPort: 443}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: controller, namespace: edge}
        spec: {type: LoadBalancer, selector: {app.kubernetes.io/name: ingress-nginx}, ports: [{port: 443}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop}
        spec:
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: db, image: a, ports: [{containerPort: 5432}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop}
        spec: {selector: {app: db}, ports: [{port: 5432}]}
        """

    @Test func allSuggestionsTogetherKeepTheShopOpen() throws {
        let controls = BuiltInControls.all.filter { ["exposed-workloads-without-policy", "internal-ports-open-to-every-namespace"].contains($0.id) }
        let before = try Estate(Self.shop)
        var after = before
        var fixes = 0
        for control in controls {
            for finding in before.judge(control).findings {
                let fix = try #require(finding.fix)
                after = try after.applying(fix())
                fixes += 1
            }
        }
        // The web server, the controller, the web server's metrics, the database.
        #expect(fixes == 4)
        for control in controls { #expect(after.judge(control).findings.isEmpty) }
        #expect(after.served == before.served && before.served.count == 2)
        let model = after.inventory.analysis(NetworkModel.self)
        let (web, db) = (
            try #require(model.number(ofWorkload: "shop/web[Deployment]")), try #require(model.number(ofWorkload: "shop/db[StatefulSet]"))
        )
        let controller = try #require(model.number(ofWorkload: "edge/controller[Deployment]"))
        #expect(model.connections(from: controller, to: web).description == "TCP 8080", "and nothing else")
        #expect(model.connections(from: web, to: db).description == "TCP 5432")
        #expect(model.connections(from: controller, to: db).isEmpty && model.connections(from: db, to: controller).description == "TCP 443")
    }

    @Test func aSuggestionReadsLikeThis() throws {
        let control = try #require(BuiltInControls.all.first { $0.id == "exposed-workloads-without-policy" })
        let finding = try #require(try Estate(Self.shop).judge(control).findings.first)
        let fix = try #require(finding.fix)
        #expect(
            fix() == """
                # Keeps what Services and ways in from outside show to be in use; add who else connects before applying it.
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata:
                  name: web-in-use
                  namespace: shop
                spec:
                  podSelector:
                    matchLabels:
                      app: web
                  policyTypes:
                  - Ingress
                  ingress:
                  - from:
                    - namespaceSelector:
                        matchLabels:
                          kubernetes.io/metadata.name: edge
                      podSelector:
                        matchLabels:
                          app.kubernetes.io/name: ingress-nginx
                    ports:
                    - protocol: TCP
                      port: 8080
                  - from:
                    - podSelector: {}
                    ports:
                    - protocol: TCP
                      port: 8080

                """)
    }

    // MARK: - Hostile names

    @Test func namesOfStrangersStayNames() throws {
        let name = #"web\n---\nkind: ClusterRoleBinding\u202e"#
        let manifest = #"""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "NAME", "namespace": "a: b #", "labels": {"no": "true", "x/y": "1e3\nz"}},
             "spec": {"containers": [{"name": "a", "image": "b", "ports": [{"containerPort": 5432}]}]}}
            """#.replacing("NAME", with: name)
        let control = try #require(BuiltInControls.all.first { $0.id == "internal-ports-open-to-every-namespace" })
        let estate = try Estate(manifest)
        let finding = try #require(estate.judge(control).findings.first)
        let fix = finding.fix?() ?? ""
        #expect(fix.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control && $0.properties.generalCategory != .format })
        let policies = SourceObjects(DocumentTree.parse(fix).tree).objects
        #expect(policies.count == 1 && policies[0].kind == "NetworkPolicy" && policies[0].namespace == "a: b #")
        #expect(policies[0].name == "web\n---\nkind: ClusterRoleBinding\u{202E}-in-use")
        #expect(try policies[0].spec["podSelector"]["matchLabels"].stringMap() == ["no": "true", "x/y": "1e3\nz"])
    }

    @Test(arguments: ["{}", "{pod-template-hash: abc}"])
    func withoutALabelThereIsNothingToSuggest(labels: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == "internal-ports-open-to-every-namespace" })
        let estate = try Estate(
            "{apiVersion: v1, kind: Pod, metadata: {name: p, labels: \(labels)}, spec: {containers: [{name: a, image: b, ports: [{containerPort: 22}]}]}}"
        )
        let findings = estate.judge(control).findings
        #expect(findings.count == 1 && findings[0].fix == nil, "a policy for all Pods would close others")
    }

    @Test func aGeneratedNameMakesAValidOne() throws {
        let control = try #require(BuiltInControls.all.first { $0.id == "internal-ports-open-to-every-namespace" })
        let estate = try Estate(
            "{apiVersion: v1, kind: Pod, metadata: {generateName: job-, labels: {a: b}}, spec: {containers: [{name: a, image: b, ports: [{containerPort: 22}]}]}}"
        )
        let fix = try #require(estate.judge(control).findings.first?.fix)
        #expect(fix().contains("\n  name: job-in-use\n"))
    }
}

/// Manifests with what they are judged by.
private struct Estate {
    let inventory: Inventory

    init(_ manifest: String) throws {
        let parsed = DocumentTree.parse(manifest)
        #expect(parsed.problems.isEmpty)
        let read = SourceObjects(parsed.tree)
        #expect(read.malformed.isEmpty && read.foreign.isEmpty)
        inventory = Inventory(read.objects)
    }

    private init(_ objects: [KubernetesObject]) { inventory = Inventory(objects) }

    func judge(_ control: Control) -> Judgement {
        Catalogue([control]).judge(inventory, objects: inventory.objects.indices, settings: .examples)
    }

    /// As `kubectl apply` leaves it: objects of the same name are replaced.
    func applying(_ manifest: String) throws -> Estate {
        let applied = try Estate(manifest).inventory.objects
        #expect(!applied.isEmpty)
        let names = Set(applied.map { "\($0.apiVersion) \($0.displayName)" })
        return Estate(inventory.objects.filter { !names.contains("\($0.apiVersion) \($0.displayName)") } + applied)
    }

    /// What each way in from outside still leads to.
    var served: [String: String] {
        let model = inventory.analysis(NetworkModel.self)
        return Dictionary(
            model.entries().map { entry in
                ("\(entry.path.map { inventory.objects[$0].displayName }) \(model.workloads[entry.workload])", entry.allowed.description)
            }, uniquingKeysWith: { $0 + $1 })
    }
}
