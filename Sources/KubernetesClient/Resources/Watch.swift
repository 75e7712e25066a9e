internal import AsyncHTTPClient
internal import Documents
internal import NIOCore

/// The objects of a resource, now and from now on.
///
/// It lists, then watches from there; a watch that ends is resumed where it stood, and what the server no longer remembers is listed
/// anew. Nothing runs ahead of its reader: the next event is asked for when the last one was taken, and the connection holds back the
/// server meanwhile. What is kept here is at most a page and a line. Secrets come as rows of a table, without their values.
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
        /// Where tables of Secrets have their type.
        private var column: Int?

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
            let restarts = cursor.restarts
            guard let next = try await objects(&cursor) else { return }
            if cursor.restarts > restarts { events.append(.beginsAnew) }
            events += next.objects.map(\.event)
            self.cursor = cursor
            if cursor.isDone {
                self.cursor = nil
                events.append(.listed(resourceVersion: next.version))
                state.listed(resourceVersion: next.version)
            }
            page = events.reversed()
        }

        /// The next page of the list; nil at its end.
        private mutating func objects(_ cursor: inout ListCursor) async throws(ClusterError) -> (objects: [WatchedObject], version: String)? {
            guard watch.query.isOfSecrets else {
                let name = watch.query.resource.name
                guard let page = try await watch.client.page(of: watch.query, &cursor) else { return nil }
                let objects = zip(page.documents { _ in name }, page.items).map { WatchedObject($0, text: page.text[$1]) }
                return (objects, page.resourceVersion)
            }
            while case .ask(let limit, let token) = cursor.step {
                do throws(ClusterError) {
                    let table = try await watch.client.secretTable(watch.query, limit: limit, token: token)
                    cursor.took(next: table.continueToken)
                    column = table.column
                    return (parsed(table.secrets), table.resourceVersion)
                } catch {
                    guard cursor.failed(error) else { throw error }
                }
            }
            return nil
        }

        private func parsed(_ secrets: [ManifestText]) -> [WatchedObject] {
            secrets.map { WatchedObject($0.parsed(source: watch.query.resource.name), text: Array($0.json.utf8)[...]) }
        }

        /// A row of a table of Secrets as the Secret it stands for; other events stay as they are.
        private func untabled(_ line: WatchState.Line, _ request: APIRequest) throws(ClusterError) -> WatchState.Line {
            guard watch.query.isOfSecrets else { return line }
            func secret(_ table: Value) throws(ClusterError) -> (Value, String)? {
                let read = try SecretTable(table, resource: watch.query.resource, purpose: request.purpose, column: column)
                guard case .read(let secret) = parsed(read.secrets).first else { return nil }
                return (secret, ((try? secret["metadata"]["resourceVersion"].string()) ?? nil) ?? read.resourceVersion)
            }
            switch line {
            case .changed(let table, let version):
                return try secret(table).map { .changed($0.0, resourceVersion: $0.1) } ?? .bookmark(resourceVersion: version)
            case .deleted(let table, let version):
                return try secret(table).map { .deleted($0.0, resourceVersion: $0.1) } ?? .bookmark(resourceVersion: version)
            case .bookmark(let version): return .bookmark(resourceVersion: version)
            case .failed, .unreadable: return line
            }
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
                return try state.took(untabled(read, request))
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
        if query.isOfSecrets { request.accept = SecretTable.mediaType }
        return request
    }
}

extension ClusterClient {
    /// - Parameter resourceVersion: where an earlier watch ended; nil lists first.
    public func watch(_ query: ListQuery, from resourceVersion: String? = nil) -> Watch {
        Watch(client: self, query: query, resourceVersion: resourceVersion)
    }
}
