public import Documents

/// What the evidence shows of one kind of file.
public struct FileSightings: Sendable {
    /// Those that are there, symbolic links replaced by what they lead to, each once.
    public internal(set) var files: [EvidenceFile] = []
    /// What is known to be somewhere, or may be, and was not looked at: why, and where the evidence would tell.
    public internal(set) var unseen: [(reason: String, place: Value)] = []

    private var seen: Set<Look> = []

    /// A program in a container may see the machine's own file by the same path: that is one file.
    private struct Look: Hashable {
        let path: String
        let mode: UInt16?
        let owner: String?
        let group: String?
    }

    /// There is no such file on the machine, and need not be.
    public var isAbsent: Bool { files.isEmpty && unseen.isEmpty }

    mutating func add(_ file: EvidenceFile) {
        if seen.insert(Look(path: file.path, mode: file.mode, owner: file.owner, group: file.group)).inserted { files.append(file) }
    }

    mutating func miss(_ reason: String, _ place: Value) {
        unseen.append((reason, place))
    }
}

extension EvidenceDocument {
    /// The files of this kind: those that programs are told to use, else those in well-known places.
    public func sightings(of kind: ProtectedFile) throws(WrongType) -> FileSightings {
        var sightings = FileSightings()
        guard try files != nil else {
            sightings.miss("the evidence has no list 'files'", root)
            return sightings
        }
        if let program = kind.staticPod { return try manifests(of: program) }
        let isNamed = try addNamed(kind, to: &sightings)
        if isNamed, kind.knownTrees.isEmpty { return sightings }
        var isLookedAt = true
        for tree in kind.knownTrees where try !addTree(tree, to: &sightings) { isLookedAt = false }
        if !isNamed {
            for path in kind.knownPaths where try !addKnown(path, to: &sightings) { isLookedAt = false }
        }
        let runs = try runs(kind.program)
        if runs == false { return sightings }
        addRefusals(kind, isNamed: isNamed, to: &sightings)
        guard sightings.isAbsent else { return sightings }
        // Its arguments were seen, and they would name the file.
        if kind.isOptional, !kind.namings.isEmpty, runs == true { return sightings }
        if !kind.isOptional || !isLookedAt {
            let places = kind.knownPaths + kind.knownTrees.map { $0.directory + "/" }
            sightings.miss(
                places.isEmpty ? "the evidence does not tell which file it is" : "the evidence holds none of \(places.joined(separator: ", "))",
                root["files"])
        }
        return sightings
    }

    /// Places that were refused to the collector: what is there is neither seen nor absent.
    private func addRefusals(_ kind: ProtectedFile, isNamed: Bool, to sightings: inout FileSightings) {
        for tree in kind.knownTrees {
            if let reason = refusal(below: tree.directory) { sightings.miss(reason, root["files"]) }
        }
        for path in isNamed ? [] : kind.knownPaths where filesAreUnknown(at: path) {
            if let reason = refusal(at: path) { sightings.miss(reason, root["files"]) }
        }
    }

    private func filesAreUnknown(at path: String) -> Bool { (try? file(path)) == nil }

    /// Whether a program runs here; nil when nobody looked at processes, as in a file system judged from outside.
    private func runs(_ program: ComponentKind) throws(WrongType) -> Bool? {
        if try components(program)?.isEmpty == false { return true }
        return try processes == nil ? nil : false
    }

    // MARK: - By settings

    /// - Returns: whether a program names any.
    private func addNamed(_ kind: ProtectedFile, to sightings: inout FileSightings) throws(WrongType) -> Bool {
        let namings = Dictionary(grouping: kind.namings, by: \.program)
        var isNamed = false
        for program in namings.keys { _ = try components(program) }
        for component in try namings.isEmpty ? [] : found.read() ?? [] {
            guard let namings = namings[component.kind] else { continue }
            let settings = try ComponentSettings(component, in: self)
            for naming in namings {
                switch settings.reading(flag: naming.flag, field: naming.field) {
                case .unknown(let reason, let place):
                    isNamed = true
                    sightings.miss(reason, place)
                case .known(let setting):
                    guard let path = ProtectedFile.path(setting.text) else { continue }
                    isNamed = true
                    try addNamed(path, by: setting, of: component, kind, to: &sightings)
                }
            }
        }
        return isNamed
    }

