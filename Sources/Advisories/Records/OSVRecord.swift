internal import Documents

/// A record in the form of OSV (https://ossf.github.io/osv-schema/), seen from one package that it is about.
struct OSVRecord: Sendable {
    /// The whole record.
    let record: Value
    /// Indexes of the entries of `affected` for this package name, as values.
    let affected: [Value]

    var id: String { record["id"].text }

    /// What the record means for a version.
    /// - Parameter isMeant: whether an ecosystem is the machine's.
    /// - Throws: `WrongType` where a field has another type than the schema says.
    func standing(
        of version: String, ecosystem isMeant: (String) -> Bool, order: VersionOrder
    ) throws(WrongType) -> PatchStanding? {
        let own = try entries(where: isMeant)
        guard !own.isEmpty, try record["withdrawn"].string() == nil else { return nil }
        var worst: (state: PatchState, severity: AdvisorySeverity)?
        for entry in own {
            let state = try state(of: version, entry, order: order)
            let severity = try severity(of: entry)
            if let worst, worst.state.weight >= state.weight { continue }
            worst = (state, severity)
        }
        guard let worst else { return nil }
        return PatchStanding(
            advisory: id, aliases: try record["aliases"].strings() + record["upstream"].strings(), state: worst.state, severity: worst.severity,
            source: record.source, line: record.position.line)
    }

    private func entries(where isMeant: (String) -> Bool) throws(WrongType) -> [Value] {
        var own: [Value] = []
        for entry in affected where isMeant(try entry["package"]["ecosystem"].string() ?? "") { own.append(entry) }
        return own
    }

    private func state(of version: String, _ entry: Value, order: VersionOrder) throws(WrongType) -> PatchState {
        var unknown: String?
        var fixes: [String] = []
        var isJudged = false
        for range in try entry["ranges"].items() {
            let type = try range["type"].string() ?? ""
            guard type == "SEMVER" || type == "ECOSYSTEM" else {
                // Commits say nothing about a package.
                if type != "GIT" { unknown = unknown ?? "ranges of type '\(type)' are not known" }
                continue
            }
            isJudged = true
            switch try OSVRange(range, order: order).relation(of: version) {
            case .inside(let fixed, let hasEnd):
                if let fixed { return .vulnerable(fixed: fixed) }
                return hasEnd ? .vulnerable(fixed: nil) : try withoutFix()
            case .behindFix(let fixed): fixes.append(fixed)
            case .outside: break
            case .unknown(let reason): unknown = reason
            }
        }
        for listed in try entry["versions"].items() {
            isJudged = true
            guard let text = try listed.string(), text == version || order.compare(version, text) == .equal else { continue }
            return fixes.isEmpty ? try withoutFix() : .vulnerable(fixed: nil)
        }
        if let unknown { return .undetermined(reason: unknown) }
        guard isJudged else { return .undetermined(reason: "the record has neither ranges nor versions of this package") }
        return fixes.first.map { .fixedInstalled(since: $0) } ?? .notAffected
    }

    /// The version has the fault and nothing behind it mends it: does anything, for anybody?
    private func withoutFix() throws(WrongType) -> PatchState {
        for entry in affected {
            let ecosystem = try entry["package"]["ecosystem"].string() ?? ""
            guard let order = VersionOrder(ecosystem: ecosystem) else { continue }
            for range in try entry["ranges"].items() where try !range["type"].equals("GIT") {
                if let fixed = try OSVRange(range, order: order).firstFix { return .noFixYet(elsewhere: "\(ecosystem) \(fixed)", remark: nil) }
            }
        }
        return .noFixYet(elsewhere: nil, remark: nil)
    }

    /// What the distribution says comes first, then the score of the entry, then that of the record; the newest version of the
    /// standard that can be scored.
    private func severity(of entry: Value) throws(WrongType) -> AdvisorySeverity {
        for word in [
            entry["ecosystem_specific"]["urgency"], entry["ecosystem_specific"]["severity"], entry["database_specific"]["severity"],
            record["database_specific"]["severity"],
        ] where word.kind == .string {
            if let severity = AdvisorySeverity(word: word.text) { return severity }
        }
        for list in [entry["severity"], record["severity"]] {
            var best: (type: String, severity: AdvisorySeverity)?
            for item in try list.items() {
                let type = try item["type"].string() ?? ""
                let text = try item["score"].string() ?? ""
                // Ubuntu writes its word where others write a vector.
                guard let severity = type == "Ubuntu" ? AdvisorySeverity(word: text) : AdvisorySeverity(vector: text) else { continue }
                if type > best?.type ?? "" { best = (type, severity) }
            }
            if let best { return best.severity }
        }
        return .unknown
    }
}
