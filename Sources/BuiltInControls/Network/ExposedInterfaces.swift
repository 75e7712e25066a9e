import Controls
import Documents
import Kubernetes

extension Control {
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

/// Parts of image names whose programs administer or run code, with no login or a well-known one by default.
private let sensitiveImages: [StaticString] = [
    "argoproj/argocli", "jenkins/jenkins", "kubernetesui/dashboard", "kubernetes-dashboard", "weaveworks/scope", "kubeflow/centraldashboard",
    "prom/prometheus", "prom/alertmanager", "/kibana", "jupyter/", "jupyterhub/", "apache/airflow", "apache/zeppelin", "apache/nifi",
    "apache/flink", "vllm/vllm-openai", "ollama/ollama", "rayproject/ray", "/mlflow", "portainer/portainer", "phpmyadmin", "pgadmin4", "adminer",
    "longhorn-ui", "kubernetes-helm/tiller", "hashicorp/consul", "selenium/", "rancher/rancher", "octant", "headlamp",
]
