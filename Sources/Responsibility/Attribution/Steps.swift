import Controls
import Documents
import Kubernetes

/// The outcome of the six steps for one finding.
struct Decision {
    let attribution: Attribution
    /// Key of the grant that accepts the finding.
    var grant: String?
}

extension Attributor {
    /// The steps in order; the first that decides wins.
    func decide(_ finding: Finding, _ subject: Subject, _ evidence: ObjectEvidence) -> Decision {
        let isMissing = !finding.missing.isEmpty
        if let patch = finding.patch, let moved = patchStep(patch, subject) { return Decision(attribution: moved) }
        if let duty = subject.duty, let fixed = answers.fixed[duty], holds(fixed, on: evidence.plane) { return Decision(attribution: fixed) }
        let isSysctl = subject.isAboutSysctls && transfer(.unsafeSysctl) != nil
        let record = record(of: finding, evidence.object)
        let written = writer(of: finding, evidence)
        if evidence.isPlain, !isSysctl, record == nil, finding.cause == nil, written == nil {
            return Decision(attribution: answers.plain(duty: subject.duty, plane: evidence.plane, isMissing: isMissing))
        }
        if let cause = finding.cause, inventory.objects[cause.object].isNodeEvidence { return machineDecision(finding, subject, evidence, cause) }
        var chain = Chain(answers.openDuty(subject.duty), introducedBy: written.flatMap { $0.isAuthor ? $0 : nil })
        if let granted = grantStep(finding, subject, evidence, &chain) { return granted }
        if let record, let attribution = groupStep(finding, record, &chain) { return Decision(attribution: attribution) }
        if record == nil, let cause = finding.cause, let attribution = causeStep(cause, &chain) { return Decision(attribution: attribution) }
        if let written, let attribution = authenticatedStep(written, &chain) { return Decision(attribution: attribution) }
        if evidence.object.cloud == nil, let attribution = provenanceStep(finding, subject, evidence, &chain) {
            return Decision(attribution: attribution)
        }
        if let attribution = originStep(finding, evidence, &chain) { return Decision(attribution: attribution) }
        if let attribution = transferStep(isSysctl: isSysctl, evidence, &chain) { return Decision(attribution: attribution) }
        let (party, text) = answers.presumption(duty: subject.duty, plane: evidence.plane, isMissing: isMissing)
        return Decision(attribution: chain.decide(text, party: party, basis: .plane, strength: .presumed))
    }

    /// Step 5 before step 1: how far a fix has come is the one condition under which a fixed duty moves, since the model says of it who
    /// acts next (`docs/decisions/0012-patch-states-before-fixed-duties.md`). Evidence and advisories are files that nobody signed.
    private func patchStep(_ patch: PatchCondition, _ subject: Subject) -> Attribution? {
        guard let transfer = transfer(patch == .noUpstreamFix ? .noUpstreamFix : .fixNotRolledOut) else { return nil }
        let chain = Chain(
            subject.duty.flatMap { answers.fixed[$0]?.chain.first }.map { "\($0), but the state of the fix moves it" }
                ?? answers.openDuty(subject.duty))
        return chain.decide(
            "transfer: \(transfer.condition.rawValue): \(transfer.title)", party: transfer.party, basis: .transfer, strength: .presumed)
    }

    /// What a machine does to a Pod is no business of whoever wrote the Pod: the machine's side answers, or whoever was granted it.
    private func machineDecision(_ finding: Finding, _ subject: Subject, _ evidence: ObjectEvidence, _ cause: Finding.Cause) -> Decision {
        var chain = Chain(answers.openDuty(subject.duty))
        if let granted = grantStep(finding, subject, evidence, &chain) { return granted }
        let name = inventory.objects[cause.object].displayName
        chain.note("provenance: \(name) shows it, whatever the object says")
        let party = model.planes.party(of: .node)
        return Decision(
            attribution: chain.decide(
                "plane: \(Plane.node.noun) brings it about, which is \(party.possessive)", party: party, basis: .plane, strength: .presumed))
    }

    /// A fixed duty is about what nobody else can touch. A machine that the model leaves to others, or shares with them, is no such thing.
    private func holds(_ fixed: Attribution, on plane: Plane) -> Bool { plane != .node || model.planes.node == fixed.party }

