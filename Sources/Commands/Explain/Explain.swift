internal import ArgumentParser
internal import Controls
internal import Reports

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a control is, why, how to fix a finding, with examples and references.")

    @Argument(help: "The control's id, as reports show it, or a framework's number such as 5.2.2.")
    var control: String

    @Option(help: ArgumentHelp("The model whose duty is named: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @Flag(help: "No colours.")
    var noColor = false

    func run() throws {
        let matching = EveryControl.all.filter { $0.id == control || $0.references.contains { $0.id == control } }
        guard !matching.isEmpty else { throw Failure.usage(ScanPlan.unknownControl(control)) }
        let model = try ScanPlan.model(model ?? Configuration.load(nil).model ?? ScanPlan.defaultModel)
        let options = ReportOptions(width: Terminal.width, colour: Terminal.useColor(disabled: noColor))
        for (index, control) in matching.enumerated() {
            if index > 0 { try Output.standard.line("") }
            try Output.standard.write(ExplainReport(control, model: model, options: options).text)
        }
    }
}
