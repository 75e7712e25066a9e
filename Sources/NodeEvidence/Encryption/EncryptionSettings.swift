public import Documents

/// How an API server encrypts what it stores, by an `EncryptionConfiguration` read as the API server reads it: as an object of its
/// own, or as what a file of the evidence holds.
///
/// Source for the rules: `k8s.io/apiserver/pkg/server/options/encryptionconfig`. The first entry that names a resource holds, and its
/// first provider writes; all others only read what was written before.
public struct EncryptionSettings: Sendable {
    /// One item of `resources[]`.
    public struct Entry: Sendable {
        public let place: Value
        /// With their group: `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group), `*.*`.
        public let resources: [String]
        /// In their order.
        public let providers: [Provider]
    }

    public struct Provider: Sendable {
        /// The item of `providers[]`.
        public let place: Value
        /// What stands under its name.
        public let settings: Value
        public let kind: Kind
        /// How many keys it has, 0 for those without any.
        public let keys: Int

        public enum Kind: Sendable, Equatable {
            case identity, aescbc, aesgcm, secretbox
            case kms(version: String)
            case unknown

            /// Whether the key stands in the configuration itself, beside the data it protects.
            public var holdsItsKey: Bool { self == .aescbc || self == .aesgcm || self == .secretbox }
        }
    }

    public let root: Value
    public let entries: [Entry]
    /// Why the API server would not start with it.
    public let refusals: [Refusal]

    public struct Refusal: Sendable {
        public let place: Value
        public let message: String
    }

    /// The entry that holds for a resource, nil where none does: it is then written as it is.
    /// - Parameter group: empty for the core group.
    public func entry(for resource: String, group: String = "") -> Entry? {
        let names = [group.isEmpty ? resource : "\(resource).\(group)", "*.\(group)", "*.*"]
        return entries.first { entry in entry.resources.contains(where: names.contains) }
    }

    /// Whether a resource ends up encrypted. Nothing encrypts where no entry names it.
    public func encrypts(_ resource: String, group: String = "") -> Bool {
        guard let first = entry(for: resource, group: group)?.providers.first else { return false }
        return first.kind != .identity && first.kind != .unknown
    }
}

extension EncryptionSettings {
    /// Kinds of the document today and before 1.13.
    public static let kinds = ["EncryptionConfiguration", "EncryptionConfig"]

    /// - Throws: `WrongType` for a field that the API server could not decode.
    public init(_ root: Value) throws(WrongType) {
        self.root = root
        var refusals: [Refusal] = []
        func refuse(_ place: Value, _ message: String) { refusals.append(Refusal(place: place, message: message)) }
        let kind = try root["kind"].string() ?? ""
        if !Self.kinds.contains(kind) {
            refuse(root["kind"], kind.isEmpty ? "it has no kind" : "its kind is '\(escaped(kind))', not EncryptionConfiguration")
        }
        let version = try root["apiVersion"].string() ?? ""
        if version != (kind == "EncryptionConfig" ? "v1" : "apiserver.config.k8s.io/v1") {
            refuse(root["apiVersion"], "its apiVersion is not apiserver.config.k8s.io/v1")
        }
        var entries: [Entry] = []
        var masked: Set<String> = []
        for place in try root["resources"].items() {
            let entry = try Entry(place, refuse)
            for resource in entry.resources where masked.contains("*.*") || masked.contains(Self.wildcard(of: resource)) {
                refuse(place["resources"], "'\(escaped(resource))' is covered by an earlier entry with a wildcard")
            }
            masked.formUnion(entry.resources.filter { $0.hasPrefix("*.") })
            entries.append(entry)
        }
        if entries.isEmpty { refuse(root["resources"], "it has no entry") }
        self.entries = entries
        self.refusals = refusals
    }

    /// `*.apps` for `deployments.apps`, `*.` for `secrets`.
    private static func wildcard(of resource: String) -> String {
        guard let dot = resource.firstIndex(of: ".") else { return "*." }
        return "*\(resource[dot...])"
    }
}

extension EncryptionSettings.Entry {
    fileprivate init(_ place: Value, _ refuse: (Value, String) -> Void) throws(WrongType) {
        self.place = place
        resources = try place["resources"].strings()
        if resources.isEmpty { refuse(place["resources"], "an entry names no resource") }
        var providers: [EncryptionSettings.Provider] = []
        for item in try place["providers"].items() { providers.append(try EncryptionSettings.Provider(item, refuse)) }
        if providers.isEmpty { refuse(place["providers"], "an entry has no provider") }
        self.providers = providers
    }
}

extension EncryptionSettings.Provider {
    private static let fields: [String: Set<String>] = [
        "identity": [], "aescbc": ["keys"], "aesgcm": ["keys"], "secretbox": ["keys"],
        "kms": ["apiVersion", "name", "cachesize", "endpoint", "timeout"],
    ]

    fileprivate init(_ item: Value, _ refuse: (Value, String) -> Void) throws(WrongType) {
        place = item
        var named: [Value] = []
        for entry in try item.entries() {
            guard let known = Self.fields[entry.key] else {
                refuse(entry, "'\(escaped(entry.key))' is no provider")
                continue
            }
            for field in try entry.entries() where !known.contains(field.key) { refuse(field, "\(entry.key) has no field '\(escaped(field.key))'") }
            if entry.exists { named.append(entry) }
        }
        if named.count != 1 { refuse(item, "an item of providers has \(named.count) of them, and must have one") }
        // `identity:` with nothing behind it is as good as no provider to the API server, and worse to whoever relies on it.
        settings = named.first ?? item
        keys = try settings["keys"].items().reduce(0) { count, _ in count + 1 }
        switch named.first?.key {
        case "identity": kind = .identity
        case "aescbc": kind = .aescbc
        case "aesgcm": kind = .aesgcm
        case "secretbox": kind = .secretbox
        case "kms":
            let version = try settings["apiVersion"].string() ?? "v1"
            kind = .kms(version: version)
            if version != "v1", version != "v2" { refuse(settings["apiVersion"], "'\(escaped(version))' is no version of the KMS interface") }
            for field in ["name", "endpoint"] where try settings.entry(named: field).isEmptyString() {
                refuse(settings.entry(named: field), "kms has no \(field)")
            }
            if let endpoint = try settings["endpoint"].string(), !endpoint.hasPrefix("unix://") {
                refuse(settings["endpoint"], "the endpoint of kms must be a socket (unix://)")
            }
        default: kind = .unknown
        }
        if kind.holdsItsKey, keys == 0 { refuse(settings, "\(settings.key) has no key") }
    }
}
