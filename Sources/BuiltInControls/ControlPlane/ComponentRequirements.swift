import Controls
import Documents
import Kubernetes
import NodeEvidence

/// What controls over settings ask for, in words that they share. What cannot be read is `notObservable`, never a pass.
extension Report {
    /// A boolean setting has to have this value.
    /// - Parameter standard: what holds when nobody sets it.
    mutating func require(_ settings: ComponentSettings, flag: String?, field: String? = nil, standard: Bool, is wanted: Bool) {
        guard let setting = setting(settings, flag: flag, field: field, as: .boolean, standard: standard ? "true" : "false") else { return }
        guard let value = setting.bool else { return undecided(setting, "neither true nor false") }
        guard value != wanted else { return }
        fail(setting.place, setting.isSet ? "\(setting.name) is \(value)" : "\(settings.label(flag, field)) is not set, so it is \(value)")
    }

    /// Each of these settings has to be there, with a value; what it is, others judge.
    mutating func require(_ settings: ComponentSettings, flags: [String], fields: [String] = []) {
        for (index, flag) in flags.enumerated() {
            let field = index < fields.count ? fields[index] : nil
            guard let setting = setting(settings, flag: flag, field: field, as: .text), setting.text.isEmpty else { continue }
            fail(setting.place, "\(settings.label(flag, field)) is \(setting.isSet ? "empty" : "not set")")
        }
    }

    /// A number has to be set and be no smaller than this.
    mutating func require(_ settings: ComponentSettings, flag: String, field: String? = nil, atLeast least: Int, why: String = "") {
        guard let setting = setting(settings, flag: flag, field: field, as: .number) else { return }
        guard setting.isSet else { return fail(setting.place, "\(settings.label(flag, field)) is not set" + why) }
        guard let number = setting.int else { return undecided(setting, "no whole number") }
        if number < least { fail(setting.place, "\(setting.name) is \(number), less than \(least)") }
    }

    /// The flag must not be given at all.
    mutating func refuse(_ settings: ComponentSettings, flag: String, _ message: String) {
        guard let setting = setting(settings, flag: flag), setting.isSet, !setting.text.isEmpty else { return }
        fail(setting.place, "\(setting.name) \(message)")
    }

    /// An address to listen on has to be one that only the machine itself reaches.
    mutating func requireLoopback(_ settings: ComponentSettings, flag: String?, field: String? = nil, standard: String) {
        guard let setting = setting(settings, flag: flag, field: field, standard: standard) else { return }
        // An empty address leaves the default, or nothing that listens.
        let address = setting.text.isEmpty ? standard : setting.text
        guard !ListenAddress(address).isLoopback else { return }
        fail(setting.place, setting.isSet ? "\(setting.name) is \(address)" : "\(settings.label(flag, field)) is not set, so it is \(address)")
    }

    /// Addresses etcd listens at have to speak TLS, except those that only its machine reaches.
    mutating func requireEncryptedListeners(_ etcd: ComponentSettings, _ flag: String) {
        guard let urls = setting(etcd, flag: flag, field: flag) else { return }
        let plain = urls.items.filter { ListenURL($0).isPlainBeyondTheMachine }
        if !plain.isEmpty { fail(urls.place, "\(urls.name) has \(plain.joined(separator: ", ")) without TLS") }
    }

    /// No older version of TLS than 1.2 may be spoken; 1.2 holds unless somebody sets another.
    mutating func requireModernTLS(_ settings: ComponentSettings, field: String? = nil) {
        guard let setting = setting(settings, flag: "tls-min-version", field: field, standard: "VersionTLS12") else { return }
        switch setting.text {
        case "VersionTLS12", "VersionTLS13", "": return
        case "VersionTLS10", "VersionTLS11": fail(setting.place, "\(setting.name) is \(setting.text)")
        default: undecided(setting, "no version of TLS")
        }
    }

    /// `--feature-gates` must not switch on everything that is not finished.
    mutating func refuseAllAlpha(_ settings: ComponentSettings) {
        guard let gate = featureGate(settings, "AllAlpha", standard: false) else { return }
        guard let isOn = gate.bool else { return undecided(gate, "neither true nor false") }
        if isOn { fail(gate.place, "\(gate.name) is true: unfinished features run, without promise of security fixes") }
    }

    /// Somebody set it to something that the program would not take.
    mutating func undecided(_ setting: Setting, _ what: String) {
        notObservable(setting.place, "\(setting.name) is '\(setting.text)', which is \(what)")
    }

    /// The version of Kubernetes that the program is of: as the evidence says, else by the tag of its image, else the one asked for.
    func version(of settings: ComponentSettings) -> KubernetesVersion {
        if let named = evidence?.kubernetesVersion.flatMap({ KubernetesVersion($0) }) { return named }
        return KubernetesVersion(ImageReference(settings.component.image).tag) ?? kubernetesVersion
    }
}

extension ComponentSettings {
    /// What people know a setting by that is not set: the field where a configuration file is in use, the flag elsewhere.
    func label(_ flag: String?, _ field: String?) -> String {
        if let field, flag == nil || hasConfigurationFile { return field }
        return "--" + (flag ?? "")
    }
}
