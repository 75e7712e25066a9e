internal import SystemPackage

/// What to gather, and where.
public struct CollectorOptions: Sendable {
    /// The directory that stands for `/`.
    public var root = "/"
    /// Where processes are read; nil is `proc` below the root.
    public var processes: String?
    public var nodeName: String?
    public var kubernetesVersion: String?
    /// Paths of the machine that are left alone, with all below them.
    public var excluded: [String] = []
    /// Whether each listening TCP port is asked for its certificates.
    public var probesListeners = false
    public var toolVersion: String
    public var limits = CollectorLimits()
    /// Where the machine's directories are mounted below the root; nil finds out.
    var pieces: [FilePath]?

    public init(toolVersion: String) {
        self.toolVersion = toolVersion
    }
}

/// What one collection may cost, whatever it finds. What goes beyond is a refusal in the document.
public struct CollectorLimits: Sendable {
    /// Bytes of one configuration file or certificate.
    public var file = 1 << 20
    /// Bytes of a database of packages or a table of the kernel.
    public var database = 64 << 20
    public var files = 5_000
    /// Files that arguments of processes in containers name, on top of the others.
    public var containerFiles = 5_000
    public var processes = 20_000
    /// Names in one directory that are looked at, the first in order.
    public var names = 2_000
    /// Names in one directory that are counted.
    public var countedNames = 100_000
    /// Directories below each other, in trees that are walked.
    public var depth = 4
    /// Open files of all processes that are looked at to find whose a socket is.
    public var openFiles = 500_000
    /// Milliseconds to wait for a port that is asked for its certificates.
    public var probe = 2_000
    /// Milliseconds for all ports together.
    public var probes = 30_000

    public init() {}
}

/// The document, and what to tell the person who asked for it.
public struct CollectorResult: Sendable {
    /// A NodeEvidence document (`docs/evidence.md`).
    public let json: [UInt8]
    /// Whether nothing was refused.
    public let isComplete: Bool
    /// What was refused, as a person reads it.
    public let refusals: [String]
    /// Whether somebody with more rights would see more: another user than root was refused something by the machine.
    public let wantsRights: Bool
    /// Whether anything of Kubernetes was seen: a component, or one of its files.
    public let sawKubernetes: Bool
    /// Values that were left out because they are secret.
    public let redactions: Int
}
