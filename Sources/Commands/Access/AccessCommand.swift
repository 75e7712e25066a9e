internal import ArgumentParser

struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Who may do what, by the roles and bindings of an estate.",
        subcommands: [
            AccessCanI.self,
            AccessWhoCan.self,
            AccessUsed.self,
            AccessRisks.self,
        ])
}
