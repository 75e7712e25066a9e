import Foundation
import Testing

/// Security groups and trails beside manifests, as a scan sees them.
struct SecurityGroupScanTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private struct Report: Decodable {
        struct Finding: Decodable {
            struct Attribution: Decodable {
                let party: String
                let strength: String
                let principal: String?
            }
            struct Location: Decodable {
                let file: String
                let line: Int
            }
            struct Subject: Decodable {
                let kind: String
                let name: String
                let apiVersion: String
            }
            let control: String
            let verdict: String
            let message: String
            let subject: Subject
            let location: Location
            let attribution: Attribution
        }
        struct Coverage: Decodable {
            struct Gap: Decodable {
                let source: String
                let line: Int
                let message: String
            }
            let objects: Int
            let gaps: [Gap]
        }
        let findings: [Finding]
        let coverage: Coverage
    }

    private func scan(_ arguments: [String], in directory: URL) throws -> (code: Int32, report: Report, errors: String) {
        let result = try Program.run(["scan", "--format", "json", "--now", "2026-06-15T00:00:00Z"] + arguments, in: directory)
        return (result.code, try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)), result.errors)
    }

    private func lines(_ report: Report, _ control: String) -> [String] {
        report.findings.filter { $0.control == control }.map {
            "\($0.location.file.split(separator: "/").last ?? ""):\($0.location.line) \($0.attribution.party) \($0.attribution.strength)"
        }
    }

    @Test func theExampleOfEKSHoldsItsPromises() throws {
        let (_, report, _) = try scan(["Examples/security-groups/eks", "--model", "eks"], in: Self.root)
        #expect(report.coverage.gaps.isEmpty && report.coverage.objects == 8)
        #expect(
            lines(report, "security-group-administrative-ports") == [
                "security-groups.json:21 customer proven", "security-groups.json:62 customer presumed",
            ])
        #expect(lines(report, "security-group-open-egress") == ["security-groups.json:30 provider proven"])
        #expect(lines(report, "internet-reachable-workloads") == ["storefront.yaml:16 customer presumed"])
        let reachable = try #require(report.findings.first { $0.control == "internet-reachable-workloads" })
        #expect(reachable.message.contains("on TCP 8080:"), "the policy closes the metrics that group and balancer leave open")
        let ssh = try #require(report.findings.first { $0.control == "security-group-administrative-ports" })
        #expect(ssh.attribution.principal == "arn:aws:sts::111122223333:assumed-role/kotori-operations/haruka")
        #expect(
            ssh.subject.kind == "SecurityGroup" && ssh.subject.name == "sg-0c1a5e0f2b7d94a10"
                && ssh.subject.apiVersion == "ec2.amazonaws.com/2016-11-15")
    }

    @Test func theExampleOfACSHoldsItsPromises() throws {
        let (_, report, _) = try scan(["Examples/security-groups/acs"], in: Self.root)
        #expect(report.coverage.gaps.isEmpty)
        #expect(
            lines(report, "internet-reachable-workloads") == ["cart.yaml:5 customer presumed", "cart.yaml:5 customer proven"])
        #expect(lines(report, "public-pod-groups") == ["cart.yaml:16 customer proven"])
        #expect(lines(report, "security-group-database-ports") == ["sg-bp1kotori0shop.json:29 customer proven"])
        #expect(lines(report, "shadowed-drop-rules") == ["sg-bp1kotori0shop.json:58 customer presumed"])
        #expect(lines(report, "pod-security-groups").isEmpty, "the group is in the estate")
    }

    /// The same in YAML, and from standard input.
    @Test func yamlIsReadAsJSONIs() throws {
        let json = #"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#
        let yaml = "SecurityGroups:\n- GroupId: sg-1\n  IpPermissions:\n  - IpProtocol: '-1'\n    IpRanges:\n    - CidrIp: 0.0.0.0/0\n"
        for text in [json, yaml] {
            let result = try Program.run(["scan", "-", "--control", "security-group-open-to-everyone", "--model", "eks"], input: text)
            #expect(result.code == 1 && result.output.contains("0.0.0.0/0 may reach every port of the members of sg-1"))
        }
    }

    @Test func whatIsBrokenIsAGapWithItsPlace() throws {
        let group = """
            {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": -5, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/99"}]}]}, {"GroupName": "nameless"}]}
            """
        let trail = """
            {"Records": [
            {"eventID": "e1", "eventName": "AuthorizeSecurityGroupIngress", "eventSource": "ec2.amazonaws.com", "eventTime": "never",
             "userIdentity": {}, "requestParameters": {"groupId": "sg-1"}}]}
            """
        try Program.withFiles(["groups.json": group, "trail.json": trail]) { directory in
            let (code, report, _) = try scan([".", "--model", "eks", "--control", "security-group-open-to-everyone"], in: directory)
            #expect(code == 3)
            #expect(
                report.coverage.gaps.map { "\($0.source):\($0.line) \($0.message)" } == [
                    "groups.json:3 SecurityGroups[1] should be something with the id that the cloud gave it; as it is, it was not judged",
                    "groups.json:2 SecurityGroups[0].IpPermissions[0].FromPort should be a port from 0 to 65535; as it is, it was not judged",
                    "trail.json:2 Records[0].eventTime should be a time, as 2026-01-31T12:00:00Z; as it is, it was not judged",
                ])
        }
    }

    @Test func theClustersGroupIsConfigured() throws {
        let pod =
            "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, annotations: {network.alibabacloud.com/pod-with-eip: \"true\"}}, spec: {containers: [{name: app}]}}"
        let group =
            #"{"SecurityGroupId": "sg-1", "Permissions": {"Permission": [{"Direction": "ingress", "IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "0.0.0.0/0"}]}}"#
        try Program.withFiles(["pod.yaml": pod, "group.json": group, ".demarc.yaml": "clusterSecurityGroups: [sg-1]\nexclude: [.demarc.yaml]\n"]) {
            directory in
            let (_, report, _) = try scan([".", "--control", "internet-reachable-workloads"], in: directory)
            #expect(report.findings.map(\.verdict) == ["fail"])
            #expect(try Program.run(["config", "show"], in: directory).output.contains("clusterSecurityGroups: [\"sg-1\"]"))
        }
    }

    /// Whoever may write into a directory could write a trail: asked to, a scan believes records from named paths alone.
    @Test func recordsAreBelievedFromNamedPathsAlone() throws {
        let group =
            #"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#
        func trail(_ id: String, _ identity: String) -> String {
            #"{"eventID": "\#(id)", "eventName": "AuthorizeSecurityGroupIngress", "eventSource": "ec2.amazonaws.com", "eventTime": "2026-05-01T00:00:00Z", "#
                + #""userIdentity": \#(identity), "requestParameters": {"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "#
                + #""toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}}"#
        }
        let files = [
            "cloud/groups.json": group, "cloud/trail.json": trail("e1", #"{"arn": "arn:aws:iam::1:user/haruka"}"#),
            "app/forged.json": trail("e0", #"{"invokedBy": "eks.amazonaws.com"}"#),
        ]
        let control = "security-group-administrative-ports"
        try Program.withFiles(files) { directory in
            let (code, report, _) = try scan(["app", "--cloud-records", "cloud", "--model", "eks", "--control", control], in: directory)
            #expect(code == 1 && lines(report, control) == ["groups.json:1 customer proven"])
            #expect(report.coverage.gaps.map(\.message) == ["1 record of the cloud left out: the file is not among --cloud-records"])
            // Without the flag records count wherever they lie.
            let (_, believed, _) = try scan([".", "--model", "eks", "--control", control], in: directory)
            #expect(lines(believed, control) == ["groups.json:1 provider proven"])
        }
    }

    /// Every format carries subjects without a namespace, and rules with quotes and markup in what a customer may write.
    @Test(arguments: ["table", "sarif", "junit", "markdown", "html", "openreports", "policyreport", "oscal"])
    func everyFormatTakesThem(format: String) throws {
        let group =
            #"{"SecurityGroups": [{"GroupId": "sg-<b>\u001b[31m\"", "GroupName": "<script>", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#
        let result = try Program.run(["scan", "-", "--model", "eks", "--format", format], input: group)
        #expect(result.code == 1)
        #expect(!result.output.contains("\u{1b}[31m") && !result.output.contains("<b>\u{1b}"))
    }

    // MARK: - Blame

    private struct Blamed {
        let code: Int32
        let document: [String: Any]

        func text(_ keys: String...) -> String? {
            var current: Any? = document
            for key in keys { current = key == "last" ? (current as? [Any])?.last : (current as? [String: Any])?[key] }
            return current as? String
        }
    }

    private static func blame(_ fingerprint: String, _ arguments: [String], in directory: URL) throws -> Blamed {
        let words = ["blame", "--finding", fingerprint, "--format", "json", "--now", "2026-06-15T00:00:00Z"] + arguments
        let result = try Program.run(words, in: directory)
        return Blamed(
            code: result.code,
            document: try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any], "\(result.errors)"))
    }

    /// All findings that a rule of a group is behind: `blame` names whom the scan names, by the same event, and is as sure.
    @Test(arguments: [("acs", "acs"), ("eks", "eks"), ("acs", "eks")])
    func blameSaysWhatTheScanSays(example: String, model: String) throws {
        let arguments = ["Examples/security-groups/\(example)", "--model", model]
        let scan = try Program.run(["scan", "--format", "json", "--now", "2026-06-15T00:00:00Z"] + arguments, in: Self.root)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(scan.output.utf8)) as? [String: Any])
        var byTrail = 0
        for finding in try #require(report["findings"] as? [[String: Any]]) {
            let attribution = try #require(finding["attribution"] as? [String: Any])
            guard let chain = attribution["chain"] as? [String], let last = chain.last, last.hasPrefix("provenance: event "),
                let fingerprint = finding["fingerprint"] as? String
            else { continue }
            byTrail += 1
            let blamed = try Self.blame(fingerprint, arguments, in: Self.root)
            #expect(blamed.code == 0 && blamed.text("answers", "last", "who") == attribution["principal"] as? String)
            #expect(blamed.text("answers", "last", "strength") == attribution["strength"] as? String)
            #expect(blamed.text("responsible", "strength") == attribution["strength"] as? String)
            #expect(blamed.text("responsible", "party") == attribution["party"] as? String && blamed.text("responsible", "reason") == last)
            let event = try #require(blamed.text("answers", "last", "auditID"))
            #expect(!event.isEmpty && last.hasPrefix("provenance: event \(event) ("))
            #expect(blamed.text("timeline", "last", "auditID") == event)
            #expect(blamed.text("answers", "last", "evidence")?.hasPrefix("event of Examples/security-groups/\(example)/trail.json:") == true)
            #expect((blamed.document["openQuestions"] as? [Any])?.isEmpty == true)
        }
        #expect(byTrail > 1)
    }

    /// What a scan does not believe `blame` does not either: a trail from elsewhere than the records that were named.
    @Test func blameBelievesTheSameRecords() throws {
        let folder = "Examples/security-groups/acs"
        let records = ["--cloud-records", "\(folder)/groups.json", "--cloud-records", "\(folder)/sg-bp1kotori0shop.json"]
        let scan = try Program.run(["scan", "--format", "json", folder] + records, in: Self.root)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(scan.output.utf8)) as? [String: Any])
        let findings = try #require(report["findings"] as? [[String: Any]])
        let database = try #require(findings.first { $0["control"] as? String == "security-group-database-ports" })
        let blamed = try Self.blame(try #require(database["fingerprint"] as? String), [folder] + records, in: Self.root)
        #expect(blamed.text("answers", "last", "who") == nil && blamed.text("responsible", "strength") == "presumed" && blamed.code == 3)
        #expect((blamed.document["openQuestions"] as? [String])?.contains { $0.hasSuffix("no trail of changes to groups is in the estate") } == true)
    }
}
