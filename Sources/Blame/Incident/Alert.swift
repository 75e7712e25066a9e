public import Documents
public import Kubernetes
import Responsibility

/// What set an inquiry off: an alert of Falco (its JSON output) or an event of an audit log. It says where to look. Who answers is
/// for the records to prove, since an alert is no record of the API server.
public struct Alert: Sendable {
    public enum Source: String, Sendable {
        case falco = "Falco"
        case audit = "Kubernetes audit"
    }

    public let source: Source
    /// RFC 3339, empty when it names none.
    public let time: String
    /// The name of the rule; for an audit event what was asked.
    public let rule: String
    public let priority: String
    /// The sentence that the alert is for people.
    public let output: String
    /// Fields in the order of their names, as the alert has them.
    public let fields: [(name: String, value: String)]
    public let subject: Subject?
    /// Of the container, as far as the alert has it; empty otherwise.
    public let containerID: String
    public let container: String
    /// The user whose request it was, for alerts about requests; a claim of the alert.
    public let user: String
    public let place: AuditRecord.Place

    public struct Unreadable: Error, Sendable {
        public let message: String
    }

    private static let mostFields = 60

    /// - Parameter root: one document of the file.
    public init(_ root: Value, in table: ResourceTable) throws(Unreadable) {
        do throws(WrongType) {
            let isEvent = try root["apiVersion"].hasPrefix("audit.k8s.io/")
            place = AuditRecord.Place(source: root.source, line: root.position.line)
            if isEvent {
                let record = try AuditRecord(root, at: AuditRecord.Place(source: root.source, line: root.position.line))
                source = .audit
                time = record.received
                rule = "\(record.verb) \(record.object.resource)\(record.subresource.isEmpty ? "" : "/" + record.subresource)"
                priority = ""
                output = "\(record.actor.name) asked to \(rule) \(record.object.namespace)/\(record.name), answered with \(record.code)"
                fields = [
                    ("auditID", record.id), ("userAgent", record.actor.userAgent), ("sourceIPs", record.actor.addresses.joined(separator: ", ")),
                ]
                subject = record.name.isEmpty ? nil : Alert.subject(record, table)
                (containerID, container, user) = ("", "", record.actor.name)
                return
            }
            let values = root["output_fields"]
            guard try root["rule"].string() != nil, values.kind == .mapping || root["output"].exists else {
                throw WrongType(value: root, expected: "an alert of Falco in JSON, or an event of audit.k8s.io")
            }
            source = .falco
            time = try root["time"].string() ?? ""
            rule = try root["rule"].string() ?? ""
            priority = try root["priority"].string() ?? ""
            output = try root["output"].string() ?? ""
            var fields: [(name: String, value: String)] = []
            for entry in try values.entries() where fields.count < Alert.mostFields && entry.exists {
                fields.append((entry.key, entry.kind == .mapping || entry.kind == .sequence ? FieldValue(entry).summary(limit: 300) : entry.text))
            }
            self.fields = fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            func field(_ name: String) -> String {
                let value = values.entry(named: name)
                let text = value.exists ? value.text : ""
                return text == "<NA>" || text == "host" && name == "container.id" ? "" : text
            }
            subject = Alert.subject(field, table)
            containerID = field("container.id")
            container = field("container.name")
            user = field("ka.user.name")
        } catch {
            let path = error.value.fieldPath
            throw Unreadable(message: "\(path.isEmpty ? "the document" : path) should be \(error.expected)")
        }
    }

    private static func subject(_ record: AuditRecord, _ table: ResourceTable) -> Subject {
        let name = ObjectName(group: record.object.group, resource: record.object.resource, namespace: record.object.namespace, name: record.name)
        let served = table.resources.first { $0.group == name.group && $0.plural == name.resource }
        return Subject(name, kind: served?.kind ?? name.resource)
    }

    /// Of an alert about a system call the Pod, of one about a request (`ka.`) its target (Falco, "Supported fields").
    private static func subject(_ field: (String) -> String, _ table: ResourceTable) -> Subject? {
        let (pod, namespace) = (field("k8s.pod.name"), field("k8s.ns.name"))
        if !pod.isEmpty {
            return Subject(apiVersion: "v1", kind: "Pod", namespace: namespace.isEmpty ? "default" : namespace, name: pod, in: table)
        }
        let (resource, name) = (field("ka.target.resource"), field("ka.target.name"))
        guard !resource.isEmpty, !name.isEmpty else { return nil }
        guard let served = table.resource(named: resource) else { return nil }
        return Subject(served, namespace: field("ka.target.namespace"), name: name)
    }

    /// The alert as a line of the time line. The sensor saw it; nobody was authenticated for it.
    public func entry(about subject: Subject) -> TimelineEntry {
        var entry = TimelineEntry(
            time: time, subject: subject, who: user.isEmpty ? "a process in it" : user, deed: "set off \(source.rawValue): \(rule)",
            strength: source == .audit ? .proven : .recorded, evidence: "alert \(place)")
        entry.details = [output].filter { !$0.isEmpty }
        return entry
    }
}

extension BlameResult {
    /// Puts alerts where they belong in the time line.
    public mutating func add(_ alerts: [Alert]) {
        timeline += alerts.map { $0.entry(about: subject) }
        // Fractions of a second differ in length, and so do the texts.
        timeline = timeline.enumerated().sorted {
            (TimelineEntry.order($0.element.time), $0.offset) < (TimelineEntry.order($1.element.time), $1.offset)
        }.map(\.element)
    }
}

extension TimelineEntry {
    /// `2026-11-24T05:18:49.123456` of whatever precision the text has.
    static func order(_ time: String) -> String {
        let body = time.hasSuffix("Z") ? String(time.dropLast()) : time
        guard body.utf8.count >= 19 else { return body }
        let fraction = body.utf8.count > 20 ? String(body.dropFirst(20).prefix(9)) : ""
        return String(body.prefix(19)) + "." + fraction + String(repeating: "0", count: max(0, 9 - fraction.utf8.count))
    }
}
