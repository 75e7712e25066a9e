import Blame
import Responsibility

extension BlameReport {
    func writeJSON(to writer: inout ByteWriter) {
        writer.object { writer in
            writer.field("schemaVersion", "1")
            writer.object("tool") { writer in
                writer.field("name", "demarc")
                writer.field("version", toolVersion)
            }
            writer.field("model", model)
            writeBody(to: &writer)
        }
        writer.text("\n")
    }

    /// The fields that a report about an incident has too.
    func writeBody(to writer: inout ByteWriter) {
        writer.subject("subject", result.subject)
        writer.key("uid")
        writer.value(result.uid.isEmpty ? nil : result.uid)
        writer.key("field")
        writer.value(field.isEmpty ? nil : field)
        writer.object("log") { writer in
            writer.field("lines", log.lines)
            writer.field("events", log.events)
            writer.field("needed", log.needed)
            writer.field("unreadable", log.unreadable)
            writer.field("repeated", log.repeated)
            writer.field("outOfOrder", log.late)
            writer.field("dropped", log.dropped)
            writer.field("refused", result.refused)
            writer.field("dryRuns", result.trials)
            writer.field("first", log.first)
            writer.field("last", log.last)
        }
        writer.array("timeline") { writer in for entry in result.timeline { writer.entry(entry) } }
        writer.array("ledger") { writer in for entry in result.ledger { writer.entry(entry) } }
        writer.array("answers") { writer in for answer in result.answers { write(answer, to: &writer) } }
        writer.object("responsible") { writer in
            writer.field("party", result.party.rawValue)
            writer.field("strength", result.partyStrength.rawValue)
            writer.key("principal")
            writer.value(result.introduced?.who)
            writer.field("reason", result.partyReason)
        }
        writer.array("grants") { writer in
            for grant in result.grants {
                writer.line()
                writer.object { writer in
                    writer.field("grant", grant.key)
                    writer.field("state", grant.state)
                    writer.field("accountable", grant.accountable)
                    writer.field("expires", grant.expires)
                    writer.list("privileges", grant.privileges)
                    writer.field("evidence", grant.evidence)
                }
            }
        }
        writer.object("trail") { writer in
            writer.array("steps") { writer in
                for step in result.trail {
                    writer.object { writer in
                        writer.field("text", step.text)
                        writer.field("strength", step.strength.rawValue)
                        writer.field("evidence", step.evidence)
                    }
                }
            }
            writer.field("end", result.trailEnd)
        }
        writer.list("openQuestions", result.gaps)
        writer.gaps(gaps)
    }

    /// One object of the chain: who set the value there.
    private func write(_ answer: FieldAnswer, to writer: inout ByteWriter) {
        writer.line()
        writer.object { writer in
            writer.subject("subject", answer.subject)
            writer.field("path", answer.path.description)
            writer.key("value")
            writer.value(answer.shownValue)
            writer.key("who")
            writer.value(answer.who)
            writer.key("user")
            writer.value(answer.actor?.authenticated.user)
            writer.key("impersonated")
            writer.value(answer.actor?.impersonated?.user)
            writer.list("groups", answer.actor?.authenticated.groups ?? [])
            writer.list("addresses", answer.actor?.addresses ?? [])
            writer.field("userAgent", answer.actor?.userAgent ?? "")
            writer.field("time", answer.time)
            writer.field("auditID", answer.request)
            writer.field("deed", answer.deed)
            writer.field("strength", answer.strength.rawValue)
            writer.field("evidence", answer.evidence)
            writer.list("reasons", answer.reasons)
        }
    }
}

extension ByteWriter {
    fileprivate mutating func subject(_ name: StaticString, _ subject: Subject) {
        object(name) { writer in
            writer.field("group", subject.name.group)
            writer.field("kind", subject.kind)
            writer.field("resource", subject.name.resource)
            writer.field("namespace", subject.name.namespace)
            writer.field("name", subject.name.name)
        }
    }

    fileprivate mutating func entry(_ entry: TimelineEntry) {
        line()
        object { writer in
            writer.field("time", entry.time)
            writer.subject("subject", entry.subject)
            writer.field("who", entry.who)
            writer.field("deed", entry.deed)
            writer.list("changes", entry.details)
            writer.field("furtherChanges", entry.furtherDetails)
            writer.field("tool", entry.tool)
            writer.list("addresses", entry.addresses)
            writer.field("auditID", entry.request)
            writer.field("code", entry.code)
            writer.field("count", entry.repetitions)
            writer.field("strength", entry.strength.rawValue)
            writer.field("evidence", entry.evidence)
        }
    }
}
