import Documents
import Testing

@testable import Server

/// What is to be done about the authorities, for each state they can be in.
struct RotationTests {
    static let start = Timestamp(secondsSinceEpoch: 1_800_000_000)
    static let policy = RotationPolicy()
    static let day: Int64 = 86_400

    private static func at(_ days: Int64, seconds: Int64 = 0) -> Timestamp { start.advanced(bySeconds: days * day + seconds) }

    private static func names(_ hosts: String...) throws -> CertificateNames { try CertificateNames(hosts) }

    /// A state with authorities made on these days.
    private static func state(current: Int64?, next: Int64? = nil, published: Timestamp? = nil, retired: [Int64] = []) throws -> AuthorityState {
        func made(_ day: Int64) throws -> Authority { try Authority.make(for: names("demarc.demarc.svc"), policy: policy, now: at(day)) }
        var state = AuthorityState()
        state.current = try current.map(made)
        state.next = try next.map(made)
        state.nextPublished = published
        state.retired = try retired.map { try made($0).withoutKey() }
        return state
    }

    private static func step(_ state: AuthorityState, at now: Timestamp, published: Bool = true, hosts: String = "demarc.demarc.svc") throws -> String
    {
        switch state.step(for: try names(hosts), isPublished: published, policy: policy, now: now) {
        case .begin(let reason): "begin: \(reason)"
        case .announce(let reason): "announce: \(reason)"
        case .notePublished: "note"
        case .promote(let reason): "promote: \(reason)"
        case .forget: "forget"
        case .rest(let until): "rest \(until.secondsSinceEpoch - start.secondsSinceEpoch)"
        }
    }

    @Test func withoutAnAuthorityOneIsMadeAtOnce() throws {
        #expect(try Self.step(AuthorityState(), at: Self.at(0)) == "begin: there is no authority yet")
    }

    @Test func aYoungAuthorityRests() throws {
        // Two thirds of a year and the backdated hour, counted from that hour on.
        let due = -3_600 + (365 * Self.day + 3_600) / 3 * 2
        #expect(try Self.step(Self.state(current: 0), at: Self.at(0)) == "rest \(due)")
        #expect(try Self.step(Self.state(current: 0), at: Self.at(0, seconds: due - 1)) == "rest \(due)")
        #expect(try Self.step(Self.state(current: 0), at: Self.at(0, seconds: due)).hasPrefix("announce: the current authority ends at 2028-01-15"))
    }

    @Test func aNewAuthorityIsTrustedBeforeItSigns() throws {
        let announced = try Self.state(current: 0, next: 244)
        #expect(try Self.step(announced, at: Self.at(244), published: false) == "rest \(244 * Self.day + 60)")
        #expect(try Self.step(announced, at: Self.at(300), published: false) == "rest \(300 * Self.day + 60)", "as long as it takes")
        #expect(try Self.step(announced, at: Self.at(244), published: true) == "note")
        let noted = try Self.state(current: 0, next: 244, published: Self.at(244))
        #expect(try Self.step(noted, at: Self.at(244, seconds: 119)) == "rest \(244 * Self.day + 120)")
        #expect(try Self.step(noted, at: Self.at(244, seconds: 120)) == "promote: the bundle is known everywhere")
        #expect(try Self.step(noted, at: Self.at(245), published: false) == "rest \(245 * Self.day + 60)", "somebody has taken the bundle back")
    }

    @Test func anOldAuthorityIsTrustedUntilItEnds() throws {
        let state = try Self.state(current: 244, retired: [0])
        #expect(try Self.step(state, at: Self.at(245)) == "rest \(365 * Self.day)")
        #expect(try Self.step(state, at: Self.at(365, seconds: -1)) == "rest \(365 * Self.day)")
        #expect(try Self.step(state, at: Self.at(365)) == "forget")
        #expect(try state.taking(.forget, for: Self.names("a"), policy: Self.policy, now: Self.at(365)).retired.isEmpty)
    }

