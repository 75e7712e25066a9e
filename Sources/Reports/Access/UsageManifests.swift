import Access
import Kubernetes

/// The suggestions as manifests: what can be applied stands as YAML, what a person must do as a comment.
extension UsageReport {
    func writeManifests(to writer: inout ByteWriter) {
        comment("Written from \(counted(usage.events, "allowed request")) of an audit log: \(window).", to: &writer)
        comment("What did not happen in that time, or is not recorded by the audit policy, is not allowed by these roles.", to: &writer)
        comment("A binding cannot be given another role: apply these, then delete the old binding named above each.", to: &writer)
        var names = SuggestedNames(policy)
        for binding in usage.bindings {
            switch usage.suggestion(for: binding, names: &names) {
            case .keep: break
            case .remove:
                writer.text("---\n")
                comment("Nothing of \(title(binding)) was used. To remove it:", to: &writer)
                comment("  " + removal(of: binding), to: &writer)
            case .countless:
                writer.text("---\n")
                comment("\(title(binding)) was used for too many different things to suggest a role.", to: &writer)
            case .keepSubjects(let subjects):
                writer.text("---\n")
                comment("\(title(binding)) with those alone who used it:", to: &writer)
                let granted = policy.bindings[binding]
                writeBinding(
                    named: granted.name, in: granted.namespace, of: granted.roleName, to: subjects, into: &writer)
            case .narrow(let roles): write(roles, insteadOf: binding, to: &writer)
            }
        }
    }

    private func write(_ roles: [SuggestedRole], insteadOf binding: Int, to writer: inout ByteWriter) {
        let rules = usage.rules(of: binding)
        for (index, role) in roles.enumerated() {
            writer.text("---\n")
            if index == 0 {
                let (used, granted) = rules.reduce((0, 0)) { ($0.0 + $1.used, $0.1 + $1.granted) }
                comment("Instead of \(title(binding)), of which \(used) of \(counted(granted, "permission")) were used:", to: &writer)
                comment("  " + removal(of: binding), to: &writer)
                if rules.contains(where: { !$0.unobservable.isEmpty }) {
                    comment("Kept although no log can show its use: \(unobservable(rules))", to: &writer)
                }
                let left = subjects(of: binding).filter { subject in !roles.contains { $0.subjects.contains(subject) } }
                if !left.isEmpty {
                    comment(
                        "Left out, since they did not use it: \(left.map { policy.subjects[$0].description }.joined(separator: ", "))", to: &writer)
                }
            }
            write(role, to: &writer)
        }
    }

    private func write(_ role: SuggestedRole, to writer: inout ByteWriter) {
        let kind = UsageReport.kind(of: role)
        writer.text("apiVersion: \(rbacGroup)/v1\nkind: \(kind)\n\(metadata(role.name, role.namespace))rules:\n")
        for rule in role.rules {
            var mark = "- "
            for (key, list) in [
                ("apiGroups", rule.apiGroups), ("resources", rule.resources), ("resourceNames", rule.resourceNames),
                ("nonResourceURLs", rule.nonResourceURLs), ("verbs", rule.verbs),
            ] where !list.isEmpty {
                writer.text("\(mark)\(key): [\(list.map(quoted).joined(separator: ", "))]\n")
                mark = "  "
            }
        }
        writer.text("---\n")
        writeBinding(named: role.name, in: role.namespace, of: .init(kind: kind, name: role.name), to: role.subjects, into: &writer)
    }

    private func metadata(_ name: String, _ namespace: String) -> String {
        "metadata:\n  name: \(quoted(name))\n" + (namespace.isEmpty ? "" : "  namespace: \(quoted(namespace))\n")
    }

    private func writeBinding(
        named name: String, in namespace: String, of role: AccessIndex.Name, to subjects: [Int], into writer: inout ByteWriter
    ) {
        let kind = namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding"
        writer.text("apiVersion: \(rbacGroup)/v1\nkind: \(kind)\n\(metadata(name, namespace))")
        writer.text("roleRef:\n  apiGroup: \(rbacGroup)\n  kind: \(role.kind)\n  name: \(quoted(role.name))\nsubjects:\n")
        for subject in subjects.map({ policy.subjects[$0] }) {
            let group = subject.kind == .serviceAccount ? "" : "  apiGroup: \(rbacGroup)\n"
            let namespace = subject.namespace.isEmpty ? "" : "  namespace: \(quoted(subject.namespace))\n"
            writer.text("- kind: \(subject.kind.rawValue)\n\(group)  name: \(quoted(subject.name))\n\(namespace)")
        }
    }

    private func title(_ binding: Int) -> String {
        let role = policy.bindings[binding].role.map(phrases.role) ?? ""
        return "\(phrases.binding(binding)) of \(role) (\(phrases.place(policy.bindings[binding].origin)))"
    }

    private func removal(of binding: Int) -> String {
        let (namespace, name) = (policy.bindings[binding].namespace, policy.bindings[binding].name)
        // In single quotes the shell takes everything as it stands, but for the quote itself.
        let safe = "'\(name.replacing("'", with: "'\\''"))'"
        return namespace.isEmpty ? "kubectl delete clusterrolebinding \(safe)" : "kubectl delete rolebinding \(safe) -n \(namespace)"
    }

    private func unobservable(_ rules: [RuleUsage]) -> String {
        rules.flatMap(\.unobservable).map { "\($0.verbs.joined(separator: ", ")) on \($0.targets.joined(separator: ", "))" }.joined(separator: "; ")
    }

    /// A comment of one line, whatever names are in it.
    private func comment(_ text: String, to writer: inout ByteWriter) { writer.text("# \(TerminalText.clean(text))\n") }

    /// Names come from manifests: in quotes, with all escaped that is not plain, none of them becomes anything else than text.
    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let isShort = digits.count <= 4
                quoted += (isShort ? "\\u" : "\\U") + String(repeating: "0", count: (isShort ? 4 : 8) - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}
