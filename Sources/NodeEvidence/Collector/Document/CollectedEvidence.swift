/// What was seen on one machine, in the order of `docs/evidence.md`. Nothing in here is secret: whoever adds to it has redacted before.
struct CollectedEvidence: Sendable {
    var collectedAt = ""
    var nodeName: String?
    var kubernetesVersion: String?
    var collector = CollectorMark()
    var system = CollectedSystem()
    var kernel = CollectedKernel()
    /// nil when nobody could look, as with the disk of another machine; likewise every list below that may be nil.
    var processes: [CollectedProcess]?
    var files: [CollectedFile] = []
    var sockets: [CollectedSocket]?
    /// nil when no database of packages was found, which is not the same as one without packages.
    var packages: [CollectedPackage]?
    var certificates: [CollectedCertificate] = []
    var containers: [CollectedContainer]?
    var refusals: [Refusal] = []
}

extension CollectedEvidence {
    /// What the collector itself left out it leaves out for root too, and root has no more rights to take.
    var wantsRights: Bool {
        collector.uid != 0 && refusals.contains { ["Permission denied", "Operation not permitted"].contains($0.error) }
    }
}

/// How the document came about.
struct CollectorMark: Sendable {
    var version = ""
    var root = "/"
    var processes = "/proc"
    var uid = 0
    var milliseconds = 0
    var excluded: [String] = []
}

struct CollectedSystem: Sendable {
    var id: String?
    var versionID: String?
    var prettyName: String?
    /// What else tells images of one distribution apart, such as Bottlerocket's `aws-k8s-1.31`.
    var variantID: String?
    var imageID: String?
    var kernel: String?
    var kernelBuild: String?
    var architecture: String?
    var bootedAt: String?
}

struct CollectedKernel: Sendable {
    var settings: [String: String] = [:]
    /// nil when the list of modules could not be read.
    var modules: [String]?
    var commandLine: String?
    var lockdown: String?
    var installed: [String]?
}

struct CollectedProcess: Sendable {
    var name: String
    var pid: Int
    /// nil for programs that do not matter to Kubernetes.
    var argv: [String]?
    var user: String?
    var uid: Int?
    var executable: String?
    var startedAt: String?
    var environment: [String: String]?
    var root: String?
    var container: String?
    /// nil where nobody could look.
    var replaced: [String]?
}

struct CollectedFile: Sendable {
    enum Kind: String, Sendable { case file, directory, symlink, socket, other }

    var path: String
    var kind: Kind?
    var status: FileStatus?
    var owner: String?
    var group: String?
    var target: String?
    var content: String?
    var redactions = 0
    var isTruncated = false
    /// Other paths that lead here through a link, as somebody named them.
    var aliases: [String] = []
    var programs: [String] = []
    /// The process that sees this file at this path, where the machine itself has another one or none there.
    var process: String?
    var pid: Int?

    var isMissing: Bool { status == nil }
}

struct CollectedSocket: Sendable, Hashable {
    var networkProtocol: String
    var address: String
    var port: Int
    var process: String?
    var pid: Int?
}

struct CollectedPackage: Sendable, Hashable {
    var name: String
    var version: String
    var architecture: String?
    var source: String?
    var sourceVersion: String?
    var manager: String
}

struct CollectedCertificate: Sendable {
    var path: String?
    var user: String?
    var cluster: String?
    var listener: String?
    var process: String?
    var pid: Int?
    var pem: String
    var programs: [String] = []
}

struct CollectedContainer: Sendable {
    var id: String
    var namespace: String
    var shim: String?
    var handler: String?
    /// The program that the shim was told to start.
    var binary: String?
    var pid: Int?
    var type: String?
    var sandbox: String?
    var podName: String?
    var podNamespace: String?
    var podUID: String?
    var containerName: String?
    var processes: [String] = []
}

/// Something that could not be read, and why.
struct Refusal: Sendable, Hashable {
    enum Operation: String, Sendable { case open, list, read, look, parse, redact, connect, limit }

    var path: String
    var operation: Operation
    var error: String
    /// A process that ended while it was read took nothing away: at any other moment it would not have been there at all.
    var isVanished = false
}
