internal import Admission
internal import Documents

/// Counts what was refused, and what came in by a grant, so that a controller which tries a thousand times an hour makes one entry of it. Pure.
struct AdmissionTally: Sendable, Equatable {
    private struct Denial: Hashable {
        let namespace, control, user: String
    }

    private struct Use: Hashable {
        let use: GrantUse
        let workload: String
    }

    private struct Count: Equatable {
        var number = 0
        var first: Timestamp
        var last: Timestamp

        mutating func add(at now: Timestamp) {
            number += 1
            (first, last) = (min(first, now), max(last, now))
        }
    }

    /// Of denials, and of uses, that are told apart; whoever makes up users and namespaces decides how many there are.
    let limit: Int
    private var denials: [Denial: Count] = [:]
    private var uses: [Use: Count] = [:]
    /// What was not told apart any more.
    private(set) var lost = 0

    init(limit: Int = 1_000) { self.limit = limit }

    var isEmpty: Bool { denials.isEmpty && uses.isEmpty && lost == 0 }

    mutating func add(_ trace: AdmissionTrace, at now: Timestamp) {
        switch trace.outcome {
        case .denied(let controls):
            for control in controls {
                let key = Denial(namespace: trace.namespace, control: control, user: trace.user)
                guard denials[key] != nil || denials.count < limit else { lost += 1; continue }
                denials[key, default: Count(first: now, last: now)].add(at: now)
            }
        case .granted(let used):
            for use in used {
                let key = Use(use: use, workload: trace.workload)
                guard uses[key] != nil || uses.count < limit else { lost += 1; continue }
                uses[key, default: Count(first: now, last: now)].add(at: now)
            }
        }
    }

    /// What was counted since it was last taken, in an order that does not depend on chance.
    ///
    /// - Parameter batch: of whom and the how-manieth this is, different from every other.
    mutating func take(batch: String, at now: Timestamp) -> [LedgerRecord] {
        defer { self = AdmissionTally(limit: limit) }
        let denied = denials.sorted { ($0.key.namespace, $0.key.control, $0.key.user) < ($1.key.namespace, $1.key.control, $1.key.user) }
        let used = uses.sorted {
            ($0.key.use.grant, $0.key.workload, $0.key.use.specHash) < ($1.key.use.grant, $1.key.workload, $1.key.use.specHash)
        }
        var records = denied.enumerated().map { index, entry in
            LedgerRecord(
                .admissionDenied, id: "\(batch)/denied/\(index)", actor: entry.key.user, subject: "Namespace \(entry.key.namespace)",
                time: entry.value.last, AdmissionTally.payload(entry.value, ["control": .text(entry.key.control)]))
        }
        records += used.enumerated().map { index, entry in
            LedgerRecord(
                .admissionGranted, id: "\(batch)/granted/\(index)", subject: entry.key.workload, time: entry.value.last,
                AdmissionTally.payload(
                    entry.value, ["grant": .text(entry.key.use.grant), "specHash": .text(entry.key.use.specHash)]))
        }
        if lost > 0 { records.append(.lost(lost, of: "admission", id: "\(batch)/lost", at: now)) }
        return records
    }

    private static func payload(_ count: Count, _ more: [String: LedgerPayload]) -> [String: LedgerPayload] {
        more.merging(["count": .number(count.number), "first": .text("\(count.first)"), "last": .text("\(count.last)")]) { $1 }
    }
}

extension LedgerRecord {
    /// What could not be kept is not kept a secret.
    static func lost(_ count: Int, of what: String, id: String, at now: Timestamp) -> LedgerRecord {
        LedgerRecord(.recordsLost, id: id, subject: what, time: now, ["count": .number(count)])
    }
}

/// Records that wait for the ledger, the oldest first. Pure.
struct RecordQueue: Sendable, Equatable {
    let limit: Int
    private(set) var waiting: [LedgerRecord] = []
    /// What found no place, since that was last said.
    private(set) var lost = 0

    init(limit: Int = 4_096) { self.limit = limit }

    var isEmpty: Bool { waiting.isEmpty && lost == 0 }

    mutating func add(_ records: [LedgerRecord]) {
        let room = max(0, limit - waiting.count)
        waiting += records.prefix(room)
        lost += max(0, records.count - room)
    }

    /// The next record; of what was lost last, since it came after what waits.
    func next(batch: String, at now: Timestamp) -> LedgerRecord? {
        if let first = waiting.first { return first }
        return lost > 0 ? .lost(lost, of: "queue", id: "\(batch)/overflow", at: now) : nil
    }

    /// It is written, or never will be.
    mutating func done(_ record: LedgerRecord) {
        if waiting.first == record {
            waiting.removeFirst()
        } else if record.kind == .recordsLost, case .object(let payload) = record.payload, case .number(let count)? = payload["count"] {
            // More may have been lost while it was written.
            lost = max(0, lost - count)
        }
    }
}
