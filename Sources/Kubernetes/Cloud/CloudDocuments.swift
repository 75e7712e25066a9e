import Documents

/// The cloud whose API made a document.
public enum Cloud: Sendable, CaseIterable {
    case alibaba, aws

    /// What stands for `apiVersion` in findings: the API's host and version.
    public var apiVersion: String {
        switch self {
        case .alibaba: "ecs.aliyuncs.com/2014-05-26"
        case .aws: "ec2.amazonaws.com/2016-11-15"
        }
    }
}

/// Documents of a cloud's API that lie beside manifests: security groups as the cloud's command line prints them, and the
/// trail of changes to them. They have neither `apiVersion` nor `kind`. What they hold becomes objects of the estate, named by
/// their ids, so that findings, places and reports work as for all others.
///
/// Sources: `DescribeSecurityGroupAttribute` and `DescribeSecurityGroups` of ECS 2014-05-26, `DescribeSecurityGroups` and
/// `DescribeSecurityGroupRules` of EC2 2016-11-15, ActionTrail "Management event structure", CloudTrail "Record contents".
struct CloudDocuments {
    private(set) var objects: [KubernetesObject] = []
    private(set) var malformed: [WrongType] = []
    private(set) var foreign: [Value] = []

    /// nil when the document is nothing of a cloud's.
    init?(_ root: Value) {
        switch root.kind {
        case .mapping: guard take(root) else { return nil }
        case .sequence: guard takeItems(of: root) else { return nil }
        default: return nil
        }
    }

    /// Several documents in one list, as a trail is delivered or several answers are merged.
    private mutating func takeItems(of root: Value) -> Bool {
        guard let items = try? root.items() else { return false }
        var found = false
        for item in items {
            if item.kind == .mapping, take(item) { found = true } else { foreign.append(item) }
        }
        return found
    }

    /// - Returns: false when this is none of the documents known here.
    private mutating func take(_ root: Value) -> Bool {
        if root["SecurityGroupId"].isWritten, root["Permissions"].isWritten {
            add(root, .alibaba, kind: CloudKind.securityGroup, id: root["SecurityGroupId"])
            return true
        }
        if isChange(root) {
            takeEvent(root)
            return true
        }
        let groups = root["SecurityGroups"]
        return takeRows(of: groups, "SecurityGroup", .alibaba, kind: CloudKind.summary, id: "SecurityGroupId")
            || takeRows(of: root, "SecurityGroups", .aws, kind: CloudKind.securityGroup, id: "GroupId")
            || takeRows(of: root, "SecurityGroupRules", .aws, kind: CloudKind.rule, id: "SecurityGroupRuleId")
            || takeTrail(of: root, "Records") || takeTrail(of: root, "Events")
    }

    /// A list whose items carry the id this list is known by. One item without it is broken; when none has it, the list
    /// is something else that happens to have this name.
    private mutating func takeRows(of parent: Value, _ name: StaticString, _ cloud: Cloud, kind: String, id: StaticString) -> Bool {
        guard let items = items(of: parent, name, where: { $0.kind == .mapping && $0[id].isWritten }) else { return false }
        for item in items { add(item, cloud, kind: kind, id: item[id]) }
        return true
    }

    /// The items of a list that is what it is taken for: at least one is such an item, or it is empty and all there is.
    private func items(of parent: Value, _ name: StaticString, where isOne: (Value) -> Bool) -> Children? {
        guard parent.kind == .mapping, parent[name].kind == .sequence, let items = try? parent[name].items() else { return nil }
        return items.contains(where: isOne) || items.isEmpty && parent.count == 1 ? items : nil
    }

    private mutating func add(_ root: Value, _ cloud: Cloud, kind: String, id: Value) {
        guard root.kind == .mapping, let name = try? id.string(), !name.isEmpty else {
            malformed.append(WrongType(value: id.isWritten ? id : root, expected: "something with the id that the cloud gave it"))
            return
        }
        objects.append(KubernetesObject(record: root, of: cloud, kind: kind, name: name))
    }

    // MARK: - Trails

    /// The events of a file; only changes to security groups are kept.
    private mutating func takeTrail(of parent: Value, _ name: StaticString) -> Bool {
        guard let items = items(of: parent, name, where: { isEvent($0) || isWrappedEvent($0) }) else { return false }
        for item in items {
            if isWrappedEvent(item) {
                // `aws cloudtrail lookup-events` hands each event over as text: a place in it would be none in the file.
                guard CloudKind.changes.contains(item["EventName"].text) else { continue }
                malformed.append(
                    WrongType(
                        value: item["CloudTrailEvent"],
                        expected: "an event and not the text of one (unwrap it: jq -r '.Events[].CloudTrailEvent')"))
            } else {
                takeEvent(item)
            }
        }
        return true
    }

    private mutating func takeEvent(_ event: Value) {
        guard let cloud = cloud(of: event), CloudKind.changes.contains(event["eventName"].text) else { return }
        add(event, cloud, kind: CloudKind.change, id: cloud == .aws ? event["eventID"] : event["eventId"])
    }

    private func isEvent(_ item: Value) -> Bool {
        item.kind == .mapping && item["eventName"].isWritten && (item["eventSource"].isWritten || item["serviceName"].isWritten)
    }

    /// Whether this is one event that stands by itself.
    private func isChange(_ root: Value) -> Bool { isEvent(root) && root["userIdentity"].isWritten }

    private func isWrappedEvent(_ item: Value) -> Bool { item.kind == .mapping && item["CloudTrailEvent"].isWritten }

    /// nil for events of other services, which trails are full of.
    private func cloud(of event: Value) -> Cloud? {
        let source = event["eventSource"].text
        if source == "ec2.amazonaws.com" { return .aws }
        if event["serviceName"].text.lowercased() == "ecs" { return .alibaba }
        return source.hasPrefix("ecs") && source.hasSuffix("aliyuncs.com") ? .alibaba : nil
    }
}

/// Kinds of the objects that are made of a cloud's documents.
public enum CloudKind {
    /// A group with its rules.
    public static let securityGroup = "SecurityGroup"
    /// A row of Alibaba Cloud's list of groups, which alone tells a group's type and whether a service keeps it.
    public static let summary = "SecurityGroupSummary"
    /// A row of AWS' list of rules, which alone tells a rule's id.
    public static let rule = "SecurityGroupRule"
    /// Somebody changed a group: an event of a trail.
    public static let change = "SecurityGroupChange"

    /// The calls that change the rules of a group, or make one.
    static let changes: Set<String> = [
        "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress",
        "ModifySecurityGroupRules", "CreateSecurityGroup", "AuthorizeSecurityGroup", "RevokeSecurityGroup", "ModifySecurityGroupRule",
        "ModifySecurityGroupEgressRule",
    ]
}
