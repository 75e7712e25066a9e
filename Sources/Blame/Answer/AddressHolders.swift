import Documents
public import Kubernetes
public import Responsibility

/// A Pod that had an address.
public struct AddressHolder: Sendable {
    public let subject: Subject
    public let uid: String
    /// RFC 3339: when the record first shows it with the address.
    public let from: String
    /// When it was deleted or had another address, nil where the record does not tell.
    public let until: String?
    public let strength: Attribution.Strength
    public let evidence: String

    /// Whether it had the address at a time, as far as the record tells.
    public func held(at time: String) -> Bool {
        let time = TimelineEntry.order(time)
        return TimelineEntry.order(from) <= time && until.map { time < TimelineEntry.order($0) } != false
    }
}

extension Blamer {
    /// The Pods that had an address, in the order of time. Pods on the network of their node share its address.
    public func holders(of address: AddressRange) -> [AddressHolder] {
        var found: [AddressHolder] = []
        var seen: Set<String> = []
        for name in records.names where name.resource == "pods" && name.group.isEmpty {
            let subject = Subject(name, kind: "Pod")
            for holder in holders(of: address, among: RecordOrder.sorted(records.records(of: name)), subject) {
                seen.insert(holder.uid)
                found.append(holder)
            }
        }
        for object in inventory.objects(ofKind: "Pod") where PodAddresses(of: object.root).contains(address) {
            let uid = (try? object.metadata["uid"].string()) ?? ""
            guard uid.isEmpty || !seen.contains(uid) else { continue }
            let start = (try? object.root["status"]["startTime"].string()) ?? (try? object.metadata["creationTimestamp"].string()) ?? ""
            found.append(
                AddressHolder(
                    subject: Subject(object, in: table), uid: uid, from: start, until: nil, strength: .recorded,
                    evidence: "\(object.root.source):\(object.root.position.line)"))
        }
        return found.sorted { (TimelineEntry.order($0.from), $0.subject.name.name) < (TimelineEntry.order($1.from), $1.subject.name.name) }
    }

    /// The stretches of time in which a Pod, or one of its namesakes, had the address.
    private func holders(of address: AddressRange, among records: [AuditRecord], _ subject: Subject) -> [AddressHolder] {
        var holders: [AddressHolder] = []
        var open: (uid: String, from: AuditRecord)?
        func close(_ time: String?) {
            guard let holder = open else { return }
            holders.append(
                AddressHolder(
                    subject: subject, uid: holder.uid, from: holder.from.received, until: time, strength: .proven,
                    evidence: "audit event \(holder.from.place)"))
            open = nil
        }
        for record in records where record.succeeded {
            if let holder = open, !record.uid.isEmpty, !holder.uid.isEmpty, holder.uid != record.uid { close(record.received) }
            let isDeletion = ["delete", "deletecollection"].contains(record.verb) || record.subresource == "eviction"
            let shown = [record.response, record.request].filter { $0.kind == .mapping }.map { PodAddresses(of: $0) }.filter { !$0.all.isEmpty }
            if shown.contains(where: { $0.contains(address) }), !isDeletion {
                if open == nil { open = (record.uid, record) }
            } else if !shown.isEmpty, !isDeletion {
                close(record.received)
            }
            if isDeletion { close(record.received) }
        }
        close(nil)
        return holders
    }
}
