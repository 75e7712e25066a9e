internal import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Gather what a node or control plane shows about itself.",
        subcommands: [
            NodeCollect.self
        ])
}
