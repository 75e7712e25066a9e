internal import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a completion script for a shell.",
        discussion: "For bash: demarc completion bash > /etc/bash_completion.d/demarc")

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        switch shell {
        case .bash: print(Demarc.Root.completionScript(for: .bash))
        case .zsh: print(Demarc.Root.completionScript(for: .zsh))
        case .fish: print(Demarc.Root.completionScript(for: .fish))
        }
    }
}
