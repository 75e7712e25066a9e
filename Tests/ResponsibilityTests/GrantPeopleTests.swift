import Controls
import Documents
import Responsibility
import Testing

/// Sequences of decisions nobody would think of, against a second opinion that searches instead of keeping books.
struct GrantPeopleTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let actions = ["apply", "approve", "approve", "deny", "accept", "revoke", "review", "break-glass"]

    private func sequence(_ people: [String], _ length: Int, specs: [String], _ random: inout Seeded) -> [String] {
        (0..<length).map { step in
            let who = people.randomElement(using: &random) ?? ""
            let action = Self.actions.randomElement(using: &random) ?? ""
            let group = Bool.random(using: &random) ? ":storage" : ":storage, glass"
            return "\(who)\(group.replacing(" ", with: "")) \(action) \(specs.randomElement(using: &random) ?? "a") \(1 + step / 4)"
        }
    }

    /// Two approvals and two keys need three people: who applied and accepts, and two others. Two never suffice, under however many spellings.
    @Test(arguments: 0..<8)
    func fewerPeopleThanTheModelAsksForNeverSuffice(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<150 {
            var life = TestLife(sequence(["ann", "Ann", "ben", "BEN"], Int.random(in: 1...14, using: &random), specs: ["a", "b"], &random))
            life.copies = ["b"]
            #expect(try life.holding("10") == nil, "\(life.decisions)")
        }
    }

    @Test(arguments: 0..<8)
    func theEvaluatorAgreesWithASearch(seed: UInt64) throws {
        var random = Seeded(state: seed &+ 1_000)
        var inForce = 0
        for round in 0..<200 {
            let people = ["ann", "ben", "cyd", "dee", "eva"]
            var decisions = sequence(people, Int.random(in: 0...6, using: &random), specs: ["a", "a", "a", "x"], &random)
            // Half of them go through the ordinary way somewhere, or nearly nothing would ever be in force.
            if round.isMultiple(of: 2) { decisions += ["ann apply a 3", "ben approve a 3", "cyd approve a 3", "dee:storage accept a 3"] }
            decisions += sequence(people, Int.random(in: 0...3, using: &random), specs: ["a", "x"], &random).map {
                $0.replacing(#/ \d$/#, with: " 4")
            }
            let life = TestLife(decisions)
            let expected = Search(try life.grant().decisions, about: try life.hash("a")).finds()
            inForce += expected ? 1 : 0
            #expect(try life.cycle("10").isInForce == expected, "\(decisions)")
        }
        #expect(inForce > 10, "the search must find some, or it shows nothing")
    }

    /// Looks for four decisions that make the grant hold and that nothing takes away.
    private struct Search {
        let all: [GrantDecision]
        let hash: String

        init(_ all: [GrantDecision], about hash: String) { (self.all, self.hash) = (all, hash) }

        private func own(_ action: GrantDecision.Action) -> [Int] {
            all.indices.filter { all[$0].action == action && all[$0].specHash == hash }
        }

        /// Nobody revoked anything later, nor accepted another spec.
        private func stands(_ index: Int) -> Bool {
            !all.indices.contains { later in
                (later > index || all[later].at > all[index].at)
                    && (all[later].action == .revoke || (all[later].action == .accept && all[later].specHash != hash))
            }
        }

        private func isUndenied(_ index: Int) -> Bool { !own(.deny).contains { $0 > index || all[$0].at > all[index].at } }

        func finds() -> Bool {
            let counting = own(.approve).filter { stands($0) && isUndenied($0) }
            func hasApplied(_ index: Int) -> Bool { own(.apply).contains { $0 < index && all[$0].username == all[index].username } }
            if counting.contains(where: hasApplied) { return false }
            let approvals = counting.filter { index in own(.apply).contains { $0 < index && stands($0) } }
            for denial in own(.deny) where stands(denial) {
                let isLifted = all.indices.contains { later in
                    later > denial && all[later].specHash == hash && stands(later)
                        && (all[later].action == .apply || (all[later].action == .approve && all[later].username == all[denial].username))
                }
                if !isLifted { return false }
            }
            guard let application = own(.apply).first(where: stands) else { return false }
            let firstDay = own(.apply).filter(stands).map { all[$0].at }.min() ?? all[application].at
            if all.indices.contains(where: { all[$0].specHash == hash && stands($0) && all[$0].action != .revoke && all[$0].at < firstDay }) {
                return false
            }
            let approvers = Set(approvals.map { all[$0].username })
            for first in approvers {
                for second in approvers where first < second {
                    let keys = own(.accept).filter { stands($0) && isUndenied($0) && all[$0].groups.contains("storage") }.map { all[$0].username }
                    if keys.contains(where: { !approvers.contains($0) }) { return true }
                }
            }
            return false
        }
    }
}