    private func addNamed(
        _ path: String, by setting: Setting, of component: Component, _ kind: ProtectedFile, to sightings: inout FileSightings
    ) throws(WrongType) {
        guard path.hasPrefix("/") else { return sightings.miss("\(setting.name) is a relative path, \(path)", setting.place) }
        guard let file = try fileAlsoBelowRun(path, seenBy: Viewer(component)) else {
            let reason = refusal(at: path, seenBy: Viewer(component)).map { ": \($0)" } ?? ""
            return sightings.miss("the evidence does not hold \(path), which \(setting.name) names\(reason)", setting.place)
        }
        if file.isMissing {
            if !kind.isOptional { sightings.miss("\(path), which \(setting.name) names, is missing on the machine", file.place) }
            return
        }
        if kind == .auditLog { try addRotated(path, seenBy: Viewer(component), to: &sightings) }
        if kind == .kubeletConfiguration, let directory = component.flags?.last("config-dir")?.value {
            _ = try addTree(ProtectedFile.Tree(directory, endings: [".conf"]), seenBy: Viewer(component), to: &sightings)
        }
        try addTarget(of: file, to: &sightings)
    }

    /// `/var/run` is a link to `/run` nearly everywhere, and sockets are named either way.
    private func fileAlsoBelowRun(_ path: String, seenBy viewer: Viewer) throws(WrongType) -> EvidenceFile? {
        if let file = try file(path, seenBy: viewer) { return file }
        return path.hasPrefix("/var/run/") ? try file(String(path.dropFirst("/var".count)), seenBy: viewer) : nil
    }

    /// Old audit logs lie beside the newest: `audit-2026-11-27T12-00-00.000.log` beside `audit.log`.
    private func addRotated(_ path: String, seenBy viewer: Viewer, to sightings: inout FileSightings) throws(WrongType) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let name = path[slash...]
        let stem = path[..<slash] + (name.lastIndex(of: ".").map { name[..<$0] } ?? name) + "-"
        for file in try files(below: String(path[..<slash]), seenBy: viewer) where !file.isMissing && file.type == .file {
            if file.path.hasPrefix(stem) { sightings.add(file) }
        }
    }

    // MARK: - In well-known places

    /// - Returns: whether somebody looked there.
    private func addTree(_ tree: ProtectedFile.Tree, seenBy viewer: Viewer = .machine, to sightings: inout FileSightings) throws(WrongType) -> Bool {
        let top = try file(tree.directory, seenBy: viewer)
        if let top, tree.holdsItself, tree.holds(top) { try addTarget(of: top, to: &sightings) }
        var isFilled = false
        for file in try files(below: tree.directory, seenBy: viewer) {
            isFilled = true
            if tree.holds(file) { try addTarget(of: file, to: &sightings) }
        }
        if isFilled || top != nil { return true }
        return try isBelowMissing(tree.directory)
    }

    private func addKnown(_ path: String, to sightings: inout FileSightings) throws(WrongType) -> Bool {
        guard let file = try file(path) else { return try isBelowMissing(path) }
        if !file.isMissing { try addTarget(of: file, to: &sightings) }
        return true
    }

    /// A directory above was looked for and is not there.
    private func isBelowMissing(_ path: String) throws(WrongType) -> Bool {
        for directory in EvidenceDocument.directories(above: path) where try file(directory)?.isMissing == true { return true }
        return false
    }

    /// The static Pods' manifests that run a program.
    private func manifests(of program: ComponentKind) throws(WrongType) -> FileSightings {
        var sightings = FileSightings()
        var isLookedAt = false
        var refusals: [String] = []
        for directory in try manifestDirectories(&sightings) {
            for file in try files(below: directory) where !file.isMissing {
                isLookedAt = true
                if file.type != .directory, StaticPod.runs(program, file) { try addTarget(of: file, to: &sightings) }
            }
            if try file(directory) != nil { isLookedAt = true }
            if let reason = refusal(below: directory) { refusals.append(reason) }
        }
        guard try runs(program) != false else { return sightings }
        for reason in refusals { sightings.miss(reason, root["files"]) }
        if sightings.isAbsent, !isLookedAt { sightings.miss("the evidence holds no manifests of static Pods", root["files"]) }
        return sightings
    }

    private func manifestDirectories(_ sightings: inout FileSightings) throws(WrongType) -> [String] {
        var directories: [String] = []
        for kubelet in try components(.kubelet) ?? [] {
            switch try ComponentSettings(kubelet, in: self).reading(flag: "pod-manifest-path", field: "staticPodPath") {
            case .known(let setting) where setting.text.hasPrefix("/"): directories.append(setting.text)
            case .known, .unknown: continue
            }
        }
        return directories.isEmpty ? [StaticPod.directory] : directories
    }
}

