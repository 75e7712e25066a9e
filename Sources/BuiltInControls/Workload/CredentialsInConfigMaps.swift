import Controls
import Documents
import Kubernetes

extension Control {
    /// ConfigMaps are not encrypted at rest, and the roles that read them are given away freely.
    ///
    /// Fields: the values of `data`. Found by the key's name, by `name = value` lines in a file, or by the form of
    /// the value. Allowed: paths, references and templates. The value itself is never repeated in the finding.
    static let credentialsInConfigMaps = Control(
        id: "credentials-in-config-maps",
        title: "Keep credentials out of ConfigMaps",
        severity: .high,
        duty: "C2",
        summary: "ConfigMaps are stored in the clear and readable by far more people and programs than Secrets.",
        remedy: "Move it to a Secret, and renew the credential: it has been seen.",
        references: [Reference("mitre-attack", "T1552.007")],
        passing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data:
              password_file: /run/credentials/password
              app.properties: |
                db.password=${DB_PASSWORD}
                db.user=shop
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data:
              db_password: example-only # ✗
              app.properties: | # ✗
                db.user=shop
                db.password=example-only
            """
        ],
        check: .objects(["ConfigMap"]) { object, report throws(WrongType) in
            for entry in try object.root["data"].entries() {
                guard try !entry.equals(""), let what = Credential.found(inConfiguration: entry) else { continue }
                let key = entry.key
                report.fail(entry, "key '\(key)' of ConfigMap '\(object.name)' holds \(what)", value: key)
            }
        })
}
