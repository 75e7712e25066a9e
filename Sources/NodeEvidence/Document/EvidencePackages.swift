public import Documents

/// One package that a machine's database calls installed.
public struct EvidencePackage: Sendable {
    public let place: Value
    public let name: String
    public let version: String
    /// Empty when the document does not say.
    public let architecture: String
    /// nil when the document does not say; the package is its own source then.
    public let source: String?
    public let sourceVersion: String?

    init(_ place: Value) throws(WrongType) {
        self.place = place
        guard let name = try place["name"].string(), !name.isEmpty else { throw WrongType(value: place["name"], expected: "the name of a package") }
        guard let version = try place["version"].string(), !version.isEmpty else { throw WrongType(value: place["version"], expected: "a version") }
        self.name = name
        self.version = version
        architecture = try place["architecture"].string() ?? ""
        source = try place["source"].string()
        sourceVersion = try place["sourceVersion"].string()
    }
}

/// The operating system of a machine, and the kernel that runs.
public struct EvidenceSystem: Sendable {
    public let place: Value
    /// As in `os-release`; empty when the document does not say, likewise the others.
    public let id: String
    public let version: String
    /// `uname -r`
    public let kernel: String
    /// `uname -v`
    public let kernelBuild: String

    init(_ place: Value) throws(WrongType) {
        self.place = place
        id = try place["id"].string() ?? ""
        version = try place["versionID"].string() ?? ""
        kernel = try place["kernel"].string() ?? ""
        kernelBuild = try place["kernelBuild"].string() ?? ""
    }
}

/// One task of a container runtime.
public struct EvidenceTask: Sendable {
    public let place: Value
    public let id: String
    /// `io.containerd.runsc.v1`; empty when the document does not say, likewise the others.
    public let shim: String
    /// The runtime handler, nil where the bundle does not name it.
    public let handler: String?
    /// The program that the shim was told to start; nil where the bundle does not name it.
    public let binary: String?
    public let podName: String
    public let podNamespace: String
    public let podUID: String
    public let containerName: String
    /// The programs that run it on the machine; nil when they were not to be seen.
    public let programs: [String]?

    init(_ place: Value) throws(WrongType) {
        self.place = place
        id = try place["id"].string() ?? ""
        shim = try place["shim"].string() ?? ""
        handler = try place["handler"].string().flatMap { $0.isEmpty ? nil : $0 }
        binary = try place["binary"].string().flatMap { $0.isEmpty ? nil : $0 }
        podName = try place["podName"].string() ?? ""
        podNamespace = try place["podNamespace"].string() ?? ""
        podUID = try place["podUID"].string() ?? ""
        containerName = try place["containerName"].string() ?? ""
        programs = place["processes"].exists ? try place["processes"].strings() : nil
    }
}

extension EvidenceDocument {
    /// - Throws: `WrongType` of the first broken entry.
    public var packages: [EvidencePackage]? {
        get throws(WrongType) { try Section(root["packages"], { (place) throws(WrongType) in try EvidencePackage(place) }).whole() }
    }

    /// Tasks of the container runtime; nil when they were not looked at.
    public var tasks: [EvidenceTask]? {
        get throws(WrongType) { try Section(root["containers"], { (place) throws(WrongType) in try EvidenceTask(place) }).whole() }
    }

    /// nil when it was not looked at.
    public var system: EvidenceSystem? {
        get throws(WrongType) { root["os"].exists ? try EvidenceSystem(root["os"]) : nil }
    }

    /// Releases of the kernel that are installed, as `uname -r` would give them; nil when nobody looked.
    public var installedKernels: [String]? {
        get throws(WrongType) { root["kernel"]["installed"].exists ? try root["kernel"]["installed"].strings() : nil }
    }
}

extension EvidenceProcess {
    /// Files it runs that are no longer what lies on the disk.
    public var replaced: Children {
        get throws(WrongType) { try place["replaced"].items() }
    }

    /// Nobody could look which files it runs, though it is a program whose files matter: absent is not empty.
    public var isReplacementUnknown: Bool {
        !place["replaced"].exists && (arguments != nil || ComponentKind(program: name) != nil)
    }
}
