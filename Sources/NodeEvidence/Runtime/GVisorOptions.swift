internal import Documents

/// Options that open gVisor's sandbox, as its configuration or its command line sets them.
///
/// Source: https://gvisor.dev/docs/user_guide/ and the flags of runsc (`runsc flags`).
public struct GVisorOption: Sendable, Equatable {
    public let name: String
    public let value: String
    /// What it gives away.
    public let threat: String
    public let file: String
    public let line: Int

    private static func threat(of name: String, _ value: String) -> String? {
        let isOn = value == "true" || value == "1"
        switch name {
        case "network" where value == "host": return "containers use the network of the machine through its own kernel"
        case "host-uds" where value != "none" && !value.isEmpty: return "containers reach Unix sockets of the machine"
        case "fsgofer-host-uds" where isOn: return "containers reach Unix sockets of the machine"
        case "host-fifo" where value == "open": return "containers reach named pipes of the machine"
        case "nvproxy" where isOn, "tpuproxy" where isOn: return "calls to a driver of the machine are passed through"
        case "debug" where isOn, "strace" where isOn: return "what programs in the sandbox do and pass on is written to the machine"
        case "profile" where isOn: return "profiling is on, for which the filter of system calls is wider"
        case "rootless" where isOn, "TESTONLY-unsafe-nonroot" where isOn: return "the sandbox runs without the protection that needs root"
        case "ignore-cgroups" where isOn: return "limits of memory and processors do not hold"
        case "net-raw" where isOn: return "containers may make raw sockets"
        case "allow-flag-override" where isOn: return "annotations of a Pod set flags of its own sandbox"
        case "platform" where value == "ptrace": return "the platform is superseded by systrap and no longer looked after"
        default: return nil
        }
    }

    /// Reads `runsc.toml`, whose table `runsc_config` holds flags without their dashes.
    /// - Returns: the dangerous options, and what could not be read.
    public static func read(_ file: EvidenceFile) -> (options: [GVisorOption], problem: RuntimeConfiguration.Problem?) {
        guard let content = file.content, !file.isTruncated else {
            return ([], RuntimeConfiguration.Problem(file: file.path, line: 0, message: "the evidence does not hold its text"))
        }
        let table: TOMLTable
        do throws(TOMLProblem) {
            table = try TOMLReader.read(content.text)
        } catch {
            return ([], RuntimeConfiguration.Problem(file: file.path, line: error.line, message: error.message))
        }
        guard let entry = table["runsc_config"] else { return ([], nil) }
        guard let flags = entry.table else {
            return ([], RuntimeConfiguration.Problem(file: file.path, line: entry.line, message: "runsc_config should be a table, not \(entry.noun)"))
        }
        var options: [GVisorOption] = []
        for name in flags.keys {
            guard let value = flags[name], let text = value.text, let threat = threat(of: name, text) else { continue }
            options.append(GVisorOption(name: name, value: text, threat: threat, file: file.path, line: value.line))
        }
        return (options, nil)
    }
}

extension TOMLValue {
    /// Flags may be written as text or as what they are.
    fileprivate var text: String? {
        switch content {
        case .string(let text): text
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        default: nil
        }
    }
}
