public import Documents

/// What a component's settings are, by its own precedence: flags, configuration files, environment, built-in defaults.
public struct ComponentSettings: Sendable {
    public let component: Component
    public let configuration: Configuration

    /// What is known of the configuration file.
    public enum Configuration: Sendable {
        /// The command line names none.
        case none
        /// In the order in which they are merged, later ones over earlier ones.
        case read([ConfigurationFile])
        /// One is named, but the evidence does not hold it.
        case unknown(String)
    }

    private let document: EvidenceDocument?

    /// - Parameter document: holds the files that the command line names; nil when only the command line is known.
    /// - Throws: `WrongType` when the list of files is broken.
    public init(_ component: Component, in document: EvidenceDocument?) throws(WrongType) {
        self.component = component
        self.document = document
        configuration = try ComponentSettings.configuration(of: component, in: document)
    }

    /// Whether a configuration file is named, whose format brings defaults of its own. A directory of drop-ins alone does not: they are
    /// merged into what the flags gave.
    public var hasConfigurationFile: Bool { ComponentSettings.namedFile(of: component) != nil }

    /// The value that holds.
    ///
    /// - Parameters:
    ///   - flag: without dashes; nil where only a configuration file has the setting.
    ///   - field: dotted path in the configuration file; nil where it has no such setting.
    ///   - type: what the configuration file may hold at the field.
    ///   - standard: the component's default; nil when unset means that there is none.
    public func reading(flag: String?, field: String? = nil, as type: SettingType = .any, standard: String? = nil) -> SettingReading {
        guard let flags = component.flags else {
            return .unknown("the arguments of \(component.kind.noun) were not to be seen", component.place)
        }
        let given = flag.map(flags.all) ?? []
        if component.kind.ignoresFlagsBesideFile, field != nil, hasConfigurationFile {
            return inFile(field, type, standard, shadowed: given.last)
        }
        if let last = given.last {
            if let variable = given.first(where: { $0.value.contains("$(") }) {
                return .unknown("--\(flag ?? "") takes its value from a variable of the container", variable.place)
            }
            return .known(Setting(name: "--\(flag ?? "")", values: given.map(\.value), place: last.place, isSet: true))
        }
        if component.kind == .etcd, let flag, let variable = environment(flag) { return variable }
        return inFile(field, type, standard, shadowed: nil)
    }

    /// The file that a flag names, such as that of `--authorization-config`.
    /// - Throws: `WrongType` when the list of files is broken.
    public func file(namedBy flag: String) throws(WrongType) -> NamedFile {
        guard let flags = component.flags else {
            return .unknown("the arguments of \(component.kind.noun) were not to be seen", component.place)
        }
        guard let named = flags.last(flag), !named.value.isEmpty else { return .notNamed }
        guard let document else { return .unknown("\(named.value), which --\(flag) names, is not part of what was given", named.place) }
        switch try ConfigurationFile.read(named.value, for: component, in: document) {
        case .success(let file): return .read(file)
        case .failure(let missing): return .unknown(missing.reason, named.place)
        }
    }

