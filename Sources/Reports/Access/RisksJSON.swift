import Access
import Controls
import Documents
import Kubernetes

extension RisksReport {
    /// The document that scripts read (`docs/escalation.md`). Every way that the view shows, one by one.
    func writeJSON(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("schemaVersion", "1")
            writer.object("tool") { writer in
                writer.field("name", "demarc")
                writer.field("version", toolVersion)
            }
            writer.object("summary") { writer in
                writer.field("exposed", paths.count)
                writer.field("components", analysis.inherent.count)
                writer.object("bySeverity") { writer in
                    for severity in Technique.Severity.allCases.sorted(by: >) {
                        writer.key(severity.rawValue)
                        writer.value(paths.count { $0.severity == severity })
                    }
                }
            }
            writer.array("paths") { writer in
                for path in paths + components { write(path, to: &writer) }
            }
            writer.array("cuts") { writer in
                for (cut, subjects) in analysis.savings {
                    writer.line()
                    writer.object { writer in
                        writeFields(cut, to: &writer)
                        writer.field("subjects", subjects)
                    }
                }
            }
            writer.list("notes", notes)
            writer.gaps(gaps)
        }
        writer.text("\n")
    }

    private func write(_ path: EscalationPath, to writer: inout ByteWriter) {
        writer.line()
        writer.object { writer in
            writer.object("subject") { $0.subject(subject(path)) }
            writer.field("severity", path.severity.rawValue)
            writer.field("bootstrap", path.isInherent)
            writer.field("length", path.length)
            writer.array("steps") { writer in for step in path.steps { write(step, to: &writer) } }
            writer.key("cut")
            if let cut = path.cut { writer.object { writeFields(cut, to: &$0) } } else { writer.null() }
            writer.field("remaining", path.remaining)
            writer.array("cuts") { writer in for cut in path.cuts { writer.object { writeFields(cut, to: &$0) } } }
        }
    }

    private func write(_ step: EscalationStep, to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("technique", step.technique.id)
            writer.field("title", step.technique.title)
            writer.field("severity", step.technique.severity.rawValue)
            writer.field("condition", step.technique.condition)
            write("from", step.from, to: &writer)
            write("to", step.to, to: &writer)
            writer.array("grants") { writer in for grant in step.grants { write(grant, to: &writer) } }
            writer.key("object")
            if let index = step.object {
                let object = analysis.policy.object(.estate(index))
                writer.object { writer in
                    writer.field("kind", object.kind)
                    writer.field("namespace", object.namespace)
                    writer.field("name", object.name)
                    writer.location(object.root)
                }
            } else {
                writer.null()
            }
        }
    }

    private func write(_ name: StaticString, _ place: EscalationPlace, to writer: inout ByteWriter) {
        writer.object(name) { writer in
            writer.field("type", place.type)
            writer.field("text", place.description)
            writer.key("subject")
            if case .subject(let subject) = place { writer.object { $0.subject(subject) } } else { writer.null() }
        }
    }

    private func write(_ grant: EscalationGrant, to writer: inout ByteWriter) {
        let policy = analysis.policy
        writer.object { writer in
            if let binding = grant.binding {
                writer.object("binding", policy.object(policy.bindings[binding].origin))
            } else {
                writer.key("binding")
                writer.null()
            }
            writer.object("role", policy.object(policy.roles[grant.role].origin))
            if let rule = rule(grant) {
                writer.rule("rule", rule, in: policy)
            } else {
                writer.key("rule")
                writer.null()
            }
        }
    }

    /// `binding`, or the `role` with the `rule`; the others are null.
    private func writeFields(_ cut: EscalationCut, to writer: inout ByteWriter) {
        let policy = analysis.policy
        switch cut {
        case .binding(let binding):
            writer.object("binding", policy.object(policy.bindings[binding].origin))
            for key in ["role", "rule"] as [StaticString] {
                writer.key(key)
                writer.null()
            }
        case .rule(let role, let rule):
            writer.key("binding")
            writer.null()
            writer.object("role", policy.object(policy.roles[role].origin))
            writer.rule("rule", policy.roles[role].rules[rule], in: policy)
        }
    }
}

extension EscalationPlace {
    /// A word for scripts.
    var type: String {
        switch self {
        case .cluster: "cluster"
        case .subject: "subject"
        case .ownPods: "ownPods"
        case .runningPods, .pod: "runningPods"
        case .serviceAccounts: "serviceAccounts"
        case .tokenSecrets, .secret, .forgedBootstrapToken: "tokens"
        case .rights, .rightsInNamespaces, .roles: "rights"
        case .everyUser, .everyone: "everyone"
        case .node: "node"
        case .everyNode: "everyNode"
        }
    }
}
