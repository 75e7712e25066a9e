import Controls

/// Examples of programs of Kubernetes, written as their command lines.
///
/// `# ✗` behind an argument, a variable or the path of a file marks the line with the finding; behind the program's own name it
/// marks its arguments as a whole, where a finding stands that is about something missing.
extension Example {
    /// Evidence of a machine that runs one program.
    ///
    /// - Parameters:
    ///   - version: of Kubernetes, where it matters.
    ///   - files: what the evidence holds of files, by path.
    static func machine(
        _ program: String, _ arguments: String..., version: String? = nil, environment: KeyValuePairs<String, String> = [:],
        files: KeyValuePairs<String, String> = [:]
    ) -> Example {
        let program = Marked(program)
        let isNode = ["kubelet", "kube-proxy"].contains(program.text)
        var lines = ["apiVersion: demarc.dev/v1alpha1", "kind: NodeEvidence", "nodeName: \(isNode ? "node-1" : "cp-1")"]
        if let version { lines.append("kubernetesVersion: \(quoted(version))") }
        lines += ["processes:", "- name: \(program.text)", "  argv:\(program.mark)"]
        lines += list([program.text] + arguments).map { "  " + $0 }
        if !environment.isEmpty { lines.append("  environment:") }
        for (name, value) in environment {
            let value = Marked(value)
            lines.append("    \(name): \(quoted(value.text))\(value.mark)")
        }
        if !files.isEmpty { lines.append("files:") }
        for (path, content) in files {
            let path = Marked(path)
            lines += ["- path: \(path.text)", "  content: |\(path.mark)"]
            lines += content.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
        }
        return Example(lines.joined(separator: "\n"))
    }

    /// A Pod that runs one program, as static Pods of a control plane do.
    ///
    /// - Parameters:
    ///   - args: what stands under `args` rather than `command`.
    ///   - version: of the image.
    static func pod(_ program: String, _ command: String..., args: [String] = [], version: String? = nil) -> Example {
        let program = Marked(program)
        let tag = version ?? (program.text == "etcd" ? "3.5.15-0" : "v1.31.2")
        var lines = [
            "apiVersion: v1", "kind: Pod", "metadata: {name: \(program.text), namespace: kube-system}", "spec:", "  containers:",
            "  - name: \(program.text)", "    image: registry.example.com/\(program.text):\(tag)", "    command:\(program.mark)",
        ]
        lines += list([program.text] + command).map { "    " + $0 }
        if !args.isEmpty { lines += ["    args:"] + list(args).map { "    " + $0 } }
        return Example(lines.joined(separator: "\n"))
    }

    private static func list(_ items: [String]) -> [String] {
        items.map { item in
            let item = Marked(item)
            return "- \(quoted(item.text))\(item.mark)"
        }
    }

    /// Quotes what YAML would read as something else than this text.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first.map { $0.isLetter || $0 == "/" || $0 == "-" } == true && !text.contains(": ") && !text.contains(" #") && text.last != ":"
            && !["true", "false", "yes", "no", "on", "off", "null", "-"].contains(text)
            && !(text.first == "-" && text.dropFirst().first?.isNumber == true)
        return isPlain ? text : "\"\(text)\""
    }

    /// A text and the mark behind it.
    private struct Marked {
        let text: String
        /// Empty, or the mark with a space before it.
        let mark: String

        init(_ written: String) {
            let fault = " # ✗"
            text = written.hasSuffix(fault) ? String(written.dropLast(fault.count)) : written
            mark = written.hasSuffix(fault) ? fault : ""
        }
    }
}
