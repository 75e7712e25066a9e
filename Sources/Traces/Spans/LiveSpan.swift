internal import Synchronization
public import Tracing

/// A span that has begun.
public final class LiveSpan: Span {
    /// What is remembered of a span that is kept.
    private struct Record {
        var name: String
        var attributes: SpanAttributes = [:]
        var events: [FinishedSpan.Event] = []
        var links: [FinishedSpan.Link] = []
        var status: SpanStatus?
        var dropped = FinishedSpan.Dropped()
    }

    /// What is kept of one span at most, as the specification's defaults are.
    private static let mostParts = 128

    public let context: ServiceContext
    /// Whether anything of it is kept.
    public let isRecording: Bool
    private let own: SpanContext
    private let parent: SpanContext?
    private let kind: SpanKind
    private let start: UInt64
    private let finish: (@Sendable (FinishedSpan) -> Void)?
    /// nil once it has ended, and for a span that is not kept.
    private let record: Mutex<Record?>

    /// - Parameter finish: nil for a span that is not kept.
    init(
        _ name: String, _ kind: SpanKind, _ own: SpanContext, context: ServiceContext, parent: SpanContext?, start: UInt64,
        finish: (@Sendable (FinishedSpan) -> Void)?
    ) {
        (self.own, self.context, self.parent, self.kind) = (own, context, parent, kind)
        (self.start, self.finish, isRecording) = (start, finish, finish != nil)
        record = Mutex(finish == nil ? nil : Record(name: name))
    }

    public var operationName: String {
        get { record.withLock { $0?.name } ?? "" }
        set { record.withLock { $0?.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes } ?? [:] }
        set { record.withLock { $0?.attributes = newValue } }
    }

    public func setStatus(_ status: SpanStatus) {
        record.withLock { record in
            // What was called good stays so, as the specification asks.
            if record?.status?.code != .ok { record?.status = status }
        }
    }

    public func addEvent(_ event: SpanEvent) {
        record.withLock { record in
            guard let count = record?.events.count, count < LiveSpan.mostParts else {
                record?.dropped.events += 1
                return
            }
            record?.events.append(FinishedSpan.Event(name: event.name, time: event.nanosecondsSinceEpoch, attributes: event.attributes))
        }
    }

    public func addLink(_ link: SpanLink) {
        guard let other = SpanContext.of(link.context) else { return }
        record.withLock { record in
            guard let count = record?.links.count, count < LiveSpan.mostParts else {
                record?.dropped.links += 1
                return
            }
            record?.links.append(FinishedSpan.Link(context: other, attributes: link.attributes))
        }
    }

    /// Only of what kind it is: the words of an error may quote what somebody has sent.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = "\(type(of: error))"
        let time = instant().nanosecondsSinceEpoch
        addEvent(SpanEvent(name: "exception", at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: time), attributes: attributes))
    }

    /// Ends it once; what comes later counts for nothing.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let finish else { return }
        let taken = record.withLock { record in
            defer { record = nil }
            return record
        }
        guard let taken else { return }
        // A wall clock may be set back meanwhile.
        let end = max(instant().nanosecondsSinceEpoch, start)
        finish(
            FinishedSpan(
                context: own, parent: parent, name: taken.name, kind: kind, start: start, end: end, attributes: taken.attributes,
                events: taken.events, links: taken.links, status: taken.status, dropped: taken.dropped))
    }
}

/// A span that has ended and is to be exported. Times are nanoseconds since 1970.
public struct FinishedSpan: Sendable, Equatable {
    struct Event: Sendable, Equatable {
        var name: String
        var time: UInt64
        var attributes: SpanAttributes
    }

    struct Link: Sendable, Equatable {
        var context: SpanContext
        var attributes: SpanAttributes
    }

    /// How many parts did not fit.
    struct Dropped: Sendable, Equatable {
        var events = 0
        var links = 0
    }

    public let context: SpanContext
    public let parent: SpanContext?
    public let name: String
    public let kind: SpanKind
    let start: UInt64
    let end: UInt64
    public let attributes: SpanAttributes
    let events: [Event]
    let links: [Link]
    public let status: SpanStatus?
    let dropped: Dropped
}
