internal import Controls
internal import FoundationEssentials
internal import SystemPackage

/// The files that a list of paths stands for, in a deterministic order.
struct SourceWalk {
    struct Source: Sendable {
        /// As people name it, relative where they named it so.
        let path: String
        /// Named on the command line, as opposed to found in a directory.
        let isNamed: Bool
        /// Whether a record of a cloud in it is taken for one; anybody who may add a file could write the like.
        var holdsRecords = true
    }

    private(set) var sources: [Source] = []
    private(set) var gaps: [Gap] = []
    private let excluded: [String]
    /// Real paths of the directories above the one being read: a link to one of them is a circle.
    private var above: Set<String> = []
    /// What was met already, however it is named: a file named twice, or linked to, is one file.
    private var seen: Set<FileIdentity> = []
    /// Manifests below the directory that is walked, those that were met before included.
    private var found = 0

    /// - Parameter cloudRecords: read too; when there are any, records of a cloud are believed there alone.
    init(_ paths: [String], cloudRecords: [String] = [], excluding excluded: [String] = []) {
        self.excluded = excluded
        for path in cloudRecords { add(path) }
        let count = sources.count
        for path in paths { add(path) }
        if !cloudRecords.isEmpty { for index in sources.indices.dropFirst(count) { sources[index].holdsRecords = false } }
    }

    private mutating func add(_ path: String) {
        if path == "-" {
            // It can be read but once.
            if !sources.contains(where: { $0.path == "-" }) { sources.append(Source(path: path, isNamed: true)) }
            return
        }
        guard let identity = FileIdentity(of: path) else {
            gaps.append(Gap(source: path, reason: .unreadable, message: "there is no such file or directory; check the path"))
            return
        }
        if isExcluded(path) { return }
        guard identity.kind == .directory else {
            if seen.insert(identity).inserted { sources.append(Source(path: path, isNamed: true)) }
            return
        }
        let before = gaps.count
        found = 0
        walk(path)
        if found == 0, gaps.count == before {
            gaps.append(Gap(source: path, reason: .noObjects, message: "the directory holds no .yaml, .yml or .json file"))
        }
    }

    private mutating func walk(_ directory: String) {
        let real = URL(filePath: directory).resolvingSymlinksInPath().path
        guard above.insert(real).inserted else {
            gaps.append(
                Gap(source: directory, reason: .unreadable, message: "the symbolic link leads back to a directory above it; it was not followed"))
            return
        }
        defer { above.remove(real) }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            gaps.append(Gap(source: directory, reason: .unreadable, message: "the directory cannot be listed; check its permissions"))
            return
        }
        if names.contains("Chart.yaml") && names.contains("templates") {
            gaps.append(
                Gap(
                    source: directory, reason: .notAnObject,
                    message: "this is a chart, which must be rendered first: helm template \(directory) | demarc scan -"))
            return
        }
        if let kustomization = names.first(where: SourceWalk.kustomizations.contains) {
            gaps.append(
                Gap(
                    source: SourceWalk.path(of: kustomization, in: directory), reason: .notAnObject,
                    message: "what this makes of the manifests is not seen here; judge its result: kustomize build \(directory) | demarc scan -"))
        }
        // kubectl and GitOps controllers read hidden files and directories too; only version control keeps no manifests there.
        for name in names where !SourceWalk.repositories.contains(name) {
            let path = SourceWalk.path(of: name, in: directory)
            if !isExcluded(path) { add(found: path, isManifest: isManifest(name)) }
        }
    }

    private static func path(of name: String, in directory: String) -> String {
        directory == "." ? name : directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private static let kustomizations: Set<String> = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    private static let repositories: Set<String> = [".git", ".hg", ".svn", ".jj"]

    private mutating func add(found path: String, isManifest: Bool) {
        guard let identity = FileIdentity(of: path) else {
            let isGarbled = path.contains("\u{FFFD}")
            let message = isGarbled ? "the name is not valid UTF-8; rename the file" : "the symbolic link leads nowhere"
            gaps.append(Gap(source: path, reason: .unreadable, message: message))
            return
        }
        switch identity.kind {
        case .directory: walk(path)
        case .file:
            guard isManifest else { return }
            found += 1
            if seen.insert(identity).inserted { sources.append(Source(path: path, isNamed: false)) }
        // Reading a pipe that nobody writes to would wait for ever; who means it names it.
        case .other:
            if isManifest { gaps.append(Gap(source: path, reason: .unreadable, message: "is no regular file; name it to have it read")) }
        }
    }

    private func isExcluded(_ path: String) -> Bool { excluded.contains { matches(path, pattern: $0) } }

    private func isManifest(_ name: String) -> Bool {
        name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json")
    }

    /// Shell-like: `*` stands for anything within one path component, `**` for anything. A pattern without a slash matches any component.
    private func matches(_ path: String, pattern: String) -> Bool {
        guard pattern.contains("/") else {
            return path.split(separator: "/").contains { glob(Array($0.utf8)[...], Array(pattern.utf8)[...]) }
        }
        let text = Array(path.utf8)[...]
        // `**/x` also means an `x` at the very top.
        return glob(text, Array(pattern.utf8)[...]) || pattern.hasPrefix("**/") && glob(text, Array(pattern.utf8.dropFirst(3))[...])
    }

    private func glob(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let star = UInt8(ascii: "*")
        if first == star {
            let crossesSlashes = pattern.dropFirst().first == star
            let rest = pattern.dropFirst(crossesSlashes ? 2 : 1)
            if glob(text, rest) { return true }
            guard let byte = text.first, crossesSlashes || byte != UInt8(ascii: "/") else { return false }
            return glob(text.dropFirst(), pattern)
        }
        guard let byte = text.first, byte == first || first == UInt8(ascii: "?") else { return false }
        return glob(text.dropFirst(), pattern.dropFirst())
    }
}
