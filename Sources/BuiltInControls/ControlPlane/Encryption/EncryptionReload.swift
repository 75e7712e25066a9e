import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Several API servers must know a new key before one of them writes with it. Restarted one after another by hand, they are on different
    /// files for a while, and some of them cannot read what others wrote; so keys are rarely replaced.
    ///
    /// Setting: `--encryption-provider-config-automatic-reload` of kube-apiserver, beside `--encryption-provider-config`. Allowed: true (since 1.26).
    static let encryptionReload = Control(
        id: "encryption-configuration-reload",
        title: "Let API servers read a changed encryption configuration",
        severity: .info,
        duty: "A5",
        summary: "A new key for etcd takes a restart of every API server, so keys stay as they are.",
        remedy:
            "Set `--encryption-provider-config-automatic-reload=true`, and watch `apiserver_encryption_config_controller_automatic_reload_failures_total`.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes:
            - name: kube-apiserver
              argv: [kube-apiserver, --encryption-provider-config=/etc/e.yaml, --encryption-provider-config-automatic-reload]
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            processes:
            - name: kube-apiserver
              argv:
              - kube-apiserver
              - --encryption-provider-config=/etc/e.yaml # ✗
            """
        ],
        checks: [
            .since(
                1, 26,
                .component(.kubeAPIServer) { server, report throws(WrongType) in
                    guard let file = report.setting(server, flag: "encryption-provider-config") else { return }
                    guard !file.text.isEmpty else { return report.notApplicable() }
                    guard let reload = report.setting(server, flag: "encryption-provider-config-automatic-reload", standard: "false") else { return }
                    if reload.bool != true {
                        report.fail(reload.isSet ? reload.place : file.place, "a changed file is read after a restart only", value: "reload")
                    }
                })
        ])
}
