internal import AsyncHTTPClient
internal import Subprocess
internal import SystemPackage

/// Running an exec plugin.
enum ExecRun {
    /// Its output is a credential; nothing of that kind is larger.
    private static let limit = 1 << 20

    /// For a program that can ask nobody, and so waits for something that may never come. One that may ask takes as long as people do.
    static let patience = Duration.seconds(60)

    /// Nobody waits for its answer any more.
    static let unwanted = "it was no longer wanted"

    /// Whoever is cancelled, or has waited for long enough, ends the program.
    ///
    /// - Parameter patience: counts for a plugin that is given no terminal.
    static func run(
        _ plugin: ExecPlugin, cluster: ExecPlugin.ClusterInfo, isInteractive: Bool, patience: Duration = patience
    ) async throws(ClusterError) -> ExecPlugin.Answer {
        guard plugin.interaction != .always || isInteractive else {
            throw plugin.failure("it asks for a terminal (interactiveMode: Always), and there is none; run it where there is one")
        }
        let mayAsk = isInteractive && plugin.interaction != .never
        // The plugin's own variables win over those of this process, as in client-go; what it is told of the cluster wins over both.
        var variables: [Environment.Key: String?] = [:]
        for variable in plugin.environment { variables[Environment.Key(stringLiteral: variable.name)] = variable.value.text }
        variables["KUBERNETES_EXEC_INFO"] = plugin.information(isInteractive: mayAsk, cluster: cluster)
        var configuration = Configuration(
            executable: plugin.command.contains("/") ? .path(FilePath(plugin.command)) : .name(plugin.command),
            arguments: Arguments(plugin.arguments),
            environment: .inherit.updating(variables))
        configuration.platformOptions.teardownSequence = [.gracefulShutDown(toProcessGroup: !mayAsk, allowedDurationToNextStep: .seconds(2))]
        // In a group of its own, so that what it has started ends with it. From there it could not read a terminal.
        if !mayAsk { configuration.platformOptions.processGroupID = 0 }
        let ended: (status: TerminationStatus, output: [UInt8])
        do {
            // What it has to say to people goes to them, as with kubectl: a code to log in with, a reason.
            if mayAsk {
                let result = try await Subprocess.run(
                    configuration, input: .currentStandardInput, output: .bytes(limit: limit), error: .currentStandardError)
                ended = (result.terminationStatus, result.standardOutput)
            } else {
                ended = try await withDeadline(patience) { [configuration] in
                    let result = try await Subprocess.run(configuration, input: .none, output: .bytes(limit: limit), error: .currentStandardError)
                    return (result.terminationStatus, result.standardOutput)
                }
            }
        } catch { throw plugin.failure(reason(error, patience)) }
        guard ended.status.isSuccess else { throw plugin.failure(Task.isCancelled ? unwanted : "it ended with \(word(ended.status))") }
        return try plugin.answer(ended.output)
    }

    private static func reason(_ error: any Error, _ patience: Duration) -> String {
        guard !Task.isCancelled else { return unwanted }
        if let error = error as? HTTPClientError, error == .deadlineExceeded {
            return
                "it gave no answer within \(patience.components.seconds) seconds, and has no terminal to ask at; run it by hand to see what it waits for"
        }
        guard let error = error as? SubprocessError else { return "it could not be run" }
        return switch error.code {
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
