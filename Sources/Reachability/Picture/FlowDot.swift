extension NetworkModel {
    /// Writes every flow in the language of Graphviz, a piece at a time, since there may be millions.
    public func writeDot(_ write: (String) -> Void) {
        write("digraph reach {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n")
        var namespace: String?
        for workload in workloads {
            if workload.namespace != namespace {
                if namespace != nil { write("  }\n") }
                namespace = workload.namespace
                write("  subgraph \(NetworkModel.quoted("cluster_" + workload.namespace)) {\n    label=\(NetworkModel.quoted(workload.namespace));\n")
            }
            write("    \(NetworkModel.quoted(workload.description)) [label=\(NetworkModel.quoted("\(workload.name)\n\(workload.kind)"))];\n")
        }
        if namespace != nil { write("  }\n") }
        let names = workloads.map { NetworkModel.quoted($0.description) }
        forEachFlow { flow in
            write("  \(name(flow.source, names)) -> \(name(flow.destination, names)) [label=\(NetworkModel.quoted(flow.connections.description))];\n")
        }
        write("}\n")
    }

    private func name(_ end: FlowEnd, _ names: [String]) -> String {
        switch end {
        case .workload(let index): names[index]
        case .addresses(let range): "\"\(range)\""
        }
    }

    /// A quoted string of the language: only quotes, backslashes and line ends mean something in one.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where character.value < 0x20: quoted += " "
            default: quoted.unicodeScalars.append(character)
            }
        }
        return quoted + "\""
    }
}
