import Controls
public import Documents
public import Kubernetes
import Responsibility

/// Who applied for the spec of a grant, as the API server had authenticated them.
///
/// The API server drops `status` from whatever is written to a grant itself, so the applicant cannot stand there at once. The mutating webhook
/// writes an annotation instead, and the validating one refuses every other content; from there the server takes it over into the status.
public struct GrantApplicant: Sendable, Hashable {
    public static let annotation = "demarc.dev/applied-by"

    public let username: String
    public let groups: [String]
    public let at: Timestamp
    /// Hash of the spec that was applied for.
    public let specHash: String

    init(_ user: AdmissionUser, at now: Timestamp, specHash: String) {
        (username, groups, at, self.specHash) = (user.name, user.groups, now, specHash)
    }

    /// What stands on a grant; nil where there is nothing, or nothing that the webhook has written.
    public init?(of grant: KubernetesObject) {
        guard let text = (try? grant.metadata["annotations"].entry(named: Self.annotation).string()) ?? nil else { return nil }
        self.init(text)
    }

    init?(_ text: String) {
        guard text.utf8.count <= 256 << 10, let root = DocumentTree.parse(Array(text.utf8), source: Self.annotation, syntax: .json).tree.roots.first,
            let username = (try? root["username"].string()) ?? nil, let groups = try? root["groups"].strings(),
            let at = Timestamp(root["at"].text), let specHash = (try? root["specHash"].string()) ?? nil
        else { return nil }
        (self.username, self.groups, self.at, self.specHash) = (username, groups, at, specHash)
        // One text for one content: what reads otherwise was written by somebody else.
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    /// Canonical JSON.
    public var text: String {
        let groups = groups.map(CanonicalJSON.quoted).joined(separator: ",")
        return "{\"at\":\(CanonicalJSON.quoted("\(at)")),\"groups\":[\(groups)],\"specHash\":\(CanonicalJSON.quoted(specHash)),"
            + "\"username\":\(CanonicalJSON.quoted(username))}"
    }

    /// Whether this is the very user who asks.
    func isOf(_ user: AdmissionUser) -> Bool {
        username.utf8.elementsEqual(user.name.utf8) && groups.elementsEqual(user.groups) { $0.utf8.elementsEqual($1.utf8) }
    }
}

extension AdmissionEngine {
    /// Fills in what only the server knows of who writes a grant: who applied, and who decided, when and about which spec. People then write
    /// `{action: deny, reason: …}` and nothing else; what gives a privilege must name the spec that was looked at. What somebody has filled in stays, for the validating webhook to judge.
    func stamp(_ request: AdmissionRequest, at now: Timestamp) -> AdmissionAnswer {
        let response = AdmissionResponse(request)
        guard let grant = request.object, [.create, .update].contains(request.operation), !isExempt(request.namespace) else {
            return response.allowed()
        }
        var patch = JSONPatch()
        patch.kind = "stamped"
        if request.resource == "privilegegrants" {
            patch.addApplicant(request, grant, at: now)
        } else if request.resource == "privilegegrants/status" {
            let reviewed = request.old.flatMap { PrivilegeGrant.read($0).grant }.map { life(of: $0, at: now).specHash(for: .review) }
            patch.addDeciders(request, grant, reviewed: reviewed, at: now)
        }
        return response.mutated(patch)
    }

    func life(of grant: PrivilegeGrant, at now: Timestamp) -> GrantLifeCycle {
        let controls = Dictionary(catalogue.controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return GrantLifeCycle(of: grant, model: model, controls: controls, now: now)
    }
}

extension JSONPatch {
    fileprivate mutating func addApplicant(_ request: AdmissionRequest, _ grant: KubernetesObject, at now: Timestamp) {
        let specHash = CanonicalJSON.digest(of: grant.spec)
        let mark = Self.mark(of: grant)
        let former = request.old.flatMap(Self.mark)
        let text: String
        if let old = request.old, CanonicalJSON.digest(of: old.spec) == specHash {
            // Whoever replaces the object as a whole leaves it out.
            guard mark == nil, let former else { return }
            text = former
        } else {
            // Its own from an earlier call of the same request may be there, or that of the spec before. All else is refused later.
            guard mark == nil || mark == former || mark.flatMap(GrantApplicant.init)?.isOf(request.user) == true else { return }
            text = GrantApplicant(request.user, at: now, specHash: specHash).text
            guard mark != text else { return }
        }
        note("applied-by")
        if grant.metadata["annotations"].exists {
            add("/metadata/annotations/demarc.dev~1applied-by") { $0.string(text) }
        } else {
            add("/metadata/annotations") { json in
                json.raw("{\"demarc.dev/applied-by\":")
                json.string(text)
                json.raw("}")
            }
        }
    }

    private static func mark(of grant: KubernetesObject) -> String? {
        (try? grant.metadata["annotations"].entry(named: GrantApplicant.annotation).string()) ?? nil
    }

    private static func decisions(of grant: KubernetesObject) -> [Value] {
        (try? grant.root["status"]["decisions"].items()).map(Array.init) ?? []
    }

    /// Now, and not before the decision in front: clocks of replicas differ by seconds. A decision that is dated further ahead is left to the judge.
    private static func time(behind decisions: ArraySlice<Value>, at now: Timestamp) -> Timestamp {
        let latest = decisions.compactMap { Timestamp($0["at"].text) }.filter { PrivilegeGrantGuard.age.contains($0.seconds(to: now)) }.max()
        return max(latest ?? now, now)
    }

    /// - Parameter reviewed: the spec that a review is about, which need not be the one there is.
    fileprivate mutating func addDeciders(_ request: AdmissionRequest, _ grant: KubernetesObject, reviewed: String?, at now: Timestamp) {
        let (before, decisions) = (request.old.map(Self.decisions)?.count ?? 0, Self.decisions(of: grant))
        guard decisions.count > before else { return }
        let time = Self.time(behind: decisions.prefix(before), at: now)
        for (position, decision) in decisions.enumerated().dropFirst(before) {
            guard decision.kind == .mapping else { continue }
            let place = "/status/decisions/\(position)"
            let by = decision["by"]
            if !by.exists {
                add("\(place)/by") { json in
                    json.raw("{\"username\":")
                    json.string(request.user.name)
                    json.raw(",\"groups\":")
                    json.strings(request.user.groups)
                    json.raw("}")
                }
            } else if by.kind == .mapping {
                if !by["username"].exists { add("\(place)/by/username") { $0.string(request.user.name) } }
                if !by["groups"].exists { add("\(place)/by/groups") { $0.strings(request.user.groups) } }
            }
            if !decision["at"].exists { add("\(place)/at") { $0.string("\(time)") } }
            let action = GrantDecision.Action(rawValue: decision["action"].text)
            // What gives a privilege is about the spec that somebody has looked at. Filled in here, it would be about whatever stands there now.
            if !decision["specHash"].exists, ![.approve, .accept, .breakGlass].contains(action) {
                add("\(place)/specHash") { $0.string((action == .review ? reviewed : nil) ?? CanonicalJSON.digest(of: grant.spec)) }
            }
            note("decisions/\(position)")
        }
    }
}
