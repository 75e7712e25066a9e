public import Controls
public import Documents
public import Kubernetes
import Reachability

/// The rule of a security group behind a finding, and who wrote it by a trail of the cloud: what attribution goes by, for whoever asks further.
public struct CloudRecord: Sendable {
    /// One whom the trail names.
    public struct Author: Sendable {
        /// `user sota`, or an ARN.
        public let user: String
        /// Empty where the event names none.
        public let address: String
        /// As the client called itself.
        public let userAgent: String
        /// The id of the event.
        public let event: String
        /// `AuthorizeSecurityGroup`
        public let call: String
        /// RFC 3339.
        public let time: String
        /// `wrote the rule`
        public let deed: String
        public let strength: Attribution.Strength
        /// `trail.json:3`
        public let place: String
    }

    /// The group, or a row of a list of rules.
    public let object: KubernetesObject
    public let place: Value
    /// In words; empty where the finding is about the group.
    public let rule: String
    public let author: Author?
}

extension Attributor {
    /// - Returns: nil for a finding that no record of a cloud is behind.
    public func cloudRecord(of finding: Finding) -> CloudRecord? {
        guard let evidence = groupEvidence, let record = record(of: finding, inventory.objects[finding.object]),
            let (group, rule) = evidence.subject(of: record.place, record.object)
        else { return nil }
        let missing = rule == nil ? requiredRule(finding) : nil
        var found: (change: GroupChange, deed: String)?
        if let rule {
            switch evidence.history.author(of: rule, in: group) {
            case .wrote(let change)?: found = (change, GroupWords.wrote)
            case .created(let change)?: found = (change, GroupWords.created)
            // Who added it again is not in the trail.
            case .removed?, nil: break
            }
        } else if let missing, let change = evidence.history.remover(of: missing.rule, in: group) {
            found = (change, GroupWords.removed)
        }
        return CloudRecord(
            object: record.object, place: record.place, rule: rule?.rule.description ?? missing?.rule.description ?? "",
            author: found.flatMap { author($0.change, $0.deed) })
    }

    private func author(_ change: GroupChange, _ deed: String) -> CloudRecord.Author? {
        guard !change.identity.names.isEmpty else { return nil }
        let isDoubtful = model.principal(change.identity)?.isAssumable == true
        return CloudRecord.Author(
            user: change.identity.description, address: change.address, userAgent: change.userAgent, event: change.id, call: change.name,
            time: "\(change.time)", deed: deed, strength: isDoubtful ? .presumed : .proven, place: change.place)
    }
}
