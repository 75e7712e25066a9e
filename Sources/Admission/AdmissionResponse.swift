import Documents
import Kubernetes

/// Writes answers. By hand: going through a general encoder would take most of a request's time.
struct AdmissionResponse {
    private let request: AdmissionRequest

    init(_ request: AdmissionRequest) { self.request = request }

    /// One field that a denial is about: `StatusCause` of the API.
    struct Cause {
        let field: String
        let message: String
    }

    /// - Parameters:
    ///   - notes: audit annotations; the API server puts the webhook's name before their keys.
    ///   - uses: the grants by which it goes through.
    ///   - root: whose Pod it is; nil where the object is its own.
    func allowed(
        warnings: [String] = [], notes: [(String, String)] = [], uses: [GrantUse] = [], root: KubernetesObject? = nil
    ) -> AdmissionAnswer {
        answer(warnings.isEmpty ? .allow : .warn, notes: notes, uses.isEmpty ? nil : trace(.granted(uses), root)) { json in
            guard !warnings.isEmpty else { return }
            json.raw(",\"warnings\":")
            json.strings(warnings)
        }
    }

    /// - Parameter controls: those that refuse; none where it is a rule of the webhook's own.
    func denied(
        _ message: String, causes: [Cause] = [], notes: [(String, String)] = [], controls: [String] = [], root: KubernetesObject? = nil
    ) -> AdmissionAnswer {
        let trace = trace(.denied(controls: controls.isEmpty ? [AdmissionTrace.ownRule] : controls), root)
        return answer(.deny, notes: notes, trace) { json in
            json.raw(",\"status\":{\"code\":403,\"reason\":\"Forbidden\",\"message\":")
            json.string(message)
            if !causes.isEmpty {
                json.raw(",\"details\":{\"causes\":[")
                for (index, cause) in causes.enumerated() {
                    json.raw(index > 0 ? ",{\"reason\":\"FieldValueForbidden\",\"field\":" : "{\"reason\":\"FieldValueForbidden\",\"field\":")
                    json.string(cause.field)
                    json.raw(",\"message\":")
                    json.string(cause.message)
                    json.raw("}")
                }
                json.raw("]}")
            }
            json.raw("}")
        }
    }

    /// - Parameter patch: operations of RFC 6902.
    func mutated(_ patch: JSONPatch) -> AdmissionAnswer {
        guard !patch.isEmpty else { return allowed() }
        return answer(.mutate, notes: [(patch.kind, patch.summary)], nil) { json in
            json.raw(",\"patchType\":\"JSONPatch\",\"patch\":\"")
            json.base64(patch.bytes)
            json.raw("\"")
        }
    }

    private func trace(_ outcome: AdmissionTrace.Outcome, _ root: KubernetesObject?) -> AdmissionTrace {
        let named = (root ?? request.object).map { $0.name.isEmpty ? "\($0.kind) \(request.namespace)/\(request.name)" : $0.displayName }
        return AdmissionTrace(user: request.user.name, namespace: request.namespace, workload: named ?? "", outcome: outcome)
    }

    private func answer(
        _ decision: AdmissionAnswer.Decision, notes: [(String, String)], _ trace: AdmissionTrace?, _ rest: (inout JSONText) -> Void
    ) -> AdmissionAnswer {
        var json = JSONText()
        json.raw("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{\"uid\":")
        json.string(request.uid)
        json.raw(decision == .deny ? ",\"allowed\":false" : ",\"allowed\":true")
        rest(&json)
        if !notes.isEmpty {
            json.raw(",\"auditAnnotations\":{")
            for (index, note) in notes.enumerated() {
                if index > 0 { json.raw(",") }
                json.string(note.0)
                json.raw(":")
                json.string(note.1)
            }
            json.raw("}")
        }
        json.raw("}}")
        return AdmissionAnswer(
            body: json.bytes, decision: decision, operation: request.operation.rawValue, resource: request.resource,
            namespace: request.namespace, isDryRun: request.isDryRun, trace: trace)
    }
}

/// JSON put together byte by byte.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(512) }

    mutating func raw(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(byte)
                case 0x0A: raw("\\n")
                case 0..<0x20:
                    raw("\\u00")
                    bytes.append(JSONText.digits[Int(byte >> 4)])
                    bytes.append(JSONText.digits[Int(byte & 15)])
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func strings(_ texts: [String]) {
        raw("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { raw(",") }
            string(text)
        }
        raw("]")
    }

    mutating func base64(_ data: [UInt8]) {
        for start in stride(from: 0, to: data.count, by: 3) {
            let group = data[start..<min(start + 3, data.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                bytes.append(place <= group.count ? JSONText.alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
