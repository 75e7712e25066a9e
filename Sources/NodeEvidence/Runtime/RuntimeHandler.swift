/// One way of a container runtime to run Pods, as its configuration has it.
public struct RuntimeHandler: Sendable, Equatable {
    /// What RuntimeClasses call it.
    public let name: String
    /// `io.containerd.runsc.v1`, a path of a shim, CRI-O's `oci` or `vm`.
    public let type: String
    /// The program that the shim starts, where the configuration names one.
    public let binary: String?
    /// The file with the options of gVisor or Kata.
    public let configurationPath: String?
    /// Privileged containers do not get the devices of the machine.
    public let keepsHostDevicesAway: Bool
    /// Where it is written: file and line.
    public let file: String
    public let line: Int

    /// What runs the containers in truth, whatever the handler is called.
    public var engine: RuntimeEngine { RuntimeEngine(shim: type, binary: binary) }

    public init(
        name: String, type: String, binary: String? = nil, configurationPath: String? = nil,
        keepsHostDevicesAway: Bool = false, file: String, line: Int
    ) {
        self.name = name
        self.type = type
        self.binary = binary
        self.configurationPath = configurationPath
        self.keepsHostDevicesAway = keepsHostDevicesAway
        self.file = file
        self.line = line
    }
}

/// What stands between a container and the kernel of its machine.
public enum RuntimeEngine: Sendable, Hashable {
    /// Nothing: the container shares the kernel. The program's name, such as `runc`, `crun`, `nvidia-container-runtime`.
    case host(String)
    case gVisor
    /// A virtual machine: Kata and its kin (`rund`, `runv`).
    case virtualMachine(String)
    /// A shim that is not known here.
    case unknown(String)

    public var isSandbox: Bool {
        switch self {
        case .gVisor, .virtualMachine: true
        case .host, .unknown: false
        }
    }

    public var noun: String {
        switch self {
        case .gVisor: "gVisor"
        case .host(let program), .virtualMachine(let program), .unknown(let program): program
        }
    }

    /// - Parameters:
    ///   - shim: a runtime type of containerd (`io.containerd.runsc.v1`), the name or path of a shim (`containerd-shim-runsc-v1`), or the
    ///     type of CRI-O (`oci`, `vm`).
    ///   - binary: the program the shim starts, which decides where the shim starts any.
    public init(shim: String, binary: String? = nil) {
        let program = binary.flatMap { $0.isEmpty ? nil : RuntimeEngine.lastComponent($0) }
        switch RuntimeEngine.family(of: shim) {
        case "runc", "linux", "oci": self = RuntimeEngine(program: program ?? "runc")
        // The shim of gVisor starts no program but `runsc`, unless told otherwise in its own configuration.
        case "runsc": self = program.map { $0.hasPrefix("runsc") } ?? true ? .gVisor : .host(program ?? "")
        case "vm": self = .virtualMachine(program ?? "vm")
        case let family where RuntimeEngine.machines.contains { family == $0 || family.hasPrefix($0 + "-") }: self = .virtualMachine(family)
        case let family: self = .unknown(family.isEmpty ? shim : family)
        }
    }

    /// By the name of a program that follows the OCI runtime's command line.
    private init(program: String) {
        if program == "runsc" || program.hasPrefix("runsc-") {
            self = .gVisor
        } else if RuntimeEngine.machines.contains(where: { program == $0 || program.hasPrefix($0 + "-") }) {
            self = .virtualMachine(program)
        } else {
            self = .host(program)
        }
    }

    private static let machines = ["kata", "kata-runtime", "kata-containers", "rund", "runv", "clh", "firecracker", "aws.firecracker"]

    /// `runsc` of `io.containerd.runsc.v1` or of `/usr/bin/containerd-shim-runsc-v1`.
    private static func family(of shim: String) -> String {
        let name = lastComponent(shim)
        let marks: [(prefix: String, separator: Character)] = [
            ("containerd-shim-", "-"), ("io.containerd.runtime.v1.", "."), ("io.containerd.", "."),
        ]
        for (prefix, separator) in marks where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            guard let end = rest.lastIndex(of: separator), isVersion(rest[rest.index(after: end)...]) else { return String(rest) }
            return String(rest[..<end])
        }
        return name
    }

    private static func isVersion(_ text: Substring) -> Bool { text.first == "v" && text.count > 1 && text.dropFirst().allSatisfy(\.isNumber) }

    private static func lastComponent(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What the programs that run a task show. Names of processes can be chosen by whoever starts them inside a container that shares
    /// the kernel, so that they confirm a sandbox and never make one.
    public static func confirms(_ engine: RuntimeEngine, programs: [String]) -> Bool {
        switch engine {
        case .gVisor: programs.contains { $0 == "runsc" || $0.hasPrefix("runsc-") }
        case .virtualMachine: programs.contains { program in hypervisors.contains { program.hasPrefix($0) } }
        case .host, .unknown: false
        }
    }

    private static let hypervisors = [
        "qemu-system", "cloud-hypervisor", "firecracker", "stratovirt", "dragonball", "kata", "rund", "containerd-shim-kata", "containerd-shim-rund",
    ]
}
