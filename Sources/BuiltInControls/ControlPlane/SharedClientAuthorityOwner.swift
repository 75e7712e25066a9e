import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Its owner adds an authority of his own, acts as anybody towards the API server and runs commands in every container of the node.
    ///
    /// File: as for `shared-client-ca-mode`. Allowed: user and group root.
    static let sharedClientAuthorityOwner = Control(
        id: "shared-client-ca-owner",
        title: "Give the authority that API server and kubelet share to root",
        severity: .high,
        duty: "A5",
        summary: "Another user than root decides who may command the API server and the kubelet.",
        remedy: "`chown root:root FILE` for each file found.",
        references: [.cis("1.1.19"), .cis("4.1.8")],
        passing: [SharedAuthorityExample.machine(mode: "0644", owner: "root")],
        failing: [SharedAuthorityExample.machine(mode: "0644", owner: "app", fault: "owner")],
        check: .sharedAuthorities { file, report throws(WrongType) in try report.judgeOwner(of: file, by: .root) })
}
