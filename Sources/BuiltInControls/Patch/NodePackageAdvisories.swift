import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// A fix that is out tells attackers where the hole is. Until it is installed, everybody who reads announcements knows a way in.
    ///
    /// Evidence: `packages` and `os`, against the advisories of `--advisories`. Allowed: no package whose fault its distribution has mended in
    /// a later version and which is rated high, critical or not at all. Kernels have a control of their own.
    static let nodePackageAdvisories = Control(
        id: "node-package-advisories",
        title: "Install fixes of grave faults on nodes",
        severity: .high,
        duty: "A4",
        summary: "The distribution has mended a grave fault of a package, and the machine still has the version with it.",
        remedy: "Upgrade the package to the version named in the finding, and restart what uses it; replace the node where images are immutable.",
        passing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12"}
            packages:
            - {name: libssl3, version: 3.0.11-1~deb12u3, source: openssl, manager: dpkg}
            """
        ],
        failing: [
            """
            apiVersion: demarc.dev/v1alpha1
            kind: NodeEvidence
            nodeName: node-1
            os: {id: debian, versionID: "12"}
            packages:
            - {name: libssl3, version: 3.0.11-1~deb12u1, source: openssl, manager: dpkg} # ✗
            - {name: openssl, version: 3.0.11-1~deb12u1, source: openssl, manager: dpkg}
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let patches = try report.patches(of: evidence, saysWhy: true) else { return }
            try report.failFixable(patches, in: evidence) { $0.isGrave }
        })
}

extension Report {
    /// Reports each source package with faults that are mended in a later version.
    mutating func failFixable(
        _ patches: NodePatches, in evidence: EvidenceDocument, where isWanted: (PatchStanding) -> Bool
    ) throws(WrongType) {
        let order = try distribution(of: evidence, saysWhy: false)?.order ?? .debian
        for source in patches.sources where !source.isKernel {
            let open = source.standings { $0.isFixable && isWanted($0) }
            fail(source, open, Advice.mended(open, order))
        }
        if let unreadable = patches.unreadable { throw unreadable }
    }
}
