public import Kubernetes

/// A framework that narrows a run to its controls: `pss:restricted`, `cis-1.12`, `nsa`.
///
/// A level of the Pod Security Standards holds all below it: `pss:restricted` is every baseline and every restricted
/// check, without the baseline ones that a stricter check of this version of Kubernetes makes superfluous. In other
/// frameworks a level, where there is one, is taken by its name.
public struct FrameworkFilter: Sendable, Hashable, CustomStringConvertible {
    /// `pss`
    public let framework: String
    /// `restricted`, nil for all levels.
    public let level: String?

    /// - Parameters:
    ///   - text: `NAME` or `NAME:LEVEL`, in any case.
    ///   - controls: the catalogue whose references say which frameworks there are.
    public init(_ text: String, in controls: [Control]) throws(UnknownFramework) {
        let parts = text.lowercased().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let known = FrameworkFilter.known(in: controls)
        framework = parts.first ?? ""
        level = parts.count > 1 ? parts[1] : nil
        let description = level.map { "\(framework):\($0)" } ?? framework
        guard known.contains(description) else { throw UnknownFramework(name: text, known: known) }
    }

    /// Every name and `NAME:LEVEL` that can be asked for, sorted.
    public static func known(in controls: [Control]) -> [String] {
        var names: Set<String> = []
        for reference in controls.lazy.flatMap(\.references) {
            names.insert(reference.framework)
            if let level = reference.level { names.insert("\(reference.framework):\(level)") }
        }
        return names.sorted()
    }

    public var description: String { level.map { "\(framework):\($0)" } ?? framework }

    public func includes(_ reference: Reference) -> Bool {
        guard reference.framework == framework else { return false }
        guard let level, reference.level != level else { return true }
        return framework == Reference.podSecurityFramework && level == PodSecurityLevel.restricted.rawValue
    }

    /// The controls of the framework in their order, without those that a stricter one among them replaces.
    public func select(from controls: [Control], for version: KubernetesVersion) -> [Control] {
        let selected = controls.filter { $0.references.contains(where: includes) }
        let replaced = Set(selected.lazy.filter { $0.check(for: version) != nil }.flatMap(\.overrides))
        return selected.filter { !replaced.contains($0.id) }
    }
}

/// A framework that no control refers to.
public struct UnknownFramework: Error, Equatable, CustomStringConvertible {
    public let name: String
    /// What could have been asked for.
    public let known: [String]

    public var description: String {
        "no control refers to the framework '\(name)'; known are \(known.joined(separator: ", "))"
    }
}
