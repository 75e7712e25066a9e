import Controls
import Documents
import Kubernetes

extension Control {
    /// What people outside the cluster reach is attacked first. This control does not call it wrong; it says for each workload
    /// that it is reachable, and through what, so that its other findings weigh more.
    ///
    /// Fields: Services that select the Pod and are public load balancers, NodePorts or have external IPs, and Ingresses and routes that
    /// lead to a Service that selects it.
    static let exposedWorkloads = Control(
        id: "exposed-workloads",
        title: "Know which workloads the outside reaches",
        severity: .info,
        duty: "P3b",
        summary: "People outside the cluster reach this workload, so its weaknesses are found first.",
        remedy: "Keep it if it is meant to be public; otherwise remove the route or make the Service internal.",
        references: [Reference("mitre-attack", "T1190")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: db, labels: {app: db}}
            spec: {containers: [{name: db, image: registry.example.com/db:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {selector: {app: db}, ports: [{port: 5432}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web # ✗
              labels: {app: web}
            spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: front}
            spec:
              rules:
              - host: www.example.com
                http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
            """
        ],
        check: .pods { _, report throws(WrongType) in
            let inventory = report.inventory
            for index in inventory.links.services(of: report.object) {
                let service = inventory.objects[index]
                let workload = inventory.objects[report.object]
                let (place, _) = workload.root.descend("metadata.name")
                if try isOpen(service, report.settings) {
                    return report.fail(place, "\(workload.displayName) is reachable through \(service.displayName)", value: service.name)
                }
                for route in inventory.links.routes(to: service) where try !isPrivate(inventory.objects[route]) {
                    let name = inventory.objects[route].displayName
                    return report.fail(place, "\(workload.displayName) is reachable through \(name)", value: service.name)
                }
            }
        })

    /// Dashboards, build servers, notebooks and model servers are made for one team behind a door; many ask for no password by
    /// default, and run whatever they are told to.
    ///
    /// Fields: images of Pods that a public load balancer, NodePort or external IP leads to.
    static let exposedInterfaces = Control(
        id: "exposed-sensitive-interfaces",
        title: "Keep administrative interfaces inside",
        severity: .high,
        duty: "P3b",
        summary: "An interface that runs code or administers the cluster, often without a password, is reachable from outside.",
        remedy: "Make the Service `ClusterIP` and put a login in front, or reach it by `kubectl port-forward`.",
        references: [Reference("mitre-attack", "T1133"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: ci, labels: {app: ci}}
            spec: {containers: [{name: ci, image: "jenkins/jenkins:lts"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: ci}
            spec: {selector: {app: ci}, ports: [{port: 8080}]}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: ci, labels: {app: ci}}
            spec:
              containers:
              - name: ci
                image: jenkins/jenkins:lts # ✗
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: ci}
            spec: {type: NodePort, selector: {app: ci}, ports: [{port: 8080}]}
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            let image = container.node["image"]
            guard let name = sensitiveImages.first(where: { image.textContains($0) }) else { return }
            for index in report.inventory.links.services(of: report.object) {
                let service = report.inventory.objects[index]
                guard try isOpen(service, report.settings) else { continue }
                return report.fail(image, "container '\(container.name)' offers \(name) through \(service.displayName)")
            }
        })
}

/// Whether a Service by itself lets people outside the cluster in.
private func isOpen(_ service: KubernetesObject, _ settings: Settings) throws(WrongType) -> Bool {
    guard service.isCoreService else { return false }
    if try ServiceReach(of: service, settings).mayBePublic { return true }
    return try !service.spec["externalIPs"].items().isEmpty
}

/// Whether an Ingress says that its load balancer is internal.
private func isPrivate(_ route: KubernetesObject) throws(WrongType) -> Bool {
    if try route.annotations["alb.ingress.kubernetes.io/scheme"].equals("internal") { return true }
    if try route.annotations["alb.ingress.kubernetes.io/address-type"].equals("intranet") { return true }
    return try route.annotations["kubernetes.io/ingress.class"].equals("gce-internal")
}

/// Parts of image names whose programs administer or run code, with no login or a well-known one by default.
private let sensitiveImages: [StaticString] = [
    "argoproj/argocli", "jenkins/jenkins", "kubernetesui/dashboard", "kubernetes-dashboard", "weaveworks/scope", "kubeflow/centraldashboard",
    "prom/prometheus", "prom/alertmanager", "/kibana", "jupyter/", "jupyterhub/", "apache/airflow", "apache/zeppelin", "apache/nifi",
    "apache/flink", "vllm/vllm-openai", "ollama/ollama", "rayproject/ray", "/mlflow", "portainer/portainer", "phpmyadmin", "pgadmin4", "adminer",
    "longhorn-ui", "kubernetes-helm/tiller", "hashicorp/consul", "selenium/", "rancher/rancher", "octant", "headlamp",
]
