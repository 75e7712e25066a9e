internal import HTTPTypes

/// One thing that must be so before the server can do its work.
public struct HealthCheck: Sendable, Equatable {
    public var name: String
    /// nil when all is well. Anybody may read it: no names of objects, no secrets.
    public var problem: String?

    public init(_ name: String, problem: String? = nil) { (self.name, self.problem) = (name, problem) }
}

/// As the API server writes it: a line for each check, a verdict at the end.
enum Health {
    /// - Parameter isVerbose: the lines also where all is well.
    static func answer(_ path: String, _ checks: [HealthCheck], isVerbose: Bool) -> Answer {
        let isWell = checks.allSatisfy { $0.problem == nil }
        guard isVerbose || !isWell else { return Answer(status: .ok, body: .text("ok")) }
        let lines = checks.map { check in check.problem.map { "[-]\(check.name) failed: \($0)" } ?? "[+]\(check.name) ok" }
        let verdict = "\(path) check \(isWell ? "passed" : "failed")"
        return Answer(status: isWell ? .ok : .serviceUnavailable, body: .text((lines + [verdict]).joined(separator: "\n") + "\n"))
    }
}
