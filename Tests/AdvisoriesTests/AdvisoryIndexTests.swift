import Documents
import Foundation
import Testing

@testable import Advisories

struct AdvisoryIndexTests {
    static func index(_ texts: String...) -> AdvisoryIndex {
        AdvisoryIndex(texts.enumerated().map { AdvisorySource(Array($1.utf8), source: "advisories-\($0).json") })
    }

    static let bookworm = Distribution(id: "debian", version: "12")
    static let openssl = InstalledPackage(name: "libssl3", version: "3.0.11-1~deb12u2", source: "openssl", sourceVersion: "3.0.11-1~deb12u2")

    static func state(
        _ index: AdvisoryIndex, _ package: InstalledPackage = openssl, on distribution: Distribution? = bookworm
    ) throws -> [String: PatchState] {
        try answer(index, package, on: distribution).standings.mapValues(\.state)
    }

    static func answer(
        _ index: AdvisoryIndex, _ package: InstalledPackage = openssl, on distribution: Distribution? = bookworm
    ) throws -> AdvisoryIndex.Answer {
        index.standings(of: package, on: try #require(distribution))
    }

    // MARK: - Debian's tracker

    static func tracker(_ release: String) -> AdvisoryIndex {
        index(#"{"openssl": {"CVE-2024-0001": {"description": "x", "scope": "local", "releases": {\#(release)}}}}"#)
    }

    @Test(arguments: [
        (
            #""bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u3", "urgency": "not yet assigned"}"#,
            PatchState.vulnerable(fixed: "3.0.11-1~deb12u3")
        ),
        (#""bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2"}"#, .fixedInstalled(since: "3.0.11-1~deb12u2")),
        (#""bookworm": {"status": "resolved", "fixed_version": "0"}"#, .notAffected),
        (#""bookworm": {"status": "open"}"#, .noFixYet(elsewhere: nil, remark: nil)),
        (
            #""bookworm": {"status": "open"}, "sid": {"status": "resolved", "fixed_version": "3.3.0-1"}"#,
            .noFixYet(elsewhere: "sid 3.3.0-1", remark: nil)
        ),
        (#""bookworm": {"status": "open"}, "sid": {"status": "resolved", "fixed_version": "0"}"#, .noFixYet(elsewhere: nil, remark: nil)),
        (#""bookworm": {"status": "open", "nodsa": "Minor issue", "nodsa_reason": ""}"#, .noFixYet(elsewhere: nil, remark: "Minor issue")),
        (
            #""bookworm": {"status": "open", "nodsa": "Minor issue", "nodsa_reason": "postponed"}"#,
            .noFixYet(elsewhere: nil, remark: "postponed: Minor issue")
        ),
        (#""bookworm": {"status": "open", "nodsa": "Intrusive to backport", "nodsa_reason": "ignored"}"#, .ignored(reason: "Intrusive to backport")),
        (
            #""bookworm": {"status": "open", "urgency": "unimportant"}"#,
            .ignored(reason: "unimportant: no effect on security in the packages as built")
        ),
        (
            #""bookworm": {"status": "open", "urgency": "end-of-life"}"#,
            .noFixYet(elsewhere: nil, remark: "the release gets no fixes for this package any more")
        ),
        (#""bookworm": {"status": "undetermined"}"#, .undetermined(reason: "the distribution has not found out yet whether it is affected")),
        (#""bookworm": {"status": "new word"}"#, .undetermined(reason: "the tracker's status 'new word' is not known")),
        (#""bookworm": {"status": "resolved"}"#, .undetermined(reason: "the tracker names no version with the fix")),
        (#""bookworm": {"status": "resolved", "fixed_version": "1 2"}"#, .undetermined(reason: "'3.0.11-1~deb12u2' and '1 2' cannot be compared")),
    ])
    func trackerRowsSayHowFarTheFixIs(release: String, state: PatchState) throws {
        #expect(try Self.state(Self.tracker(release)) == ["CVE-2024-0001": state])
    }

    @Test func rowsOfOtherReleasesSayNothing() throws {
        #expect(try Self.state(Self.tracker(#""trixie": {"status": "open"}"#)).isEmpty)
        #expect(try Self.state(Self.tracker("")).isEmpty)
    }

    @Test(arguments: [
        (#"{"openssl": {"CVE-1": {"releases": []}}}"#, "a mapping", 1, 24),
        (#"{"openssl": {"CVE-1": {"releases": {"bookworm": {"status": 1}}}}}"#, "a string", 1, 50),
        (#"{"openssl": {"CVE-1": {"releases": {"bookworm": "open"}}}}"#, "a mapping", 1, 37),
        ("{\"openssl\":\n {\"CVE-1\": {\"releases\": {\"bookworm\":\n {\"status\": \"open\", \"nodsa\": {}}}}}}", "a string", 3, 21),
    ])
    func aBrokenRowIsTold(text: String, expected: String, line: Int, column: Int) throws {
        let answer = try Self.answer(Self.index(text))
        #expect(answer.standings.isEmpty)
        let error = try #require(answer.unreadable.first)
        #expect("\(error.expected)" == expected && error.value.position == Position(line: line, column: column))
    }

    /// The broken row is told, and its neighbours are judged all the same.
    @Test func aBrokenRowHidesNoOther() throws {
        let index = Self.index(
            #"{"openssl": {"CVE-1": {"releases": {"bookworm": {"status": 1}}}, "CVE-2": {"releases": {"bookworm": {"status": "open"}}}}, "x": 1}"#)
        let found = try Self.answer(index)
        #expect(found.unreadable.count == 1 && Array(found.standings.keys) == ["CVE-2"])
        #expect(index.problems.map(\.message) == ["the tracker's table of 'x' should be a mapping; it was not read"])
    }

    // MARK: - OSV

    static func osv(
        _ body: String, ecosystem: String = "Debian:12", name: String = "openssl", id: String = "CVE-2024-0001", more: String = ""
    ) -> String {
        #"{"id": "\#(id)", \#(more) "affected": [{"package": {"ecosystem": "\#(ecosystem)", "name": "\#(name)"}, \#(body)}]}"#
    }

    static func range(_ events: String, type: String = "ECOSYSTEM") -> String { #""ranges": [{"type": "\#(type)", "events": [\#(events)]}]"# }

    @Test(arguments: [
        (#"{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u3"}"#, PatchState.vulnerable(fixed: "3.0.11-1~deb12u3")),
        (#"{"fixed": "3.0.11-1~deb12u3"}, {"introduced": "0"}"#, .vulnerable(fixed: "3.0.11-1~deb12u3")),
        (#"{"introduced": "0"}, {"fixed": "3.0.11-1~deb12u2"}"#, .fixedInstalled(since: "3.0.11-1~deb12u2")),
        (#"{"introduced": "0"}"#, .noFixYet(elsewhere: nil, remark: nil)),
        (#"{"introduced": "3.1-1"}"#, .notAffected),
        (#"{"introduced": "3.0.11-1~deb12u2"}, {"last_affected": "3.0.11-1~deb12u2"}"#, .vulnerable(fixed: nil)),
        (#"{"introduced": "0"}, {"last_affected": "3.0.11-1~deb12u1"}"#, .notAffected),
        (#"{"introduced": "0"}, {"limit": "3.0"}"#, .notAffected),
        (#"{"introduced": "0"}, {"limit": "*"}"#, .noFixYet(elsewhere: nil, remark: nil)),
        (#"{"introduced": "0"}, {"limit": "1"}, {"limit": "4"}"#, .noFixYet(elsewhere: nil, remark: nil)),
        // Two ranges in one, written in any order; the second begins where the first ends.
        (#"{"fixed": "4"}, {"introduced": "3"}, {"fixed": "3"}, {"introduced": "0"}"#, .vulnerable(fixed: "4")),
        (#"{"fixed": "2"}, {"introduced": "4"}, {"fixed": "5"}, {"introduced": "0"}"#, .fixedInstalled(since: "2")),
        (#"{"fixed": "3.5"}"#, .undetermined(reason: "the range does not say where it begins")),
        (#"{"introduced": "0"}, {"fixed": "new one"}"#, .undetermined(reason: "'new one' is no version of this ecosystem")),
        ("", .undetermined(reason: "the range does not say where it begins")),
    ])
    func rangesSayHowFarTheFixIs(events: String, state: PatchState) throws {
        #expect(try Self.state(Self.index(Self.osv(Self.range(events)))) == ["CVE-2024-0001": state])
    }

    @Test(arguments: [
        (#""versions": ["3.0.11-1~deb12u2"]"#, PatchState.noFixYet(elsewhere: nil, remark: nil)),
        (#""versions": ["3.0.11-1~deb12u1"]"#, .notAffected),
        (
            #""versions": ["3.0.11-1~deb12u2"], "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1"}]}]"#,
            .vulnerable(fixed: nil)
        ),
        (#""versions": []"#, .undetermined(reason: "the record has neither ranges nor versions of this package")),
        (
            #""ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]"#,
            .undetermined(reason: "the record has neither ranges nor versions of this package")
        ),
        (#""ranges": [{"type": "NEW", "events": []}]"#, .undetermined(reason: "ranges of type 'NEW' are not known")),
    ])
    func listsAndOtherRanges(body: String, state: PatchState) throws {
        #expect(try Self.state(Self.index(Self.osv(body))) == ["CVE-2024-0001": state])
    }

    @Test func whereAnotherReleaseHasTheFixIsSaid() throws {
        let text = #"""
            {"id": "CVE-2024-0001", "affected": [
              {"package": {"ecosystem": "Debian:12", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]},
              {"package": {"ecosystem": "Debian:13", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.3-1"}]}]}]}
            """#
        let states = try Self.state(Self.index(text))
        #expect(states == ["CVE-2024-0001": .noFixYet(elsewhere: "Debian:13 3.3-1", remark: nil)])
        #expect(states["CVE-2024-0001"]?.isUpstreams == false)
        #expect(PatchState.noFixYet(elsewhere: nil, remark: "x").isUpstreams)
    }

    @Test func withdrawnRecordsCountForNothing() throws {
        let range = Self.range(#"{"introduced": "0"}"#)
        #expect(try Self.state(Self.index(Self.osv(range, more: #""withdrawn": "2024-01-01T00:00:00Z","#))).isEmpty)
    }

    @Test(arguments: [
        ("debian", "12", ["Debian", "Debian:12"], ["Debian:11", "Debian:120", "Ubuntu:12", "debian:12"]),
        ("ubuntu", "22.04", ["Ubuntu:22.04", "Ubuntu:22.04:LTS"], ["Ubuntu:Pro:22.04:LTS", "Ubuntu:22.10", "Ubuntu:22"]),
        (
            "rhel", "9.3", ["Red Hat", "Red Hat:9", "Red Hat:enterprise_linux:9::baseos", "Red Hat:enterprise_linux:9"],
            ["Red Hat:rhel_eus:9.2::baseos", "Red Hat:8"]
        ),
        ("almalinux", "9.3", ["AlmaLinux:9", "AlmaLinux"], ["AlmaLinux:8"]),
        ("rocky", "9.3", ["Rocky Linux:9", "Rocky Linux"], ["Rocky Linux:8"]),
        ("alpine", "3.19.1", ["Alpine:v3.19", "Alpine"], ["Alpine:v3.18", "Alpine:v3.1", "Alpine:3.19"]),
    ])
    func ecosystemsMeanReleases(id: String, version: String, meant: [String], others: [String]) throws {
        let distribution = try #require(Distribution(id: id, version: version))
        for ecosystem in meant { #expect(distribution.isMeant(by: ecosystem), "\(ecosystem)") }
        for ecosystem in others { #expect(!distribution.isMeant(by: ecosystem), "\(ecosystem)") }
        let index = Self.index(Self.osv(#""versions": ["1"]"#, ecosystem: others[0]))
        #expect(!index.covers(distribution))
        #expect(Self.index(Self.osv(#""versions": ["1"]"#, ecosystem: meant[0])).covers(distribution))
    }

    @Test func systemsWithoutAdvisoriesAreNotGuessed() {
        #expect(Distribution(id: "gentoo", version: "1") == nil && Distribution(id: "", version: "") == nil)
        #expect(Distribution(id: "debian", version: "99")?.codename == nil)
        #expect(Distribution(id: "debian", version: "12")?.codename == "bookworm")
        #expect(Distribution(id: "ubuntu", version: "22.04")?.codename == nil)
    }

    /// Red Hat's records name binary packages, Debian's name sources; what both name is one fault.
    @Test func sourceAndBinaryNamesAreBothLookedFor() throws {
        let rocky = Distribution(id: "rocky", version: "9.3")
        let package = InstalledPackage(name: "openssl-libs", version: "1:3.0.7-24.el9", source: "openssl", sourceVersion: "1:3.0.7-24.el9")
        let range = Self.range(#"{"introduced": "0"}, {"fixed": "1:3.0.7-25.el9_3"}"#)
        for name in ["openssl", "openssl-libs"] {
            let index = Self.index(Self.osv(range, ecosystem: "Rocky Linux:9", name: name))
            #expect(try Self.state(index, package, on: rocky) == ["CVE-2024-0001": .vulnerable(fixed: "1:3.0.7-25.el9_3")])
        }
        #expect(try Self.state(Self.index(Self.osv(range, ecosystem: "Rocky Linux:9", name: "other")), package, on: rocky).isEmpty)
    }

    @Test func theTrackerHasTheLastWordAndTheRecordTheRating() throws {
        let tracker =
            #"{"openssl": {"CVE-2024-0001": {"releases": {"bookworm": {"status": "open", "nodsa_reason": "ignored", "nodsa": "no", "urgency": "not yet assigned"}}}}}"#
        let vector = #""severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"#
        let record = Self.osv(Self.range(#"{"introduced": "0"}"#), id: "DEBIAN-CVE-2024-0001", more: vector)
        let answer = try Self.answer(Self.index(record, tracker))
        let standing = try #require(answer.sorted.first)
        #expect(standing.state == .ignored(reason: "no") && standing.severity == .critical)
        #expect(standing.source == "advisories-1.json" && standing.line == 1)
    }

    @Test func signedPackagesAreTheirSources() {
        let kernel = InstalledPackage(
            name: "linux-image-6.1.0-18-amd64", version: "6.1.76-1", source: "linux-signed-amd64", sourceVersion: "6.1.76+1")
        #expect(kernel.source == "linux" && kernel.sourceVersion == "6.1.76-1")
        #expect(InstalledPackage(name: "a", version: "1").source == "a")
        #expect(InstalledPackage(name: "a", version: "1", source: "b", sourceVersion: "2").sourceVersion == "2")
    }

    // MARK: - What is no advisory

    @Test(arguments: [
        ("{}", "this is neither a record", 1, 1),
        ("[1]", "this is neither a record", 1, 2),
        ("\n [{\"id\": \"\"}]", "this is neither a record", 2, 3),
        (#"{"id": 7}"#, "id should be a string", 1, 2),
        (#"{"id": "x", "affected": {}}"#, "affected should be a sequence", 1, 13),
        (#"{"id": "x", "affected": [{"package": []}]}"#, "affected[0].package should be a mapping", 1, 27),
        (#"{"id": "x""#, "the text ends inside an object", 1, 11),
        ("", "", 0, 0),
    ])
    func whatIsNoAdvisoryIsTold(text: String, message: String, line: Int, column: Int) {
        let index = Self.index(text)
        #expect(index.isEmpty)
        #expect(index.problems.first?.message.hasPrefix(message) ?? message.isEmpty, "\(index.problems)")
        #expect(index.problems.first?.line ?? 0 == line && index.problems.first?.column ?? 0 == column, "\(index.problems)")
    }

    /// Every beginning of a good file ends in a problem or in what it says, never in a crash.
    @Test func truncatedFilesAreTold() {
        let text = Array(Self.osv(Self.range(#"{"introduced": "0"}, {"fixed": "1"}"#)).utf8)
        for length in 1..<text.count {
            let source = AdvisorySource(Array(text[..<length]), source: "cut.json")
            #expect(source.isEmpty && !source.problems.isEmpty, "\(length)")
        }
        #expect(!AdvisorySource(text, source: "whole.json").isEmpty)
    }

    @Test func arraysAndSequencesOfRecordsAreRead() {
        let record = Self.osv(#""versions": ["1"]"#)
        #expect(Self.index("[\(record), \(record)]").count == 2)
        #expect(Self.index("\(record)\n\(record)").count == 2)
        #expect(AdvisoryIndex.none.isEmpty && AdvisoryIndex.none == AdvisoryIndex.none && AdvisoryIndex([]) != AdvisoryIndex.none)
    }

    /// Twenty thousand events, written backwards, are sorted and judged.
    @Test func hugeListsAreJudged() throws {
        let events = (0..<10_000).reversed().map { #"{"introduced": "\#($0 * 2)"}, {"fixed": "\#($0 * 2 + 1)"}"# }.joined(separator: ",")
        let package = InstalledPackage(name: "openssl", version: "7000")
        #expect(try Self.state(Self.index(Self.osv(Self.range(events))), package) == ["CVE-2024-0001": .vulnerable(fixed: "7001")])
    }
}