    /// The cloud's record in which the cause of a finding stands: that of its object, or one that the finding names.
    func record(of finding: Finding, _ object: KubernetesObject) -> (place: Value, object: KubernetesObject)? {
        if let cause = finding.cause, inventory.objects[cause.object].cloud != nil { return (cause.place, inventory.objects[cause.object]) }
        return object.cloud == nil ? nil : (finding.place, object)
    }

    private func transfer(_ condition: Transfer.Condition) -> Transfer? { model.transfers.first { $0.condition == condition } }

    /// Step 2: somebody applied for exactly this and answers for it.
    private func grantStep(_ finding: Finding, _ subject: Subject, _ evidence: ObjectEvidence, _ chain: inout Chain) -> Decision? {
        guard finding.verdict == .fail, !evidence.grants.isEmpty else {
            if let unconfirmed = evidence.root.unconfirmed, !grants.isEmpty {
                chain.note("grant: owner \(unconfirmed) is not in the estate or does not confirm it, so no grant of it counts")
            } else {
                chain.note(StepWords.noGrant)
            }
            return nil
        }
        switch grants.match(finding, control: subject.control, object: evidence.object, candidates: evidence.grants) {
        case .none(let reason):
            chain.note("grant: \(reason)")
            return nil
        case .granted(let entry):
            let grant = entry.grant
            let bypass = grant.emergency.map { ", a bypass by break-glass that nobody approved (\($0))" } ?? ""
            let text = "grant: \(grant.key) covers it until \(grant.expires)\(bypass); \(grant.accountable.description) answers for it"
            return Decision(
                attribution: chain.decide(text, party: .customer, principal: grant.accountable.name, basis: .grant, strength: .recorded),
                grant: grant.key)
        }
    }

    /// Step 3 for what another object of the estate brings about: whoever wrote that one must act. Anybody can write an object
    /// that looks like the platform's, so this may speak against a customer and never for one.
    private func causeStep(_ cause: Finding.Cause, _ chain: inout Chain) -> Attribution? {
        let evidence = ObjectEvidence(inventory.objects[cause.object], model: model, grants: grants, inventory: inventory)
        let name = evidence.object.displayName
        guard model.planes.party(of: evidence.plane) == .customer else {
            chain.note("provenance: \(name) brings it about, which is not on the customer's side; it decides nothing")
            return nil
        }
        let manager = evidence.ownership.isEmpty ? nil : evidence.ownership.owner(of: cause.place)
        let writer = manager.map { ", written by manager \($0.description)" } ?? ""
        return chain.decide(
            "provenance: \(name)\(writer) brings it about, on the customer's side", party: .customer, principal: manager?.name, basis: .provenance,
            strength: manager == nil ? .presumed : .recorded)
    }

    /// Who wrote the value, or removed it, by a record of authenticated requests: at the root object where controllers are proven to have written the
    /// same here and on the way there. Whoever creates a Pod writes whose it is, so its references alone prove nothing.
    private func writer(of finding: Finding, _ evidence: ObjectEvidence) -> ProvenWriter? {
        guard let writes, evidence.object.cloud == nil, finding.cause == nil else { return nil }
        let root = evidence.root.object
        if finding.place.isInside(root.root) { return writes.writer(of: finding.place, missing: finding.missing, in: root) }
        guard let own = writes.writer(of: finding.place, missing: finding.missing, in: evidence.object) else { return nil }
        guard own.isController else { return own }
        let text = CanonicalJSON.text(of: finding.place)
        func same(at owner: KubernetesObject) -> Value? {
            RootObject.counterpart(of: finding.place, in: evidence.object, at: owner).flatMap { CanonicalJSON.text(of: $0) == text ? $0 : nil }
        }
        for owner in evidence.root.between {
            guard let place = same(at: owner), let writer = writes.writer(of: place, missing: finding.missing, in: owner) else { return own }
            guard writer.isController else { return writer }
        }
        return same(at: root).flatMap { writes.writer(of: $0, missing: finding.missing, in: root) } ?? own
    }

