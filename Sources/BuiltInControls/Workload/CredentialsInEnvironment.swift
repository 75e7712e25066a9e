import Controls
import Documents
import Kubernetes

extension Control {
    /// A password in a manifest is in the repository, in the API server and in every backup, for everybody who may
    /// read a Pod.
    ///
    /// Fields: `env[*].value` of every container. Found by the variable's name (`DB_PASSWORD`, `apiKey`) or by the
    /// form of the value (private keys, access keys, tokens, URLs with a password). Allowed: paths, references and templates.
    /// The value itself is never repeated in the finding.
    static let credentialsInEnvironment = Control(
        id: "credentials-in-environment",
        title: "Keep credentials out of environment values",
        severity: .high,
        duty: "C2",
        summary: "A credential written into a Pod can be read by everyone who may see the Pod, the repository or a backup.",
        remedy: "Put it into a Secret, mount that as a file, and renew the credential: it has been seen.",
        references: [.cis("5.4.1"), Reference("mitre-attack", "T1552.001")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                env:
                - {name: DB_PASSWORD_FILE, value: /run/credentials/password}
                - {name: TOKEN_URL, value: "https://login.example.com/token"}
                - {name: MAX_TOKENS, value: "4096"}
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
                env:
                - name: DB_PASSWORD
                  value: example-only # ✗
                - name: DATABASE_URL
                  value: postgres://shop:example-only@db/shop # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            for variable in try container.node["env"].items() {
                let value = variable["value"]
                guard try !value.equals(""), value.exists, let what = Credential.found(named: variable["name"], in: value) else { continue }
                let name = variable["name"].text
                report.fail(value, "environment variable '\(name)' of container '\(container.name)' holds \(what)", value: name)
            }
        })
}
