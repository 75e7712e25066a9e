internal import Reports

/// Which report goes where. `--format` and `--output` pair up in the order they stand: an output belongs to the
/// format before it, or to the next one when that has its own already.
struct ReportTargets {
    struct Target: Equatable {
        let format: ReportFormat
        /// nil is standard output.
        let path: String?
    }

    let targets: [Target]

    /// - Parameter arguments: the command line, of which only these flags are looked at.
    /// - Throws: `Failure` for an unknown format or two reports on standard output.
    init(_ arguments: [String]) throws {
        var pairs: [(format: String?, path: String?)] = []
        for (isFormat, value) in ReportTargets.flags(in: arguments) {
            if isFormat {
                if let last = pairs.indices.last, pairs[last].format == nil { pairs[last].format = value } else { pairs.append((value, nil)) }
            } else {
                if let last = pairs.indices.last, pairs[last].path == nil { pairs[last].path = value } else { pairs.append((nil, value)) }
            }
        }
        if pairs.isEmpty { pairs.append(("table", nil)) }
        targets = try pairs.map { pair in
            Target(format: try ReportTargets.format(pair.format, path: pair.path), path: pair.path == "-" ? nil : pair.path)
        }
        guard targets.count(where: { $0.path == nil }) <= 1 else {
            throw Failure.usage("two reports would mix on standard output; give each --format but one its own --output FILE")
        }
    }

    private static func format(_ name: String?, path: String?) throws -> ReportFormat {
        if let name {
            guard let format = ReportFormat(rawValue: name) else {
                throw Failure.usage("unknown format '\(name)'; known are \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return format
        }
        let suffix = path?.split(separator: ".").last.map(String.init) ?? ""
        return ReportFormat.allCases.first { $0.fileExtension == suffix } ?? .table
    }

    /// The values of the two flags in their order, up to a `--`.
    private static func flags(in arguments: [String]) -> [(isFormat: Bool, value: String)] {
        var found: [(Bool, String)] = []
        var index = 0
        while index < arguments.count, arguments[index] != "--" {
            let argument = arguments[index]
            index += 1
            for (flag, isFormat) in [("--format", true), ("--output", false), ("-o", false)] {
                if argument == flag, index < arguments.count {
                    found.append((isFormat, arguments[index]))
                    index += 1
                } else if argument.hasPrefix(flag + "=") {
                    found.append((isFormat, String(argument.dropFirst(flag.count + 1))))
                }
            }
        }
        return found
    }
}
