internal import Controls
internal import Documents
internal import FoundationEssentials
internal import Kubernetes
internal import Responsibility

/// What `.demarc.yaml` says. Everything is optional; the command line and the environment win.
struct Configuration {
    /// Where it was read from, nil when there is none.
    var path: String?
    var model: String?
    var kubernetesVersion: String?
    var failOn: String?
    var failCoverageBelow: Int?
    var framework: String?
    var namespace: String?
    var baseline: String?
    var exclude: [String] = []
    var controls: [String] = []
    var skipControls: [String] = []
    var grants: [String] = []
    var cloudRecords: [String] = []
    var advisories: [String] = []
    /// What the controls of an organisation depend on; nil takes what the model says.
    var providerNamespaces: [String]?
    var loadBalancerPlatforms: [String]?
    var settings = Settings()
    /// The list under `exceptions`, read by the room that judges them.
    var exceptions: Value?

    static let fileName = ".demarc.yaml"
    static let keys =
        [
            "model", "kubernetesVersion", "failOn", "failCoverageBelow", "framework", "namespace", "baseline", "exclude", "controls", "skipControls",
            "grants", "cloudRecords", "advisories", "allowedRegistries", "requiredLabels", "sandboxRuntimeClasses", "requiresSandbox",
            "floatingImageTags",
            "providerNamespaces", "loadBalancerPlatforms", "clusterSecurityGroups", "maximumVolumeSize", "maximumClusterAdministrators",
            "allowedObjectStorageLocations", "exceptions",
        ] + days.map(\.key)

    /// Settings that are a number of days.
    static let days: [(key: String, path: any WritableKeyPath<Settings, Int> & Sendable)] = [
        ("certificateNoticeDays", \.certificateNoticeDays), ("handRenewedCertificateNoticeDays", \.handRenewedCertificateNoticeDays),
        ("authorityNoticeDays", \.authorityNoticeDays), ("maximumClientCertificateDays", \.maximumClientCertificateDays),
        ("maximumAuthorityDays", \.maximumAuthorityDays), ("maximumEncryptionKeyDays", \.maximumEncryptionKeyDays),
    ]

    /// The configuration in a file, or the nearest `.demarc.yaml` above the working directory, or an empty one.
    /// - Throws: `Failure` with the place and the remedy when it is wrong.
    static func load(_ path: String?) throws -> Configuration {
        guard let path = path ?? nearest(from: FileManager.default.currentDirectoryPath) else { return Configuration() }
        let bytes: [UInt8]
        do {
            bytes = try SourceFile.read(path, limit: 1 << 20)
        } catch {
            throw Failure.usage("configuration \(path): \(error.message)")
        }
        return try read(bytes, path: path)
    }

    private static func nearest(from directory: String) -> String? {
        var directory = URL(filePath: directory).standardizedFileURL
        while true {
            let candidate = directory.appending(path: fileName).path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
            let parent = directory.deletingLastPathComponent().standardizedFileURL
            guard parent.path != directory.path, directory.path != "/" else { return nil }
            directory = parent
        }
    }

    static func read(_ bytes: [UInt8], path: String) throws -> Configuration {
        let parsed = DocumentTree.parse(bytes, source: path)
        if let problem = parsed.problems.first {
            throw Failure.usage("\(place(path, problem.position)): \(problem.message)")
        }
        var configuration = Configuration()
        configuration.path = path
        guard parsed.tree.roots.count <= 1 else {
            throw Failure.usage("\(path): a configuration is one document, this file has \(parsed.tree.roots.count)")
        }
        do {
            if let root = parsed.tree.roots.first {
                for entry in try root.entries() { try configuration.take(entry) }
            }
        } catch let error as WrongType {
            throw Failure.usage("\(place(path, error.value.position)): \(error.value.fieldPath) must be \(error.expected)")
        }
        return configuration
    }

