import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Small faults are links of chains: what each of them gives is little, and together they lead far.
    ///
    /// Evidence and allowed values as for `node-package-advisories`, for faults that are rated medium or lower.
    static let nodePackageLesserAdvisories = Control(
        id: "node-package-lesser-advisories",
        title: "Install fixes of lesser faults on nodes",
        severity: .medium,
        duty: "A4",
        summary: "The distribution has mended a fault of a package, rated medium or low, and the machine still has the version with it.",
        remedy: "Upgrade the package with the next maintenance of the node.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12"}
            packages:
            - {name: curl, version: 7.88.1-10+deb12u5, source: curl, manager: dpkg}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12"}
            packages:
            - {name: curl, version: 7.88.1-10+deb12u4, source: curl, manager: dpkg} # ✗
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let patches = try report.patches(of: evidence) else { return }
            try report.failFixable(patches, in: evidence) { !$0.isGrave }
        })
}
