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
        if value != wanted { fail(setting.place, setting.isSet ? "\(setting.name) is \(value)" : "\(settings.label(flag, field)) is not set, so it is \(value)") }
    }

    /// Each of these settings has to be there, with a value; what it is, others judge.
    mutating func require(_ settings: ComponentSettings, flags: [String], fields: [String] = []) {
        for (index, flag) in flags.enumerated() {
            let field = index < fields.count ? fields[index] : nil
            guard let setting = setting(settings, flag: flag, field: field), setting.text.isEmpty else { continue }
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

/// An address, with or without port, that a program listens on: `127.0.0.1:10249`, `[::1]:2379`, `0.0.0.0`.
struct ListenAddress {
    let host: Substring

    init(_ text: String) {
        if text.first == "[" {
            host = text.dropFirst().prefix { $0 != "]" }
        } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            host = text.prefix { $0 != ":" }
        } else {
            host = text[...]
        }
    }

    private static let loopback = [AddressRange("127.0.0.0/8"), AddressRange("::1/128")].compactMap { $0 }

    /// Nobody but the machine itself reaches it.
    var isLoopback: Bool {
        if host == "localhost" { return true }
        guard let address = AddressRange(String(host) + (host.contains(":") ? "/128" : "/32")) else { return false }
        return ListenAddress.loopback.contains { $0.contains(address) }
    }
}

/// A URL that a program listens at or calls.
struct ListenURL {
    private let scheme: Substring
    private let address: ListenAddress

    init(_ text: String) {
        guard let mark = text.firstRange(of: "://") else {
            (scheme, address) = ("", ListenAddress(text))
            return
        }
        scheme = text[..<mark.lowerBound]
        address = ListenAddress(String(text[mark.upperBound...].prefix { $0 != "/" }))
    }

    /// Spoken without TLS where others than the machine itself can listen.
    var isPlainBeyondTheMachine: Bool { scheme.lowercased() == "http" && !address.isLoopback }
}

/// A duration as Go writes them: `8760h0m0s`, `1h30m`, `500ms`, `0`.
struct GoDuration {
    let seconds: Double

    private static let units: [Substring: Double] = ["h": 3_600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9]

    /// nil for anything that Go would not read.
    init?(_ text: String) {
        var rest = text[...]
        let sign: Double = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" {
            seconds = 0
            return
        }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            let unit = rest.dropFirst(number.count).prefix { $0.isLetter }
            guard let value = Double(number), let factor = GoDuration.units[unit] else { return nil }
            total += value * factor
            rest = rest.dropFirst(number.count + unit.count)
        }
        seconds = sign * total
    }
}

extension Report {
    /// Addresses etcd listens at have to speak TLS, except those that only its machine reaches.
    mutating func requireEncryptedListeners(_ etcd: ComponentSettings, _ flag: String) {
        guard let urls = setting(etcd, flag: flag, field: flag) else { return }
        let plain = urls.items.filter { ListenURL($0).isPlainBeyondTheMachine }
        if !plain.isEmpty { fail(urls.place, "\(urls.name) has \(plain.joined(separator: ", ")) without TLS") }
    }
}
