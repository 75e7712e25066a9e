import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// Documents of clouds with any of their values replaced: nothing crashes, and what was open never comes out closed in silence.
struct SecurityGroupMutationTests {
    static let aws =
        #"{"SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1", "Tags": [{"Key": "aws:eks:cluster-name", "Value": "a"}], "IpPermissions": ["#
        + #"{"IpProtocol": "tcp", "FromPort": 20, "ToPort": 25, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}], "IpPermissionsEgress": []}]}"#
    static let alibaba =
        #"{"SecurityGroupId": "sg-1", "VpcId": "vpc-1", "InnerAccessPolicy": "Drop", "Permissions": {"Permission": [{"Direction": "ingress", "#
        + #""IpProtocol": "TCP", "PortRange": "22/22", "SourceCidrIp": "0.0.0.0/0", "Policy": "Accept", "Priority": "1"}]}}"#
    static let rows =
        #"{"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "#
        + #""ToPort": 22, "CidrIpv4": "0.0.0.0/0"}]}"#

    /// Fields whose loss or change rightly makes the rule another one, or nothing to judge.
    private static let meaning: Set<String> = [
        "VpcId", "Tags", "Key", "Value", "InnerAccessPolicy", "Priority", "FromPort", "ToPort", "IpPermissionsEgress",
    ]

    @Test(arguments: [aws, alibaba, rows])
    func nothingIsPassedOverInSilence(document: String) throws {
        let root = try #require(DocumentTree.parse(document).tree.roots.first)
        let draft = try Draft(root)
        let wrong: [Draft] = [
            .scalar("true"), .scalar("7"), .scalar("-1"), .scalar("99999999999999999999"), .scalar("7.5"), .text("wrong"), .text(""), .text("-1/-1"),
            .list([]), .list([.scalar("7")]), .list([.list([])]), .map([:]), .map(["wrong": .scalar("7")]),
        ]
        for path in draft.paths {
            for value in wrong {
                let outcome = judge(draft.replacing(path[...], by: value).json)
                let field = path.compactMap { if case .key(let key) = $0 { key } else { nil } }.last ?? ""
                // An empty or other list, and a protocol or port that is one, leave no open rule behind.
                let isOtherRule = Self.meaning.contains(field) || value == .list([]) || value == .map([:]) || Self.isSound(value, for: field)
                #expect(!outcome.isSilent || isOtherRule, "\(path): \(value.json) of \(document) is neither a gap nor a finding")
            }
        }
    }

    /// What is a value the cloud could have answered there.
    private static func isSound(_ value: Draft, for field: String) -> Bool {
        let json = value.json
        switch field {
        case "IpProtocol": return json == "7" || json == "-1"
        case "IsEgress": return json == "true"
        case "PortRange": return json == "\"-1/-1\"" || json == "\"\""
        case "Policy": return json == "\"\""
        case "GroupId", "SecurityGroupRuleId", "SecurityGroupId": return json.hasPrefix("\"")
        default: return false
        }
    }

    private func judge(_ text: String) -> (isSilent: Bool, findings: Int) {
        let read = SourceObjects(DocumentTree.parse(text, source: "cloud.json").tree)
        let inventory = Inventory(read.objects)
        let judgement = Catalogue(BuiltInControls.all).judge(inventory, objects: inventory.objects.indices)
        for finding in judgement.findings { #expect(finding.place.isInside(inventory.objects[finding.object].root)) }
        let isSaid = !read.malformed.isEmpty || !read.foreign.isEmpty || !judgement.gaps.isEmpty || !judgement.findings.isEmpty
        return (!isSaid, judgement.findings.count)
    }
}

extension Draft {
    /// The way to every value below this one.
    fileprivate var paths: [[Step]] {
        switch self {
        case .scalar: []
        case .list(let items): items.enumerated().flatMap { index, item in [[.index(index)]] + item.paths.map { [.index(index)] + $0 } }
        case .map(let entries): entries.flatMap { entry in [[.key(entry.key)]] + entry.value.paths.map { [.key(entry.key)] + $0 } }
        }
    }
}
