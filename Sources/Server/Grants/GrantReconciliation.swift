internal import Admission
internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

/// What the server must write about one grant, and what it must say of it. Pure.
///
/// Decisions are people's; what follows from them stands in the status so that others can read it. One thing is added to the decisions: who applied,
/// which the API server lets nobody write together with the spec.
struct GrantReconciliation: Sendable {
    /// Entries of `status` that differ from what is there; empty when it is as it should be.
    let status: [ManifestText.Entry]
    let events: [GrantEvent]
    /// When time alone changes something.
    let next: Timestamp?
    let phase: GrantPhase?

    /// - Parameters:
    ///   - controls: by id.
    ///   - usage: what the background has seen of it; nil where it has not looked yet.
    init(
        of object: KubernetesObject, model: ResponsibilityModel, controls: [String: Control], usage: GrantUsage?, now: Timestamp
    ) {
        let written = object.root["status"]
        let applicant = GrantReconciliation.unsaid(object)
        let due = applicant?.at.advanced(bySeconds: GrantReconciliation.grace)
        if let applicant, let due, due <= now {
            let decisions = GrantReconciliation.decisions(of: object).map { ManifestText($0) } + [GrantReconciliation.application(applicant)]
            // What follows from it is worked out when it is there.
            (status, events, next, phase) = ([.init("decisions", .list(decisions))], [], nil, nil)
            return
        }
        guard let grant = PrivilegeGrant.read(object).grant else {
            (status, events, next, phase) = ([], [], due, nil)
            return
        }
        let life = GrantLifeCycle(
            of: grant, model: model, controls: controls, now: now,
            usage: usage.map { $0.privileges.isEmpty ? .unused : .used } ?? .unknown)
        var wanted = life.derivedStatus
        if let usage = usage?.merged(over: written["usage"]) { wanted.append(.init("usage", usage)) }
        status = wanted.filter { entry in
            Drift.canonical(entry.value) != Drift.canonical(ManifestText(written.entry(named: entry.key)))
        }
        phase = life.phase
        next = [life.nextChange, due].compactMap { $0 }.min()
        events = GrantEvent.due(life, object, former: GrantPhase(rawValue: written["phase"].text), now: now)
    }

    /// Seconds in which whoever applied may say so themselves, with a reason, as `demarc grant apply` does.
    private static let grace: Int64 = 2

    private static func decisions(of object: KubernetesObject) -> [Value] {
        (try? object.root["status"]["decisions"].items()).map(Array.init) ?? []
    }

    /// Who applied for the spec as it is, where no decision says so yet.
    private static func unsaid(_ object: KubernetesObject) -> GrantApplicant? {
        guard let applicant = GrantApplicant(of: object), applicant.specHash == Responsibility.CanonicalJSON.digest(of: object.spec) else {
            return nil
        }
        let decisions = decisions(of: object)
        // People's decisions, and above all a revocation, must find room.
        guard decisions.count < PrivilegeGrant.mostDecisions / 2 else { return nil }
        let isSaid = decisions.contains { decision in
            decision["action"].text == "apply" && decision["specHash"].text == applicant.specHash
                && decision["by"]["username"].text == applicant.username && (Timestamp(decision["at"].text).map { $0 >= applicant.at } ?? false)
        }
        return isSaid ? nil : applicant
    }

    private static func application(_ applicant: GrantApplicant) -> ManifestText {
        .map([
            "action": .text("apply"), "at": .text("\(applicant.at)"),
            "by": .map(["username": .text(applicant.username), "groups": .list(applicant.groups.map { .text($0) })]),
            "specHash": .text(applicant.specHash),
        ])
    }
}

/// What the background has seen of a grant: the privileges that accepted a finding.
struct GrantUsage: Sendable, Equatable {
    struct Privilege: Sendable, Hashable {
        let control: String
        let container: String
    }

    var privileges: Set<Privilege> = []
    /// When the background looked, to the hour: that is enough to tell that a grant is used, and a status is written no more often.
    let seen: Timestamp

    init(privileges: Set<Privilege> = [], seen: Timestamp) {
        self.privileges = privileges
        let seconds = seen.secondsSinceEpoch
        self.seen = Timestamp(secondsSinceEpoch: seconds - seconds % 3_600)
    }

    /// `status.usage` as it should be. What was used once stays said; nil where there is nothing new.
    func merged(over written: Value) -> ManifestText? {
        guard !privileges.isEmpty else { return nil }
        let last = Timestamp(written["lastUsed"].text)
        let known = ((try? written["privileges"].items()).map(Array.init) ?? []).map {
            Privilege(control: $0["control"].text, container: $0["container"].text)
        }
        let all = Set(known).union(privileges)
        if let last, all.count == known.count, last >= seen { return nil }
        let rows = all.sorted { ($0.control, $0.container) < ($1.control, $1.container) }.map { one -> ManifestText in
            let container = one.container.isEmpty ? [] : [ManifestText.Entry("container", .text(one.container))]
            return .map([.init("control", .text(one.control))] + container)
        }
        return .map(["lastUsed": .text("\(max(last ?? seen, seen))"), "privileges": .list(rows)])
    }
}
