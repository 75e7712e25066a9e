internal import Blame
internal import Controls
internal import Documents
internal import Kubernetes
internal import Responsibility

/// Reads the logs for a question, once more where an answer leads to objects whose events were not kept the first time.
struct BlameInquiry {
    let model: ResponsibilityModel
    let inventory: Inventory
    private(set) var counts = LogCounts()
    private(set) var gaps: [Gap]
    private let log: BlameLog
    private let options: BlameOptions
    private let now: Timestamp

    /// A chain of owners is short; whoever writes a longer one wants to keep somebody busy.
    private static let mostPasses = 6

    /// - Throws: `Failure` with code `usage` for a model or a time that cannot be used.
    init(_ options: BlameOptions, _ estate: Estate) throws {
        let configuration = try Configuration.load(options.reading.config)
        model = try ScanPlan.model(options.model ?? configuration.model ?? ScanPlan.defaultModel)
        now = try ScanPlan.instant(options.now)
        log = BlameLog(options.logs)
        inventory = estate.inventory
        self.options = options
        gaps = estate.gaps + log.gaps
    }

    /// - Parameter place: which field is asked about, once the histories are known; an empty path asks about the object.
    mutating func blame(_ subject: Subject, _ answer: (Blamer) -> BlameResult) throws -> BlameResult {
        var selection = Selection([subject.name])
        for owner in Blamer.likelyOwners(of: subject) { selection.insert(owner) }
        selection.formUnion(Blamer([], inventory: inventory, model: model).needed(for: subject))
        let blamer = try read(selection) { $0.needed(for: subject) }
        var result = answer(blamer)
        try addGrants(to: &result)
        return result
    }

    /// Of a finding that a rule of a security group is behind, of which the logs of an API server tell nothing.
    mutating func blame(_ record: CloudRecord, _ found: FindingSearch.Found) throws -> BlameResult {
        var result = Blamer([], inventory: inventory, model: model).blame(record, behind: found.subject, found.attribution)
        try addGrants(to: &result)
        return result
    }

    private mutating func addGrants(to result: inout BlameResult) throws {
        result.grants = BlameGrants.notes(about: result.chain, in: inventory, model: model, now: now)
        for ledger in options.ledgers {
            let found = try BlameGrants.entries(of: ledger, about: result.chain, grants: result.grants)
            result.ledger += found.entries
            gaps += found.gaps
        }
    }

    /// The Pods that had an address.
    mutating func holders(of address: AddressRange, _ start: Selection) throws -> [AddressHolder] {
        let blamer = try read(start) { blamer in
            // The whole record of each tells when it had the address no more.
            var wider = start
            for holder in blamer.holders(of: address).prefix(500) { wider.insert(holder.subject.name) }
            return wider
        }
        return blamer.holders(of: address)
    }

    /// What the logs hold about some objects and about whatever stands behind them.
    private mutating func read(_ start: Selection, _ needed: (Blamer) -> Selection) throws -> Blamer {
        var selection = start
        var remembered = try options.state.map { try BlameState.read($0) }
        // What an earlier run had to find out is asked for at once, or it would be read anew.
        if let kept = remembered, kept.serves(selection) { selection.formUnion(kept.selection) }
        for pass in 1...BlameInquiry.mostPasses {
            var collector = AuditCollector(selection)
            let failures = log.read(into: &collector, resuming: &remembered)
            if pass == 1 { gaps += failures }
            counts = collector.counts
            let blamer = Blamer(collector.records, counts: counts, inventory: inventory, model: model)
            var wider = selection
            wider.formUnion(needed(blamer))
            let isDone = wider.isPart(of: selection) || log.sources.isEmpty
            if isDone || log.readsStandardInput || pass == BlameInquiry.mostPasses {
                if !isDone {
                    let message = "the log cannot be read again for what stands behind the object; put it into a file"
                    gaps.append(Gap(source: "<stdin>", reason: .notObservable, message: message))
                }
                gaps += BlameLog.gaps(of: collector)
                if let path = options.state { try remembered?.write(to: path) }
                return blamer
            }
            selection = wider
        }
        return Blamer([], inventory: inventory, model: model)
    }
}
