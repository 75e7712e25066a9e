internal import Subprocess
internal import SystemPackage

/// Running an exec plugin.
enum ExecRun {
    /// Its output is a credential; nothing of that kind is larger.
    private static let limit = 1 << 20

    static func run(
        _ plugin: ExecPlugin, cluster: ExecPlugin.ClusterInfo, isInteractive: Bool
    ) async throws(ClusterError) -> ExecPlugin.Answer {
        guard plugin.interaction != .always || isInteractive else {
            throw plugin.failure("it asks for a terminal (interactiveMode: Always), and there is none; run it where there is one")
        }
        let mayAsk = isInteractive && plugin.interaction != .never
        // The plugin's own variables win over those of this process, as in client-go; what it is told of the cluster wins over both.
        var variables: [Environment.Key: String?] = [:]
        for variable in plugin.environment { variables[Environment.Key(stringLiteral: variable.name)] = variable.value.text }
        variables["KUBERNETES_EXEC_INFO"] = plugin.information(isInteractive: mayAsk, cluster: cluster)
        let configuration = Configuration(
            executable: plugin.command.contains("/") ? .path(FilePath(plugin.command)) : .name(plugin.command),
            arguments: Arguments(plugin.arguments),
            environment: .inherit.updating(variables))
        let ended: (status: TerminationStatus, output: [UInt8])
        do {
            // What it has to say to people goes to them, as with kubectl: a code to log in with, a reason.
            if mayAsk {
                let result = try await Subprocess.run(
                    configuration, input: .currentStandardInput, output: .bytes(limit: limit), error: .currentStandardError)
                ended = (result.terminationStatus, result.standardOutput)
            } else {
                let result = try await Subprocess.run(configuration, input: .none, output: .bytes(limit: limit), error: .currentStandardError)
                ended = (result.terminationStatus, result.standardOutput)
            }
        } catch let error as SubprocessError {
            throw plugin.failure(reason(error))
        } catch {
            throw plugin.failure("it could not be run")
        }
        guard ended.status.isSuccess else { throw plugin.failure("it ended with \(word(ended.status))") }
        return try plugin.answer(ended.output)
    }

    private static func reason(_ error: SubprocessError) -> String {
        switch error.code {
        case .executableNotFound: "there is no such program; install it, or correct the command in the kubeconfig"
        case .outputLimitExceeded: "its output is larger than \(limit) bytes"
        case .spawnFailed: "it could not be started\(error.underlyingError.map { ": \($0)" } ?? "")"
        default: "it could not be run"
        }
    }

    private static func word(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "code \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
