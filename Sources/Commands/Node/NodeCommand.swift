internal import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Evidence of machines: nodes and control planes.", subcommands: [NodeScan.self])
}
