import Testing

@testable import Server

struct PassScheduleTests {
    private static func ms(_ milliseconds: Int) -> Duration { .milliseconds(milliseconds) }

    /// A schedule that has made its first pass over all, which took 100 ms and ended at 1 s.
    private static var begun: PassSchedule {
        var schedule = PassSchedule()
        schedule.begins(.whole)
        schedule.ended(.whole, at: ms(1_000), took: ms(100))
        return schedule
    }

    @Test func theFirstPassIsOverAll() {
        #expect(PassSchedule().step(at: .zero) == .whole)
        #expect(Self.begun.step(at: Self.ms(1_000)) == .wait(until: .seconds(3_601)), "nothing changed")
    }

    @Test func changesAreJudgedOnceTheySettle() {
        var schedule = Self.begun
        schedule.changed(at: Self.ms(2_000), isUrgent: false)
        #expect(schedule.step(at: Self.ms(2_000)) == .wait(until: Self.ms(2_500)))
        schedule.changed(at: Self.ms(2_400), isUrgent: false)
        #expect(schedule.step(at: Self.ms(2_500)) == .wait(until: Self.ms(2_900)))
        #expect(schedule.step(at: Self.ms(2_900)) == .namespaces)
        schedule.begins(.namespaces)
        schedule.ended(.namespaces, at: Self.ms(3_000), took: Self.ms(100))
        #expect(schedule.step(at: Self.ms(3_000)) == .wait(until: .seconds(31)), "the whole follows")
        #expect(schedule.step(at: .seconds(31)) == .whole)
    }

    @Test func changesThatGoOnAreNotWaitedForWithoutEnd() {
        var schedule = Self.begun
        for time in stride(from: 2_000, through: 4_900, by: 100) { schedule.changed(at: Self.ms(time), isUrgent: false) }
        #expect(schedule.step(at: Self.ms(4_900)) == .wait(until: Self.ms(5_000)))
        #expect(schedule.step(at: Self.ms(5_000)) == .namespaces)
    }

    @Test func aGrantCountsAtOnce() {
        var schedule = Self.begun
        schedule.changed(at: Self.ms(1_001), isUrgent: true)
        #expect(schedule.step(at: Self.ms(1_001)) == .namespaces)
    }

    /// However large the cluster and however many changes, most of the time is everybody else's.
    @Test func longPassesAreFollowedByLongPauses() {
        var schedule = PassSchedule()
        var (now, busy, wholes) = (Duration.zero, Duration.zero, 0)
        while now < .seconds(3_600) {
            schedule.changed(at: now, isUrgent: false)
            let step = schedule.step(at: now)
            switch step {
            case .wait(let until): now = max(until, now + Self.ms(50))
            case .namespaces, .whole:
                schedule.begins(step)
                let took: Duration = step == .whole ? .seconds(10) : Self.ms(400)
                if step == .whole { wholes += 1 }
                (now, busy) = (now + took, busy + took)
                schedule.ended(step, at: now, took: took)
            }
        }
        #expect(wholes == 18, "every 200 s")
        #expect(busy < .seconds(3_600) / 4)
    }
}
