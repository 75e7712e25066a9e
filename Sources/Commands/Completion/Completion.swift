internal import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a completion script for a shell.",
        discussion: "For bash: demarc completion bash > /etc/bash_completion.d/demarc")

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        switch shell {
        case .bash: try Output.standard.line(Demarc.Root.completionScript(for: .bash))
        case .zsh: try Output.standard.line(Demarc.Root.completionScript(for: .zsh))
        case .fish: try Output.standard.line(Demarc.Root.completionScript(for: .fish))
        }
    }
}
