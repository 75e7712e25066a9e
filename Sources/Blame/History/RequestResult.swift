import Access
import Documents

/// The object as a request left it, by the server's answer or by the request itself.
struct RequestResult {
    var value: FieldValue
    var resourceVersion = ""
    var generation: Int64?
    var apiVersion = ""
    /// The whole object is known.
    var isWhole: Bool
    /// The server's answer shows it.
    var isAnswer = false

    init(value: FieldValue, isWhole: Bool) {
        self.value = value
        self.isWhole = isWhole
    }

    /// What the server itself writes on every change.
    private static let kept: Set<String> = [
        "managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds",
    ]

    /// An object without what names it and what the server counts.
    static func trimmed(_ value: FieldValue) -> FieldValue {
        guard case .map(var map) = value else { return value }
        map[ExactText("apiVersion")] = nil
        map[ExactText("kind")] = nil
        if case .map(let metadata)? = map[ExactText("metadata")] {
            map[ExactText("metadata")] = .map(metadata.filter { !kept.contains($0.key.text) })
        }
        return .map(map)
    }

    /// By the server's answer; nil when that holds no object of this name.
    /// - Parameter known: the last state, which an answer about a part of the object is put into.
    init?(answer record: AuditRecord, _ deed: Change.Deed, known: FieldValue?, name: String) {
        let answer = record.response
        guard answer.exists, let kind = try? answer["kind"].string(), kind != "Status" else { return nil }
        let body = FieldValue(answer)
        switch (deed, kind) {
        case (.scaled, _):
            guard let replicas = body["spec"]?["replicas"] else { return nil }
            self.init(value: RequestResult.putting(replicas, at: ["spec", "replicas"], into: known), isWhole: false)
        case (.bound, "Binding"): return nil
        // Before version 1.22 the list of them was an object of its own.
        case (.addedContainer, "EphemeralContainers"):
            guard let containers = body["ephemeralContainers"] else { return nil }
            self.init(value: RequestResult.putting(containers, at: ["spec", "ephemeralContainers"], into: known), isWhole: false)
        default:
            guard AuditRecord.names(answer) == name, body["metadata"] != nil else { return nil }
            self.init(value: RequestResult.trimmed(body), isWhole: true)
        }
        isAnswer = true
        // The version of an answer about a part does not say that the rest is as it was known.
        if isWhole {
            resourceVersion = (try? answer["metadata"]["resourceVersion"].string()) ?? ""
            generation = ((try? answer["metadata"]["generation"].int()) ?? nil)
            apiVersion = (try? answer["apiVersion"].string()) ?? ""
        }
    }

    /// By a request that holds a whole object, or a part of which the place is known.
    init?(request body: FieldValue, _ record: AuditRecord, _ deed: Change.Deed, known: FieldValue?) {
        switch deed {
        case .scaled:
            guard let replicas = body["spec"]?["replicas"] else { return nil }
            self.init(value: RequestResult.putting(replicas, at: ["spec", "replicas"], into: known), isWhole: false)
        case .bound:
            guard let node = body["target"]?["name"] else { return nil }
            self.init(value: RequestResult.putting(node, at: ["spec", "nodeName"], into: known), isWhole: false)
        case .addedContainer:
            guard let containers = body["ephemeralContainers"] ?? body["spec"]?["ephemeralContainers"] else { return nil }
            self.init(value: RequestResult.putting(containers, at: ["spec", "ephemeralContainers"], into: known), isWhole: false)
        case .created, .updated, .wroteStatus:
            guard body.map != nil, body["metadata"] != nil else { return nil }
            self.init(value: RequestResult.trimmed(RequestResult.whole(body, deed, known: known)), isWhole: true)
            apiVersion = body["apiVersion"]?.text ?? ""
        default: return nil
        }
    }

    /// The server keeps the status when the object is written, and the spec when the status is.
    private static func whole(_ body: FieldValue, _ deed: Change.Deed, known: FieldValue?) -> FieldValue {
        guard case .map(var map) = body, deed != .created, case .map(let old)? = known else { return body }
        let part = ExactText(deed == .wroteStatus ? "spec" : "status")
        map[part] = old[part]
        return .map(map)
    }

    private static func putting(_ value: FieldValue, at path: [String], into known: FieldValue?) -> FieldValue {
        guard let first = path.first else { return value }
        var map = known?.map ?? [:]
        map[ExactText(first)] = putting(value, at: Array(path.dropFirst()), into: map[ExactText(first)])
        return .map(map)
    }
}
