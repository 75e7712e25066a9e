import Controls
import NodeEvidence

/// Which admission plugins an API server runs: those that are on by default, more by `--enable-admission-plugins`, fewer by
/// `--disable-admission-plugins`. The deprecated `--admission-control` names all of them instead.
///
/// Source: kubernetes.io, "Admission Control in Kubernetes" and the reference of kube-apiserver.
struct AdmissionPlugins {
    let enabled: Setting
    let disabled: Setting
    let exact: Setting?

    enum State {
        case on(Setting)
        case off(Setting, String)
    }

    /// - Parameter standard: whether the plugin runs when no flag names it.
    func state(of name: String, standard: Bool) -> State {
        if let exact {
            return exact.items.contains(name) ? .on(exact) : .off(exact, "\(exact.name) does not name \(name)")
        }
        // The server refuses to start with a plugin in both lists.
        if disabled.items.contains(name) { return .off(disabled, "\(disabled.name) switches \(name) off") }
        if enabled.items.contains(name) || standard { return .on(enabled) }
        let unset = "--enable-admission-plugins is not set, and \(name) is off by default"
        return .off(enabled, enabled.isSet ? "\(enabled.name) does not name \(name)" : unset)
    }
}

extension Report {
    /// nil, and said so, when the command line is not known.
    mutating func admissionPlugins(_ server: ComponentSettings) -> AdmissionPlugins? {
        guard let enabled = setting(server, flag: "enable-admission-plugins"), let disabled = setting(server, flag: "disable-admission-plugins"),
            let exact = setting(server, flag: "admission-control")
        else { return nil }
        return AdmissionPlugins(enabled: enabled, disabled: disabled, exact: exact.isSet ? exact : nil)
    }

    /// The plugin has to run.
    mutating func requireAdmission(_ server: ComponentSettings, _ name: String, standard: Bool) {
        guard case .off(let setting, let reason) = admissionPlugins(server)?.state(of: name, standard: standard) else { return }
        fail(setting.place, reason)
    }

    /// The plugin, which is off by default, must not run.
    mutating func refuseAdmission(_ server: ComponentSettings, _ name: String) {
        guard case .on(let setting) = admissionPlugins(server)?.state(of: name, standard: false) else { return }
        fail(setting.place, "\(setting.name) names \(name)")
    }
}
