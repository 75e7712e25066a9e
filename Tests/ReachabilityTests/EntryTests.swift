import Documents
import Reachability
import Testing

/// Ways in from outside, and what policies leave of them.
struct EntryTests {
    private static let web = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}

        """

    private static func service(_ spec: String, annotations: String = "{}", name: String = "web") -> String {
        """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: shop, annotations: \(annotations)}
        spec: {selector: {app: web}, \(spec)}

        """
    }

    /// Entries in words: kind, reach, path, targets, what policies let through.
    private static func entries(_ manifest: String, platforms: [String] = []) -> [String] {
        let model = model(manifest)
        #expect(model.gaps.isEmpty, "\(model.gaps.map(\.message))")
        return model.entries(platforms: platforms).map { entry in
            "\(entry.kind.rawValue) \(entry.reach) \(model.workloads[entry.workload].name): \(entry.targets) / \(entry.allowed)\(entry.isCertain ? "" : "?")"
        }
    }

    private static let services: [(String, [String])] = [
        (service("ports: [{port: 80}]"), []),
        (service("type: LoadBalancer, ports: [{port: 80, targetPort: http}]"), ["loadBalancer internet web: TCP 8080 / TCP 8080"]),
        (
            service("type: LoadBalancer, ports: [{port: 80}, {name: u, port: 53, protocol: UDP}]"),
            ["loadBalancer internet web: TCP 80; UDP 53 / TCP 80; UDP 53"]
        ),
        // A name that no Pod has leads nowhere, nor does one with another protocol.
        (service("type: LoadBalancer, ports: [{port: 80, targetPort: none}]"), []),
        (service("type: LoadBalancer, ports: [{port: 80, targetPort: http, protocol: UDP}]"), []),
        (service("type: NodePort, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]"), ["nodePort nodes web: TCP 8080 / TCP 8080"]),
        (service("externalIPs: [203.0.113.5], ports: [{port: 80}]"), ["externalIP internet web: TCP 80 / TCP 80"]),
        (service("externalIPs: [10.0.0.5], ports: [{port: 80}]"), []),
        (service("type: ExternalName, externalName: a.example.com"), []),
        // Private balancers are none, those decided elsewhere are told apart.
        (service("type: LoadBalancer, ports: [{port: 80}]", annotations: "{networking.gke.io/load-balancer-type: Internal}"), []),
        (
            service("type: LoadBalancer, ports: [{port: 80}]", annotations: "{service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id: lb-1}"),
            ["loadBalancer unknown web: TCP 80 / TCP 80"]
        ),
        (service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 192.168.0.0/16], ports: [{port: 80}]"), []),
        (
            service("type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 198.51.100.0/24], ports: [{port: 80}]"),
            ["loadBalancer internet web: TCP 80 / TCP 80"]
        ),
        (
            service(
                "type: LoadBalancer, ports: [{port: 80}]",
                annotations: "{service.beta.kubernetes.io/load-balancer-source-ranges: \"10.0.0.0/8, 172.16.0.0/12\"}"), []
        ),
        // A Service without a selector leads to no Pod of its own choosing.
        ("---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n", []),
        (
            "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: other}\nspec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}\n",
            []
        ),
    ]

    @Test(arguments: services)
    func servicesLeadIn(manifest: String, expected: [String]) {
        #expect(Self.entries(Self.web + manifest) == expected)
    }

    @Test func anotherPlatformsAnnotationHidesNothing() {
        let manifest =
            Self.web + Self.service("type: LoadBalancer, ports: [{port: 80}]", annotations: "{networking.gke.io/load-balancer-type: Internal}")
        #expect(Self.entries(manifest, platforms: ["alibaba"]).count == 1 && Self.entries(manifest, platforms: ["google"]).isEmpty)
    }

    private static func policy(_ spec: String) -> String {
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}, \(spec)}\n"
    }

    private static let balancer = service(
        "type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24], ports: [{port: 80, targetPort: http}, {name: m, port: 90, targetPort: metrics}]"
    )

    @Test(arguments: [
        ("ingress: []", "none"), ("ingress: [{ports: [{port: http}]}]", "TCP 8080"), ("ingress: [{from: [{podSelector: {}}]}]", "none"),
        ("ingress: [{from: [{ipBlock: {cidr: 198.51.0.0/16}}], ports: [{port: 9090}]}]", "TCP 9090"),
        // What is let in must be among those whom the balancer lets in.
        ("ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]", "none"), ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", "none"),
        ("policyTypes: [Egress]", "TCP 8080,9090"),
    ])
    func policiesLimitWhatComesIn(spec: String, allowed: String) {
        #expect(Self.entries(Self.web + Self.balancer + Self.policy(spec)) == ["loadBalancer internet web: TCP 8080,9090 / \(allowed)"])
    }

    // MARK: - Ingresses

    private static func ingress(_ spec: String, annotations: String = "{}") -> String {
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front, namespace: shop, annotations: \(annotations)}\nspec: {\(spec)}\n"
    }

    private static let cluster = service("ports: [{name: web, port: 80, targetPort: http}, {name: metrics, port: 90, targetPort: 9090}]")
    private static func rule(_ port: String) -> String { "rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {\(port)}}}}]}}]" }

    /// An ingress controller in the estate, with its own Service.
    private static func controller(_ type: String) -> String {
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: proxy, namespace: edge, labels: {app.kubernetes.io/name: ingress-nginx}}
        spec: {containers: [{name: c, ports: [{name: https, containerPort: 8443}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: proxy, namespace: edge}
        spec: {type: \(type), selector: {app.kubernetes.io/name: ingress-nginx}, ports: [{port: 443, targetPort: https}]}

        """
    }

    @Test(arguments: [
        (ingress(rule("number: 80")), ["ingress unknown web: TCP 8080 / TCP 8080?"]),
        (ingress(rule("name: metrics")), ["ingress unknown web: TCP 9090 / TCP 9090?"]),
        (ingress(rule("number: 81")), []),
        (ingress("defaultBackend: {service: {name: web, port: {number: 90}}}"), ["ingress unknown web: TCP 9090 / TCP 9090?"]),
        (
            ingress("backend: {serviceName: web, servicePort: 80}").replacing("networking.k8s.io/v1", with: "extensions/v1beta1"),
            ["ingress unknown web: TCP 8080 / TCP 8080?"]
        ),
        (ingress(rule("number: 80"), annotations: "{alb.ingress.kubernetes.io/scheme: internal}"), []),
        (
            ingress("ingressClassName: alb, " + rule("number: 80"))
                + "---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: alb}\nspec: {controller: ingress.k8s.alibabacloud/alb, parameters: {kind: AlbConfig, name: inner}}\n---\napiVersion: alibabacloud.com/v1\nkind: AlbConfig\nmetadata: {name: inner}\nspec: {config: {addressType: Intranet}}\n",
            []
        ),
    ])
    func ingressesLeadIn(manifest: String, expected: [String]) {
        #expect(Self.entries(Self.web + Self.cluster + manifest) == expected)
    }

    /// A controller in the estate is asked itself: how it is reached, and whether policies let it through.
    @Test(arguments: [
        ("LoadBalancer", "", ["loadBalancer internet proxy: TCP 8443 / TCP 8443", "ingress internet web: TCP 8080 / TCP 8080"]),
        ("ClusterIP", "", ["ingress unknown web: TCP 8080 / TCP 8080"]),
        ("LoadBalancer, loadBalancerClass: service.k8s.aws/nlb", "", []),
        ("NodePort", "", ["nodePort nodes proxy: TCP 8443 / TCP 8443", "ingress nodes web: TCP 8080 / TCP 8080"]),
        (
            "LoadBalancer", "ingress: [{from: [{podSelector: {}}]}]",
            ["loadBalancer internet proxy: TCP 8443 / TCP 8443", "ingress internet web: TCP 8080 / none"]
        ),
        (
            "LoadBalancer", "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}], ports: [{port: http}]}]",
            ["loadBalancer internet proxy: TCP 8443 / TCP 8443", "ingress internet web: TCP 8080 / TCP 8080"]
        ),
    ])
    func controllersInTheEstateAreAsked(type: String, policy: String, expected: [String]) {
        let manifest = Self.web + Self.cluster + Self.ingress("ingressClassName: nginx, " + Self.rule("number: 80")) + Self.controller(type)
        #expect(Self.entries(manifest + (policy.isEmpty ? "" : Self.policy(policy))) == expected)
    }

    /// A proxy that is not in the estate may be any peer that policies allow.
    @Test func anUnknownForwarderIsLetInByWhateverAllowsAnyone() {
        let manifest = Self.web + Self.cluster + Self.ingress(Self.rule("number: 80"))
        let open = "ingress: [{from: [{namespaceSelector: {matchLabels: {name: edge}}}], ports: [{port: 8080}]}]"
        #expect(Self.entries(manifest + Self.policy(open)) == ["ingress unknown web: TCP 8080 / TCP 8080?"])
        #expect(Self.entries(manifest + Self.policy("ingress: [{ports: [{port: 22}]}]")) == ["ingress unknown web: TCP 8080 / none?"])
    }

    // MARK: - Gateways

    private static func gateway(_ listeners: String, more: String = "") -> String {
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: public, namespace: edge}\nspec: {gatewayClassName: some\(more), listeners: [\(listeners)]}\n"
    }

    private static func route(_ spec: String, kind: String = "HTTPRoute", namespace: String = "shop") -> String {
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: \(kind)\nmetadata: {name: r, namespace: \(namespace)}\nspec: {\(spec)}\n"
    }

    private static let toWeb = "rules: [{backendRefs: [{name: web, port: 80}]}]"
    private static let parent = "parentRefs: [{name: public, namespace: edge}]"
    private static let all = "{name: https, port: 443, protocol: HTTPS, allowedRoutes: {namespaces: {from: All}}}"
    private static let through = ["gateway unknown web: TCP 8080 / TCP 8080?"]

    private static let routes: [(String, [String])] = [
        (gateway(all) + route("\(parent), \(toWeb)"), through),
        // A listener takes routes of its own namespace, unless it says otherwise.
        (gateway("{name: https, port: 443, protocol: HTTPS}") + route("\(parent), \(toWeb)"), []),
        (
            gateway(
                "{name: h, port: 443, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}}}")
                + route("\(parent), \(toWeb)"), through
        ),
        (
            gateway("{name: h, port: 443, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: x}}}}}")
                + route("\(parent), \(toWeb)"), []
        ),
        (gateway("{name: h, port: 443, allowedRoutes: {kinds: [{kind: TCPRoute}], namespaces: {from: All}}}") + route("\(parent), \(toWeb)"), []),
        (
            gateway("{name: h, port: 443, allowedRoutes: {kinds: [{kind: TCPRoute}], namespaces: {from: All}}}")
                + route("\(parent), \(toWeb)", kind: "TCPRoute"), through
        ),
        // A route may ask for one listener.
        (gateway(all) + route("parentRefs: [{name: public, namespace: edge, sectionName: https}], \(toWeb)"), through),
        (gateway(all) + route("parentRefs: [{name: public, namespace: edge, sectionName: other}], \(toWeb)"), []),
        (gateway(all) + route("parentRefs: [{name: public, namespace: edge, port: 80}], \(toWeb)"), []),
        // Routes of a mesh hang on Services.
        (gateway(all) + route("parentRefs: [{group: \"\", kind: Service, name: web}], \(toWeb)"), []),
        // A Gateway that is not in the estate may be anything.
        (route("\(parent), \(toWeb)"), through),
        (gateway(all) + route("\(parent), rules: [{backendRefs: [{name: web, port: 81}]}]"), []),
        (gateway(all) + route("\(parent), rules: [{backendRefs: [{name: web, port: 80, weight: 0}]}]"), []),
        (gateway(all, more: ", infrastructure: {annotations: {networking.gke.io/load-balancer-type: Internal}}") + route("\(parent), \(toWeb)"), []),
        (gateway(all).replacing("gatewayClassName: some", with: "gatewayClassName: gke-l7-rilb") + route("\(parent), \(toWeb)"), []),
        // Another namespace's Service needs its grant.
        (gateway(all) + route("\(parent), rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]", namespace: "edge"), []),
        (
            gateway(all) + route("\(parent), rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]", namespace: "edge")
                + "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: shop}\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}], to: [{group: \"\", kind: Service}]}\n",
            through
        ),
    ]

    @Test(arguments: routes)
    func routesLeadIn(manifest: String, expected: [String]) {
        #expect(Self.entries(Self.web + Self.cluster + manifest) == expected)
    }

    @Test(arguments: ["GRPCRoute", "TLSRoute", "UDPRoute"])
    func everyKindOfRouteLeadsIn(kind: String) {
        #expect(
            Self.entries(Self.web + Self.cluster + Self.gateway(Self.all) + Self.route("\(Self.parent), \(Self.toWeb)", kind: kind)) == Self.through)
    }

    /// Gateways inside the cluster have Pods, which bear the Gateway's name.
    @Test func thePodsOfAGatewayAreAsked() {
        let pod =
            "---\napiVersion: v1\nkind: Pod\nmetadata: {name: gw, namespace: edge, labels: {gateway.networking.k8s.io/gateway-name: public}}\nspec: {containers: [{name: c}]}\n"
        let service =
            "---\napiVersion: v1\nkind: Service\nmetadata: {name: gw, namespace: edge}\nspec: {type: LoadBalancer, selector: {gateway.networking.k8s.io/gateway-name: public}, ports: [{port: 443}]}\n"
        let manifest = Self.web + Self.cluster + Self.gateway(Self.all) + Self.route("\(Self.parent), \(Self.toWeb)") + pod + service
        #expect(Self.entries(manifest) == ["loadBalancer internet gw: TCP 443 / TCP 443", "gateway internet web: TCP 8080 / TCP 8080"])
        let model = model(manifest + Self.policy("ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 9090}]}]"))
        #expect(model.entries().map(\.allowed.description) == ["TCP 443", "none"])
        #expect(model.entries().last?.path.count == 3)
    }

    @Test func severalRulesToOneServiceAreOneWay() {
        let paths = "{path: /, backend: {service: {name: web, port: {number: 80}}}}, {path: /m, backend: {service: {name: web, port: {number: 90}}}}"
        let ingress = Self.ingress("rules: [{http: {paths: [\(paths)]}}]")
        #expect(Self.entries(Self.web + Self.cluster + ingress) == ["ingress unknown web: TCP 8080,9090 / TCP 8080,9090?"])
        let twice = Self.route("parentRefs: [{name: public, namespace: edge}, {name: public, namespace: edge, sectionName: https}], \(Self.toWeb)")
        #expect(Self.entries(Self.web + Self.cluster + Self.gateway(Self.all) + twice) == Self.through)
    }

    // MARK: - Ports of the host, and bad input

    @Test func portsOfTheHostLeadIn() {
        let pods = """
            apiVersion: v1
            kind: Pod
            metadata: {name: agent, namespace: shop}
            spec: {containers: [{name: c, ports: [{containerPort: 9100, hostPort: 9100}, {containerPort: 80}]}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: host, namespace: shop}
            spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 10250}, {containerPort: 53, protocol: UDP}]}]}
            """
        let copies = (0..<5).map {
            pods.replacing("name: agent", with: "name: a\($0), ownerReferences: [{kind: DaemonSet, name: agent, controller: true}]")
        }
        #expect(Self.entries(copies.joined(separator: "\n---\n")).filter { $0.contains("agent") } == ["hostPort nodes agent: TCP 9100 / TCP 9100"])
        #expect(Self.entries(pods) == ["hostPort nodes agent: TCP 9100 / TCP 9100", "hostPort nodes host: TCP 10250; UDP 53 / TCP 10250; UDP 53"])
    }

    @Test(arguments: [
        (service("type: LoadBalancer, ports: [{port: http}]"), "spec.ports[0].port"),
        (service("type: LoadBalancer, ports: [{targetPort: 80}]"), "spec.ports[0]"),
        (service("type: LoadBalancer, ports: [{port: 80, targetPort: 0}]"), "spec.ports[0].targetPort"),
        (service("type: [LoadBalancer], ports: [{port: 80}]"), "spec.type"),
        (service("externalIPs: 203.0.113.5, ports: [{port: 80}]"), "spec.externalIPs"),
        (
            service("type: LoadBalancer, ports: [{port: 80}]", annotations: "{service.beta.kubernetes.io/aws-load-balancer-internal: true}"),
            "metadata.annotations[\"service.beta.kubernetes.io/aws-load-balancer-internal\"]"
        ),
        (service("type: LoadBalancer, loadBalancerSourceRanges: [everybody], ports: [{port: 80}]"), "spec.loadBalancerSourceRanges"),
        (cluster + ingress("rules: {a: b}"), "spec.rules"),
        (cluster + ingress(rule("number: x")), "spec.rules[0].http.paths[0].backend.service.port.number"),
        (cluster + route("parentRefs: [{name: public}], rules: [{backendRefs: {a: b}}]"), "spec.rules[0].backendRefs"),
        (
            cluster + gateway("{name: h, port: 443, allowedRoutes: {namespaces: {from: Selector, selector: [x]}}}") + route("\(parent), \(toWeb)"),
            "spec.listeners[0].allowedRoutes.namespaces.selector"
        ),
    ])
    func doorsOfTheWrongShapeAreGaps(manifest: String, path: String) {
        let model = model(Self.web + manifest)
        #expect(model.gaps.map(\.place.fieldPath) == [path])
        #expect(model.entries().isEmpty)
    }
}
