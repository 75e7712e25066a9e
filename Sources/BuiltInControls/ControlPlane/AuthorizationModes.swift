import Controls
import Documents
import NodeEvidence

extension Report {
    /// How an API server decides what is allowed: `--authorization-mode`, or the types in the file of `--authorization-config`, which
    /// replaces that flag from version 1.30 on. With neither, everything is allowed.
    ///
    /// Source: kubernetes.io, "Authorization", and the reference of kube-apiserver.
    mutating func authorizationModes(_ server: ComponentSettings) throws(WrongType) -> Setting? {
        switch try server.file(namedBy: "authorization-config") {
        case .notNamed: return setting(server, flag: "authorization-mode", standard: "AlwaysAllow")
        case .unknown(let reason, let place):
            notObservable(place, reason)
            return nil
        case .read(let file):
            do throws(WrongType) {
                var types: [String] = []
                for authorizer in try file.root["authorizers"].items() { types.append(try authorizer["type"].string() ?? "") }
                let line = file.root["authorizers"].position.line
                return Setting(name: "authorizers in \(file.path) line \(line)", values: types, place: file.place, isSet: true)
            } catch {
                notObservable(file.place, "\(error.value.fieldPath) in \(file.path) line \(error.value.position.line) should be \(error.expected)")
                return nil
            }
        }
    }

    /// The API server has to ask this authorizer.
    mutating func requireAuthorizer(_ server: ComponentSettings, _ name: String) throws(WrongType) {
        guard let modes = try authorizationModes(server), !modes.items.contains(name) else { return }
        fail(modes.place, modes.isSet ? "\(modes.name) does not name \(name)" : "--authorization-mode is not set, so everything is allowed")
    }
}
