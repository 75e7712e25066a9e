internal import Advisories
internal import Controls
internal import Documents

/// Reading advisories: files, or directories of them.
enum AdvisoryFiles {
    /// - Returns: what was read, and what could not be. Costs nothing when no path is given.
    static func read(_ paths: [String], excluding exclude: [String], limits: Limits) async -> (index: AdvisoryIndex, gaps: [Gap]) {
        guard !paths.isEmpty else { return (.none, []) }
        let walk = SourceWalk(paths, excluding: exclude)
        let sources = walk.sources.filter { $0.isNamed || $0.path.hasSuffix(".json") }
        let parts = await Parallel.map(sources) { Part($0.path, limits: limits) }
        let index = AdvisoryIndex(parts.compactMap(\.source))
        var gaps = walk.gaps + parts.compactMap(\.gap) + index.problems.map(Gap.init)
        if index.isEmpty, gaps.isEmpty {
            gaps.append(Gap(source: paths[0], reason: .noObjects, message: "no advisory was found; give records in OSV's form or Debian's tracker"))
        }
        return (index, gaps)
    }

    private struct Part: Sendable {
        var source: AdvisorySource?
        var gap: Gap?

        init(_ path: String, limits: Limits) {
            do {
                source = AdvisorySource(try SourceFile.read(path, limit: limits.bytes), source: path == "-" ? "<stdin>" : path, limits: limits)
            } catch {
                gap = Gap(source: path, reason: .unreadable, message: error.message)
            }
        }
    }
}

extension Gap {
    init(_ problem: AdvisoryProblem) {
        self.init(
            source: problem.source, line: problem.line, column: problem.column, reason: problem.isSyntax ? .syntax : .wrongType,
            message: problem.message)
    }
}
