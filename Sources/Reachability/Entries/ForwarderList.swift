import Documents
import Kubernetes

/// Proxies in the estate that stand between clients and workloads: ingress controllers and the Pods of Gateways.
struct ForwarderList {
    /// Workloads by the program they run.
    private var byProgram: [String: Set<Int>] = [:]
    /// Workloads by the Gateway they serve, as `namespace/name`.
    private var byGateway: [String: Set<Int>] = [:]

    /// - Parameter workloads: the workload of each object, nil for what runs nothing.
    init(_ objects: [KubernetesObject], workloads: [Int?]) {
        for (index, object) in objects.enumerated() {
            guard let workload = workloads[index], let pod = object.pod else { continue }
            // Labels that are no strings are gaps of the model; such Pods forward nothing here.
            if let program = (try? pod.labels["app.kubernetes.io/name"].string()) ?? nil, ForwarderList.programs.contains(program) {
                byProgram[program, default: []].insert(workload)
            }
            if let gateway = (try? pod.labels["gateway.networking.k8s.io/gateway-name"].string()) ?? nil {
                byGateway["\(object.namespace)/\(gateway)", default: []].insert(workload)
            }
        }
    }

    /// Those of a Gateway: its own where there are any, as implementations inside the cluster label them (Gateway API, GEP-1762).
    func forwarders(ofGateway gateway: KubernetesObject) -> [Int] { (byGateway["\(gateway.namespace)/\(gateway.name)"] ?? []).sorted() }

    /// Those of an Ingress, by the controller of its class; every known one when the class is not in the estate.
    func forwarders(ofController controller: String?) -> [Int] {
        guard let controller else { return byProgram.values.reduce(into: Set()) { $0.formUnion($1) }.sorted() }
        guard let program = ForwarderList.programOfController.first(where: { controller.hasPrefix($0.0) })?.1 else { return [] }
        return (byProgram[program] ?? []).sorted()
    }

    /// `spec.controller` of IngressClasses, and the name that the controller's own chart gives its Pods.
    private static let programOfController: [(String, String)] = [
        ("k8s.io/ingress-nginx", "ingress-nginx"), ("nginx.org/ingress-controller", "nginx-ingress"),
        ("traefik.io/ingress-controller", "traefik"), ("haproxy.org/ingress-controller", "kubernetes-ingress"),
        ("haproxy-ingress.github.io/controller", "haproxy-ingress"), ("ingress-controllers.konghq.com/kong", "kong"),
        ("projectcontour.io/", "contour"), ("apisix.apache.org/apisix-ingress", "apisix"),
    ]

    private static let programs = Set(programOfController.map(\.1))
}
