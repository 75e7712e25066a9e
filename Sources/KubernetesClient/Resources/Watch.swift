internal import AsyncHTTPClient
internal import Documents
internal import NIOCore

/// The objects of a resource, now and from now on.
///
/// It lists, then watches from there; a watch that ends is resumed where it stood, and what the server no longer remembers is listed
/// anew. Nothing runs ahead of its reader: the next event is asked for when the last one was taken, and the connection holds back the
/// server meanwhile. What is kept here is at most a page and a line.
public struct Watch: AsyncSequence, Sendable {
    let client: ClusterClient
    let query: ListQuery
    let resourceVersion: String?
    /// Bytes of one event.
    var eventBytes = 8 << 20
    /// Seconds until the server ends a watch by itself.
    var length = 290

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let watch: Watch
        private var state: WatchState
        private var cursor: ListCursor?
        /// Of the page being told, in reverse.
        private var page: [WatchEvent] = []
        private var stream: HTTPClientResponse.Body.AsyncIterator?
        private var lines: LineBuffer
        /// Nothing has come from the stream yet.
        private var isSilent = false

        init(_ watch: Watch) {
            self.watch = watch
            state = WatchState(from: watch.resourceVersion)
            lines = LineBuffer(limit: watch.eventBytes)
        }

        /// Never nil: a watch goes on until its task is cancelled, or until something happens that waiting does not mend.
        public mutating func next() async throws -> WatchEvent? {
            while true {
                if let event = page.popLast() { return event }
                try Task.checkCancellation()
                do throws(ClusterError) {
                    switch state.step {
                    case .list: try await list()
                    case .watch(let version): if let event = try await event(from: version) { return event }
                    }
                } catch {
                    try end(error)
                    try await Task.sleep(for: state.delay(chance: Double.random(in: 0..<1)))
                }
            }
        }

        private mutating func end(_ error: ClusterError) throws(ClusterError) {
            (stream, cursor) = (nil, nil)
            lines = LineBuffer(limit: watch.eventBytes)
            try state.failed(error)
        }

        private mutating func list() async throws(ClusterError) {
            var events: [WatchEvent] = []
            var cursor: ListCursor
            if let begun = self.cursor {
                cursor = begun
            } else {
                cursor = ListCursor(limit: watch.query.limit)
                events.append(.beginsAnew)
            }
            guard let next = try await watch.client.page(of: watch.query, &cursor) else { return }
            if next.beginsAnew { events.append(.beginsAnew) }
            let name = watch.query.resource.name
            events += next.documents { _ in name }.compactMap { $0.tree.roots.first }.map { .present($0) }
            self.cursor = cursor
            if cursor.isDone {
                self.cursor = nil
                events.append(.listed(resourceVersion: next.resourceVersion))
                state.listed(resourceVersion: next.resourceVersion)
            }
            page = events.reversed()
        }

        private mutating func event(from version: String) async throws(ClusterError) -> WatchEvent? {
            let request = watch.request(from: version)
            if stream == nil {
                stream = try await watch.client.transport.open(request).makeAsyncIterator()
                isSilent = true
            }
            if let line = lines.next() {
                let read = WatchState.line(line, purpose: request.purpose)
                if case .failed(let error) = read { throw error }
                return try state.took(read)
            }
            guard !lines.isTooLong else {
                throw ClusterError(.tooLarge, "\(request.purpose): an event is larger than the limit of \(lines.limit) bytes")
            }
            do {
                if let chunk = try await stream?.next(isolation: #isolation) {
                    lines.append(chunk.readableBytesView)
                    isSilent = false
                    return nil
                }
            } catch {
                throw TransportFault.error(error, purpose: request.purpose, address: watch.client.name)
            }
            // The end, which comes every few minutes. Half a line that was left is told again by the next watch.
            stream = nil
            lines = LineBuffer(limit: watch.eventBytes)
            // A server that ends every watch at once must not be asked again at once.
            if isSilent { throw ClusterError(.unreachable, "\(request.purpose): the watch ended without a word", isTransient: true) }
            return nil
        }
    }

    private func request(from version: String) -> APIRequest {
        let resource = query.resource
        var request = APIRequest(resource.path(namespace: query.namespace), resource.permission("watch", namespace: query.namespace))
        request.query = [("watch", "1"), ("resourceVersion", version), ("allowWatchBookmarks", "true"), ("timeoutSeconds", "\(length)")]
        if let selector = query.labelSelector { request.query.append(("labelSelector", selector)) }
        return request
    }
}

extension ClusterClient {
    /// - Parameter resourceVersion: where an earlier watch ended; nil lists first.
    public func watch(_ query: ListQuery, from resourceVersion: String? = nil) -> Watch {
        Watch(client: self, query: query, resourceVersion: resourceVersion)
    }
}
