internal import ArgumentParser

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Judge manifests and say who must act on each finding.")
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Namespace of objects that name none.", valueName: "namespace"))
    var namespace = "default"
    @Flag(help: "Say only what is asked for.")
    var quiet = false
    @Argument(help: "Files, directories, or - for standard input.")
    var paths: [String]
}
struct Explain: ParsableCommand {}
struct ControlsCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "controls") }
struct ModelCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "model") }
struct GrantCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "grant") }
struct ConfigCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "config") }
