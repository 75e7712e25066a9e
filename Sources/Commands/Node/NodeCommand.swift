internal import ArgumentParser

struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Evidence of machines: what a node or control plane shows about itself, and how it is to be judged.",
        subcommands: [NodeCollect.self, NodeScan.self])
}
