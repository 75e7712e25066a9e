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

    /// Called for each certificate once, however many files and kubeconfigs hold it.
    static func eachCertificate(
        _ judge: @escaping @Sendable (CertificateSightings, CertificateEvidence, inout Report) throws(WrongType) -> Void
    ) -> Check {
        .certificates { machine, entries, report throws(WrongType) in
            for sightings in CertificateSightings.all(in: entries) { try judge(sightings, machine, &report) }
        }
    }
}

/// One certificate and all entries that hold it.
struct CertificateSightings {
    let certificate: CertificateFacts
    /// Never empty. Files come first: there it is replaced.
    let entries: [CertificateEntry]

    /// In the order in which the evidence shows them first.
    static func all(in entries: [CertificateEntry]) -> [CertificateSightings] {
        var order: [CertificateFacts] = []
        var holders: [String: [CertificateEntry]] = [:]
        for entry in entries {
            var seen: Set<String> = []
            for certificate in entry.bundle.certificates where seen.insert(certificate.fingerprint).inserted {
                if holders[certificate.fingerprint] == nil { order.append(certificate) }
                holders[certificate.fingerprint, default: []].append(entry)
            }
        }
        return order.map { certificate in
            let all = holders[certificate.fingerprint] ?? []
            return CertificateSightings(certificate: certificate, entries: all.filter(\.isFile) + all.filter { !$0.isFile })
        }
    }

    /// Where a finding stands.
    var place: Value? { entries.first?.pem }

    /// For messages: `'CN=kubernetes' (/etc/kubernetes/pki/ca.crt, user 'a' of /root/a.conf)`.
    var text: String {
        let shown = entries.prefix(CertificateSightings.mostNames).map(\.name).joined(separator: ", ")
        let more = entries.count - CertificateSightings.mostNames
        return "'\(certificate.subject.text)' (\(shown)\(more > 0 ? " and \(more) more" : ""))"
    }

    /// Places that one message names.
    private static let mostNames = 8
}

extension Report {
    /// One finding for a certificate, wherever it lies.
    mutating func fail(_ sightings: CertificateSightings, _ message: String) {
        guard let place = sightings.place else { return }
        fail(place, "\(sightings.text) \(message)", value: sightings.certificate.fingerprint)
    }

    mutating func notObservable(_ sightings: CertificateSightings, _ message: String) {
        guard let place = sightings.place else { return }
        notObservable(place, "\(sightings.text) \(message)")
    }
}

extension CertificateEntry {
    fileprivate var isFile: Bool { user.isEmpty && cluster.isEmpty && listener.isEmpty }
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
