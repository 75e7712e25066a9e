internal import ArgumentParser

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Every flag of every command is also an environment variable: `--fail-on` is `DEMARC_FAIL_ON`. What the
/// command line says wins.
enum EnvironmentFlags {
    static let prefix = "DEMARC_"

    /// The arguments, with those flags behind the subcommand that only the environment sets.
    /// - Throws: `Failure` when a switch is set to something that is neither true nor false.
    static func added(to arguments: [String], environment: [String: String] = variables()) throws -> [String] {
        let settings = environment.filter { $0.key.hasPrefix(prefix) }
        guard !settings.isEmpty, let (command, depth) = subcommand(of: arguments) else { return arguments }
        var added: [String] = []
        for flag in flags(of: command).sorted(by: { $0.long < $1.long }) {
            let name = prefix + flag.long.replacing("-", with: "_").uppercased()
            guard let value = settings[name], !arguments.contains(where: flag.isSet) else { continue }
            if flag.takesValue {
                // Joined, so that a value that begins with a dash is no flag; an empty variable is as good as none.
                if !value.isEmpty { added.append("--\(flag.long)=\(value)") }
            } else if try isTrue(value, name) {
                added.append("--" + flag.long)
            }
        }
        return Array(arguments[..<depth]) + added + Array(arguments[depth...])
    }

    /// A flag as the help of its command shows it.
    struct Flag {
        let long: String
        let short: Character?
        let takesValue: Bool

        func isSet(by argument: String) -> Bool {
            argument == "--" + long || argument.hasPrefix("--" + long + "=")
                || short.map { argument.hasPrefix("-\($0)") && !argument.hasPrefix("--") } ?? false
        }
    }

    /// The flags of a command, read from its own help, so that there is no second list to keep.
    static func flags(of command: any ParsableCommand.Type) -> [Flag] {
        command.helpMessage(columns: 400).split(separator: "\n").compactMap { line in
            let words = line.prefix { $0 != "\t" }.split(separator: " ").prefix(4)
            guard line.hasPrefix("  -"), let long = words.first(where: { $0.hasPrefix("--") }) else { return nil }
            let name = long.dropFirst(2).prefix { $0 != "," && $0 != "/" }
            guard name != "help", name != "version" else { return nil }
            let short = words.first.flatMap { $0.hasPrefix("--") ? nil : $0.dropFirst().first }
            let after = words.drop { !$0.hasPrefix("--") }.dropFirst().first
            return Flag(long: String(name), short: short, takesValue: after?.hasPrefix("<") ?? false)
        }
    }

    /// The deepest subcommand the arguments name, and how many of them name it.
    private static func subcommand(of arguments: [String]) -> (any ParsableCommand.Type, Int)? {
        var command: any ParsableCommand.Type = Demarc.Root.self
        var depth = 0
        while depth < arguments.count, let next = command.configuration.subcommands.first(where: { $0._commandName == arguments[depth] }) {
            command = next
            depth += 1
        }
        return depth == 0 ? nil : (command, depth)
    }

    private static func isTrue(_ value: String, _ name: String) throws -> Bool {
        switch value.lowercased() {
        case "1", "true", "yes", "on": return true
        case "", "0", "false", "no", "off": return false
        default: throw Failure.usage("\(name) is '\(value)', where true or false was expected")
        }
    }

    /// The arguments with the name of the default subcommand where a command that has one is called without any, so that
    /// `demarc reach --help` shows the flags of what `demarc reach` does.
    static func namingDefault(in arguments: [String]) -> [String] {
        guard let (command, depth) = subcommand(of: arguments), let standard = command.configuration.defaultSubcommand else { return arguments }
        return Array(arguments[..<depth]) + [standard._commandName] + Array(arguments[depth...])
    }

    /// The variables of this process that start with the prefix.
    static func variables(beginningWith prefixes: [String] = [prefix]) -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pair = entry.pointee {
            let text = String(cString: pair)
            if prefixes.contains(where: text.hasPrefix), let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
