internal import NIOHTTP1
internal import Traces
internal import Tracing

// Spans of requests, by OpenTelemetry's conventions for HTTP clients. What is asked for is said by its kind and namespace: no object's name, no query,
// nobody's user name. https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client
extension Transport {
    /// Runs one attempt within its span.
    func within<R>(_ request: APIRequest, resends: Int, _ body: ((any Span)?) async throws -> R) async throws -> R {
        guard !spans.isOff else { return try await body(nil) }
        let template = request.pathTemplate
        return try await spans.within("\(request.method) \(template)", ofKind: .client) { span in
            span?.updateAttributes { attributes in
                attributes.set("http.request.method", value: .string(request.method.rawValue))
                attributes.set("url.template", value: .string(template))
                attributes.set("server.address", value: .string(connection.server.host))
                attributes.set("server.port", value: .int64(Int64(connection.server.port)))
                if resends > 0 { attributes.set("http.request.resend_count", value: .int64(Int64(resends))) }
                if let permission = request.permission {
                    attributes.set("demarc.verb", value: .string(permission.verb))
                    attributes.set("demarc.resource", value: .string(permission.resource))
                    if let namespace = permission.namespace { attributes.set("demarc.namespace", value: .string(namespace)) }
                }
            }
            return try await body(span)
        }
    }
}

extension Span {
    /// A status of 400 and above is an error of a client's span.
    func answered(_ status: Int) {
        note("http.response.status_code", .int64(Int64(status)))
        if status >= 400 { fail(as: "\(status)") }
    }
}

extension APIRequest {
    /// The path without names: `/api/v1/namespaces/{namespace}/pods/{name}`. There are as many of these as there are kinds.
    var pathTemplate: String {
        var parts = path.split(separator: "/").map(String.init)
        // Behind `api/v1` or `apis/GROUP/VERSION` stand resources.
        var place = parts.first == "api" ? 2 : parts.first == "apis" ? 3 : parts.count
        if place + 2 < parts.count, parts[place] == "namespaces", !APIRequest.isOfNamespace.contains(parts[place + 2]) {
            parts[place + 1] = "{namespace}"
            place += 2
        }
        if place + 1 < parts.count { parts[place + 1] = "{name}" }
        return "/" + parts.joined(separator: "/")
    }

    /// What is a part of a namespace itself, not something in it.
    private static let isOfNamespace: Set<String> = ["status", "finalize"]
}

/// Writes headers of a request.
struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout HTTPHeaders) { headers.replaceOrAdd(name: key, value: value) }
}
