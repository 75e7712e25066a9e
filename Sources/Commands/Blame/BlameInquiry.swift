internal import Blame
internal import Controls
internal import Kubernetes
internal import Responsibility

/// Reads the logs for a question, once more where an answer leads to objects whose events were not kept the first time.
struct BlameInquiry {
    let model: ResponsibilityModel
    private(set) var counts = LogCounts()
    private(set) var gaps: [Gap]
    private let log: BlameLog
    private let inventory: Inventory

    /// A chain of owners is short; whoever writes a longer one wants to keep somebody busy.
    private static let mostPasses = 6

    /// - Throws: `Failure` with code `usage` for a model that cannot be used.
    init(_ options: BlameOptions, _ estate: Estate) throws {
        let configuration = try Configuration.load(options.reading.config)
        model = try ScanPlan.model(options.model ?? configuration.model ?? ScanPlan.defaultModel)
        log = BlameLog(options.logs)
        inventory = estate.inventory
        gaps = estate.gaps + log.gaps
    }

    mutating func blame(_ subject: Subject, field: FieldQuestion?) -> BlameResult {
        var selection = Selection([subject.name])
        for owner in Blamer.likelyOwners(of: subject) { selection.insert(owner) }
        let estate = Blamer([], inventory: inventory, model: model).needed(for: subject)
        selection.formUnion(estate)
        let blamer = read(selection, for: [subject])
        return blamer.blame(subject, field: field)
    }

    /// What the logs hold about some objects and about whatever stands behind them.
    private mutating func read(_ start: Selection, for subjects: [Subject]) -> Blamer {
        var selection = start
        for pass in 1...BlameInquiry.mostPasses {
            var collector = AuditCollector(selection)
            let failures = log.read(into: &collector)
            if pass == 1 { gaps += failures }
            counts = collector.counts
            let blamer = Blamer(collector.records, counts: counts, inventory: inventory, model: model)
            var wider = selection
            for subject in subjects { wider.formUnion(blamer.needed(for: subject)) }
            let isDone = wider.isPart(of: selection) || log.sources.isEmpty
            if isDone || log.readsStandardInput || pass == BlameInquiry.mostPasses {
                if !isDone {
                    gaps.append(
                        Gap(source: "<stdin>", reason: .notObservable, message: "the log cannot be read again for what stands behind the object; put it into a file"))
                }
                gaps += BlameLog.gaps(of: collector)
                return blamer
            }
            selection = wider
        }
        return Blamer([], inventory: inventory, model: model)
    }
}
