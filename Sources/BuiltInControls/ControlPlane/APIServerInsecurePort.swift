import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Whoever reaches the insecure port is administrator of the cluster: nothing there asks who calls or whether they may.
    ///
    /// Settings: `--insecure-port` of kube-apiserver, 8080 on the machine itself before 1.20 unless set, 0 from then on;
    /// `--insecure-bind-address`. Allowed: port 0. Version 1.24 removed both.
    static let apiServerInsecurePort = Control(
        id: "kube-apiserver-insecure-port",
        title: "Close the port without authentication",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the port controls the cluster without credentials.",
        remedy: "Set `--insecure-port=0` or upgrade.",
        references: [.nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=false]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.18.6
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --insecure-port=0]}
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --insecure-port=8080 # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            kubernetesVersion: 1.18.6
            processes:
            - name: kube-apiserver
              argv: # ✗
              - kube-apiserver
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: kube-apiserver, namespace: kube-system}
            spec:
              containers:
              - name: kube-apiserver
                image: registry.example.com/kube-apiserver:v1.31.2
                command:
                - kube-apiserver
                - --insecure-port=8080 # ✗
                - --insecure-bind-address=0.0.0.0
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            let standard = report.version(of: server) < KubernetesVersion(1, 20) ? "8080" : "0"
            guard let port = report.setting(server, flag: "insecure-port", standard: standard) else { return }
            guard let number = port.int, (0...65_535).contains(number) else { return report.undecided(port, "no port") }
            if number != 0 { report.fail(port.place, port.isSet ? "\(port.name) is \(number)" : "--insecure-port is not set, so it is \(number)") }
        })
}
