import Controls
import Documents
import Kubernetes

extension Control {
    /// A load balancer gets a public address unless the annotation of its platform says otherwise, so a Service
    /// that was meant for colleagues is offered to everyone.
    ///
    /// Fields: `spec.type`, `spec.loadBalancerClass` and the platforms' annotations for internal balancers
    /// (Alibaba Cloud `alibaba-cloud-loadbalancer-address-type: intranet`, AWS `aws-load-balancer-scheme: internal`,
    /// Google `networking.gke.io/load-balancer-type: Internal`, Azure `azure-load-balancer-internal: "true"`, …).
    static let internetLoadBalancers = Control(
        id: "internet-load-balancers",
        title: "Keep load balancers off the Internet",
        severity: .high,
        duty: "P3b",
        summary: "Without the platform's annotation for an internal load balancer, the Service gets a public address.",
        remedy: """
            Set the internal annotation of the platform, such as `service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet`, \
            or apply for a public address.
            """,
        references: [.ackPolicy("ACKBlockInternetLoadBalancer"), Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type: intranet
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            """,
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations: {networking.gke.io/load-balancer-type: Internal}
            spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443}]}
            ---
            apiVersion: v1
            kind: Service
            metadata:
              name: api
              annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: "true"}
            spec: {type: LoadBalancer, selector: {app: api}, ports: [{port: 443}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: shop}
            spec: {type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb, selector: {app: shop}, ports: [{port: 443}]}
            """,
        ],
        failing: [
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer # ✗
              selector: {app: web}
              ports: [{port: 443}]
            """,
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id: lb-example
            spec:
              type: LoadBalancer # ✗
              selector: {app: web}
              ports: [{port: 443}]
            """,
        ],
        check: .objects(["Service"]) { service, report throws(WrongType) in
            guard service.isCoreService else { return report.notApplicable() }
            let type = service.spec["type"]
            switch try ServiceReach(of: service, report.settings) {
            case .internet: report.fail(type, "the load balancer of Service '\(service.name)' gets a public address")
            case .unknownBalancer:
                report.notObservable(
                    type, "whether the load balancer of Service '\(service.name)' is public is decided outside its manifest")
            case .cluster, .nodes, .privateBalancer: break
            }
        })
}
