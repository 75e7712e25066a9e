/// The forms a scan's result can take; the raw values are what `--format` accepts.
public enum ReportFormat: String, Sendable, CaseIterable {
    case table, json, sarif, junit, markdown, html, openreports, policyreport, oscal

    /// The ending a file of this format usually has.
    public var fileExtension: String {
        switch self {
        case .table: "txt"
        case .json, .openreports, .policyreport, .oscal: "json"
        case .sarif: "sarif"
        case .junit: "xml"
        case .markdown: "md"
        case .html: "html"
        }
    }
}

/// How a report is to look. Nothing here changes what it says.
public struct ReportOptions: Sendable {
    /// Columns of the terminal; nil when the output is no terminal.
    public var width: Int?
    /// Whether ANSI colours may be used.
    public var colour: Bool
    /// Shows every place of a folded finding and every step of its attribution.
    public var verbose: Bool
    /// What a Markdown report may grow to, in bytes. GitHub refuses comments over 65,536 characters.
    public var maximumMarkdownBytes: Int

    public init(width: Int? = nil, colour: Bool = false, verbose: Bool = false, maximumMarkdownBytes: Int = 60_000) {
        self.width = width
        self.colour = colour
        self.verbose = verbose
        self.maximumMarkdownBytes = maximumMarkdownBytes
    }
}

/// Writes a result in a format.
///
/// - Parameter sink: gets the bytes in order, some 256 KiB at a time.
/// - Throws: what the sink throws.
public func render(_ result: ScanResult, as format: ReportFormat, options: ReportOptions = ReportOptions(), to sink: @escaping ByteSink) throws {
    var writer = ByteWriter(sink: sink)
    switch format {
    case .table: TableReport(result, options: options).write(to: &writer)
    case .json: JSONReport(result).write(to: &writer)
    case .sarif: SARIFReport(result).write(to: &writer)
    case .junit: JUnitReport(result).write(to: &writer)
    case .markdown: MarkdownReport(result, options: options).write(to: &writer)
    case .html: HTMLReport(result).write(to: &writer)
    case .openreports: PolicyReport(result, api: .openReports).write(to: &writer)
    case .policyreport: PolicyReport(result, api: .policyReport).write(to: &writer)
    case .oscal: OSCALReport(result).write(to: &writer)
    }
    try writer.finish()
}
