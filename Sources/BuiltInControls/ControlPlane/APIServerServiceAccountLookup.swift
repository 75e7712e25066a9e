import Controls
import Documents
import NodeEvidence

extension Control {
    /// Without the lookup a token stays good after its Secret or account was deleted.
    ///
    /// Setting: `--service-account-lookup` of kube-apiserver, true unless set. Allowed: true.
    static let apiServerServiceAccountLookup = Control(
        id: "kube-apiserver-service-account-lookup",
        title: "Refuse tokens of deleted service accounts",
        severity: .medium,
        duty: "A5",
        summary: "Deleting a service account or its token does not stop whoever holds the token.",
        remedy: "Set `--service-account-lookup=true`.",
        references: [.cis("1.2.21"), Reference("cwe", "CWE-613")],
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
            processes:
            - {name: kube-apiserver, argv: [kube-apiserver, --service-account-lookup]}
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
              - --service-account-lookup=false # ✗
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: cp-1
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --service_account_lookup=F # ✗
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
                - --service-account-lookup=false # ✗
            """,
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.require(server, flag: "service-account-lookup", standard: true, is: true)
        })
}
