import Controls
import Documents
import NodeEvidence

extension Control {
    /// The API server does not start with such a file, or goes on with the one it read before: what is encrypted, and how, is then not what the
    /// file says.
    ///
    /// Fields: all of EncryptionConfiguration: kind, versions, resources that an earlier wildcard covers, providers, keys, sockets.
    static let refusedEncryption = Control(
        id: "refused-encryption-configuration",
        title: "Write encryption configurations that the API server takes",
        severity: .medium,
        duty: "A5",
        summary: "The API server refuses the file, so it does not start, or goes on with settings that nobody sees.",
        remedy: "Correct the field; start the API server anew, or watch its log if it reloads the file by itself.",
        passing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]
            """
        ],
        failing: [
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: ["*.*"]
              providers: [{kms: {apiVersion: v2, name: keys, endpoint: "unix:///run/kms.sock"}}]
            - resources: [secrets] # ✗
              providers:
              - kms:
                  apiVersion: v2
                  name: keys
                  endpoint: tcp://10.0.0.1:8000 # ✗
              - secretbox: # ✗
                  keys: []
            """
        ],
        check: .encryption { document, settings, report in
            for refusal in settings.refusals { document.fail(&report, refusal.place, refusal.message, value: "refused") }
        })
}
