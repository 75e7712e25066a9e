import Controls
import Documents
import Kubernetes
import NodeEvidence

/// The certificates of all machines in an estate, read once for all controls.
final class CertificateAnalysis: EstateAnalysis {
    private let machines: [Int: CertificateEvidence]

    init(of inventory: Inventory) {
        let documents = inventory.analysis(EvidenceAnalysis.self)
        var machines: [Int: CertificateEvidence] = [:]
        for index in inventory.objects.indices {
            if let document = documents.document(index) { machines[index] = CertificateEvidence(document) }
        }
        self.machines = machines
    }

    /// - Parameter object: index into the inventory.
    func certificates(_ object: Int) -> CertificateEvidence? { machines[object] }
}

extension Check {
    /// Called once for each machine of which certificates were collected. What of them cannot be read ends the control with a gap,
    /// after the others were judged.
    static func certificates(
        _ judge: @escaping @Sendable (CertificateEvidence, [CertificateEntry], inout Report) throws(WrongType) -> Void
    ) -> Check {
        .objects([KubernetesObject.nodeEvidenceKind]) { object, report throws(WrongType) in
            guard let machine = report.inventory.analysis(CertificateAnalysis.self).certificates(report.object) else { return report.notApplicable() }
            guard let entries = report.section(try machine.entries, "certificates") else { return }
            if entries.isEmpty { report.notApplicable() }
            try judge(machine, entries, &report)
            if let broken = entries.first(where: { !$0.bundle.problems.isEmpty }) {
                throw WrongType(value: broken.pem, expected: "certificates that can all be read", of: broken.name)
            }
        }
    }

    /// Called for each certificate by itself.
    static func eachCertificate(
        _ judge: @escaping @Sendable (CertificateFacts, CertificateEntry, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .certificates { _, entries, report throws(WrongType) in
            for entry in entries {
                for certificate in entry.bundle.certificates { try judge(certificate, entry, &report) }
            }
        }
    }
}

extension CertificateEntry {
    /// For messages: which certificate of which entry.
    func text(of certificate: CertificateFacts) -> String { "'\(certificate.subject.text)' (\(name))" }
}

/// A machine's evidence with these certificates, for examples.
func exampleEvidence(_ lists: String) -> String {
    """
    apiVersion: demarc.dev/v1alpha1
    kind: NodeEvidence
    nodeName: cp-1
    collectedAt: "2026-11-27T12:00:00Z"
    \(lists)
    """
}
