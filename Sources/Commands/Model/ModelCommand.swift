internal import ArgumentParser
internal import Responsibility

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Responsibility models: who answers for what on which platform.",
        subcommands: [ModelList.self, ModelShow.self, ModelCheck.self, ModelDiff.self])
}

struct ModelList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the built-in models.")

    func run() throws {
        let models = ResponsibilityModel.builtInNames.compactMap { ResponsibilityModel.builtIn($0) }
        let width = models.map(\.name.count).max() ?? 0
        for model in models {
            let padding = String(repeating: " ", count: width - model.name.count)
            try Output.standard.line("\(model.name)\(padding)  \(model.duties.count) duties  \(model.title)")
        }
    }
}

struct ModelShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a model's document, to read it or to write your own from it.")

    @Argument(help: "The model's name.")
    var name: String

    func run() throws {
        guard let document = ResponsibilityModel.builtInDocument(name) else {
            throw Failure.usage("there is no model '\(name)'; built in are \(ResponsibilityModel.builtInNames.joined(separator: ", "))")
        }
        try Output.standard.write(document.hasSuffix("\n") ? document : document + "\n")
    }
}

struct ModelCheck: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "check", abstract: "Say everything that is wrong with a model.")

    @Argument(help: "A built-in name or a file.")
    var model: String

    func run() throws {
        let model = try ScanPlan.model(model)
        let problems = model.check(against: EveryControl.all)
        for problem in problems { Output.note("\(problem)") }
        guard problems.isEmpty else { throw Failure.usage("\(problems.count) problems in model \(model.name)") }
        try Output.standard.line("model \(model.name): \(model.duties.count) duties, nothing wrong")
    }
}

struct ModelDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Say what answers differently under another model.",
        discussion: "Exit code 1 when the models differ, as diff has it.")

    @Argument(help: "A built-in name or a file.")
    var one: String

    @Argument(help: "A built-in name or a file.")
    var other: String

    func run() throws {
        let differences = ResponsibilityModel.differences(from: try ScanPlan.model(one), to: try ScanPlan.model(other))
        for difference in differences {
            try Output.standard.line(difference.path)
            if let before = difference.before { try Output.standard.line("  - " + before.replacing("\n", with: "\n    ")) }
            if let after = difference.after { try Output.standard.line("  + " + after.replacing("\n", with: "\n    ")) }
        }
        if !differences.isEmpty { throw Failure(code: .findings, description: "") }
    }
}
