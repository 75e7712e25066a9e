import Controls
import Documents
import Kubernetes

extension Control {
    /// A command line shows up in the manifest, in the node's process list and in every crash report.
    ///
    /// Fields: `command` and `args` of every container. Found as `--password=…` or `--password …` with a literal
    /// value, and by the form of the value. Allowed: `$(VARIABLE)`, paths.
    /// The value itself is never repeated in the finding.
    static let credentialsInArguments = Control(
        id: "credentials-in-arguments",
        title: "Keep credentials out of command lines",
        severity: .high,
        duty: "C2",
        summary: "A credential on a command line can be read in the manifest, in the process list of the node and in crash reports.",
        remedy: "Let the program read a file that a Secret is mounted as, and renew the credential: it has been seen.",
        references: [Reference("mitre-attack", "T1552.001")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                args: ["--password-file=/run/credentials/password", "--token=$(TOKEN)"]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                args:
                - --user=shop
                - --password=example-only # ✗
                - --api-token
                - example-only # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            try findCredentials(in: container.node["command"], of: container, &report)
            try findCredentials(in: container.node["args"], of: container, &report)
        })
}

private func findCredentials(in arguments: Value, of container: Container, _ report: inout Report) throws(WrongType) {
    /// Whether the argument before was an option whose value is a secret.
    var expectsSecret = false
    for argument in try arguments.items() {
        _ = try argument.equals("")
        let what = Credential.found(inArgument: argument, afterSecretOption: expectsSecret)
        expectsSecret = Credential.isSecretOption(argument)
        guard let what else { continue }
        report.fail(argument, "an argument of container '\(container.name)' holds \(what)", value: "argument")
    }
}
