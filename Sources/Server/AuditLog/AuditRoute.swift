internal import Documents
public import Logging

/// `POST /demarc/v1/audit`: where an API server sends its audit events (`--audit-webhook-config-file`). Who may is a question to the authorizer, as
/// with every path of the API.
public struct AuditRoute: Sendable {
    public static let path = "/demarc/v1/audit"

    private let store: AuditStore
    private let events: Counter
    private let logger: Logger

    public init(_ store: AuditStore, registry: MetricRegistry, logger: Logger) {
        (self.store, self.logger) = (store, logger)
        events = Counter(
            "demarc_audit_events_total", "Audit events that were received, by what became of them.",
            labels: [MetricLabel("result", ["stored", "refused", "failed"])])
        registry.add(events)
    }

    public var route: APIRoute {
        APIRoute("POST", Self.path) { [self] request in await BackgroundThreads.run { await take(request.body) } }
    }

    private func take(_ body: [UInt8]) async -> APIAnswer {
        let read: AuditEvents
        do throws(AuditEvents.Fault) { read = try AuditEvents(body) } catch { return APIAnswer(status: 400, text: error.description) }
        do throws(AuditStore.Fault) { try await store.append(read.lines) } catch {
            events.add(read.lines.count, "failed")
            logger.error("audit events were not stored", metadata: ["why": "\(error)", "events": "\(read.lines.count)"])
            // The API server sends them again.
            return APIAnswer(status: 500, text: "the events cannot be stored now")
        }
        events.add(read.lines.count, "stored")
        events.add(read.refused, "refused")
        return APIAnswer(body: Array(#"{"stored":\#(read.lines.count),"refused":\#(read.refused)}"#.utf8))
    }
}