    /// A cluster that was switched off for months, or a clock that was wrong.
    @Test func nothingWaitsForAnAuthorityThatIsNoneAnyMore() throws {
        let ended = try Self.state(current: 0)
        #expect(try Self.step(ended, at: Self.at(365)) == "begin: the current authority ended at 2028-01-15T08:00:00Z")
        #expect(try Self.step(ended, at: Self.at(-1)) == "begin: the current authority begins at 2027-01-15T07:00:00Z only")
        #expect(try Self.step(ended, at: Self.at(0, seconds: -3_600)).hasPrefix("rest"), "an hour is within what clocks differ")
        let late = try Self.state(current: 0, next: 244)
        #expect(
            try Self.step(late, at: Self.at(366), published: false) == "promote: the current authority ended at 2028-01-15T08:00:00Z",
            "publication counts no more when nothing else is left")
        var keyless = try Self.state(current: 0)
        keyless.current = try keyless.current?.withoutKey()
        #expect(try Self.step(keyless, at: Self.at(1)) == "begin: the current authority has no key")
        let stale = try Self.state(current: 400, next: 0)
        #expect(try Self.step(stale, at: Self.at(401)) == "announce: the next authority ended at 2028-01-15T08:00:00Z")
    }

    @Test func anotherNameNeedsAnotherAuthority() throws {
        let state = try Self.state(current: 0)
        #expect(try Self.step(state, at: Self.at(1), hosts: "other.svc") == "begin: the current authority certifies none of the server's names")
        let both = try Self.names("demarc.demarc.svc", "other.svc")
        #expect(
            state.step(for: both, isPublished: true, policy: Self.policy, now: Self.at(1)) == .announce(reason: "the server has another name"))
    }

    /// People who carry the bundle to clients have a month for it; another name is what somebody has just asked for.
    @Test func aServerThatStandsAloneGivesPeopleTime() throws {
        let names = try Self.names("demarc.demarc.svc")
        func step(_ state: AuthorityState, _ names: CertificateNames, _ days: Int64) -> RotationStep {
            state.step(for: names, isPublished: true, policy: .standalone, now: Self.at(days))
        }
        #expect(step(try Self.state(current: 0, next: 244), names, 244) == .notePublished)
        let noted = try Self.state(current: 0, next: 244, published: Self.at(244))
        #expect(step(noted, names, 273) == .rest(until: Self.at(274)))
        #expect(step(noted, names, 274) == .promote(reason: "the bundle is known everywhere"))
        let both = try Self.names("demarc.demarc.svc", "other.svc")
        #expect(step(try Self.state(current: 0), both, 1) == .begin(reason: "the server has another name"))
        let begun = try Self.state(current: 0).taking(.begin(reason: ""), for: both, policy: .standalone, now: Self.at(1))
        #expect(begun.retired.count == 1 && step(begun, both, 1) != .begin(reason: "the server has another name"))
    }

    @Test func aRetiredAuthorityLosesItsKey() throws {
        let names = try Self.names("demarc.demarc.svc")
        let state = try Self.state(current: 0, next: 244, published: Self.at(244))
        let after = try state.taking(.promote(reason: ""), for: names, policy: Self.policy, now: Self.at(245))
        #expect(after.current == state.next && after.next == nil && after.nextPublished == nil)
        #expect(after.retired.map(\.id) == [state.current?.id] && after.retired.allSatisfy { $0.key == nil })
        #expect(after.trusted.map(\.id) == [state.next?.id, state.current?.id])
        let lost = try state.taking(.promote(reason: ""), for: names, policy: Self.policy, now: Self.at(365))
        #expect(lost.retired.isEmpty, "what has ended is not kept")
    }

    private static let reasons: [(days: Int64, host: String, expected: String?)] = [
        (0, "demarc.demarc.svc", nil), (59, "demarc.demarc.svc", nil), (61, "demarc.demarc.svc", "it ends at 2027-04-15T08:00:00Z"),
        (-1, "demarc.demarc.svc", nil),
    ]

    /// The day before it begins the authority cannot sign either.
    @Test(arguments: reasons) func servingCertificatesAreRenewedAhead(days: Int64, host: String, expected: String?) throws {
        let state = try Self.state(current: 0)
        let names = try Self.names(host)
        let authority = try #require(state.current)
        let serving = try ServingCertificate.issue(by: authority, for: names, policy: Self.policy, now: Self.at(0))
        #expect(state.reasonToIssue(over: serving, for: names, policy: Self.policy, now: Self.at(days)) == expected)
    }

    @Test func servingCertificatesFollowTheAuthority() throws {
        let state = try Self.state(current: 0)
        let names = try Self.names("demarc.demarc.svc")
        #expect(state.reasonToIssue(over: nil, for: names, policy: Self.policy, now: Self.at(1)) == "there is none yet")
        let other = try Self.state(current: 1)
        let serving = try ServingCertificate.issue(by: #require(other.current), for: names, policy: Self.policy, now: Self.at(1))
        #expect(state.reasonToIssue(over: serving, for: names, policy: Self.policy, now: Self.at(1)) == "another authority signs now")
        let authority = try #require(state.current)
        let late = try ServingCertificate.issue(by: authority, for: names, policy: Self.policy, now: Self.at(350))
        #expect(late.notAfter == authority.notAfter)
        #expect(
            state.reasonToIssue(over: late, for: names, policy: Self.policy, now: Self.at(364)) == nil,
            "a new one would end at the same time, so none is made again and again")
    }
}
