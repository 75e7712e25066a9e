public import Documents
internal import NIOHTTP1

/// An object by its place.
public struct ObjectReference: Sendable, Hashable {
    public var resource: Resource
    public var namespace: String?
    public var name: String

    public init(_ resource: Resource, namespace: String? = nil, name: String) {
        (self.resource, self.namespace, self.name) = (resource, namespace, name)
    }
}

extension ClusterClient {
    public func get(_ object: ObjectReference) async throws(ClusterError) -> Value {
        let request = request("get", object)
        return try document(try await transport.send(request), request)
    }

    /// Creates an object; its name may be left to the server (`generateName`).
    public func create(_ manifest: ManifestText, _ resource: Resource, namespace: String? = nil) async throws(ClusterError) -> Value {
        var request = APIRequest(resource.path(namespace: namespace), resource.permission("create", namespace: namespace))
        request.method = .POST
        request.body = Array(manifest.json.utf8)
        return try document(try await transport.send(request), request)
    }

    /// Replaces an object as it was read: with its `resourceVersion`, so that nobody's change in between is lost (`conflict`).
    public func replace(_ manifest: ManifestText, _ object: ObjectReference) async throws(ClusterError) -> Value {
        var request = request("update", object)
        request.method = .PUT
        request.body = Array(manifest.json.utf8)
        return try document(try await transport.send(request), request)
    }

    /// - Parameter uid: deletes only that very object, never one that has taken its name since.
    public func delete(_ object: ObjectReference, uid: String? = nil) async throws(ClusterError) {
        var request = request("delete", object)
        request.method = .DELETE
        if let uid {
            let options = ManifestText.map([
                "kind": .text("DeleteOptions"), "apiVersion": .text("v1"), "preconditions": ManifestText.map(["uid": .text(uid)]),
            ])
            request.body = Array(options.json.utf8)
        }
        _ = try await transport.send(request)
    }

    /// Server-side apply: the fields in the manifest become ours, those left out since the last time go.
    ///
    /// - Parameters:
    ///   - manager: who we are among the managers of fields.
    ///   - force: takes fields that others manage; without, that is a `conflict`.
    ///   - subresource: `status` to set that.
    public func apply(
        _ manifest: ManifestText, _ object: ObjectReference, manager: String, force: Bool = false, subresource: String? = nil
    ) async throws(ClusterError) -> Value {
        var request = request("patch", object, subresource: subresource)
        request.method = .PATCH
        request.contentType = "application/apply-patch+yaml"
        request.query = [("fieldManager", manager), ("force", force ? "true" : "false")]
        request.body = Array(manifest.json.utf8)
        return try document(try await transport.send(request), request)
    }

    /// Server-side apply of a manifest that is JSON already.
    public func apply(json manifest: [UInt8], _ object: ObjectReference, manager: String, force: Bool = false) async throws(ClusterError) {
        var request = request("patch", object)
        request.method = .PATCH
        request.contentType = "application/apply-patch+yaml"
        request.query = [("fieldManager", manager), ("force", force ? "true" : "false")]
        request.body = manifest
        _ = try await transport.send(request)
    }

    /// Sets fields of `status` by a merge patch (RFC 7386), with which null removes one.
    ///
    /// - Parameter version: the `resourceVersion` that was read; with it, somebody else's change since is a `conflict`. Lists are replaced as a whole.
    public func patchStatus(
        _ status: ManifestText, _ object: ObjectReference, over version: String? = nil, manager: String
    ) async throws(ClusterError) -> Value {
        let metadata = version.map { [ManifestText.Entry("metadata", .map(["resourceVersion": .text($0)]))] } ?? []
        return try await merge(.map(metadata + [.init("status", status)]), into: object, subresource: "status", manager: manager)
    }

    /// Sets fields by a merge patch (RFC 7386), with which null removes one.
    public func merge(
        _ fields: ManifestText, into object: ObjectReference, subresource: String? = nil, manager: String
    ) async throws(ClusterError) -> Value {
        var request = request("patch", object, subresource: subresource)
        request.method = .PATCH
        request.contentType = "application/merge-patch+json"
        request.query = [("fieldManager", manager)]
        request.body = Array(fields.json.utf8)
        return try document(try await transport.send(request), request)
    }

    private func request(_ verb: String, _ object: ObjectReference, subresource: String? = nil) -> APIRequest {
        let resource = object.resource
        return APIRequest(
            resource.path(namespace: object.namespace, name: object.name, subresource: subresource),
            resource.permission(verb, namespace: object.namespace, name: object.name, subresource: subresource))
    }
}
