internal import Blame
internal import Documents
internal import Responsibility

/// Events of an API server's audit log as it sends them (`EventList` of `audit.k8s.io/v1`), one line each, without what must not be kept. Pure.
struct AuditEvents: Sendable, Equatable {
    /// Canonical JSON, each ended by a line break.
    private(set) var lines: [[UInt8]] = []
    /// Items that are no events, or longer than a line may be.
    private(set) var refused = 0

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Two objects of 1.5 MiB and what surrounds them, as `demarc blame` reads a line.
    private static let longestLine = 4 << 20

    /// Resources whose bodies hold what opens doors. Who asked for them stays.
    private static let secretive: Set<String> = ["secrets", "tokenreviews", "serviceaccounts/token", "certificatesigningrequests"]

    init(_ body: [UInt8]) throws(Fault) {
        guard let root = try? AuditLine.root(of: body, source: "EventList", limit: 8 << 20) else {
            throw Fault(description: "the body is no JSON that can be read; send an EventList of audit.k8s.io/v1")
        }
        guard root["kind"].text == "EventList", root["apiVersion"].text == "audit.k8s.io/v1", let items = try? Array(root["items"].items()) else {
            throw Fault(description: "the body is no EventList of audit.k8s.io/v1; give kube-apiserver --audit-webhook-version=audit.k8s.io/v1")
        }
        for item in items {
            guard let line = AuditEvents.line(item) else {
                refused += 1
                continue
            }
            lines.append(line)
        }
    }

    private static func line(_ event: Value) -> [UInt8]? {
        guard event.kind == .mapping, !event["auditID"].text.isEmpty, !event["verb"].text.isEmpty, let entries = try? Array(event.entries()) else {
            return nil
        }
        let object = event["objectRef"]
        let subresource = object["subresource"].text
        let resource = object["resource"].text + (subresource.isEmpty ? "" : "/" + subresource)
        let isSecretive = secretive.contains(resource) || secretive.contains(object["resource"].text)
        var fields = entries.filter { $0.exists && !["kind", "apiVersion"].contains($0.key) }.map { ($0.key, CanonicalJSON.text(of: $0)) }
        if isSecretive { fields.removeAll { $0.0 == "requestObject" || $0.0 == "responseObject" } }
        // What the list says once for all stands in each line, as in a log file.
        fields += [("kind", "\"Event\""), ("apiVersion", "\"audit.k8s.io/v1\"")]
        fields.sort { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }
        let text = "{" + fields.map { "\(CanonicalJSON.quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}\n"
        return text.utf8.count <= longestLine ? Array(text.utf8) : nil
    }
}
