import Controls
import Documents
import NodeEvidence

extension Control {
    /// Whoever reaches the port of such a kubelet is let in without credentials: where `AlwaysAllow` holds, into every Pod of the machine.
    ///
    /// Settings: `--anonymous-auth` of the kubelet, or `authentication.anonymous.enabled` in its file. Unset it is false with a file, true
    /// without. Allowed: false. Source: kubelet `v1beta1` defaults and `applyLegacyDefaults`.
    static let kubeletAnonymousAuth = Control(
        id: "kubelet-anonymous-auth",
        title: "Refuse anonymous requests to the kubelet",
        severity: .critical,
        duty: "A5",
        summary: "Whoever reaches the kubelet may call it without credentials.",
        remedy: "Set `authentication.anonymous.enabled: false` in the configuration file.",
        references: [.cis("4.2.1"), .nsa("authentication and authorization"), Reference("cwe", "CWE-306")],
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --config=/var/lib/kubelet/config.yaml]}
            files:
            - path: /var/lib/kubelet/config.yaml
              content: |
                kind: KubeletConfiguration
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --anonymous-auth=false]}
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --config=/var/lib/kubelet/config.yaml, --anonymous-auth=false]}
            files:
            - path: /var/lib/kubelet/config.yaml
              content: |
                kind: KubeletConfiguration
                authentication:
                  anonymous:
                    enabled: true
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kubelet
              argv: # ✗
              - kubelet
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - {name: kubelet, argv: [kubelet, --config=/var/lib/kubelet/config.yaml]}
            files:
            - path: /var/lib/kubelet/config.yaml
              content: | # ✗
                kind: KubeletConfiguration
                authentication:
                  anonymous:
                    enabled: true
            """,
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kubelet
              argv:
              - kubelet
              - --config=/var/lib/kubelet/config.yaml
              - --anonymous-auth # ✗
            files:
            - path: /var/lib/kubelet/config.yaml
              content: |
                kind: KubeletConfiguration
                authentication:
                  anonymous:
                    enabled: false
            """,
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.require(
                kubelet, flag: "anonymous-auth", field: "authentication.anonymous.enabled", standard: !kubelet.hasConfigurationFile, is: false)
        })
}
