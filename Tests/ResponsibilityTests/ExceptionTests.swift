import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

struct ExceptionTests {
    static func list(_ fields: String, expires: String = "2026-12-31") -> String {
        "exceptions:\n- {control: privileged-containers, reason: until it is rewritten, expires: \"\(expires)\"\(fields.isEmpty ? "" : ", ")\(fields)}\n"
    }

    private func found(_ fields: String, expires: String = "2026-12-31", now: String = "2026-06-15T00:00:00Z") throws -> AttributedFinding {
        try TestEstate(AttributionTests.pod(), now: now, exceptions: ExceptionTests.list(fields, expires: expires)).only("privileged-containers")
    }

    @Test(
        arguments: [
            "", "kind: Pod", "namespace: shop", "namespace: sh*", "object: web", "object: \"*\"", "container: app", "value: true", "value: \"true\"",
            "kind: Pod, namespace: shop, object: web, container: app, value: true",
        ])
    func coversWhatItNames(fields: String) throws {
        let found = try found(fields)
        #expect(found.finding.verdict == .accepted && found.grant == "exceptions[0]")
        // Accepted, but the owner stays: only a grant moves it.
        #expect(found.attribution.party == .customer && found.attribution.basis == .plane)
    }

    @Test(arguments: ["kind: Deployment", "namespace: shop2", "namespace: s", "object: we", "container: side", "value: false", "value: ''"])
    func doesNotCoverAnythingElse(fields: String) throws {
        let found = try found(fields)
        #expect(found.finding.verdict == .fail && found.grant == nil)
    }

    @Test(
        arguments: [
            ("2026-06-15", "2026-06-15T23:59:59Z", true), ("2026-06-15", "2026-06-16T00:00:00Z", false),
            ("2026-06-15T12:00:00Z", "2026-06-15T11:59:59Z", true),
            ("2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z", false),
        ])
    func holdsUpToItsEnd(expires: String, now: String, holds: Bool) throws {
        #expect(try found("", expires: expires, now: now).finding.verdict == (holds ? .accepted : .fail))
    }

    @Test func aGrantComesFirst() throws {
        let exceptions = "exceptions: [{control: added-capabilities, reason: a, expires: \"2027-01-01\", name: mine}]"
        let estate = try TestEstate(TestGrant().manifest, exceptions: exceptions)
        #expect(try estate.only("added-capabilities").grant == "shop/web")
        let without = try TestEstate(TestGrant.workload, exceptions: exceptions)
        #expect(try without.only("added-capabilities").grant == "mine")
    }

    @Test func theAuditTellsWhatIsExpiredUnusedOrUnknown() throws {
        let text = """
            exceptions:
            - {name: used, control: privileged-containers, reason: a, expires: "2027-01-01"}
            - {name: idle, control: privileged-containers, namespace: other, reason: a, expires: "2027-01-01"}
            - {name: old, control: privileged-containers, reason: a, expires: "2026-01-01"}
            - {name: typo, control: privileged-container, reason: a, expires: "2027-01-01"}
            - {name: skipped, control: known-but-not-judged, reason: a, expires: "2027-01-01"}
            """
        let estate = try TestEstate(AttributionTests.pod(), exceptions: text)
        let known = Set(estate.controls.map(\.id)).union(["known-but-not-judged"])
        let remarks = estate.attributor.exceptions.audit(estate.attributed, judged: estate.controls, known: known)
        #expect(remarks.map(\.exception) == ["idle", "old", "typo"])
        #expect(remarks.map(\.kind) == [.unused, .expired, .unknownControl])
        #expect(remarks.map(\.position.line) == [3, 4, 5])
        #expect(remarks[1].message == "exception 'old' expired at 2026-01-02T00:00:00Z; remove it or decide anew")
        #expect(remarks[0].source == ".demarc.yaml")
    }

