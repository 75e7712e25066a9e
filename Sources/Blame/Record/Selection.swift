import Access
public import Documents
public import Kubernetes

/// Which events of a log a question needs: those about some objects, and those that show a Pod with an address.
public struct Selection: Sendable, Equatable {
    public private(set) var objects: Set<ObjectName> = []
    /// Pods that had this address.
    public private(set) var address: AddressRange?
    /// The same as it was written, empty without one.
    public private(set) var addressText = ""
    /// Releases of Helm, whose Secrets are numbered: `sh.helm.release.v1.NAME.v7`.
    public private(set) var releases: Set<ObjectName> = []
    /// Events about the status alone are left out: there are many of them, and nobody who looks at findings asks for them.
    public var skipsStatus = false
    private var names: Set<ExactText> = []

    public init(_ objects: Set<ObjectName> = []) { for object in objects { insert(object) } }

    /// nil for a text that is no address.
    public init?(address: String) {
        guard !address.contains("/"), let range = AddressRange(address) else { return nil }
        (self.address, addressText) = (range, address)
    }

    public mutating func insert(_ object: ObjectName) {
        objects.insert(object)
        names.insert(ExactText(object.name))
    }

    /// - Parameter release: by the name of its Secrets without their number.
    public mutating func insert(release: ObjectName) { releases.insert(release) }

    public mutating func formUnion(_ other: Selection) {
        for object in other.objects { insert(object) }
        releases.formUnion(other.releases)
        if address == nil { (address, addressText) = (other.address, other.addressText) }
    }

    /// As lines of text, to be kept for a later run.
    public var text: [String] {
        let named = objects.map { ["object", $0.group, $0.resource, $0.namespace, $0.name].joined(separator: "\t") }
        let numbered = releases.map { ["release", $0.group, $0.resource, $0.namespace, $0.name].joined(separator: "\t") }
        return (named + numbered).sorted() + (skipsStatus ? ["skips\tstatus"] : []) + (address == nil ? [] : ["address\t\t\t\t\(addressText)"])
    }

    /// nil for lines that are no selection.
    public init?(text: [String]) {
        for line in text {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if parts == ["skips", "status"] {
                skipsStatus = true
                continue
            }
            guard parts.count == 5 else { return nil }
            if parts[0] == "address" {
                (address, addressText) = (AddressRange(parts[4]), parts[4])
                continue
            }
            let name = ObjectName(group: parts[1], resource: parts[2], namespace: parts[3], name: parts[4])
            if parts[0] == "object" { insert(name) } else { insert(release: name) }
        }
    }

    public func isPart(of other: Selection) -> Bool {
        objects.isSubset(of: other.objects) && releases.isSubset(of: other.releases) && (skipsStatus || !other.skipsStatus)
            && (address == nil || address == other.address)
    }

    public var isEmpty: Bool { objects.isEmpty && address == nil && releases.isEmpty }

    private static let reads: [StaticString] = ["get", "list", "watch"]

    /// Whether an event is needed. Asked for each line of a log, so what it does not need is told apart by few look-ups.
    public func needs(_ event: Value) throws(WrongType) -> Bool {
        let verb = event["verb"]
        let reference = event["objectRef"]
        guard reference.exists else { return false }
        if try verb.equals(anyOf: Selection.reads), try reference["subresource"].isEmptyString() { return false }
        if skipsStatus, try reference["subresource"].equals("status") { return false }
        if try verb.equals("deletecollection") { return try concernsCollection(reference) }
        if let address, try reference["resource"].equals("pods"), try shows(address, event) { return true }
        let named = try reference["name"].string() ?? ""
        let name = named.isEmpty ? AuditRecord.names(event["responseObject"]) ?? "" : named
        guard !name.isEmpty else { return false }
        if !releases.isEmpty, try reference["resource"].equals("secrets"), try isRelease(name, reference) { return true }
        guard names.contains(ExactText(name)) else { return false }
        return objects.contains(try object(reference, name: name))
    }

    private func object(_ reference: Value, name: String) throws(WrongType) -> ObjectName {
        ObjectName(
            group: try reference["apiGroup"].string() ?? "", resource: try reference["resource"].string() ?? "",
            namespace: try reference["namespace"].string() ?? "", name: name)
    }

    /// A collection of the kind and namespace of one of the objects, or of all namespaces.
    private func concernsCollection(_ reference: Value) throws(WrongType) -> Bool {
        let collection = try object(reference, name: "")
        return objects.contains {
            $0.group == collection.group && $0.resource == collection.resource
                && (collection.namespace.isEmpty || $0.namespace == collection.namespace)
        }
    }

    private func isRelease(_ name: String, _ reference: Value) throws(WrongType) -> Bool {
        guard let dot = name.lastIndex(of: "."), name[dot...].hasPrefix(".v") else { return false }
        return releases.contains(try object(reference, name: String(name[..<dot])))
    }

    /// Whether a Secret is a revision of a release: the name of its Secrets, `.v` and a number.
    static func isRevision(_ name: String, of release: String) -> Bool {
        name.hasPrefix(release + ".v") && Int(name.dropFirst(release.count + 2)) != nil
    }

    /// Whether the request or its answer shows a Pod with this address.
    private func shows(_ address: AddressRange, _ event: Value) throws(WrongType) -> Bool {
        for body in [event["responseObject"], event["requestObject"]] where body.kind == .mapping {
            if PodAddresses(of: body).contains(address) { return true }
        }
        return false
    }
}

/// The addresses that the status of a Pod names.
struct PodAddresses {
    private(set) var all: [String] = []

    init(of pod: Value) {
        let status = pod["status"]
        if let one = try? status["podIP"].string(), !one.isEmpty { all.append(one) }
        guard let items = try? status["podIPs"].items() else { return }
        for item in items {
            // A strategic merge patch names what it removes among what it keeps.
            if let address = try? item["ip"].string(), !address.isEmpty, !item["$patch"].exists, !all.contains(address) { all.append(address) }
        }
    }

    func contains(_ address: AddressRange) -> Bool { all.contains { AddressRange($0) == address } }
}
