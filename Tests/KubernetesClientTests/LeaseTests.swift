import Documents
import Testing

@testable import KubernetesClient

struct LeaseStateTests {
    private static let time = Timestamp(secondsSinceEpoch: 1_000_000)

    private static func record(_ holder: String, renewed: Int64 = 0, transitions: Int64 = 3) -> LeaseRecord {
        LeaseRecord(
            holder: holder, duration: .seconds(15), acquired: nil, renewed: Timestamp(secondsSinceEpoch: renewed), transitions: transitions)
    }

    private static func read(_ state: inout LeaseState, _ record: LeaseRecord?, at seconds: Int) -> LeaseState.Step {
        state.read(record, version: record == nil ? nil : "7", now: .seconds(seconds), time: time)
    }

    /// The holder and the count of changes of hands that would be written.
    private static func written(_ step: LeaseState.Step) -> String {
        switch step {
        case .wait: "wait"
        case .write(let record, let over): "\(record.holder) \(record.transitions) over \(over ?? "nothing")"
        }
    }

    @Test func whatNobodyHoldsIsTaken() {
        var state = LeaseState(identity: "me", duration: .seconds(15))
        #expect(Self.written(Self.read(&state, nil, at: 0)) == "me 0 over nothing")
        #expect(Self.written(Self.read(&state, Self.record(""), at: 0)) == "me 4 over 7")
        #expect(!state.isHeld(at: .zero), "what is not written yet is not held")
    }

    /// However old the time in it looks: the other's clock may be wrong. What counts is whether it changes.
    @Test func aHolderIsGoneWhenNothingChangesForLongEnough() {
        var state = LeaseState(identity: "me", duration: .seconds(15))
        #expect(Self.read(&state, Self.record("you", renewed: 1), at: 100) == .wait)
        #expect(Self.read(&state, Self.record("you", renewed: 1), at: 114) == .wait)
        #expect(Self.read(&state, Self.record("you", renewed: 2), at: 116) == .wait, "it was renewed meanwhile")
        #expect(Self.read(&state, Self.record("you", renewed: 2), at: 130) == .wait)
        #expect(Self.written(Self.read(&state, Self.record("you", renewed: 2), at: 131)) == "me 4 over 7")
    }

    @Test func ownTimeCountsFromBeforeTheWrite() {
        var state = LeaseState(identity: "me", duration: .seconds(15))
        guard case .write(let record, _) = Self.read(&state, nil, at: 10) else { return #expect(Bool(false), "there is none") }
        state.wrote(record, started: .seconds(10))
        #expect(state.isHeld(at: .seconds(24)))
        #expect(!state.isHeld(at: .seconds(25)))
        // Renewing is no change of hands.
        #expect(Self.written(Self.read(&state, record, at: 20)) == "me 0 over 7")
        state.lost()
        #expect(!state.isHeld(at: .seconds(20)))
    }

    /// Each hold has a larger token than all before it; renewing changes nothing.
    @Test func tokensRise() {
        func hold(_ state: inout LeaseState, over record: LeaseRecord?, at seconds: Int) -> LeaseRecord? {
            guard case .write(let record, _) = Self.read(&state, record, at: seconds) else { return nil }
            state.wrote(record, started: .seconds(seconds))
            return record
        }
        var (me, you) = (LeaseState(identity: "me", duration: .seconds(15)), LeaseState(identity: "you", duration: .seconds(15)))
        let first = hold(&me, over: nil, at: 0)
        #expect(me.token(at: .seconds(1)) == 1)
        let renewed = hold(&me, over: first, at: 10)
        #expect(me.token(at: .seconds(11)) == 1 && me.token(at: .seconds(25)) == nil)
        #expect(hold(&you, over: renewed, at: 12) == nil && you.token(at: .seconds(12)) == nil)
        let taken = hold(&you, over: renewed, at: 27)
        #expect(you.token(at: .seconds(28)) == 2)
        // Whoever reads that another holds it has no token from that moment on.
        me.wrote(renewed ?? Self.record("me"), started: .seconds(27))
        #expect(Self.read(&me, taken, at: 28) == .wait && me.token(at: .seconds(28)) == nil)
        // Deleted: who has seen it goes on from there, and who has not must be told.
        #expect(hold(&you, over: nil, at: 29)?.transitions == 2 && you.token(at: .seconds(30)) == 3)
        var third = LeaseState(identity: "third", duration: .seconds(15), after: 3)
        #expect(hold(&third, over: nil, at: 31)?.transitions == 3 && third.token(at: .seconds(32)) == 4)
        var fourth = LeaseState(identity: "fourth", duration: .seconds(15), after: 9)
        #expect(hold(&fourth, over: Self.record(""), at: 40)?.transitions == 9)
    }

    @Test(arguments: ["-5", "9223372036854775807", "2147483648"]) func absurdCountsDoNotOverflow(count: String) throws {
        let spec = DocumentTree.parse(#"{"holderIdentity":"","leaseTransitions":\#(count)}"#).tree.roots[0]
        var state = LeaseState(identity: "me", duration: .seconds(15))
        guard case .write(let record, _) = Self.read(&state, try LeaseRecord(spec), at: 0) else { return #expect(Bool(false), "it is free") }
        #expect(record.transitions == (count == "-5" ? 1 : Int64(Int32.max) + 1))
    }

    @Test func aRecordSurvivesWritingAndReading() throws {
        let record = LeaseRecord(holder: "me", duration: .seconds(15), acquired: Self.time, renewed: Self.time, transitions: 2)
        let text = record.spec.json
        #expect(text.contains(#""renewTime":"1970-01-12T13:46:40.000000Z""#))
        #expect(try LeaseRecord(DocumentTree.parse(text).tree.roots[0]) == record)
    }
}