    /// Step 3, first half: the API server authenticated whoever wrote the field, and the model says whose they are.
    private func authenticatedStep(_ writer: ProvenWriter, _ chain: inout Chain) -> Attribution? {
        guard writer.wasAsked else {
            chain.note("provenance: a default or an admission plugin added it to the request of \(writer.description); that decides nothing")
            return nil
        }
        guard !writer.isController else {
            chain.note("provenance: controller \(writer.description) wrote what an owner says that is not in the estate; that decides nothing")
            return nil
        }
        guard let principal = model.principal(user: writer.user, groups: writer.groups) else {
            chain.note("provenance: \(writer.description) wrote it, of whom the model knows nothing")
            return nil
        }
        return chain.decide(
            "provenance: \(writer.description) wrote it, authenticated as \(principal.name), which is \(principal.party.possessive)",
            party: principal.party, principal: writer.user, basis: .provenance, strength: .proven)
    }

    /// Step 3, second half: the record of who wrote the field. The manager's name is chosen by the client, so it says
    /// nothing about the party; that somebody wrote the field on a customer's plane does.
    private func provenanceStep(_ finding: Finding, _ subject: Subject, _ evidence: ObjectEvidence, _ chain: inout Chain) -> Attribution? {
        guard let manager = owner(of: finding, evidence) else {
            chain.note(
                evidence.ownership.isEmpty
                    ? StepWords.noManagedFields : evidence.ownership.isMalformed ? StepWords.badManagedFields : StepWords.noOwner)
            return nil
        }
        let planeParty = model.planes.party(of: evidence.plane)
        guard planeParty == .customer else {
            chain.note("provenance: manager \(manager.description) wrote the field, a name that any client can choose; it decides nothing here")
            return nil
        }
        if let principal = model.principals.first(where: { $0.party != .customer && $0.managers.contains { $0.matches(manager.name) } }) {
            chain.note(
                "provenance: manager \(manager.description) wrote the field, a name that \(principal.name) uses and any client can choose; it decides nothing"
            )
            return nil
        }
        if !finding.missing.isEmpty, answers.defaultParty(subject.duty) != .customer {
            chain.note("provenance: nobody wrote '\(finding.missing)'")
            return nil
        }
        return chain.decide(
            "provenance: manager \(manager.description) wrote the field on the customer's side", party: .customer, principal: manager.name,
            basis: .provenance, strength: .recorded)
    }

    /// The manager of the field, of the same field in the root object when a controller made this one.
    private func owner(of finding: Finding, _ evidence: ObjectEvidence) -> FieldManager? {
        guard !evidence.ownership.isEmpty else { return nil }
        let root = evidence.root.object
        if finding.place.isInside(root.root) { return evidence.ownership.owner(of: finding.place) }
        return RootObject.counterpart(of: finding.place, in: evidence.object, at: root).flatMap { evidence.ownership.owner(of: $0) }
    }

    /// Step 4: marks of charts and add-ons, and a component of the platform that somebody changed.
    private func originStep(_ finding: Finding, _ evidence: ObjectEvidence, _ chain: inout Chain) -> Attribution? {
        if let modified = transfer(.modifiedComponent), evidence.plane == .systemNamespaces, let manager = owner(of: finding, evidence),
            modified.managers.contains(where: { $0.matches(manager.name) })
        {
            return chain.decide(
                "origin: \(modified.title): manager \(manager.description) wrote the field", party: modified.party, principal: manager.name,
                // A manager's name is its client's choice: good enough against a customer, never against the provider.
                basis: .origin, strength: modified.party == .customer ? .recorded : .presumed)
        }
        guard let mark = evidence.origin else {
            chain.note(StepWords.noOrigin)
            return nil
        }
        guard let origin = mark.decides else {
            chain.note("origin: \(mark.text)")
            return nil
        }
        return chain.decide(
            "origin: \(mark.text)", party: origin.party, principal: origin.party == .vendor ? mark.value : nil, basis: .origin, strength: .presumed)
    }

    /// Step 5: conditions that move responsibility.
    private func transferStep(isSysctl: Bool, _ evidence: ObjectEvidence, _ chain: inout Chain) -> Attribution? {
        guard let transfer = isSysctl ? transfer(.unsafeSysctl) : evidence.transfer else {
            chain.note(StepWords.noTransfer)
            return nil
        }
        return chain.decide(
            "transfer: \(transfer.condition.rawValue): \(transfer.title)", party: transfer.party, basis: .transfer, strength: .presumed)
    }
}
