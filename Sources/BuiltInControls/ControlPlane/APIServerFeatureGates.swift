import Controls
import Documents
import NodeEvidence

extension Control {
    /// `AllAlpha` switches on whatever is unfinished. Some gates that are on by default protect: what Pod Security admission enforces, tokens
    /// that are bound to Pods, what a node may read.
    ///
    /// Setting: `--feature-gates` of kube-apiserver. Allowed: without `AllAlpha=true`, and none of those gates off. Source: kubernetes.io,
    /// "Feature Gates".
    static let apiServerFeatureGates = Control(
        id: "kube-apiserver-feature-gates",
        title: "Keep feature gates that protect",
        severity: .medium,
        duty: "A5",
        summary: "Unfinished features run, or a protection that is on by default was switched off.",
        remedy: "Remove the gate from `--feature-gates`.",
        references: [Reference("cwe", "CWE-1188"), Reference("mitre-attack", "T1562.001")],
        passing: [
            .machine("kube-apiserver", "--anonymous-auth=false"),
            .machine("kube-apiserver", "--feature-gates=UserNamespacesSupport=true,AllAlpha=false"),
        ],
        failing: [
            .machine("kube-apiserver", "--feature-gates=AllAlpha=true # ✗"),
            .pod("kube-apiserver", "--feature-gates", "AuthorizeNodeWithSelectors=false # ✗"),
        ],
        check: .component(.kubeAPIServer) { server, report throws(WrongType) in
            report.refuseAllAlpha(server)
            let protecting = [
                "PodSecurity", "BoundServiceAccountTokenVolume", "AuthorizeNodeWithSelectors", "ServiceAccountNodeAudienceRestriction",
                "LegacyServiceAccountTokenNoAutoGeneration",
            ]
            for name in protecting {
                guard let gate = report.featureGate(server, name, standard: true) else { return }
                guard let isOn = gate.bool else { return report.undecided(gate, "neither true nor false") }
                if !isOn { report.fail(gate.place, "\(gate.name) is false") }
            }
        })
}
