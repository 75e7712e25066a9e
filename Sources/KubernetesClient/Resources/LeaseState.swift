internal import Documents

/// Who holds a lease, seen from one of those who want it. Pure: the shell that asks is `ClusterClient.tryLease`.
///
/// A lease (`coordination.k8s.io/v1`) is a promise about time between programs whose clocks differ. So the time in it is never compared with one's
/// own: a holder counts as gone when the lease has not *changed* for as long as it says, measured here. As client-go does it.
struct LeaseState: Sendable, Equatable {
    let identity: String
    /// How long a holder may be silent.
    let duration: Duration

    /// What was last seen of the lease, and when on this clock.
    private var seen: (record: LeaseRecord, at: Duration)?
    /// Until when on this clock one's own hold is certain.
    private(set) var heldUntil: Duration?
    /// The newest token that was given out, where somebody else than the lease keeps it.
    private let knownToken: Int64

    enum Step: Sendable, Equatable {
        /// Write this record over the version it was read at; nil creates it.
        case write(LeaseRecord, over: String?)
        /// Somebody else holds it.
        case wait
    }

    init(identity: String, duration: Duration, after token: Int64 = 0) {
        (self.identity, self.duration, knownToken) = (identity, duration, token)
    }

    /// A number for one's hold of the lease, larger than that of every hold before it.
    func token(at now: Duration) -> Int64? { isHeld(at: now) ? seen.map { $0.record.transitions + 1 } : nil }

    /// - Parameters:
    ///   - record: the lease as it is now, nil when there is none.
    ///   - version: its `resourceVersion`.
    ///   - now: on a clock that only goes forward.
    ///   - time: what the wall says, to be written for people.
    mutating func read(_ record: LeaseRecord?, version: String?, now: Duration, time: Timestamp) -> Step {
        guard let record else {
            // Somebody deleted it: the count goes on from what was seen of it.
            let next = seen.map { $0.record.transitions + 1 } ?? 0
            return .write(fresh(transitions: max(next, knownToken), acquired: time, time: time), over: nil)
        }
        if seen?.record != record { seen = (record, now) }
        if record.holder != identity { heldUntil = nil }
        if record.holder == identity {
            return .write(fresh(transitions: record.transitions, acquired: record.acquired ?? time, time: time), over: version)
        }
        let silence = now - (seen?.at ?? now)
        guard record.holder.isEmpty || silence >= max(record.duration, .seconds(1)) else { return .wait }
        return .write(fresh(transitions: max(record.transitions + 1, knownToken), acquired: time, time: time), over: version)
    }

    /// A write went through; it was begun at `started`, and what comes after counts from there.
    mutating func wrote(_ record: LeaseRecord, started: Duration) {
        seen = (record, started)
        heldUntil = started + duration
    }

    /// A write was refused, for somebody else was faster, or has failed: nothing is certain beyond what was.
    mutating func lost() { heldUntil = nil }

    func isHeld(at now: Duration) -> Bool { heldUntil.map { now < $0 } ?? false }

    private func fresh(transitions: Int64, acquired: Timestamp, time: Timestamp) -> LeaseRecord {
        LeaseRecord(holder: identity, duration: duration, acquired: acquired, renewed: time, transitions: transitions)
    }

    static func == (one: LeaseState, other: LeaseState) -> Bool {
        one.identity == other.identity && one.duration == other.duration && one.heldUntil == other.heldUntil
            && one.seen?.record == other.seen?.record && one.seen?.at == other.seen?.at
    }
}

/// The `spec` of a lease.
struct LeaseRecord: Sendable, Equatable {
    var holder: String
    var duration: Duration
    var acquired: Timestamp?
    var renewed: Timestamp?
    var transitions: Int64

    init(holder: String, duration: Duration, acquired: Timestamp?, renewed: Timestamp?, transitions: Int64) {
        (self.holder, self.duration, self.acquired, self.renewed, self.transitions) = (holder, duration, acquired, renewed, transitions)
    }

    init(_ spec: Value) throws(WrongType) {
        holder = try spec["holderIdentity"].string() ?? ""
        duration = .seconds(min(max(try spec["leaseDurationSeconds"].int() ?? 0, 0), 86_400))
        acquired = try spec["acquireTime"].string().flatMap { Timestamp($0) }
        renewed = try spec["renewTime"].string().flatMap { Timestamp($0) }
        // It has 32 bits in the API; what is no such number is not to overflow here.
        transitions = min(max(try spec["leaseTransitions"].int() ?? 0, 0), Int64(Int32.max))
    }

    var spec: ManifestText {
        // `MicroTime` insists on six digits behind the second.
        func micro(_ time: Timestamp?) -> ManifestText { time.map { .text("\($0)".replacing("Z", with: ".000000Z")) } ?? .null }
        return .map([
            "holderIdentity": .text(holder), "leaseDurationSeconds": .number(duration.components.seconds), "acquireTime": micro(acquired),
            "renewTime": micro(renewed), "leaseTransitions": .number(transitions),
        ])
    }
}