    @Test(
        arguments: [
            ("reason: a, ", "", "'reason' is missing", 2, 3), ("reason: a", "reason: ''", "'reason' is empty", 2, 25),
            ("expires: \"2027-01-01\"", "expires: never", "'never' is no end date", 2, 36),
            (", expires: \"2027-01-01\"", "", "'expires' is missing", 2, 3),
            ("control: x", "kind: x", "'control' is missing", 2, 3), ("reason: a", "reason: a, path: b", "an exception has no field 'path'", 2, 36),
            ("reason: a", "namespace: '*-a', reason: a", "'*-a' has a * before its end", 2, 25),
            ("name: n", "name: m", "exception 'm' is there twice", 3, 4),
        ] as [(String, String, String, Int, Int)])
    func tellsWhatIsWrongAndWhere(old: String, new: String, message: String, line: Int, column: Int) throws {
        let good =
            "exceptions:\n- {name: n, control: x, reason: a, expires: \"2027-01-01\"}\n- {name: m, control: y, reason: a, expires: \"2027-01-01\"}\n"
        let first = good.firstRange(of: old)
        var text = good
        text.replaceSubrange(try #require(first), with: new)
        let root = try #require(DocumentTree.parse(text, source: "c.yaml").tree.roots.first)
        let reading = ExceptionList.read(root["exceptions"], now: Timestamp(secondsSinceEpoch: 0))
        let fault = try #require(reading.faults.first { $0.message.hasPrefix(message) }, "\(reading.faults)")
        #expect(fault.position.line == line && fault.position.column == column, "\(fault.position)")
        #expect(fault.source == "c.yaml" && !fault.remedy.isEmpty)
    }

    @Test func noListIsAnEmptyListAndAnotherShapeAFault() throws {
        let root = try #require(DocumentTree.parse("{a: 1, exceptions: all}").tree.roots.first)
        let now = Timestamp(secondsSinceEpoch: 0)
        #expect(ExceptionList.read(root["none"], now: now).faults.isEmpty)
        #expect(ExceptionList.read(root["none"], now: now).list.isEmpty)
        #expect(ExceptionList.read(root["exceptions"], now: now).faults.map(\.message) == ["'exceptions' should be a list"])
    }
}

struct BaselineTests {
    @Test func knowsWhatItWasMadeOfAndNothingNew() throws {
        let before = try TestEstate(AttributionTests.pod())
        let baseline = Baseline(of: before.attributed)
        let after = try TestEstate("# moved\n" + AttributionTests.pod() + "\n---\n" + AttributionTests.pod("other"))
        #expect(after.attributed.map(baseline.contains) == [true, false])
        #expect(baseline.gone(in: after.attributed).isEmpty)
        #expect(Baseline(of: after.attributed).gone(in: before.attributed).count == 1)
    }

    @Test func whatIsAcceptedIsNotInIt() throws {
        #expect(Baseline(of: try TestGrant().estate().attributed).fingerprints.isEmpty)
    }

    @Test func isReadAsItWasWritten() throws {
        for baseline in [Baseline(fingerprints: []), Baseline(of: try TestEstate(AttributionTests.pod()).attributed)] {
            let reading = Baseline.read(Array(baseline.document.utf8), source: "baseline.json")
            #expect(reading.baseline == baseline && reading.faults.isEmpty)
        }
        let two = Baseline(fingerprints: [String(repeating: "b", count: 32), String(repeating: "a", count: 32)])
        #expect(two.document.components("\n")[4].contains("aaaa"))
    }

    @Test(
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("{\"apiVersion\": \"demarc.dev/v1alpha1\", \"kind\": \"Baseline\", \"fingerprints\": [\"x\"]}", 1, 76),
            ("{\"apiVersion\": \"demarc.dev/v1alpha1\", \"kind\": \"Other\", \"fingerprints\": []}", 1, 39),
            ("{\"apiVersion\": \"demarc.dev/v1alpha1\", \"kind\": \"Baseline\", \"finger\": []}", 1, 59),
        ])
    func aBrokenOneIsAnErrorWithAPlace(text: String, line: Int, column: Int) {
        let reading = Baseline.read(Array(text.utf8), source: "baseline.json")
        #expect(reading.baseline == nil)
        #expect(reading.faults.first?.position.line == line)
        if text.count > 1 { #expect(reading.faults.first?.position.column == column, "\(reading.faults)") }
    }
}