    /// One feature gate. Flags given several times merge, and they merge with the file too.
    public func featureGate(_ name: String, standard: Bool) -> SettingReading {
        for occurrence in (component.flags?.all("feature-gates") ?? []).reversed() {
            for pair in occurrence.value.split(separator: ",").reversed() {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimming(" ") }
                guard parts.first == name else { continue }
                return .known(
                    Setting(name: "--feature-gates \(name)", values: [parts.count > 1 ? parts[1] : ""], place: occurrence.place, isSet: true))
            }
        }
        return reading(flag: nil, field: "featureGates.\(name)", as: .boolean, standard: standard ? "true" : "false")
    }

    // MARK: - Parts

    private func inFile(_ field: String?, _ type: SettingType, _ standard: String?, shadowed: CommandLineFlags.Flag?) -> SettingReading {
        let place = shadowed?.place ?? component.place
        let unset = Setting(name: field ?? "", values: standard.map { [$0] } ?? [], place: place, isSet: false)
        guard let field else { return .known(unset) }
        switch configuration {
        case .none: return .known(unset)
        case .unknown(let reason): return .unknown(reason, place)
        case .read(let files):
            for file in files.reversed() {
                switch file.value(at: field, as: type) {
                case .found(let values, let line):
                    return .known(Setting(name: "\(field) in \(file.path) line \(line)", values: values, place: file.place, isSet: true))
                case .wrongType(let expected, let line):
                    return .unknown("\(field) in \(file.path) line \(line) should be \(expected)", file.place)
                case .missing: continue
                }
            }
            return .known(Setting(name: field, values: standard.map { [$0] } ?? [], place: files.last?.place ?? place, isSet: false))
        }
    }

    /// etcd reads `ETCD_CERT_FILE` for `--cert-file`; an empty variable is none. Source: etcd's `pkg/flags`, `SetFlagsFromEnv`.
    private func environment(_ flag: String) -> SettingReading? {
        let name = "ETCD_" + flag.uppercased().replacing("-", with: "_")
        guard let value = component.environment[name], value.exists else {
            return component.hasForeignEnvironment ? .unknown("\(name) may come from what envFrom names", component.place) : nil
        }
        let place = component.pinned ?? value
        guard value.kind != .mapping else { return .unknown("\(name) comes from another object", place) }
        guard !value.text.isEmpty else { return nil }
        return .known(Setting(name: name, values: [value.text], place: place, isSet: true))
    }

    /// The configuration file that is named, and by what.
    private static func namedFile(of component: Component) -> (flag: String, path: String)? {
        guard let flag = component.kind.configurationFlag else { return nil }
        if let named = component.flags?.last(flag), !named.value.isEmpty { return ("--" + flag, named.value) }
        let variable = component.environment["ETCD_CONFIG_FILE"]?.text ?? ""
        return variable.isEmpty ? nil : ("ETCD_CONFIG_FILE", variable)
    }

    private static func configuration(of component: Component, in document: EvidenceDocument?) throws(WrongType) -> Configuration {
        let named = namedFile(of: component)
        let directory = component.kind == .kubelet ? component.flags?.last("config-dir")?.value ?? "" : ""
        if named == nil, directory.isEmpty { return .none }
        guard let document else {
            let (flag, path) = named ?? ("--config-dir", directory)
            return .unknown("\(path), which \(flag) names, is not part of what was given")
        }
        let key = ConfigurationMemo.Key(kind: component.kind, viewer: Viewer(component), file: named?.path, directory: directory)
        if let kept = document.configurations[key] { return kept }
        let configuration = try read(named?.path, directory, of: component, in: document)
        document.configurations[key] = configuration
        return configuration
    }

    private static func read(
        _ file: String?, _ directory: String, of component: Component, in document: EvidenceDocument
    ) throws(WrongType) -> Configuration {
        var paths = file.map { [$0] } ?? []
        if !directory.isEmpty {
            let below = try document.files(below: directory, seenBy: Viewer(component))
            if below.isEmpty, try document.file(directory, seenBy: Viewer(component)) == nil {
                return .unknown("the evidence does not hold \(directory)")
            }
            if let reason = document.refusal(below: directory, seenBy: Viewer(component)) { return .unknown(reason) }
            // The kubelet merges `*.conf` in the order of their names. Source: kubernetes.io, "Set kubelet parameters via a configuration file".
            paths += below.map(\.path).filter { $0.hasSuffix(".conf") }.sorted()
        }
        var files: [ConfigurationFile] = []
        for path in paths {
            switch try ConfigurationFile.read(path, for: component, in: document) {
            case .success(let file): files.append(file)
            case .failure(let missing): return .unknown(missing.reason)
            }
        }
        return .read(files)
    }
}

/// What the evidence tells of a file that a flag names.
public enum NamedFile: Sendable {
    case notNamed
    case read(ConfigurationFile)
    /// Why the evidence does not tell, and where it would.
    case unknown(String, Value)
}

/// The answer to the question what a setting is.
public enum SettingReading: Sendable {
    case known(Setting)
    /// Why the evidence does not tell, and where it would.
    case unknown(String, Value)
}

/// A setting that holds.
public struct Setting: Sendable {
    /// As people know it: `--anonymous-auth`, `authentication.anonymous.enabled in /var/lib/kubelet/config.yaml line 7`.
    public let name: String
    /// One for each occurrence of the flag or item of the list, or the default; none when it is unset and has no default.
    public let values: [String]
    /// Where it is set, else where one would set it.
    public let place: Value
    /// Somebody set it; false when the default holds.
    public let isSet: Bool

    public init(name: String, values: [String], place: Value, isSet: Bool) {
        self.name = name
        self.values = values
        self.place = place
        self.isSet = isSet
    }

    /// The value of a setting with one value: the last one counts. Empty when there is none.
    public var text: String { values.last ?? "" }

    /// The items of a setting that is a list, all occurrences together.
    public var items: [String] { values.flatMap { $0.split(separator: ",").map { $0.trimming(" ") } }.filter { !$0.isEmpty } }

    /// As Go reads booleans; nil for anything else.
    public var bool: Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    public var int: Int? { Int(text) }
}

extension ComponentKind {
    /// Given a file, the program looks at no flag that the file could hold.
    var ignoresFlagsBesideFile: Bool {
        switch self {
        case .kubeProxy, .kubeScheduler, .etcd: true
        case .kubelet, .kubeAPIServer, .kubeControllerManager: false
        }
    }
}

extension StringProtocol {
    func trimming(_ character: Character) -> String {
        var rest = self[...]
        while rest.first == character { rest = rest.dropFirst() }
        while rest.last == character { rest = rest.dropLast() }
        return String(rest)
    }
}
