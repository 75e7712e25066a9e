import Controls
import Documents
import NodeEvidence

extension Control {
    /// `AllAlpha` switches on whatever is unfinished, without promise of security fixes.
    ///
    /// Settings: `--feature-gates` of the kubelet, merged over `featureGates` in its file. Allowed: without `AllAlpha: true`.
    static let kubeletFeatureGates = Control(
        id: "kubelet-feature-gates",
        title: "Run no unfinished features in the kubelet",
        severity: .medium,
        duty: "A5",
        summary: "Unfinished features run on the machine.",
        remedy: "Name the single feature gates that are needed.",
        references: [Reference("cwe", "CWE-1188")],
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
            - {name: kubelet, argv: [kubelet, --feature-gates=AllAlpha=false]}
            """,
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            processes:
            - name: kubelet
              argv:
              - kubelet
              - --feature-gates=AllAlpha=true # ✗
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
                featureGates:
                  AllAlpha: true
            """,
        ],
        check: .component(.kubelet) { kubelet, report throws(WrongType) in
            report.refuseAllAlpha(kubelet)
        })
}
