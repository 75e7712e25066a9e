internal import ArgumentParser

/// The version of this program, as `demarc version` and every report say it.
enum Version {
    static let current = "0.1.0"
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() throws {
        try Output.standard.line("demarc \(Version.current)")
    }
}
