internal import Blame
internal import Controls
internal import Kubernetes

/// What audit logs prove about an estate, with what of them could not be read.
struct AuditEvidence {
    let writes: AuditedWrites
    let gaps: [Gap]

    /// - Parameter paths: as given with `--audit`.
    init(_ paths: [String], inventory: Inventory) {
        let log = BlameLog(paths)
        var collector = AuditCollector(AuditedWrites.selection(for: inventory))
        let failures = log.read(into: &collector)
        writes = AuditedWrites(collector.records, inventory: inventory)
        gaps = log.gaps + failures + BlameLog.gaps(of: collector)
    }
}
