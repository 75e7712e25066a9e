import Advisories
import Controls
import Documents
import Kubernetes
import NodeEvidence

extension Control {
    /// Where there is no fix, only care helps: whoever runs the node must know which faults it lives with, and whether anybody works on them.
    ///
    /// Evidence: `packages` and `os`, against the advisories of `--advisories`. Allowed: no package, kernels included, with a fault that its
    /// release has no fix for. A fault without a fix anywhere is upstream's, where the model says so. What the distribution decided to
    /// leave, or has not looked at, is listed once for a person to look at.
    static let nodePackagesWithoutFix = Control(
        id: "node-packages-without-fix",
        title: "Know the faults of node packages that have no fix yet",
        severity: .medium,
        duty: "A4",
        summary: "A package has a known fault for which its release has no fix, so that upgrading does not help.",
        remedy: "Keep what has the fault away from untrusted input, move to a release that has the fix where the finding names one, or wait for it.",
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
            - {name: zlib1g, version: 1:1.2.13.dfsg-1, source: zlib, manager: dpkg} # ✗
            - {name: libsystemd0, version: 252.22-1~deb12u1, source: systemd, manager: dpkg} # ✗
            """
        ],
        check: .objects([KubernetesObject.nodeEvidenceKind]) { _, report throws(WrongType) in
            guard let evidence = report.evidence, let patches = try report.patches(of: evidence) else { return }
            for source in patches.sources {
                let open = source.standings(where: \.isWithoutFix)
                report.fail(source, open.filter(\.state.isUpstreams), "for which nobody has a fix", patch: .noUpstreamFix)
                let elsewhere = open.filter { !$0.state.isUpstreams }
                report.fail(source, elsewhere, "which this release has not mended, others have (\(elsewhere.places))")
            }
            report.listLeft(patches, in: evidence)
            if let unreadable = patches.unreadable { throw unreadable }
        })
}

extension [PatchStanding] {
    /// `sid 3.3.0-1, trixie 3.2.1-3`
    fileprivate var places: String {
        let places = Set(
            compactMap { standing -> String? in
                if case .noFixYet(let elsewhere, _) = standing.state { elsewhere } else { nil }
            })
        return Advice.list(places.sorted(), most: 3)
    }
}

extension Report {
    /// What nobody will mend, or nobody has looked at: one line for a machine.
    fileprivate mutating func listLeft(_ patches: NodePatches, in evidence: EvidenceDocument) {
        var ignored: [String] = []
        var undetermined: [String] = []
        for source in patches.sources {
            for standing in source.standings {
                switch standing.state {
                case .ignored(let reason): ignored.append("\(source.name) \(standing.advisory): \(reason)")
                case .undetermined(let reason): undetermined.append("\(source.name) \(standing.advisory): \(reason)")
                default: break
                }
            }
        }
        let place = evidence.root["packages"]
        if !ignored.isEmpty {
            manual(place, "the distribution leaves \(ignored.count) faults as they are: \(Advice.list(ignored, most: 10))")
        }
        if !undetermined.isEmpty {
            manual(place, "\(undetermined.count) advisories do not let anybody tell: \(Advice.list(undetermined, most: 10))")
        }
    }
}
