import Access
import Controls
import Documents
import Kubernetes

/// The parts that all documents about access share.
extension ByteWriter {
    mutating func list(_ name: StaticString, _ items: [String]) {
        array(name) { writer in for item in items { writer.value(item) } }
    }

    /// The fields of a subject, in the object that is open.
    mutating func subject(_ subject: AccessSubject) {
        field("kind", subject.kind.rawValue)
        field("namespace", subject.namespace)
        field("name", subject.name)
    }

    /// A role or a binding with its place.
    mutating func object(_ name: StaticString, _ object: KubernetesObject) {
        self.object(name) { writer in
            writer.field("kind", object.kind)
            writer.field("namespace", object.namespace)
            writer.field("name", object.name)
            writer.location(object.root)
        }
    }

    mutating func rule(_ name: StaticString, _ effective: EffectiveRule, in policy: AccessPolicy) {
        let rule = effective.rule
        object(name) { writer in
            for (key, list) in [
                ("verbs", rule.verbs), ("apiGroups", rule.apiGroups), ("resources", rule.resources), ("resourceNames", rule.resourceNames),
                ("nonResourceURLs", rule.nonResourceURLs),
            ] as [(StaticString, Value)] {
                writer.list(key, (try? list.strings()) ?? [])
            }
            writer.field("writtenIn", policy.object(effective.origin).displayName)
            writer.location(rule.node)
        }
    }

    /// null for what the API server makes itself.
    mutating func location(_ value: Value) {
        guard value.source != BootstrapRoles.objectSource else {
            key("location")
            return null()
        }
        object("location") { writer in
            writer.field("file", value.source)
            writer.field("line", value.position.line)
            writer.field("column", value.position.column)
        }
    }

    mutating func gaps(_ gaps: [Gap]) {
        array("gaps") { writer in
            for gap in gaps {
                writer.object { writer in
                    writer.field("source", gap.source)
                    writer.field("line", gap.line)
                    writer.field("reason", gap.reason.rawValue)
                    writer.field("message", gap.message)
                }
            }
        }
    }
}
