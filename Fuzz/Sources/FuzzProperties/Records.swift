import Blame
import Documents
import Kubernetes
import Ledger

/// What was written down by others: an API server's audit log, and a ledger that comes as files.
extension Properties {
    private static let subjects = [
        Subject(ObjectName(group: "apps", resource: "deployments", namespace: "shop", name: "web"), kind: "Deployment"),
        Subject(ObjectName(group: "", resource: "pods", namespace: "shop", name: "web"), kind: "Pod"),
    ]
    private static let paths = ["spec.template.spec.containers[app].securityContext.privileged", "spec.containers[app].securityContext.privileged"]

    /// What is read does not depend on how the log comes in, and nobody is proven to have done anything whom the log does not name.
    public static func audit(_ bytes: [UInt8]) {
        let whole = collected([bytes])
        let cut = bytes.count / 2
        let end = bytes[cut...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        let parts = collected([Array(bytes[..<end]), Array(bytes[end...])])
        precondition(whole.counts == parts.counts && whole.records.count == parts.records.count, "the log reads differently in two parts")
        let counts = whole.counts
        precondition(counts.needed + counts.repeated + counts.dropped <= counts.events, "more came out than went in")
        precondition(whole.records.count == counts.needed, "what is kept is not what is counted")

        let blamer = Blamer(whole.records, counts: counts, inventory: Inventory([]), model: Fixture.model)
        for (subject, path) in zip(subjects, paths) {
            _ = blamer.blame(subject)
            guard let field = try? FieldQuestion(path) else { preconditionFailure("\(path) is no path") }
            let result = blamer.blame(subject, field: field)
            guard let answer = result.introduced, answer.strength == .proven, let actor = answer.actor else { continue }
            precondition(whole.records.contains { $0.actor == actor }, "the log does not name who is proven")
        }
        var live = LiveHistories(kinds: ["Deployment", "Pod"])
        let lines = bytes.split(separator: 0x0A)
        _ = live.take(lines, of: "fuzz", first: 1)
        precondition(live.taken + live.unreadable <= lines.count && live.bytes <= live.limits.bytes, "more than there may be")
    }

    private static func collected(_ parts: [[UInt8]]) -> AuditCollector {
        var collector = AuditCollector(Selection(Set(subjects.map(\.name))))
        var line = 1
        for part in parts {
            collector.take(part, of: "fuzz", first: line)
            line += part.count { $0 == 0x0A }
        }
        return collector
    }

    /// Notes and entries say the same when written again, and files that nobody signed never pass for a ledger.
    public static func ledger(_ bytes: [UInt8]) {
        if let note = try? SignedNote(bytes) { precondition(Array(note.description.utf8) == bytes, "a note that changes when written") }
        if let checkpoint = try? SignedCheckpoint(bytes) { precondition(checkpoint.checkpoint.size >= 0) }
        if let entry = try? Entry(bytes) {
            let again = try? Entry(kind: entry.kind, actor: entry.actor, subject: entry.subject, time: entry.time, payload: entry.payload)
            precondition(again?.bytes == bytes, "an entry that changes when written")
        }
        let files = LedgerExport(name: "fuzz") { $0 == LedgerExport.checkpointName ? bytes : Array(bytes.drop { $0 != 0x0A }) }
        guard let report = try? files.audit(AuditOptions()) else { return }
        precondition(!report.isKeyTrusted && !(report.faults.isEmpty && report.size > 0), "what nobody signed passes for a ledger")
    }
}
