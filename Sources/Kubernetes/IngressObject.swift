public import Documents

extension KubernetesObject {
    /// Whether this is an `Ingress` of Kubernetes itself; Knative and OpenShift have kinds of the same name.
    public var isCoreIngress: Bool { isInGroup("networking.k8s.io") || isInGroup("extensions") }

    /// Calls `body` with each backend of an Ingress: `service` (or the older flat form) of the default and of every path.
    public func forEachIngressBackend(_ body: (Value) throws(WrongType) -> Void) throws(WrongType) {
        if spec["defaultBackend"].exists { try body(spec["defaultBackend"]) }
        if spec["backend"].exists { try body(spec["backend"]) }
        for rule in try spec["rules"].items() {
            for path in try rule["http"]["paths"].items() where path["backend"].exists { try body(path["backend"]) }
        }
    }

    /// Whether an Ingress says that the load balancer behind it is internal (Alibaba Cloud, AWS, Google).
    public var isInternalIngress: Bool {
        get throws(WrongType) {
            if try annotations["alb.ingress.kubernetes.io/scheme"].equals("internal") { return true }
            if try annotations["alb.ingress.kubernetes.io/address-type"].equals("intranet") { return true }
            return try annotations["kubernetes.io/ingress.class"].equals("gce-internal")
        }
    }
}
