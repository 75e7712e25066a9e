import Foundation
import Testing

@testable import Advisories

/// The orders of versions, against their standards and, for Debian's, against the real `dpkg`.
struct VersionTests {
    /// Each list ascends; `=` joins equals.
    static let ascending: [(VersionOrder, [String])] = [
        (
            .debian,
            [
                "1.0~~", "1.0~~a", "1.0~", "1.0~rc1-1", "1.0 = 1.0-0 = 0:1.0", "1.0-1~bpo12+1", "1.0-1 = 1.0-01", "1.0-1+b1", "1.0-1.1", "1.0-10",
                "1.0a",
                "1.0+dfsg-1", "1.1", "1.10", "1:0.1", "2:0",
            ]
        ),
        (
            .rpm,
            [
                "1.0~beta-1", "1.0~rc1-1 = 1.0~rc.1-1", "1.0", "1.0-1.el9 = 0:1.0-1.el9 = (none):1.0-1.el9", "1.0-1.el9_3", "1.0-2.el9",
                "1.0^20240101-1",
                "1.0.a-1", "1.0.1-1", "1.05-1 = 1.5-1", "2a-1", "2.0-1 = 2_0-1 = 2.00-1", "10-1", "1:0.1-1",
            ]
        ),
        (
            .semantic,
            [
                "0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                "1.0.0 = v1.0.0 = 1 = 1.0 = 1.0.0+build.5", "1.0.1", "1.2.0", "1.10.0", "99999999999999999999.0.0", "100000000000000000000.0.0",
            ]
        ),
        (
            .kubernetes,
            [
                "v1.31.0-alpha.1", "1.31.0-beta.0", "1.31.0-rc.1", "1.31.0 = v1.31.0-gke.1500 = v1.31.0-eks-a737599 = 1.31.0+k3s1 = 1.31.0-aliyun.1",
                "1.31.1", "1.31.10", "1.32.0-alpha.0",
            ]
        ),
        (
            .alpine,
            [
                "1.0_alpha1", "1.0_alpha2", "1.0_beta", "1.0_pre1", "1.0_rc1", "1.0 = 1.0-r0 = 01.0", "1.0-r1", "1.0-r10", "1.0_p1", "1.0a", "1.0b",
                "1.0.1", "1.05", "1.1", "1.2.3", "10.0",
            ]
        ),
    ]

    @Test(arguments: ascending.indices)
    func listsAscend(index: Int) {
        let (order, list) = Self.ascending[index]
        let groups = list.map { $0.split(separator: " = ").map(String.init) }
        for (position, group) in groups.enumerated() {
            for one in group {
                for same in group { #expect(order.compare(one, same) == .equal, "\(order): \(one) = \(same)") }
                for later in groups[(position + 1)...].joined() {
                    #expect(order.compare(one, later) == .less, "\(order): \(one) < \(later)")
                    #expect(order.compare(later, one) == .greater, "\(order): \(later) > \(one)")
                }
            }
        }
    }

    @Test(arguments: [
        (VersionOrder.debian, ["", " ", "1:", ":1", "a:1", "-1:1", "1-", "1 2", "99999999999:1"]),
        (.rpm, ["", "-1", "a:1", ":1-1", "1 2", "é"]),
        (.semantic, ["", "v", "1.", "1..2", "1.2.3.4", "1.2.x", "1.0.0-", "1.0.0-a..b", "-1", "1.0.0-ä"]),
        (.kubernetes, ["", "latest", "1.31.0-", "one"]),
        (.alpine, ["", "a", "1.", "1.0_", "1.0_gamma", "1.0-1", "1.0-r1x", ".1"]),
    ])
    func whatIsNoVersionIsNotCompared(order: VersionOrder, texts: [String]) {
        for text in texts {
            #expect(!order.reads(text), "\(order): '\(text)'")
            #expect(order.compare(text, "1") == nil && order.compare("1", text) == nil)
        }
    }

    /// Hostile lengths end in time and without overflow.
    @Test(arguments: [VersionOrder.debian, .rpm, .semantic, .kubernetes, .alpine])
    func longVersionsAreCompared(order: VersionOrder) {
        let nines = String(repeating: "9", count: 100_000)
        #expect(order.compare(nines, nines + "0") == .less)
        #expect(order.compare(String(repeating: "0", count: 100_000) + "1", "1") == .equal)
    }

    /// Five thousand pairs in one run of the shell, with the answers of `dpkg` itself.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg"), "there is no dpkg on this machine"))
    func dpkgAgrees() throws {
        var generator = Seeded(state: 12)
        var pairs: [(String, String)] = []
        for _ in 0..<2_500 {
            let one = Self.version(&generator)
            pairs.append((one, Self.version(&generator)))
            pairs.append((one, Self.changed(one, &generator)))
        }
        // `dpkg` exits with 2 for what is no version to it.
        let script = """
            while read -r a b; do
                dpkg --compare-versions "$a" lt "$b" 2> /dev/null
                case $? in
                    0) echo -1 ;;
                    1) if dpkg --compare-versions "$a" eq "$b"; then echo 0; else echo 1; fi ;;
                    *) echo refused ;;
                esac
            done
            """
        let answers = try Shell.run(script, input: pairs.map { "\($0) \($1)\n" }.joined()).split(separator: "\n").map(String.init)
        try #require(answers.count == pairs.count)
        #expect(Set(answers) == ["-1", "0", "1", "refused"])
        for (pair, answer) in zip(pairs, answers) {
            #expect(VersionOrder.debian.compare(pair.0, pair.1).map { String($0.rawValue) } ?? "refused" == answer, "\(pair.0) and \(pair.1)")
        }
    }

    static func version(_ generator: inout Seeded) -> String {
        let epoch = Int.random(in: 0..<4, using: &generator) == 0 ? "\(Int.random(in: 0...2, using: &generator)):" : ""
        var text = "\(Int.random(in: 0...12, using: &generator))"
        for _ in 0..<Int.random(in: 0...4, using: &generator) { text += pieces.randomElement(using: &generator) ?? "" }
        if Bool.random(using: &generator) {
            text += "-\(Int.random(in: 0...3, using: &generator))"
            for _ in 0..<Int.random(in: 0...2, using: &generator) { text += revisionPieces.randomElement(using: &generator) ?? "" }
        }
        return epoch + text
    }

    /// Near neighbours are where orders are got wrong.
    static func changed(_ version: String, _ generator: inout Seeded) -> String {
        var bytes = Array(version)
        let place = Int.random(in: 1...bytes.count, using: &generator)
        bytes.insert(contentsOf: revisionPieces.randomElement(using: &generator) ?? "", at: place)
        return String(bytes)
    }

    static let pieces = [".", ".0", ".1", ".01", ".10", "~", "~~", "~rc1", "a", "b", "Z", "+", "+dfsg", "+deb12u2", "-1", "00", ".git20240101"]
    static let revisionPieces = [".", "0", "1", "01", "~", "~~a", "a", "Z", "+", "+b1", "ubuntu1", "~bpo11"]
}

/// A generator whose numbers are the same in every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

enum Shell {
    static func run(_ script: String, input: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
