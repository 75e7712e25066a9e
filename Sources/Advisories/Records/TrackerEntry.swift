internal import Documents

/// One row of Debian's security tracker: a fault, seen from one source package.
///
/// Form: `{package: {CVE: {releases: {bookworm: {status, fixed_version, urgency, nodsa, nodsa_reason}}}}}`, as
/// https://security-tracker.debian.org/tracker/data/json has it.
struct TrackerEntry {
    /// Stands under the name of the fault.
    let entry: Value

    /// What the row means for a version of the source package.
    /// - Returns: nil when the row says nothing about the release.
    /// - Throws: `WrongType` where a field has another type than the tracker writes.
    func standing(of version: String, release codename: String) throws(WrongType) -> PatchStanding? {
        let releases = entry["releases"]
        let release = releases.entry(named: codename)
        guard release.exists else {
            guard releases.kind == nil || releases.kind == .null || releases.kind == .mapping else {
                throw WrongType(value: releases, expected: "a mapping")
            }
            return nil
        }
        let urgency = try release["urgency"].string() ?? ""
        return PatchStanding(
            advisory: entry.key, aliases: [], state: try state(of: version, release, releases, urgency),
            severity: AdvisorySeverity(word: urgency) ?? .unknown,
            source: entry.source, line: entry.position.line)
    }

    private func state(of version: String, _ release: Value, _ releases: Value, _ urgency: String) throws(WrongType) -> PatchState {
        let status = try release["status"].string() ?? ""
        switch status {
        case "resolved":
            guard let fixed = try release["fixed_version"].string() else { return .undetermined(reason: "the tracker names no version with the fix") }
            // The tracker's word for: the release never had the fault.
            if fixed == "0" { return .notAffected }
            guard let order = VersionOrder.debian.compare(version, fixed) else {
                return .undetermined(reason: "'\(version)' and '\(fixed)' cannot be compared")
            }
            return order == .less ? .vulnerable(fixed: fixed) : .fixedInstalled(since: fixed)
        case "open": return try openState(release, releases, urgency)
        case "undetermined": return .undetermined(reason: "the distribution has not found out yet whether it is affected")
        default: return .undetermined(reason: "the tracker's status '\(status)' is not known")
        }
    }

    /// `nodsa` is the reason for not sending an announcement; what follows from it is `nodsa_reason`: `ignored` will stay, `postponed`
    /// comes with a later update.
    private func openState(_ release: Value, _ releases: Value, _ urgency: String) throws(WrongType) -> PatchState {
        let remark = try release["nodsa"].string()
        let decision = try release["nodsa_reason"].string() ?? ""
        if decision == "ignored" { return .ignored(reason: remark ?? "ignored") }
        if urgency == "unimportant" { return .ignored(reason: remark ?? "unimportant: no effect on security in the packages as built") }
        var elsewhere: String?
        for other in try releases.entries() where try other["status"].string() == "resolved" {
            let fixed = try other["fixed_version"].string() ?? "0"
            if fixed != "0" { elsewhere = "\(other.key) \(fixed)" }
        }
        let word = decision == "postponed" ? "postponed" : urgency == "end-of-life" ? "the release gets no fixes for this package any more" : nil
        let said = [word, remark].compactMap { $0 }.joined(separator: ": ")
        return .noFixYet(elsewhere: elsewhere, remark: said.isEmpty ? nil : said)
    }
}
