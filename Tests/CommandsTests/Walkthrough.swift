import ClusterSupport
import Foundation
import Testing

/// The steps of a document that shows commands and what they print:
///
///     ann$ kubectl get pods
///     No resources found …
///
/// The word before `$` is who types it. A line may end with `\` and go on in the next. `…` in what is printed stands for anything within the line, and
/// a line of its own for any number of lines.
struct Walkthrough {
    struct Step: CustomTestStringConvertible {
        let line: Int
        let person: String
        let command: String
        let printed: [String]

        var testDescription: String { "line \(line): \(person)$ \(command)" }

        /// Asks without changing anything, so that it can be asked again until what is awaited has happened.
        var isQuestion: Bool {
            ["kubectl get", "demarc grant list", "demarc grant show", "demarc scan", "demarc ledger verify", "demarc blame"].contains {
                command.hasPrefix($0)
            }
        }

        func matches(_ output: String) -> Bool {
            let pattern = printed.map { line in
                line == "…"
                    ? "(?:[^\\n]*\\n)*?"
                    : line.split(separator: "…", omittingEmptySubsequences: false).map { Self.escaped($0) }.joined(separator: "[^\\n]*") + "[ ]*\\n"
            }.joined()
            let text = output.isEmpty || output.hasSuffix("\n") ? output : output + "\n"
            return text.range(of: "\\A" + pattern + "\\z", options: .regularExpression) == text.startIndex..<text.endIndex
        }

        private static func escaped(_ text: Substring) -> String { NSRegularExpression.escapedPattern(for: String(text)) }
    }

    let steps: [Step]

    init(_ document: String) {
        var steps: [Step] = []
        var open: (line: Int, person: String, command: String, printed: [String])?
        var isConsole = false
        func close() {
            if let step = open { steps.append(Step(line: step.line, person: step.person, command: step.command, printed: step.printed)) }
            open = nil
        }
        for (index, line) in document.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                close()
                isConsole = line == "```console"
            } else if isConsole, let prompt = line.firstMatch(of: #/^([a-z]+)\$ (.*)$/#) {
                close()
                open = (index + 1, String(prompt.1), String(prompt.2), [])
            } else if isConsole, let step = open {
                if step.printed.isEmpty, step.command.hasSuffix("\\") {
                    open?.command = step.command.dropLast() + line.trimmingCharacters(in: .whitespaces)
                } else {
                    open?.printed.append(String(line))
                }
            }
        }
        close()
        self.steps = steps
    }

    /// Types a command, in a shell that finds `demarc` and `kubectl`.
    ///
    /// - Returns: what it printed, errors included, in the order in which it did.
    static func type(_ command: String, in folder: URL, path: [URL], environment: [String: String]) throws -> String {
        let path = path.map(\.path) + ["/usr/bin", "/bin"]
        let script = "cd \"$1\" && exec 2>&1 && eval \"$2\""
        return try BoundedProcess.run(
            "/bin/sh", ["-c", script, "sh", folder.path, command],
            environment: environment.merging(["PATH": path.joined(separator: ":"), "NO_COLOR": "1", "COLUMNS": "100"]) { $1 }, seconds: 120
        ).output
    }
}
