public import Documents

/// Some objects of a list.
public struct ListPage: Sendable {
    public let resource: Resource
    public let resourceVersion: String
    /// Estimated by the server; nil when it does not say.
    public let remaining: Int?
    /// The pages before this one count no longer.
    public let beginsAnew: Bool
    /// It shows a later moment than the pages before it.
    public let isInconsistent: Bool
    let continueToken: String?
    let text: [UInt8]
    let items: [Range<Int>]

    public var count: Int { items.count }

    /// Reads the items, each as a document of its own, named by `source` and read as if it stood alone in a manifest.
    ///
    /// - Parameter source: is given the object and says how people call it.
    public func documents(limits: Limits = .standard, source: (Value) -> String) -> [ParsedSource] {
        items.map { range in
            let parsed = ListPage.parse(text[range], of: resource, limits: limits)
            guard let root = parsed.tree.roots.first else { return parsed }
            return parsed.named(source(root))
        }
    }

    /// Items of a list of Kubernetes' own kinds say neither their version nor their kind, which stand at the list.
    private static func parse(_ item: ArraySlice<UInt8>, of resource: Resource, limits: Limits) -> ParsedSource {
        let name = "an item of the list of \(resource.name)"
        let item = ObjectText.trimmed(item)
        guard item.starts(with: "{\"metadata\"".utf8) else { return DocumentTree.parse(item, source: name, syntax: .json, limits: limits) }
        var text = Array("{\"apiVersion\":\"\(resource.apiVersion)\",\"kind\":\"\(resource.kind)\",".utf8)
        text.reserveCapacity(text.count + item.count)
        text += item.dropFirst()
        let parsed = DocumentTree.parse(text, source: name, syntax: .json, limits: limits)
        // Somebody else's server may write them behind the metadata.
        guard parsed.problems.contains(where: { $0.reason == .duplicateKey }) else { return parsed }
        let plain = DocumentTree.parse(item, source: name, syntax: .json, limits: limits)
        return plain.tree.roots.first?["kind"].exists == true ? plain : parsed
    }
}

/// What to list.
public struct ListQuery: Sendable {
    public var resource: Resource
    /// nil lists the whole cluster.
    public var namespace: String?
    /// Objects a page.
    public var limit = 500
    /// Bytes a page; what is larger is asked for in smaller pages.
    public var pageBytes = 64 << 20
    public var labelSelector: String?

    public init(_ resource: Resource, namespace: String? = nil) { (self.resource, self.namespace) = (resource, namespace) }

    /// Asked for as a table, so that no value ever arrives.
    var isOfSecrets: Bool { resource.group.isEmpty && resource.name == "secrets" }
}

extension ClusterClient {
    /// Hands out the pages of a list one after another; the next is asked for when `body` is done with the last.
    public func pages(_ query: ListQuery, _ body: (ListPage) async throws -> Void) async throws {
        var cursor = ListCursor(limit: query.limit)
        while let page = try await page(of: query, &cursor) { try await body(page) }
    }

    /// The next page; nil at the end.
    func page(of query: ListQuery, _ cursor: inout ListCursor) async throws(ClusterError) -> ListPage? {
        let restarts = cursor.restarts
        while case .ask(let limit, let token) = cursor.step {
            do throws(ClusterError) {
                let fetched = try await fetch(query, limit: limit, token: token)
                let page = try read(fetched, query, beginsAnew: cursor.restarts > restarts, isInconsistent: cursor.isInconsistent)
                cursor.took(next: page.continueToken)
                return page
            } catch {
                guard cursor.failed(error) else { throw error }
            }
        }
        return nil
    }

    private func fetch(_ query: ListQuery, limit: Int, token: String?) async throws(ClusterError) -> [UInt8] {
        try await transport.send(listRequest(query, limit: limit, token: token)).body
    }

    func listRequest(_ query: ListQuery, limit: Int, token: String?) -> APIRequest {
        let resource = query.resource
        var request = APIRequest(resource.path(namespace: query.namespace), resource.permission("list", namespace: query.namespace))
        request.query.append(("limit", "\(limit)"))
        if let token { request.query.append(("continue", token)) }
        if let selector = query.labelSelector { request.query.append(("labelSelector", selector)) }
        request.limit = query.pageBytes
        return request
    }

    private func read(_ body: [UInt8], _ query: ListQuery, beginsAnew: Bool, isInconsistent: Bool) throws(ClusterError) -> ListPage {
        let purpose = query.resource.permission("list", namespace: query.namespace).description
        guard let list = ListText(body) else { throw ClusterError(.malformed, "\(purpose): the answer is no JSON object, or ends too early") }
        let parsed = DocumentTree.parse(list.envelope, source: purpose, syntax: .json)
        guard parsed.problems.isEmpty, let root = parsed.tree.roots.first else {
            throw ClusterError(.malformed, "\(purpose): the answer is no JSON: \(parsed.problems.first?.message ?? "")")
        }
        do {
            guard let kind = try root["kind"].string(), kind.hasSuffix("List") else {
                throw ClusterError(.malformed, "\(purpose): the answer is no list")
            }
            let metadata = root["metadata"]
            return ListPage(
                resource: query.resource, resourceVersion: try metadata["resourceVersion"].string() ?? "",
                remaining: try metadata["remainingItemCount"].int().map { Int($0) }, beginsAnew: beginsAnew, isInconsistent: isInconsistent,
                continueToken: try metadata["continue"].string(), text: body, items: list.items)
        } catch let error as WrongType {
            throw ClusterError(.malformed, "\(purpose): \(error.value.fieldPath) must be \(error.expected)")
        } catch let error as ClusterError {
            throw error
        } catch {
            throw ClusterError(.malformed, "\(purpose): \(error)")
        }
    }
}
