/// An error that a person can act on, with the exit code the contract has for it.
struct Failure: Error, CustomStringConvertible {
    /// The exit codes of the command line (`docs/cli.md`).
    enum Code: Int32 {
        case clean = 0
        case findings = 1
        case usage = 2
        case incomplete = 3
        case unreachable = 4
    }

    let code: Code
    /// What, where and the remedy.
    let description: String

    static func usage(_ description: String) -> Failure { Failure(code: .usage, description: description) }
    static func incomplete(_ description: String) -> Failure { Failure(code: .incomplete, description: description) }
}
