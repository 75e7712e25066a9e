import Access
import Documents
import Kubernetes
public import Responsibility

extension Blamer {
    /// The answer about a finding that a rule of a security group is behind. The API server knows nothing of it; a trail of the cloud does, and
    /// attribution goes by that.
    /// - Parameters:
    ///   - record: the rule, and who wrote it.
    ///   - subject: the object of the finding, which may be a workload that the rule opens.
    ///   - attribution: as a scan has it.
    public func blame(_ record: CloudRecord, behind subject: Subject, _ attribution: Attribution) -> BlameResult {
        let group = Subject(record.object, in: table)
        let path = FieldPath(of: record.place, in: record.object.root) ?? FieldPath()
        let evidence = "\(record.place.source):\(record.place.position.line)"
        let what = record.rule.isEmpty ? "\(group)" : "rule \(record.rule) of \(group)"
        var result = BlameResult(subject: group, party: attribution.party, partyStrength: attribution.strength)
        result.chain = subject == group ? [group] : [subject, group]
        result.partyReason = attribution.chain.last ?? ""
        var answer = FieldAnswer(subject: group, path: path, strength: .presumed)
        if !path.steps.isEmpty { answer.value = FieldValue(record.place) }
        if subject != group { result.trail.append(TrailStep("\(what) is behind the finding on \(subject)", .recorded, evidence: evidence)) }
        if let author = record.author {
            take(author, into: &answer)
            var entry = TimelineEntry(
                time: author.time, subject: group, who: author.user, deed: "changed (\(author.call))", strength: author.strength,
                evidence: answer.evidence)
            entry.details = record.rule.isEmpty ? [] : ["\(author.deed) \(record.rule)"]
            entry.request = author.event
            entry.tool = answer.actor?.tool ?? ""
            entry.addresses = answer.actor?.addresses ?? []
            result.timeline = [entry]
            result.trail.append(TrailStep("\(what): \(author.user) \(author.deed) at \(author.time)", author.strength, evidence: answer.evidence))
            result.trailEnd = "at \(author.user), whom the cloud authenticated"
        } else {
            result.trail.append(TrailStep("\(what): nothing names who wrote it", .presumed, evidence: evidence))
            result.trailEnd = "at \(group): no trail of the cloud names who wrote it"
            let step = "provenance: "
            result.gaps = attribution.chain.filter { $0.hasPrefix(step) }.map { "\(group): \($0.dropFirst(step.count))" }
        }
        result.answers = [answer]
        return result
    }

    private func take(_ author: CloudRecord.Author, into answer: inout FieldAnswer) {
        let identity = Identity(user: author.user)
        answer.who = author.user
        answer.identity = identity
        answer.actor = Actor(authenticated: identity, addresses: author.address.isEmpty ? [] : [author.address], userAgent: author.userAgent)
        answer.time = author.time
        answer.request = author.event
        answer.deed = author.deed
        answer.strength = author.strength
        answer.evidence = "event of \(author.place)"
    }
}
