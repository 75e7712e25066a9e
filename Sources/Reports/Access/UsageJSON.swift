import Access
import Documents
import Kubernetes

/// The report for scripts; keys are always there.
extension UsageReport {
    func writeJSON(to writer: inout ByteWriter) {
        var names = SuggestedNames(policy)
        writer.object { writer in
            writer.field("schemaVersion", "1")
            writer.object("tool") { writer in
                writer.field("name", "demarc")
                writer.field("version", toolVersion)
            }
            writer.object("window") { writer in
                writer.key("first")
                writer.value(usage.first.isEmpty ? nil : usage.first)
                writer.key("last")
                writer.value(usage.last.isEmpty ? nil : usage.last)
            }
            writer.object("log") { writer in
                writer.field("lines", log.lines)
                writer.field("counted", usage.events)
                writer.field("refused", log.refused)
                writer.field("unfinished", log.unfinished)
                writer.field("unreadable", log.unreadable)
                writer.field("unexplained", usage.unexplained)
            }
            let bindings = usage.bindings
            writer.array("subjects") { writer in
                for subject in Set(bindings.flatMap(subjects)).sorted(by: { policy.subjects[$0] < policy.subjects[$1] }) {
                    writer.line()
                    writer.object { writer in
                        writeSubject(subject, to: &writer)
                        writer.field("requests", usage.appearances(of: subject))
                    }
                }
            }
            writer.array("bindings") { writer in
                for binding in bindings {
                    writer.line()
                    write(binding, usage.suggestion(for: binding, names: &names), to: &writer)
                }
            }
            writer.gaps(gaps)
        }
        writer.text("\n")
    }

    private func write(_ binding: Int, _ suggestion: Suggestion, to writer: inout ByteWriter) {
        guard let role = policy.bindings[binding].role else { return }
        let active = Set(usage.uses(of: binding).map(\.subject))
        writer.object { writer in
            writer.object("binding", policy.object(policy.bindings[binding].origin))
            writer.object("role", policy.object(policy.roles[role].origin))
            writer.array("rules") { writer in
                for rule in usage.rules(of: binding) {
                    writer.object { writer in
                        writer.rule("rule", policy.roles[role].rules[rule.rule], in: policy)
                        writer.usage(rule)
                    }
                }
            }
            writer.array("subjects") { writer in
                for subject in subjects(of: binding) {
                    writer.object { writer in
                        writeSubject(subject, to: &writer)
                        writer.array("rules") { writer in
                            // Of whoever did nothing, everything is unused.
                            guard active.contains(subject) else { return }
                            for rule in usage.rules(of: binding, by: subject) { writer.object { $0.usage(rule) } }
                        }
                    }
                }
            }
            writer.object("suggestion") { writer in write(suggestion, to: &writer) }
        }
    }

    private func write(_ suggestion: Suggestion, to writer: inout ByteWriter) {
        var (roles, kept): ([SuggestedRole], [Int]) = ([], [])
        let action: StaticString
        switch suggestion {
        case .keep: action = "keep"
        case .remove: action = "remove"
        case .keepSubjects(let subjects): (action, kept) = ("keepSubjects", subjects)
        case .countless: action = "countless"
        case .narrow(let suggested): (action, roles) = ("narrow", suggested)
        }
        writer.key("action")
        writer.value(action)
        writer.array("subjects") { writer in for subject in kept { writer.object { writeSubject(subject, to: &$0) } } }
        writer.array("roles") { writer in
            for role in roles {
                writer.object { writer in
                    writer.field("kind", UsageReport.kind(of: role))
                    writer.field("namespace", role.namespace)
                    writer.field("name", role.name)
                    writer.array("rules") { writer in
                        for rule in role.rules {
                            writer.object { writer in
                                writer.list("verbs", rule.verbs)
                                writer.list("apiGroups", rule.apiGroups)
                                writer.list("resources", rule.resources)
                                writer.list("resourceNames", rule.resourceNames)
                                writer.list("nonResourceURLs", rule.nonResourceURLs)
                            }
                        }
                    }
                    writer.array("subjects") { writer in for subject in role.subjects { writer.object { writeSubject(subject, to: &$0) } } }
                }
            }
        }
    }

    private func writeSubject(_ index: Int, to writer: inout ByteWriter) { writer.subject(policy.subjects[index]) }
}

extension ByteWriter {
    fileprivate mutating func usage(_ rule: RuleUsage) {
        field("granted", rule.granted)
        field("used", rule.used)
        for (key, list) in [("usedPermissions", rule.usedPermissions), ("unused", rule.unused), ("unobservable", rule.unobservable)]
            as [(StaticString, [Permissions])]
        {
            array(key) { writer in
                for permissions in list {
                    writer.object { writer in
                        writer.list("verbs", permissions.verbs)
                        writer.list("targets", permissions.targets)
                    }
                }
            }
        }
    }
}
