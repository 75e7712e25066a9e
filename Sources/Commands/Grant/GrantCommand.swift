internal import ArgumentParser

struct GrantCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "grant") }
struct Explain: ParsableCommand {}
struct ControlsCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "controls") }
