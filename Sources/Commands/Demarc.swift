internal import ArgumentParser
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The command line. Its exit codes and documents are a contract: scripts of others rely on them.
public enum Demarc {
    /// Runs the program with the process's arguments and ends the process.
    public static func runProgram() async -> Never {
        // A reader that went away (`| head`) is no error worth a signal.
        signal(SIGPIPE, SIG_DFL)
        exit(await run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// The command line being run, for what depends on the order of its flags.
    @TaskLocal static var arguments: [String] = []

    /// Runs one command line.
    static func run(_ arguments: [String]) async -> Failure.Code {
        do {
            let arguments = try EnvironmentFlags.added(to: EnvironmentFlags.namingDefault(in: arguments))
            var command = try Root.parseAsRoot(arguments)
            try await $arguments.withValue(arguments) {
                if var asyncCommand = command as? any AsyncParsableCommand { try await asyncCommand.run() } else { try command.run() }
            }
            return .clean
        } catch let failure as Failure {
            if !failure.description.isEmpty { Output.notes("error: \(failure.description)") }
            return failure.code
        } catch let code as ExitCode {
            return Failure.Code(rawValue: code.rawValue) ?? .usage
        } catch {
            return explain(error)
        }
    }

    /// Help goes to standard output and is no error; everything else is a wrong command line.
    private static func explain(_ error: any Error) -> Failure.Code {
        let isClean = Root.exitCode(for: error) == .success
        let message = Root.fullMessage(for: error)
        let text = message.hasPrefix("Error: ") ? "error: " + message.dropFirst(7) : message
        if isClean { print(text) } else { Output.notes(text) }
        return isClean ? .clean : .usage
    }

    struct Root: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "demarc",
            abstract: "Judge a Kubernetes estate and say, for every finding, who must act and why.",
            discussion: """
                Exit codes: 0 judged everything asked for, nothing at or above --fail-on; 1 findings; 2 the command line or a \
                configuration is wrong; 3 something could not be read or judged; 4 the cluster can't be reached.
                Every flag can be set as an environment variable: --fail-on is DEMARC_FAIL_ON.
                """,
            version: Version.current,
            subcommands: [
                Scan.self, Explain.self, ControlsCommand.self, ModelCommand.self, AccessCommand.self, ReachCommand.self, NodeCommand.self,
                GrantCommand.self, BlameCommand.self, LedgerCommand.self, Serve.self, AdmissionCommand.self, ConfigCommand.self, Completion.self,
                VersionCommand.self,
            ])
    }
}
