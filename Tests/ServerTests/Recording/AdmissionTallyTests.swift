import Admission
import Documents
import Ledger
import Testing

@testable import Server

/// What becomes of many answers before they are entries.
struct AdmissionTallyTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_781_481_600)  // 2026-06-15T00:00:00Z

    private static func denial(_ user: String, _ namespace: String = "shop", _ controls: [String] = ["privileged-containers"]) -> AdmissionTrace {
        AdmissionTrace(user: user, namespace: namespace, workload: "Pod \(namespace)/a", outcome: .denied(controls: controls))
    }

    private static func use(_ workload: String, _ hash: String = "sha256:1") -> AdmissionTrace {
        AdmissionTrace(user: "c", namespace: "shop", workload: workload, outcome: .granted([GrantUse(grant: "shop/probe", specHash: hash)]))
    }

    @Test func aThousandDenialsOfOneKindAreOneEntry() throws {
        var tally = AdmissionTally()
        for second in 0..<1_000 { tally.add(Self.denial("ann"), at: Self.now.advanced(bySeconds: Int64(second))) }
        tally.add(Self.denial("ben", "shop", ["host-ports", "privileged-containers"]), at: Self.now)
        let records = tally.take(batch: "a/1", at: Self.now)
        #expect(
            records.map { "\($0.actor) \($0.subject) \($0.payload.text)" } == [
                #"ben Namespace shop {"control":"host-ports","count":1,"first":"2026-06-15T00:00:00Z","id":"a/1/denied/0","last":"2026-06-15T00:00:00Z"}"#,
                #"ann Namespace shop {"control":"privileged-containers","count":1000,"first":"2026-06-15T00:00:00Z","id":"a/1/denied/1","last":"2026-06-15T00:16:39Z"}"#,
                #"ben Namespace shop {"control":"privileged-containers","count":1,"first":"2026-06-15T00:00:00Z","id":"a/1/denied/2","last":"2026-06-15T00:00:00Z"}"#,
            ])
        #expect(tally.isEmpty && tally.take(batch: "a/2", at: Self.now) == [])
        for record in records { #expect(try record.entry().kind == "admission.denied") }
    }

    @Test func whatAGrantLetInIsToldApartByWorkloadAndSpec() throws {
        var tally = AdmissionTally()
        for trace in [Self.use("Deployment shop/web"), Self.use("Deployment shop/web"), Self.use("Job shop/b"), Self.use("Job shop/b", "sha256:2")] {
            tally.add(trace, at: Self.now)
        }
        let records = tally.take(batch: "a/1", at: Self.now)
        #expect(records.map(\.subject) == ["Deployment shop/web", "Job shop/b", "Job shop/b"])
        #expect(records.map(\.id) == ["a/1/granted/0", "a/1/granted/1", "a/1/granted/2"])
        #expect(records[0].payload.text.contains(#""count":2"#) && records[2].payload.text.contains(#""specHash":"sha256:2""#))
    }

    /// Whoever makes up users decides how many there are, but not how much is kept; what is left out is said.
    @Test func whatIsTooMuchIsCounted() throws {
        var tally = AdmissionTally(limit: 3)
        for number in 0..<10 { tally.add(Self.denial("user-\(number)"), at: Self.now) }
        tally.add(Self.denial("user-0"), at: Self.now)
        tally.add(Self.use("Job shop/b"), at: Self.now)
        let records = tally.take(batch: "a/1", at: Self.now)
        #expect(records.map(\.kind) == [.admissionDenied, .admissionDenied, .admissionDenied, .admissionGranted, .recordsLost])
        #expect(records.last?.payload.text == #"{"count":7,"id":"a/1/lost"}"#)
    }

    @Test func aFullQueueSaysHowMuchItDidNotTake() throws {
        func record(_ number: Int) -> LedgerRecord {
            LedgerRecord(.admissionDenied, id: "\(number)", subject: "s", time: Self.now, [:])
        }
        var queue = RecordQueue(limit: 2)
        queue.add((0..<5).map(record))
        #expect(queue.waiting.map(\.id) == ["0", "1"] && queue.lost == 3)
        for expected in ["0", "1"] {
            let next = try #require(queue.next(batch: "b", at: Self.now))
            #expect(next.id == expected)
            queue.done(next)
        }
        let lost = try #require(queue.next(batch: "b", at: Self.now))
        #expect(lost.kind == .recordsLost && lost.payload.text == #"{"count":3,"id":"b/overflow"}"#)
        // While that was written, one more found no place.
        queue.add((5..<8).map(record))
        queue.done(lost)
        #expect(queue.waiting.map(\.id) == ["5", "6"] && queue.lost == 1)
    }

    /// What an attacker names things makes no entry that the ledger refuses.
    @Test func hostileNamesMakeEntriesAllTheSame() throws {
        let long = String(repeating: "ä\u{0}\"\\\u{202E}", count: 4_000)
        var tally = AdmissionTally()
        tally.add(Self.denial(long, "shop", [long]), at: Self.now)
        tally.add(Self.use(long, long), at: Self.now)
        for record in tally.take(batch: "a/1", at: Self.now) {
            let entry = try record.entry()
            #expect(entry.bytes.count < 16 << 10 && (entry.actor.hasSuffix("…") || entry.subject.hasSuffix("…")))
        }
        #expect(LedgerPayload.texts((0..<1_000).map { "\($0)" }).text.split(separator: ",").count == 64)
    }
}