// MARK: - Links

extension EvidenceDocument {
    /// The file itself, or what a symbolic link leads to. What the kubelet writes for ConfigMaps and Secrets, through a link called
    /// `..data` to a directory named by the time (`..2026_11_27_…`), is left out: for that the object counts, not the copy in the Pod.
    private func addTarget(of file: EvidenceFile, to sightings: inout FileSightings) throws(WrongType) {
        var current = file
        for _ in 0..<EvidenceDocument.mostLinks {
            guard current.type == .symlink else {
                if current.process.isEmpty || !current.path.contains("/..20") { sightings.add(current) }
                return
            }
            guard let target = try current.place["target"].string(), !target.isEmpty else {
                return sightings.miss("\(file.path) is a symbolic link, and the evidence does not say to what", current.place)
            }
            if !current.process.isEmpty, target.hasPrefix("..data/") { return }
            let path = EvidenceDocument.resolve(target, from: current.path)
            guard let next = try self.file(path, seenBy: Viewer(of: current)) else {
                return sightings.miss("\(file.path) leads to \(path), which the evidence does not hold", current.place)
            }
            if next.isMissing { return sightings.miss("\(file.path) leads to \(path), which is missing", current.place) }
            current = next
        }
        sightings.miss("\(file.path) is a symbolic link that leads in circles", file.place)
    }

    /// As many as Linux follows. Source: path_resolution(7).
    private static let mostLinks = 40

    /// A link's target as an absolute path without `.` and `..`.
    public static func resolve(_ target: String, from link: String) -> String {
        let base = target.hasPrefix("/") ? [] : link.split(separator: "/").dropLast()
        var steps: [Substring] = Array(base)
        for step in target.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return "/" + steps.joined(separator: "/")
    }

    /// The directories above a path, the nearest first, up to `/`; none for a path longer than Linux has any.
    public static func directories(above path: String) -> [String] {
        guard path.utf8.count <= longestPath else { return [] }
        var directories: [String] = []
        var rest = path[...]
        while rest != "/", let slash = rest.lastIndex(of: "/") {
            rest = slash == rest.startIndex ? "/" : rest[..<slash]
            directories.append(String(rest))
        }
        return directories
    }

    /// In bytes. Source: PATH_MAX in linux/limits.h.
    private static let longestPath = 4096
}

extension ProtectedFile {
    /// The program whose manifest it is.
    var staticPod: ComponentKind? {
        switch self {
        case .apiServerManifest, .controllerManagerManifest, .schedulerManifest, .etcdManifest: program
        default: nil
        }
    }

    /// The path in a setting: a socket's without its scheme; nil for what is no file, as `-` for the standard output.
    static func path(_ setting: String) -> String? {
        if setting.isEmpty || setting == "-" { return nil }
        if setting.hasPrefix("unix://") { return String(setting.dropFirst("unix://".count)) }
        return setting.contains("://") ? nil : setting
    }
}
