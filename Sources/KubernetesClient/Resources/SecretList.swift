public import Documents

extension ClusterClient {
    /// Secrets without their values: the server is asked for a table of them, so that no value ever arrives here.
    ///
    /// A table (`meta.k8s.io/v1`) has for each object its metadata and what kubectl prints: name, type, number of keys. The
    /// annotation in which `kubectl apply` keeps the values is left out as soon as it is read.
    ///
    /// - Parameter body: is given a page of Secrets with `metadata` and `type`.
    public func secrets(_ query: ListQuery, limits: Limits = .standard, _ body: ([ManifestText], _ beginsAnew: Bool) throws -> Void) async throws {
        var cursor = ListCursor(limit: query.limit)
        var restarts = 0
        while case .ask(let limit, let token) = cursor.step {
            let table: SecretTable
            do throws(ClusterError) { table = try await secretTable(query, limit: limit, token: token) } catch {
                guard cursor.failed(error) else { throw error }
                continue
            }
            let beginsAnew = cursor.restarts > restarts
            restarts = cursor.restarts
            cursor.took(next: table.continueToken)
            try body(table.secrets, beginsAnew)
        }
    }
}

extension ClusterClient {
    func secretTable(_ query: ListQuery, limit: Int, token: String?) async throws(ClusterError) -> SecretTable {
        var request = listRequest(query, limit: limit, token: token)
        request.accept = SecretTable.mediaType
        return try SecretTable(document(try await transport.send(request), request), resource: query.resource, purpose: request.purpose)
    }
}

/// A table of Secrets, read. Pure.
struct SecretTable {
    static let mediaType = "application/json;as=Table;v=v1;g=meta.k8s.io"

    private(set) var secrets: [ManifestText] = []
    private(set) var continueToken: String?
    private(set) var resourceVersion = ""
    /// Where the type stands in a row. Of a watch, only the first table says it.
    private(set) var column: Int?

    /// - Parameter known: the column of an earlier table.
    init(_ root: Value, resource: Resource, purpose: String, column known: Int? = nil) throws(ClusterError) {
        do {
            guard try root["kind"].equals("Table") else {
                throw ClusterError(.malformed, "\(purpose): the server gives no table, so the values would come too; they were not asked for")
            }
            column = known
            for (index, definition) in try root["columnDefinitions"].items().enumerated() where try definition["name"].equals("Type") {
                column = index
            }
            for row in try root["rows"].items() {
                let cell = try self.column.flatMap { column in try Array(row["cells"].items()).dropFirst(column).first }
                secrets.append(
                    .map([
                        .init("apiVersion", .text(resource.apiVersion)), .init("kind", .text(resource.kind)),
                        .init("metadata", SecretTable.metadata(row["object"]["metadata"])), .init("type", .text(try cell?.string() ?? "Opaque")),
                    ]))
            }
            continueToken = try root["metadata"]["continue"].string()
            resourceVersion = try root["metadata"]["resourceVersion"].string() ?? ""
        } catch let error as WrongType {
            throw ClusterError(.malformed, "\(purpose): \(error.value.fieldPath) must be \(error.expected)")
        } catch let error as ClusterError {
            throw error
        } catch {
            throw ClusterError(.malformed, "\(purpose): \(error)")
        }
    }

    private static func metadata(_ value: Value) -> ManifestText {
        let kept = value["annotations"].entry(named: "kubectl.kubernetes.io/last-applied-configuration")
        return ManifestText(value) { kept.isWritten && $0.identity == kept.identity ? .remove : nil }
    }
}

extension ManifestText {
    /// The document as one of a source.
    public func parsed(source: String, limits: Limits = .standard) -> ParsedSource {
        DocumentTree.parse(Array(json.utf8), source: source, syntax: .json, limits: limits)
    }
}
