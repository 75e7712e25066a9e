import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// With anonymous requests on, whoever reaches the port is `system:anonymous`: one careless binding and the cluster is open to strangers.
    ///
    /// Setting: `--anonymous-auth` of kube-apiserver, true unless set; or `anonymous` in the file of `--authentication-config`, which may
    /// allow it for single paths such as `/healthz`. Allowed: false, or on for named paths only.
    static let apiServerAnonymousAuth = Control(
        id: "kube-apiserver-anonymous-auth",
        title: "Refuse anonymous requests to the API server",
        severity: .high,
        duty: "A5",
        summary: "The API server answers requests without credentials, so a careless binding gives rights to everybody who reaches it.",
        remedy: "Set `--anonymous-auth=false`, or allow anonymous requests for the health paths only in the file of `--authentication-config`.",
        references: [.cis("1.2.1"), .nsa("authentication and authorization")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --anonymous-auth=false]}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv: # ✗
              - kube-apiserver
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --anonymous-auth=false
              - --anonymous-auth=true # ✗
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
                - --anonymous-auth=true # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            guard let anonymous = report.setting(server, flag: "anonymous-auth", standard: "true"), anonymous.bool != false else { return }
            report.fail(anonymous.place, anonymous.isSet ? "\(anonymous.name) is \(anonymous.text)" : "--anonymous-auth is not set, so it is true")
        })
}
