import Kubernetes
import Testing

@testable import Reachability

/// The algebra against sets that list every member.
struct AlgebraTests {
    private static func ranges(_ dice: inout Dice) -> [ClosedRange<UInt8>] {
        (0..<dice.roll(6)).map { _ in
            let (one, other) = (UInt8(dice.roll(256)), UInt8(dice.roll(256)))
            return dice.isLucky(oneIn: 3) ? one...one : min(one, other)...max(one, other)
        }
    }

    private static func members(_ ranges: [ClosedRange<UInt8>]) -> Set<UInt8> { Set(ranges.joined()) }

    @Test(arguments: 0..<10)
    func intervalsAreSetsOfNumbers(chunk: Int) {
        for seed in chunk * 50..<chunk * 50 + 50 { intervalsAreSetsOfNumbersOnce(seed) }
    }

    private func intervalsAreSetsOfNumbersOnce(_ seed: Int) {
        var dice = Dice(seed: seed)
        let (one, other) = (Self.ranges(&dice), Self.ranges(&dice))
        let (a, b) = (IntervalSet(one), IntervalSet(other))
        let (listA, listB) = (Self.members(one), Self.members(other))
        for (set, list) in [
            (a, listA), (a.union(b), listA.union(listB)), (a.intersection(b), listA.intersection(listB)),
            (a.subtracting(b), listA.subtracting(listB)), (a.complement, Set(UInt8.min...UInt8.max).subtracting(listA)),
        ] {
            #expect(Self.members(set.ranges) == list)
            #expect((UInt8.min...UInt8.max).allSatisfy { set.contains($0) == list.contains($0) })
            // Sorted, and a gap between any two ranges.
            for (range, next) in zip(set.ranges, set.ranges.dropFirst()) { #expect(Int(range.upperBound) + 1 < Int(next.lowerBound)) }
            #expect(set.isEmpty == list.isEmpty && set.isEverything == (list.count == 256))
        }
        #expect(a.isDisjoint(with: b) == listA.isDisjoint(with: listB))
        #expect(a.isSuperset(of: b) == listA.isSuperset(of: listB))
        #expect((a == b) == (listA == listB))
    }

    @Test(arguments: 0..<10)
    func bitsAreSetsOfNumbers(chunk: Int) {
        for seed in chunk * 50..<chunk * 50 + 50 { bitsAreSetsOfNumbersOnce(seed) }
    }

    private func bitsAreSetsOfNumbersOnce(_ seed: Int) {
        var dice = Dice(seed: seed)
        func numbers(_ dice: inout Dice) -> [Int] {
            let start = dice.roll(400)
            return (0..<dice.roll(8)).map { _ in start + dice.roll(dice.isLucky(oneIn: 2) ? 10 : 300) }
        }
        let (one, other) = (numbers(&dice), numbers(&dice))
        func set(_ numbers: [Int]) -> BitSet { numbers.reduce(into: BitSet()) { $0.insert($1) } }
        let (a, b) = (set(one), set(other))
        let (listA, listB) = (Set(one), Set(other))
        for (bits, list) in [
            (a, listA), (a.union(b), listA.union(listB)), (a.intersection(b), listA.intersection(listB)),
            (a.subtracting(b), listA.subtracting(listB)),
        ] {
            #expect(bits.members == list.sorted())
            #expect((0..<800).allSatisfy { bits.contains($0) == list.contains($0) })
            #expect(bits.count == list.count && bits.isEmpty == list.isEmpty)
            // Equal sets are equal values, however they came about.
            #expect(bits == set(list.shuffledByHash()))
        }
        #expect(a.isDisjoint(with: b) == listA.isDisjoint(with: listB))
    }

    @Test(arguments: [0..<0, 0..<1, 5..<64, 63..<65, 64..<128, 7..<300])
    func aRangeOfBits(range: Range<Int>) {
        #expect(BitSet(range).members == Array(range))
    }

    @Test(arguments: 0..<4)
    func relationsAllowWhatAnyTermAllows(chunk: Int) {
        for seed in chunk * 50..<chunk * 50 + 50 { relationsAllowWhatAnyTermAllowsOnce(seed) }
    }

    private func relationsAllowWhatAnyTermAllowsOnce(_ seed: Int) {
        var dice = Dice(seed: seed)
        let terms = (0..<dice.roll(8)).map { _ in
            let start = dice.roll(100)
            let port = UInt16(1 + dice.roll(5))
            return Relation<BitSet>.Part(
                region: BitSet(start..<start + dice.roll(60)),
                connections: ConnectionSet(dice.pick(TransportProtocol.allCases), PortSet(port...port + UInt16(dice.roll(3)))))
        }
        let relation = Relation(allowing: terms)
        for member in 0..<160 {
            let expected = terms.filter { $0.region.contains(member) }.reduce(ConnectionSet.none) { $0.union($1.connections) }
            let holding = relation.parts.filter { $0.region.contains(member) }
            #expect(holding.count <= 1 && holding.first?.connections ?? .none == expected)
        }
        #expect(relation.parts.allSatisfy { !$0.region.isEmpty && !$0.connections.isEmpty })
        #expect(Set(relation.parts.map(\.connections)).count == relation.parts.count)
    }

    @Test func connectionsAreWrittenAsPeopleReadThem() {
        #expect(ConnectionSet.all.description == "all" && ConnectionSet.none.description == "none")
        let some = ConnectionSet(tcp: PortSet([80...80, 8000...8080]), udp: .allPorts)
        #expect(some.description == "TCP 80,8000-8080; UDP")
        #expect(ConnectionSet.all.subtracting(ConnectionSet(.sctp, .allPorts)).description == "TCP; UDP")
        #expect(ConnectionSet.all.subtracting(ConnectionSet(.tcp, PortSet(22))).description == "TCP 1-21,23-65535; UDP; SCTP")
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0-10.255.255.255"), ("203.0.113.7/32", "203.0.113.7-203.0.113.7"),
        ("::/0", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::/126", "2001:db8::-2001:db8::3"), ("::1/128", "::1-::1"), ("1:0:0:2:0:0:0:3/128", "1:0:0:2::3-1:0:0:2::3"),
        ("1:0:2:3:4:5:6:7/128", "1:0:2:3:4:5:6:7-1:0:2:3:4:5:6:7"), ("fe80::/128", "fe80::-fe80::"),
        ("1:0:0:2:3:0:0:4/128", "1::2:3:0:0:4-1::2:3:0:0:4"),
    ])
    func rangesOfAddressesAreWrittenAsTheStandardsHaveIt(block: String, text: String) throws {
        #expect(AddressSet(try #require(AddressRange(block))).ranges.map(\.description) == [text])
    }

    @Test func addressesOfBothFamiliesStayApart() throws {
        let four = AddressSet(try #require(AddressRange("0.0.0.0/0")))
        let six = AddressSet(try #require(AddressRange("::/0")))
        #expect(four.isDisjoint(with: six) && four.union(six) == .everything)
        #expect(AddressSet.everything.subtracting(four) == six)
        let half = AddressSet(try #require(AddressRange("::/1")))
        #expect(four.holdsAFamily && six.holdsAFamily && !half.holdsAFamily)
        #expect(four.union(six).ranges.sorted() == four.union(six).ranges)
    }
}

extension Set<Int> {
    /// The members in an order of no meaning, the same in each run.
    fileprivate func shuffledByHash() -> [Int] { sorted { ($0 &* 7919) % 1009 < ($1 &* 7919) % 1009 } }
}

/// Regions cut by each other at once, against regions cut one after the other.
struct PieceTests {
    private static func bits(_ dice: inout Dice) -> BitSet {
        (0..<dice.roll(30)).reduce(into: BitSet()) { bits, _ in bits.insert(dice.roll(120)) }
    }

    private static func addresses(_ dice: inout Dice) -> AddressSet {
        func range(_ dice: inout Dice) -> ClosedRange<UInt32> {
            let start = dice.pick([0, UInt32(dice.roll(50)), UInt32.max - 20])
            return start...(dice.isLucky(oneIn: 6) ? .max : start + UInt32(dice.roll(20)))
        }
        let four = (0..<dice.roll(3)).map { _ in range(&dice) }
        let six = (0..<dice.roll(2)).map { _ in range(&dice) }.map {
            UInt128($0.lowerBound)...($0.upperBound == .max ? UInt128.max : UInt128($0.upperBound))
        }
        return AddressSet(v4: IntervalSet(four), v6: IntervalSet(six))
    }

    @Test(arguments: 0..<60)
    func piecesAreDisjointAndComplete(seed: Int) {
        var dice = Dice(seed: seed + 300)
        expectPieces((0..<dice.roll(40)).map { _ in Self.bits(&dice) })
        expectPieces((0..<dice.roll(40)).map { _ in Self.addresses(&dice) })
    }

    private func expectPieces<R: Region>(_ regions: [R]) {
        let pieces = R.pieces(of: regions)
        var rest = regions.reduce(R()) { $0.union($1) }
        for piece in pieces {
            #expect(!piece.region.isEmpty && piece.region.subtracting(rest).isEmpty)
            rest = rest.subtracting(piece.region)
            for (index, region) in regions.enumerated() {
                #expect(piece.holders.contains(index) ? piece.region.subtracting(region).isEmpty : piece.region.isDisjoint(with: region))
            }
            #expect(piece.holders == piece.holders.sorted())
        }
        #expect(rest.isEmpty && Set(pieces.map(\.holders)).count == pieces.count)
    }

    /// Many rules are taken all at once, few one after the other; both come to the same.
    @Test(arguments: 0..<40)
    func manyRulesDecideAsFewDo(seed: Int) {
        var dice = Dice(seed: seed + 900)
        func rules(_ dice: inout Dice) -> [Decisions<BitSet>.Rule] {
            (0..<(manyRegions + 1 + dice.roll(20))).map { _ in
                let port = UInt16(1 + dice.roll(4))
                return Decisions.Rule(
                    action: dice.pick([.allow, .deny, .pass]), region: Self.bits(&dice),
                    connections: ConnectionSet(.tcp, PortSet(port...port + UInt16(dice.roll(3)))))
            }
        }
        let universe = BitSet(0..<110)
        let (admin, baseline) = (rules(&dice), rules(&dice))
        let terms = (0..<40).map { _ in
            Relation<BitSet>.Part(region: Self.bits(&dice), connections: ConnectionSet(.tcp, PortSet(UInt16(1 + dice.roll(6)))))
        }
        let isIsolated = seed % 2 == 0
        var decisions = Decisions(in: universe)
        decisions.apply(admin)
        if !isIsolated { decisions.apply(baseline) }
        let found = isIsolated ? decisions.isolated(allowing: Relation(allowing: terms)) : decisions.open
        for member in 0..<120 {
            var single = BitSet()
            single.insert(member)
            let expected = universe.contains(member) ? one(single, admin, isIsolated ? nil : baseline, terms) : .none
            #expect(found.connections { $0.contains(member) } == expected)
        }
    }

    /// One number alone, rule by rule.
    private func one(
        _ member: BitSet, _ admin: [Decisions<BitSet>.Rule], _ baseline: [Decisions<BitSet>.Rule]?, _ terms: [Relation<BitSet>.Part]
    ) -> ConnectionSet {
        var (open, allowed, passed) = (ConnectionSet.all, ConnectionSet.none, ConnectionSet.none)
        func walk(_ rules: [Decisions<BitSet>.Rule]) {
            for rule in rules where !rule.region.isDisjoint(with: member) {
                let decided = open.intersection(rule.connections)
                open = open.subtracting(decided)
                if rule.action == .allow { allowed.formUnion(decided) }
                if rule.action == .pass { passed.formUnion(decided) }
            }
            (open, passed) = (open.union(passed), .none)
        }
        walk(admin)
        if let baseline {
            walk(baseline)
            return allowed.union(open)
        }
        let permitted = terms.filter { !$0.region.isDisjoint(with: member) }.reduce(ConnectionSet.none) { $0.union($1.connections) }
        return allowed.union(open.intersection(permitted))
    }

    @Test(arguments: 0..<20)
    func unionsOfManyAreUnionsOfEach(seed: Int) {
        var dice = Dice(seed: seed + 1_700)
        let sets = (0..<dice.roll(30)).map { _ in Self.addresses(&dice) }
        #expect(AddressSet(unionOf: sets) == sets.reduce(.empty) { $0.union($1) })
        let connections = (0..<dice.roll(30)).map { _ in
            let port = UInt16(1 + dice.roll(90))
            return ConnectionSet(dice.pick(TransportProtocol.allCases), PortSet(port...port + UInt16(dice.roll(9))))
        }
        #expect(ConnectionSet(unionOf: connections) == connections.reduce(.none) { $0.union($1) })
    }
}
