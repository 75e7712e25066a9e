/// The flags of a component's command line, as its own parser takes them.
enum ComponentFlags {
    /// The values of each flag in their order, without the dashes: `--flag=value`, `--flag value`, `-flag value`; a flag alone is `true`.
    static func values(of arguments: some Sequence<String>) -> [String: [String]] {
        var values: [String: [String]] = [:]
        var waiting: String?
        for argument in arguments.dropFirst() {
            guard argument.hasPrefix("-"), argument.utf8.count > 1 else {
                if let flag = waiting { values[flag, default: []].append(argument) }
                waiting = nil
                continue
            }
            if let flag = waiting { values[flag, default: []].append("true") }
            let body = argument.drop { $0 == "-" }
            if let equals = body.firstIndex(of: "=") {
                values[normalised(body[..<equals]), default: []].append(String(body[body.index(after: equals)...]))
                waiting = nil
            } else {
                waiting = normalised(body)
            }
        }
        if let flag = waiting { values[flag, default: []].append("true") }
        return values
    }

    /// Underscores are taken for dashes (k8s.io/component-base/cli/flag).
    private static func normalised(_ name: Substring) -> String { String(name.replacing("_", with: "-")) }
}
