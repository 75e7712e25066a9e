internal import Controls
internal import Documents
internal import FoundationEssentials
internal import Kubernetes
internal import Responsibility

/// What a scan is to do, with flags, environment and configuration brought together and checked. Everything that can
/// be wrong with a command line or a configuration is said here, before anything is read.
struct ScanPlan {
    let model: ResponsibilityModel
    let catalogue: Catalogue
    let settings: Settings
    let now: Timestamp
    let exceptions: ExceptionList
    let selector: LabelSelector?
    let namespace: String
    let grants: [String]
    let cloudRecords: [String]
    let advisories: [String]
    let auditLogs: [String]
    let exclude: [String]
    let limits: Limits
    let configuration: Configuration
    /// The edition asked for; nil leaves it to the version that evidence names.
    let benchmark: Benchmark?

    /// - Parameter serverVersion: what a cluster says of itself, taken where nobody says which version to judge by.
    /// - Throws: `Failure` with code `usage`.
    init(_ options: ScanOptions, serverVersion: String? = nil) throws {
        let configuration = try Configuration.load(options.estate.config)
        self.configuration = configuration
        model = try ScanPlan.model(options.model ?? configuration.model ?? ScanPlan.defaultModel)
        now = try ScanPlan.instant(options.now)
        let version: KubernetesVersion
        if let asked = options.kubernetesVersion ?? configuration.kubernetesVersion {
            version = try ScanPlan.version(asked)
        } else {
            // A server newer than what is known here is judged as the newest known.
            version = min(serverVersion.flatMap { KubernetesVersion($0) } ?? .newest, .newest)
        }
        catalogue = Catalogue(try ScanPlan.controls(options, configuration, version), kubernetesVersion: version)
        exceptions = try ScanPlan.exceptions(configuration, now: now)
        selector = try options.selector.map(SelectorArgument.parse)
        namespace = options.namespace ?? configuration.namespace ?? "default"
        grants = options.grants + configuration.grants
        cloudRecords = options.cloudRecords + configuration.cloudRecords
        advisories = options.advisories + configuration.advisories
        auditLogs = options.auditLogs
        exclude = options.estate.exclude + configuration.exclude
        limits = options.estate.limits
        benchmark = try options.benchmark.map(ScanPlan.benchmark)
        var settings = configuration.settings(under: model)
        settings.benchmark = benchmark?.id
        self.settings = settings
    }

    static let defaultModel = ResponsibilityModel.builtInNames[0]

    /// A built-in model by name, or one in a file.
    static func model(_ name: String) throws -> ResponsibilityModel {
        if let model = ResponsibilityModel.builtIn(name) { return model }
        guard name.contains("/") || name.contains(".") else {
            throw Failure.usage(
                "there is no model '\(name)'; built in are \(ResponsibilityModel.builtInNames.joined(separator: ", ")); a file of your own needs its ending"
            )
        }
        let reading: ResponsibilityModel.Reading
        do {
            reading = ResponsibilityModel.read(try SourceFile.read(name, limit: 1 << 20), source: name)
        } catch {
            throw Failure.usage("model \(name): \(error.message)")
        }
        guard let model = reading.model else {
            throw Failure.usage("the model is not usable:\n" + reading.faults.map { "  \($0)" }.joined(separator: "\n"))
        }
        return model
    }

    static func instant(_ text: String?) throws -> Timestamp {
        guard let text else { return Timestamp(secondsSinceEpoch: Terminal.now) }
        guard let instant = Timestamp(text) else { throw Failure.usage("--now '\(text)' is no RFC 3339 time; write it as 2026-12-31T00:00:00Z") }
        return instant
    }

    static func version(_ text: String?) throws -> KubernetesVersion {
        guard let text else { return .newest }
        guard let version = KubernetesVersion(text) else {
            throw Failure.usage("'\(text)' is no version of Kubernetes; write 1.0 to \(KubernetesVersion.newest)")
        }
        guard version <= .newest else {
            throw Failure.usage("Kubernetes \(version) is newer than \(KubernetesVersion.newest), the newest version known here")
        }
        return version
    }

    static func benchmark(_ id: String) throws -> Benchmark {
        guard let benchmark = Benchmark.named(id.lowercased()) else {
            throw Failure.usage("there is no benchmark '\(id)'; known are \(Benchmark.all.map(\.id).joined(separator: ", "))")
        }
        return benchmark
    }

    private static func controls(_ options: ScanOptions, _ configuration: Configuration, _ version: KubernetesVersion) throws -> [Control] {
        var controls = EveryControl.all
        let only = options.controls.isEmpty ? configuration.controls : options.controls
        let skipped = options.skippedControls + configuration.skipControls
        let known = Set(controls.map(\.id))
        for id in only + skipped where !known.contains(id) { throw Failure.usage(unknownControl(id)) }
        if let framework = options.framework ?? configuration.framework { controls = try narrow(controls, to: framework, for: version) }
        if !only.isEmpty { controls = controls.filter { only.contains($0.id) } }
        controls = controls.filter { !skipped.contains($0.id) }
        guard !controls.isEmpty else { throw Failure.usage("no control is left after --framework, --control and --skip-control") }
        return controls
    }

    static func narrow(_ controls: [Control], to framework: String, for version: KubernetesVersion) throws -> [Control] {
        do {
            return try FrameworkFilter(framework, in: controls).select(from: controls, for: version)
        } catch {
            throw Failure.usage(error.description)
        }
    }

    /// What to say of an id that nobody has, with those that look like it.
    static func unknownControl(_ id: String) -> String {
        let near = EveryControl.all.map(\.id).filter { $0.contains(id) || id.contains($0) }.sorted().prefix(3).joined(separator: ", ")
        return "there is no control '\(id)'\(near.isEmpty ? "" : "; did you mean \(near)?"); demarc controls lists them all"
    }

    static func exceptions(_ configuration: Configuration, now: Timestamp) throws -> ExceptionList {
        guard let list = configuration.exceptions else { return ExceptionList() }
        let read = ExceptionList.read(list, now: now)
        guard read.faults.isEmpty else {
            throw Failure.usage("the exceptions are not usable:\n" + read.faults.map { "  \($0)" }.joined(separator: "\n"))
        }
        return read.list
    }
}
