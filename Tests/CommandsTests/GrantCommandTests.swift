import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// Grants in files, from the application to the end: what people type, what the file says, what the ledger keeps.
struct GrantCommandTests {
    private static let me = NSUserName()
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)
    private static let grants = ["--grants", "grants"]

    private static func time(days: Double) -> String { Date(timeIntervalSinceNow: days * 86_400).formatted(Date.ISO8601FormatStyle()) }

    private static func hash() throws -> String { try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash) }

    /// A grant with comments, between other documents, that ann has applied for.
    private static func file(
        accountable: String = "person: \(me)", begins: Double = -1, ends: Double = 20, extra: String = "", applicant: String? = "ann"
    ) throws -> String {
        let text = """
            apiVersion: demarc.dev/v1alpha1
            kind: PrivilegeGrant
            metadata: {name: probe, namespace: shop}
            spec:
              workload: {kind: Deployment, name: probe, serviceAccountName: probe}
              privileges:
              - {control: added-capabilities, container: app, value: NET_RAW} # for ping
              imageDigests: ["\(digest)"]
              justification: Measures the network
              accountable: {\(accountable)}
              # Two weeks, and some days for the report.
              notBefore: \(time(days: begins))
              expires: "\(time(days: ends))" # then it is over
              liabilityTextHash: \(try hash())
            \(extra)
            """
        let decision = try applicant.map {
            "  - {action: apply, by: {username: \($0)}, at: \(time(days: -2)), specHash: \(try SpecHash.of(text))}"
        }
        let status = decision.map { "status:\n  decisions:\n\($0)\n" } ?? ""
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: before}\n---\n# The network team asked.\n\(text)\(status)\n# The next one.\n---\n"
            + "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: after}\n"
    }

    private static let workload = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: probe, namespace: shop}
        spec:
          template:
            spec:
              serviceAccountName: probe
              containers:
              - {name: app, image: "r/p@\(digest)", securityContext: {capabilities: {add: [NET_RAW]}}}
        """

    private func run(_ arguments: [String], in folder: URL, model: String? = nil) throws -> Program.Result {
        try Program.run(["grant"] + arguments + (model.map { ["--model", $0] } ?? []), in: folder)
    }

    private func grant(_ folder: URL) throws -> PrivilegeGrant? {
        let bytes = Array(try Data(contentsOf: folder.appending(path: "grants/probe.yaml")))
        let objects = SourceObjects(DocumentTree.parse(bytes, source: "probe.yaml").tree).objects
        return objects.first { $0.kind == "PrivilegeGrant" }.flatMap { PrivilegeGrant.read($0).grant }
    }

    @Test func fromTheApplicationToTheEnd() throws {
        try Program.withFiles(["grants/probe.yaml": try Self.file(), "web/deployment.yaml": Self.workload]) { folder in
            let key = try Program.run(["ledger", "key", "ledger.example/one", "-o", "ledger.key"], in: folder)
            let ledger = ["--ledger", "ledger.db", "--ledger-key", "ledger.key"]
            try key.output.write(to: folder.appending(path: "ledger.pub"), atomically: false, encoding: .utf8)
            func verdict() throws -> Bool {
                try Program.run(
                    ["scan", "web", "--grants", "grants", "--control", "added-capabilities", "--format", "json", "--quiet"], in: folder
                ).output.contains(#""verdict":"accepted""#)
            }

            let missing = try run(["approve", "shop/probe"] + Self.grants + ledger, in: folder)
            #expect(missing.code == 2 && missing.errors.contains("add --create-ledger"), "\(missing.errors)")
            #expect(try grant(folder)?.decisions.count == 1, "without its entry a decision is not made")
            let unseen = try run(["approve", "shop/probe", "--spec-hash", Self.digest] + Self.grants, in: folder)
            #expect(unseen.code == 1 && unseen.errors.contains("look at it again: demarc grant show"), "\(unseen.errors)")

            let approved = try run(["approve", "shop/probe", "--create-ledger", "--reason", "seen"] + Self.grants + ledger, in: folder)
            #expect(approved.code == 0 && approved.errors.isEmpty, "\(approved.errors)")
            #expect(approved.output == "shop/probe: approve by \(Self.me) recorded as entry 1; approved, next: person:\(Self.me)\n")
            let again = try run(["approve", "probe", "-n", "shop"] + Self.grants + ledger, in: folder)
            #expect(again.code == 1 && again.errors.contains("\(Self.me) has approved this already"), "\(again.errors)")

            let unread = try run(["accept", "shop/probe"] + Self.grants + ledger, in: folder)
            let text = try Self.hash()
            #expect(unread.code == 2 && unread.errors.contains("add --liability-text-hash \(text)"), "\(unread.errors)")
            #expect(unread.errors.contains("Privileged mode, capabilities"), "the text is shown")
            let other = try run(["accept", "shop/probe", "--liability-text-hash", Self.digest] + Self.grants + ledger, in: folder)
            #expect(other.code == 1 && other.errors.contains("is not the hash of the liability text"))
            #expect(try !verdict())
            let accepted = try run(["accept", "shop/probe", "--liability-text-hash", Self.hash()] + Self.grants + ledger, in: folder)
            #expect(accepted.code == 0 && accepted.output.hasSuffix("recorded as entry 2; active\n"), "\(accepted.output)\(accepted.errors)")
            #expect(try verdict())

            // What people wrote is still there, and what follows from the decisions is there too.
            let file = try String(contentsOf: folder.appending(path: "grants/probe.yaml"), encoding: .utf8)
            for comment in ["# The network team asked.", "# for ping", "# Two weeks, and some days", "# then it is over", "# The next one.\n---\n"] {
                #expect(file.contains(comment), "\(comment)")
            }
            #expect(file.contains("name: before") && file.contains("name: after") && file.contains("phase: active"), "\(file)")
            let held = try #require(try grant(folder))
            #expect(held.decisions.map(\.action) == [.apply, .approve, .accept] && held.decisions[1].reason == "seen")
            #expect(held.approvedTerms.map(\.specHash) == [held.specHash] && held.conditions.contains("Active"))

            let listed = try run(["list"] + Self.grants, in: folder)
            let lines = listed.output.split(separator: "\n").map { $0.split(separator: #/ {2,}/#).map(String.init) }
            #expect(lines[0] == ["NAMESPACE", "NAME", "WORKLOAD", "PHASE", "ACCOUNTABLE", "EXPIRES", "NEXT"])
            #expect(lines[1] == ["shop", "probe", "Deployment/probe", "active", "person:\(Self.me)", "in 19d", "-"])
            let json = try run(["list", "--format", "json"] + Self.grants, in: folder)
            #expect(json.output.contains(#""inForce":true"#) && json.output.contains(#""phase":"active""#) && json.output.hasSuffix("}\n"))

            // Ann's application was written by hand.
            let shown = try run(["show", "shop/probe", "--ledger", "ledger.db"] + Self.grants, in: folder)
            #expect(shown.code == 1 && shown.errors.contains("1 of 3 decisions are not in the ledger"))
            #expect(shown.output.contains("apply  ann  ✗ not in the ledger") && shown.output.contains("  ✓ in force"), "\(shown.output)")

            let revoked = try run(["revoke", "shop/probe"] + Self.grants + ledger, in: folder)
            #expect(revoked.code == 0 && revoked.output.contains("; revoked, next: applicant"))
            #expect(try !verdict())
            let verified = try Program.run(["ledger", "verify", "ledger.db", "--key", "ledger.pub", "--quiet"], in: folder)
            #expect(verified.code == 0 && verified.output.contains("entries       4"), "\(verified.output)")

            // Somebody puts the file of before back.
            try file.write(to: folder.appending(path: "grants/probe.yaml"), atomically: false, encoding: .utf8)
            let undone = try run(["show", "shop/probe", "--ledger", "ledger.db"] + Self.grants, in: folder)
            #expect(undone.code == 1 && undone.output.contains("  ✓ in force"), "\(undone.output)")
            #expect(undone.output.contains(#/ revoke  .*  ✗ entry 3 of the ledger, and not in the grant\n/#), "\(undone.output)")
            #expect(undone.errors.contains("1 of 3 decisions are not in the ledger, and 1 in the ledger are not in the grant"), "\(undone.errors)")
        }
    }

    @Test func nobodyApprovesTheirOwnApplication() throws {
        try Program.withFiles(["grants/probe.yaml": try Self.file(applicant: nil)]) { folder in
            let applied = try run(["apply", "grants/probe.yaml"], in: folder)
            #expect(applied.code == 0 && applied.output.contains("applied, next: 1 approver"), "\(applied.errors)")
            #expect(applied.errors.contains("the file alone is the record"))
            let before = try Data(contentsOf: folder.appending(path: "grants/probe.yaml"))
            for (command, reason) in [
                ("approve", "applied for this; somebody else must approve it"), ("accept", "0 of 1 approvals are there"),
                ("review", "there is nothing to review"),
            ] {
                let refused = try run([command, "shop/probe", "--quiet"] + Self.grants, in: folder)
                #expect(refused.code == 1 && refused.errors.contains(reason), "\(refused.errors)")
            }
            #expect(try Data(contentsOf: folder.appending(path: "grants/probe.yaml")) == before)
            #expect(try run(["deny", "shop/probe", "--quiet"] + Self.grants, in: folder).output.contains("; denied, next: applicant"))
            #expect(try run(["apply", "grants/probe.yaml", "--quiet"], in: folder).output.contains("; applied, next: 1 approver"))
        }
    }

    /// The ledger holds who, as a member of which groups, and why; a file that says anything else was changed by hand.
    @Test func whatIsChangedInTheFileIsFound() throws {
        try Program.withFiles(["grants/probe.yaml": try Self.file(applicant: nil)]) { folder in
            _ = try Program.run(["ledger", "key", "ledger.example/one", "-o", "ledger.key"], in: folder)
            let ledger = ["--ledger", "ledger.db", "--ledger-key", "ledger.key", "--quiet"]
            #expect(try run(["apply", "grants/probe.yaml", "--create-ledger"] + ledger, in: folder).code == 0)
            let path = folder.appending(path: "grants/probe.yaml")
            let applied = try String(contentsOf: path, encoding: .utf8)
            #expect(try run(["deny", "shop/probe", "--reason", "not now"] + Self.grants + ledger, in: folder).code == 0)
            let denied = try String(contentsOf: path, encoding: .utf8)
            func show(_ text: String) throws -> Program.Result {
                try text.write(to: path, atomically: false, encoding: .utf8)
                return try run(["show", "shop/probe", "--ledger", "ledger.db"] + Self.grants, in: folder)
            }
            let same = try show(denied)
            #expect(same.code == 0 && same.errors.isEmpty, "\(same)")
            let undone = try show(applied)
            #expect(undone.code == 1 && undone.output.contains(#/ deny  .*  not now  ✗ entry 2 of the ledger, and not in the grant\n/#), "\(undone)")
            #expect(undone.errors.contains("1 in the ledger are not in the grant"), "\(undone.errors)")
            // It was about to be written when the program was stopped, and is made again.
            #expect(try run(["deny", "shop/probe", "--reason", "no"] + Self.grants + ledger, in: folder).code == 0)
            let again = try show(try String(contentsOf: path, encoding: .utf8))
            #expect(again.code == 0 && again.errors.isEmpty, "\(again)")
            let changes = [denied.replacing("not now", with: "never"), denied.replacing(#/groups:\n( +)- /#) { "groups:\n\($0.1)- ops\n\($0.1)- " }]
            for changed in changes {
                #expect(changed != denied)
                let found = try show(changed)
                #expect(found.code == 1 && found.output.contains("✗ not in the ledger\n"), "\(found)")
                #expect(found.output.contains("and not in the grant\n"), "\(found)")
            }
            // The same decision a second time is a second one.
            let lines = denied.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let start = try #require(lines.lastIndex { $0.contains("- action:") })
            let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix("    ") })
            let twice = (lines[..<end] + lines[start..<end] + lines[end...]).joined(separator: "\n")
            let found = try show(twice)
            #expect(found.code == 1 && found.errors.contains("1 of 3 decisions are not in the ledger"), "\(found)")
        }
    }

    /// Nothing is entered of a decision that cannot be written, however often it is tried.
    @Test func aFileThatCannotBeWrittenLeavesNoEntry() throws {
        try Program.withFiles(["grants/probe.yaml": try Self.file(), "ledger/a": ""]) { folder in
            let everybody: [FileAttributeKey: Any] = [.posixPermissions: 0o777]
            for path in ["", "ledger"] { try FileManager.default.setAttributes(everybody, ofItemAtPath: folder.appending(path: path).path) }
            _ = try Program.run(["ledger", "key", "ledger.example/one", "-o", "ledger/key"], in: folder)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.appending(path: "ledger/key").path)
            let grants = folder.appending(path: "grants").path
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: grants)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: grants) }
            let arguments = ["grant", "revoke", "shop/probe", "--grants", "grants", "--quiet", "--ledger", "ledger/db", "--ledger-key", "ledger/key"]
            for _ in 0..<2 {
                let refused = try Program.run(arguments + ["--create-ledger"], in: folder, asNobody: true)
                #expect(refused.code == 2 && refused.errors.contains("probe.yaml cannot be written"), "\(refused)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "ledger/db").path))
        }
    }

    @Test func aRenewalIsANewApplication() throws {
        try Program.withFiles(["grants/probe.yaml": try Self.file(ends: 10)]) { folder in
            #expect(try run(["approve", "shop/probe", "--quiet"] + Self.grants, in: folder).code == 0)
            #expect(try run(["accept", "shop/probe", "--quiet", "--liability-text-hash", Self.hash()] + Self.grants, in: folder).code == 0)
            let old = try #require(try grant(folder))
            let renewed = try run(["renew", "shop/probe", "--for", "5d", "--quiet"] + Self.grants, in: folder)
            #expect(renewed.code == 0 && renewed.output.contains("; active, next: 1 approver"), "\(renewed.output)\(renewed.errors)")
            let new = try #require(try grant(folder))
            #expect(new.notBefore == old.expires && new.terms.length == .days(5) && new.specHash != old.specHash)
            #expect(new.approvedTerms.map(\.specHash) == [old.specHash])
            let text = try String(contentsOf: folder.appending(path: "grants/probe.yaml"), encoding: .utf8)
            #expect(text.contains("# then it is over") && text.contains("# for ping"))
            let own = try run(["approve", "shop/probe", "--quiet"] + Self.grants, in: folder)
            #expect(own.code == 1 && own.errors.contains("applied for this"), "whoever renews applies")
            // Neither a renewal that waits nor one that was denied holds for a day, so the next one begins where that would have.
            for (answer, length) in [(nil, 4), ("deny", 3), (nil, 2)] {
                if let answer { #expect(try run([answer, "shop/probe", "--quiet"] + Self.grants, in: folder).code == 0) }
                #expect(try run(["renew", "shop/probe", "--for", "\(length)d", "--quiet"] + Self.grants, in: folder).code == 0)
                let next = try #require(try grant(folder))
                #expect(next.notBefore == old.expires && next.terms.length == .days(Int64(length)))
            }
            #expect(try run(["renew", "shop/probe", "--quiet"] + Self.grants, in: folder).code == 0)
            let same = try #require(try grant(folder))
            #expect(same.notBefore == old.expires && same.terms.length == old.terms.length, "as long as what holds")
        }
    }

    /// The model allows 90 days of this privilege.
    @Test func whatLastsTooLongIsNotDecided() throws {
        for applicant in [nil, "ann"] {
            try Program.withFiles(["grants/probe.yaml": try Self.file(ends: 100, applicant: applicant)]) { folder in
                let file = folder.appending(path: "grants/probe.yaml")
                let before = try Data(contentsOf: file)
                let arguments = applicant == nil ? ["apply", "grants/probe.yaml"] : ["approve", "shop/probe"] + Self.grants
                let refused = try run(arguments + ["--quiet"], in: folder)
                #expect(refused.code == 1 && refused.errors.contains(", model 'acs' allows 90d; let it end by"), "\(refused)")
                #expect(try Data(contentsOf: file) == before)
            }
        }
        try Program.withFiles(["grants/probe.yaml": try Self.file()]) { folder in
            #expect(try run(["approve", "shop/probe", "--quiet"] + Self.grants, in: folder).code == 0)
            #expect(try run(["accept", "shop/probe", "--quiet", "--liability-text-hash", Self.hash()] + Self.grants, in: folder).code == 0)
            let held = try #require(try grant(folder))
            let refused = try run(["renew", "shop/probe", "--for", "120d", "--quiet"] + Self.grants, in: folder)
            #expect(refused.code == 1 && refused.errors.contains("the grant lasts 120d, model 'acs' allows 90d"), "\(refused)")
            #expect(try grant(folder)?.specHash == held.specHash)
        }
    }

    @Test func anEmergencyIsTakenByOneAndReviewedByAnother() throws {
        let emergency = try Self.file(begins: -0.01, ends: 0.1, extra: "  emergency: {reason: the link is down}", applicant: nil)
        try Program.withFiles(["grants/probe.yaml": emergency]) { folder in
            let accept = ["accept", "shop/probe", "--quiet", "--liability-text-hash", try Self.hash()] + Self.grants
            let refused = try run(accept, in: folder)
            #expect(refused.code == 1 && refused.errors.contains("in none of the groups that may break the glass: demarc-break-glass"))
            let group = try #require(getgrgid(getegid())).pointee.gr_name.map { String(cString: $0) } ?? ""
            let model = try Program.run(["model", "show", "acs"]).output.replacing("demarc-break-glass", with: group)
            try model.write(to: folder.appending(path: "model.yaml"), atomically: false, encoding: .utf8)
            let taken = try run(accept, in: folder, model: "model.yaml")
            #expect(taken.code == 0 && taken.output.contains("break-glass by \(Self.me) recorded; active"), "\(taken.errors)")
            #expect(try run(["list"] + Self.grants, in: folder, model: "model.yaml").output.contains("active (break-glass)"))
            let own = try run(["review", "shop/probe", "--quiet"] + Self.grants, in: folder, model: "model.yaml")
            #expect(own.code == 1 && own.errors.contains("somebody else must review it"), "\(own.errors)")
            let scanned = try Program.run(
                ["scan", "grants", "--control", "grant-emergency-unreviewed", "--model", "model.yaml", "--quiet"], in: folder)
            #expect(scanned.code == 1 && scanned.output.contains("grant-emergency-unreviewed"), "\(scanned.output)")
        }
    }

    @Test func aGrantInBracesStaysOne() throws {
        let yaml = try Self.file().components(separatedBy: "---\n")[1]
        let json = CanonicalJSON.text(of: try #require(DocumentTree.parse(yaml).tree.roots.first))
        for name in ["probe.json", "probe.yaml"] {
            try Program.withFiles(["grants/\(name)": json]) { folder in
                let approved = try run(["approve", "shop/probe", "--quiet"] + Self.grants, in: folder)
                #expect(approved.code == 0, "\(approved.errors)")
                let bytes = try Data(contentsOf: folder.appending(path: "grants/\(name)"))
                if name == "probe.json" { #expect(try JSONSerialization.jsonObject(with: bytes) is [String: Any]) }
                #expect(try run(["list"] + Self.grants, in: folder).output.contains("approved"))
            }
        }
    }

    @Test(
        arguments: [
            (["approve", "shop/probe"], 2, "where are the grants?"),
            (["approve", "shop/other"] + grants, 2, "there is no grant shop/other in grants"),
            (["approve", "a/b/c"] + grants, 2, "names no grant"), (["approve", "shop/probe", "-n", "web"] + grants, 2, "another namespace"),
            (["approve", "probe", "--context", "x"] + grants, 2, "--context is for clusters"),
            (["approve", "probe", "--cluster"] + grants, 2, "--grants is for grants in files"),
            (["approve", "probe", "--ledger", "x"] + grants, 2, "--ledger and --ledger-key go together"),
            (["approve", "bad"] + grants, 3, "spec has no field 'extra'"), (["approve", "twice"] + grants, 2, "is the name of 3 grants"),
            (["apply", "grants/none.yaml"], 2, "there is no such file"), (["apply", "grants/other.yaml"], 2, "holds 2 grants"),
            (["renew", "shop/probe", "--for", "soon"] + grants, 2, "is no length of time"),
            (["list", "--grants", "nowhere"], 3, "there is no such file or directory"), (["list"] + grants, 3, "spec has no field 'extra'"),
        ] as [([String], Int32, String)])
    func whatIsWrongIsNamed(arguments: [String], code: Int32, message: String) throws {
        let probe = try Self.file()
        let bad = probe.replacing("name: probe, namespace: shop", with: "name: bad, namespace: shop").replacing(
            "  accountable", with: "  extra: 1\n  accountable")
        let twice = probe.replacing("name: probe, namespace: shop", with: "name: twice, namespace: shop")
        let files = [
            "grants/probe.yaml": probe, "grants/bad.yaml": bad, "grants/twice.yaml": twice,
            "grants/other.yaml": twice + "---\n" + twice.replacing("namespace: shop", with: "namespace: web"),
        ]
        let wanted = arguments.contains("list") || arguments.contains("bad") ? files : files.filter { $0.key != "grants/bad.yaml" }
        try Program.withFiles(wanted) { folder in
            let result = try run(arguments, in: folder)
            #expect(result.code == code && result.errors.contains(message), "\(result.code) \(result.errors)")
        }
    }
}

/// The file of a grant, however people wrote it: a decision changes the status and nothing else.
struct GrantFileTests {
    private static let digest = "sha256:" + String(repeating: "ab", count: 32)

    /// Written in several ways; `SPEC` stands for the spec, `STATUS` for what was decided.
    private static let forms = [
        "apiVersion: demarc.dev/v1alpha1\nkind: PrivilegeGrant\nmetadata: {name: probe, namespace: shop}\nSPECSTATUS",
        "STATUSapiVersion: demarc.dev/v1alpha1\nkind: PrivilegeGrant\nmetadata: {name: probe, namespace: shop}\nSPEC",
        "# above\n---\napiVersion: demarc.dev/v1alpha1\nkind: PrivilegeGrant\n# between\nSTATUS\n# before the name\n\nmetadata:\n  name: probe\n  namespace: shop\nSPEC# below\n...\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: |\n    --- no document\n    status: none\n---\napiVersion: demarc.dev/v1alpha1\nkind: PrivilegeGrant\nmetadata: {name: probe, namespace: shop}\nSPECSTATUS--- # next\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
        "\"apiVersion\": demarc.dev/v1alpha1\n\"kind\": PrivilegeGrant\n\"metadata\": {name: probe, namespace: shop}\nSPEC\"status\": {decisions: [DECISION]}\n",
        "{apiVersion: demarc.dev/v1alpha1, kind: PrivilegeGrant, metadata: {name: probe, namespace: shop},\n spec: FLOW, status: {decisions: [DECISION]}}\n",
    ]

    private static func text(_ form: String) throws -> (text: String, spec: String) {
        func time(_ days: Double) -> String { Date(timeIntervalSinceNow: days * 86_400).formatted(Date.ISO8601FormatStyle()) }
        let fields = [
            "workload: {kind: Deployment, name: probe, serviceAccountName: probe}",
            "privileges: [{control: added-capabilities, container: app, value: NET_RAW}]", "imageDigests: ['\(digest)']",
            "justification: 'It says: \"---\" # and so on'", "accountable: {team: network}", "notBefore: '\(time(-1))'", "expires: '\(time(20))'",
            "liabilityTextHash: \(try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash))",
        ]
        let spec = "spec:\n" + fields.map { "  \($0) # \($0.prefix(4))\n" }.joined()
        let decision = "{action: apply, by: {username: ann}, at: '\(time(-2))', specHash: '\(try SpecHash.of(spec))'}"
        let status = "status:\n  # who\n  decisions:\n  - \(decision)\n"
        let text = form.replacing("SPEC", with: spec).replacing("STATUS", with: status).replacing("DECISION", with: decision)
            .replacing("FLOW", with: "{\(fields.joined(separator: ", "))}")
        return (text, spec)
    }

    @Test(arguments: forms.indices, ["\n", "\r\n"])
    func allElseStays(form: Int, lineBreak: String) throws {
        let (text, spec) = try Self.text(Self.forms[form])
        try Program.withFiles(["grants/a.yaml": text.replacing("\n", with: lineBreak)]) { folder in
            let file = folder.appending(path: "grants/a.yaml")
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
            let link = folder.appending(path: "link.yaml")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            let result = try Program.run(["grant", "approve", "shop/probe", "--grants", "link.yaml", "--quiet"], in: folder)
            #expect(result.code == 0 && result.output.contains("approve by \(NSUserName()) recorded; approved"), "\(result.errors)")
            let written = String(decoding: try Data(contentsOf: file).filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            if form < 5 { #expect(written.contains(spec), "\(written)") }
            for mark in ["# above\n---\n", "# between\n", "\n# before the name\n\nmetadata:", "# below\n...\n", "--- no document", "--- # next\n"]
            where text.contains(mark) { #expect(written.contains(mark), "\(mark): \(written)") }
            let before = DocumentTree.parse(text).tree.roots, after = DocumentTree.parse(written).tree.roots
            #expect(before.count == after.count)
            for (old, new) in zip(before, after) {
                for key in ["metadata", "spec", "data"] {
                    #expect(CanonicalJSON.text(of: old.entry(named: key)) == CanonicalJSON.text(of: new.entry(named: key)))
                }
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.posixPermissions] as? Int == 0o640)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
        }
    }

    /// Whoever changes a grant holds its directory: of decisions made at the same time none is lost.
    @Test func decisionsAtTheSameTimeAreAllThere() async throws {
        let (text, _) = try Self.text(Self.forms[0])
        let folder = FileManager.default.temporaryDirectory.appending(path: "demarc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.yaml")
        try text.write(to: file, atomically: false, encoding: .utf8)
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for action in ["approve", "deny", "revoke", "approve"] {
                group.addTask { try Program.run(["grant", action, "shop/probe", "--grants", "a.yaml", "--quiet"], in: folder).code }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let root = try #require(DocumentTree.parse(Array(try Data(contentsOf: file)), source: "a.yaml").tree.roots.first)
        // What comes behind a revocation may be forbidden; what was recorded is there.
        #expect(try root["status"]["decisions"].items().map(\.text).count == 1 + codes.filter { $0 == 0 }.count)
        #expect(codes.contains(0) && codes.allSatisfy { $0 < 2 })
    }

    @Test func tightenPrintsTheSmallestGrant() throws {
        let (text, _) = try Self.text(Self.forms[0])
        let workload = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: probe, namespace: shop}
            spec: {template: {spec: {serviceAccountName: probe, containers: [{name: app, image: "r/p@\(Self.digest)", \
            securityContext: {capabilities: {add: [NET_RAW]}}}]}}}
            """
        let files = ["grants/a.yaml": text.replacing("team: network", with: "person: \(NSUserName())"), "web/a.yaml": workload]
        try Program.withFiles(files) { folder in
            func run(_ arguments: [String]) throws -> Program.Result { try Program.run(["grant"] + arguments + ["--grants", "grants"], in: folder) }
            let idle = try run(["tighten", "shop/probe", "web"])
            #expect(idle.code == 1 && idle.errors.contains("is not in force"), "\(idle.errors)")
            #expect(try run(["apply", "grants/a.yaml", "--quiet"]).code == 0)
            // The applicant of the changed spec is whoever runs this, so somebody else's approval is written by hand.
            let file = folder.appending(path: "grants/a.yaml")
            var grant = try String(contentsOf: file, encoding: .utf8)
            grant = grant.replacing("username: \(NSUserName())", with: "username: zoe")
            try grant.write(to: file, atomically: false, encoding: .utf8)
            #expect(try run(["approve", "shop/probe", "--quiet"]).code == 0)
            let hash = try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash)
            #expect(try run(["accept", "shop/probe", "--quiet", "--liability-text-hash", hash]).output.hasSuffix("; active\n"))
            let same = try run(["tighten", "shop/probe", "web"])
            #expect(same.code == 0 && same.output.isEmpty && same.errors.contains("shop/probe is as small as its use"), "\(same)")
            try workload.replacing("add: [NET_RAW]", with: "drop: [ALL]").write(
                to: folder.appending(path: "web/a.yaml"), atomically: false, encoding: .utf8)
            let unused = try run(["tighten", "shop/probe", "web"])
            #expect(unused.code == 1 && unused.errors.contains("revoke it: demarc grant revoke shop/probe"), "\(unused)")
            #expect(try run(["tighten", "shop/none", "web"]).code == 2)
            let lost = try run(["tighten", "shop/probe", "web", "--audit-log", "none.log"])
            #expect(lost.code == 1 || lost.code == 3, "\(lost)")
        }
    }
}
