/// How far the fix of one advisory has come for one package on one machine.
public enum PatchState: Sendable, Hashable {
    /// The installed version never had the fault.
    case notAffected
    /// The fault is there and a fix is out. nil when the record tells what is affected and not what mends it.
    case vulnerable(fixed: String?)
    /// The fault is there and this distribution has no fix yet.
    /// - Parameters:
    ///   - elsewhere: where there is one: another release or product; nil when nobody has a fix.
    ///   - remark: what the distribution says about it.
    case noFixYet(elsewhere: String?, remark: String?)
    /// The fix is installed and in force.
    case fixedInstalled(since: String)
    /// The fix is installed, and what runs is still what was there before.
    case fixedNotEffective(installed: String, running: String)
    /// The distribution will not fix it, or says that it does no harm.
    case ignored(reason: String)
    /// The record does not let anybody tell.
    case undetermined(reason: String)

    /// Whether the fault is there.
    public var isOpen: Bool {
        switch self {
        case .vulnerable, .noFixYet, .fixedNotEffective: true
        default: false
        }
    }

    /// No fix exists for anybody.
    public var isUpstreams: Bool {
        if case .noFixYet(elsewhere: nil, _) = self { return true }
        return false
    }

    /// Which of two records on one fault weighs more: what is open before what cannot be told, and that before what is fine.
    var weight: Int {
        switch self {
        case .vulnerable: 6
        case .fixedNotEffective: 5
        case .noFixYet: 4
        case .undetermined: 3
        case .ignored: 2
        case .fixedInstalled: 1
        case .notAffected: 0
        }
    }

    /// The state on a machine where another version runs than the one installed.
    ///
    /// - Parameters:
    ///   - installed: this advisory's state for the installed version, and that version.
    ///   - running: the version that runs, for which the receiver was found.
    public func running(_ running: String, installed: PatchState, version: String) -> PatchState {
        guard isOpen, !installed.isOpen else { return self }
        switch installed {
        case .fixedInstalled, .notAffected: return .fixedNotEffective(installed: version, running: running)
        default: return self
        }
    }
}

/// What one advisory means for one package.
public struct PatchStanding: Sendable {
    /// `CVE-2024-0727`
    public let advisory: String
    /// Other names of the same fault.
    public let aliases: [String]
    public let state: PatchState
    public let severity: AdvisorySeverity
    /// Where the record stands: file and line.
    public let source: String
    public let line: Int

    public init(advisory: String, aliases: [String], state: PatchState, severity: AdvisorySeverity, source: String, line: Int) {
        self.advisory = advisory
        self.aliases = aliases
        self.state = state
        self.severity = severity
        self.source = source
        self.line = line
    }

    public func with(_ state: PatchState) -> PatchStanding {
        PatchStanding(advisory: advisory, aliases: aliases, state: state, severity: severity, source: source, line: line)
    }

    func with(severity: AdvisorySeverity) -> PatchStanding {
        PatchStanding(advisory: advisory, aliases: aliases, state: state, severity: severity, source: source, line: line)
    }
}

/// A package as a machine's database names it.
public struct InstalledPackage: Sendable, Hashable {
    public let name: String
    public let version: String
    /// The source package it was built from; its own name where the database names none.
    public let source: String
    public let sourceVersion: String

    public init(name: String, version: String, source: String? = nil, sourceVersion: String? = nil) {
        self.name = name
        self.version = version
        let source = source.flatMap { $0.isEmpty ? nil : $0 } ?? name
        // What a distribution signs for Secure Boot is a source package of its own, built from the real one; advisories name that.
        // The binary's version is the real one's, the signed source's is written otherwise (`6.1.76+1`).
        if let signed = InstalledPackage.unsigned(source) {
            self.source = signed
            self.sourceVersion = version
        } else {
            self.source = source
            self.sourceVersion = sourceVersion.flatMap { $0.isEmpty ? nil : $0 } ?? version
        }
    }

    /// `linux` for `linux-signed-amd64`, `linux-azure` for `linux-signed-azure`; nil where nothing was signed.
    private static func unsigned(_ source: String) -> String? {
        guard source.hasPrefix("linux-signed") else { return nil }
        let rest = source.dropFirst("linux-signed".count)
        return ["", "-amd64", "-arm64", "-i386"].contains(rest) ? "linux" : "linux" + rest
    }
}
