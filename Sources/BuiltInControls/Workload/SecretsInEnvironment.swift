import Controls
import Documents
import Kubernetes

extension Control {
    /// Environment variables are inherited by child processes, printed by crash reports and debug pages, and do not
    /// change when the Secret does.
    ///
    /// Fields: `env[*].valueFrom.secretKeyRef` and `envFrom[*].secretRef` of every container. Allowed: none.
    /// Standard: CIS 5.4.1.
    static let secretsInEnvironment = Control(
        id: "secrets-in-environment",
        title: "Mount Secrets as files, not as environment variables",
        severity: .medium,
        duty: "C2",
        summary: "Environment variables reach child processes, crash dumps and debug pages, and keep the old value when a Secret is rotated.",
        remedy: "Mount the Secret as a volume and let the program read the file.",
        references: [.cis("5.4.1"), .ackPolicy("ACKNoEnvVarSecrets")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                volumeMounts:
                - {name: credentials, mountPath: /run/credentials, readOnly: true}
              volumes:
              - name: credentials
                secret: {secretName: database}
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
                  valueFrom:
                    secretKeyRef: {name: database, key: password} # ✗
                envFrom:
                - secretRef: {name: cache} # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            for variable in try container.node["env"].items() {
                let reference = variable["valueFrom"]["secretKeyRef"]
                guard reference.exists else { continue }
                let secret = reference["name"].text
                report.fail(
                    reference, "container '\(container.name)' gets Secret '\(secret)' as environment variable '\(variable["name"].text)'",
                    value: secret)
            }
            for source in try container.node["envFrom"].items() {
                let reference = source["secretRef"]
                guard reference.exists else { continue }
                let secret = reference["name"].text
                report.fail(reference, "container '\(container.name)' gets all of Secret '\(secret)' as environment variables", value: secret)
            }
        })
}