    private mutating func take(_ entry: Value) throws {
        switch entry.key {
        case "model": model = try entry.string()
        case "kubernetesVersion": kubernetesVersion = try version(entry)
        case "failOn": failOn = try severityWord(entry)
        case "failCoverageBelow": failCoverageBelow = try entry.int().map { Int($0) }
        case "framework": framework = try entry.string()
        case "namespace": namespace = try entry.string()
        case "baseline": baseline = try entry.string().map(beside)
        case "exclude": exclude = try entry.strings()
        case "controls": controls = try entry.strings()
        case "skipControls": skipControls = try entry.strings()
        case "grants": grants = try entry.strings().map(beside)
        case "cloudRecords": cloudRecords = try entry.strings().map(beside)
        case "advisories": advisories = try entry.strings().map(beside)
        case "allowedRegistries": settings.allowedRegistries = try entry.strings()
        case "requiredLabels": settings.requiredLabels = try entry.strings()
        case "sandboxRuntimeClasses": settings.sandboxRuntimeClasses = try entry.strings()
        case "requiresSandbox": settings.requiresSandbox = try entry.bool() ?? false
        case "floatingImageTags": settings.floatingImageTags = try entry.strings()
        case "providerNamespaces": providerNamespaces = try entry.strings()
        case "loadBalancerPlatforms": loadBalancerPlatforms = try entry.strings()
        case "clusterSecurityGroups": settings.clusterSecurityGroups = try entry.strings()
        case "maximumVolumeSize": settings.maximumVolumeSize = try quantity(entry)
        case "maximumClusterAdministrators": settings.maximumClusterAdministrators = try count(entry) ?? 5
        case "allowedObjectStorageLocations": settings.allowedObjectStorageLocations = try entry.strings()
        case "exceptions": exceptions = entry
        default:
            if let days = Self.days.first(where: { $0.key == entry.key }) {
                settings[keyPath: days.path] = try count(entry) ?? Settings()[keyPath: days.path]
                return
            }
            let known = Self.keys.joined(separator: ", ")
            throw Failure.usage("\(Self.place(path ?? "", entry.position)): unknown key '\(entry.key)'; known are \(known)")
        }
    }

    private func severityWord(_ entry: Value) throws -> String? {
        let text = try entry.string()
        do {
            _ = try Threshold(text, coverage: nil)
        } catch let failure as Failure {
            throw Failure.usage("\(Self.place(path ?? "", entry.position)): \(failure.description)")
        }
        return text
    }

    private func count(_ entry: Value) throws -> Int? {
        guard let number = try entry.int() else { return nil }
        guard let count = Int(exactly: number), count >= 0 else {
            throw Failure.usage("\(Self.place(path ?? "", entry.position)): \(entry.key) must be a number from 0 on, not \(number)")
        }
        return count
    }

    private func quantity(_ entry: Value) throws -> String {
        let text = try entry.string() ?? ""
        guard Quantity(text) != nil else {
            throw Failure.usage("\(Self.place(path ?? "", entry.position)): '\(text)' is no quantity; write it as 500Gi or 10Ti")
        }
        return text
    }

    /// The settings under a model: what is not configured follows from the platform.
    func settings(under model: ResponsibilityModel) -> Settings {
        var settings = self.settings
        settings.providerNamespaces = providerNamespaces ?? model.planes.systemNames.map(\.description).filter { !$0.hasSuffix("*") }
        settings.tenants = model.tenants
        settings.loadBalancerPlatforms = loadBalancerPlatforms ?? ResponsibilityModel.loadBalancerPlatforms(model.name)
        if !model.securityGroups.isEmpty { settings.platformGroups = model.securityGroups }
        return settings
    }

    /// A version is easily written as a number, and then 1.30 would be 1.3.
    private func version(_ entry: Value) throws -> String? {
        guard entry.kind != .float else {
            throw Failure.usage("\(Self.place(path ?? "", entry.position)): put kubernetesVersion in quotes; as a number, 1.30 is 1.3")
        }
        return try entry.string()
    }

    /// A path in the configuration is meant from where the configuration lies.
    private func beside(_ other: String) -> String {
        guard let path, !other.hasPrefix("/") else { return other }
        return URL(filePath: path).deletingLastPathComponent().appending(path: other).path
    }

    private static func place(_ path: String, _ position: Position?) -> String {
        position.map { "\(path):\($0.line):\($0.column)" } ?? path
    }
}

extension ResponsibilityModel {
    /// Whose annotations the load balancers of a built-in platform obey; empty, for a model of one's own, reads those of all.
    static func loadBalancerPlatforms(_ model: String) -> [String] {
        switch model {
        case "acs", "ack": ["alibaba"]
        case "eks", "eks-fargate": ["aws"]
        case "gke", "gke-autopilot": ["google"]
        case "aks", "aks-automatic": ["azure"]
        default: []
        }
    }
}
