internal import ArgumentParser
internal import BuiltInControls
internal import Controls
internal import Kubernetes
internal import Reports
internal import Responsibility

/// Every control there is: those over objects, and those over grants, which need to know what the others found.
enum EveryControl {
    static let all: [Control] = BuiltInControls.all + GrantControls.all
}

struct ControlsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "controls", abstract: "Print the catalogue of controls.")

    @Option(help: ArgumentHelp("table, json or markdown.", valueName: "format"))
    var format = "table"

    @Option(help: ArgumentHelp("Only the controls of a framework: pss:baseline, cis-1.12, …", valueName: "name[:level]"))
    var framework: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("A file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "No colours.")
    var noColor = false

    func run() throws {
        guard let format = ControlsReport.Format(rawValue: format) else {
            let known = ControlsReport.Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("unknown format '\(format)'; known are \(known)")
        }
        var controls = EveryControl.all
        if let framework { controls = try ScanPlan.narrow(controls, to: framework, for: .newest) }
        let options = ReportOptions(width: Terminal.width, colour: output == nil && Terminal.useColor(disabled: noColor))
        let target = try output.map(ReportFile.create) ?? .standard
        try target.write(ControlsReport(controls, options: options).text(as: format))
    }
}
