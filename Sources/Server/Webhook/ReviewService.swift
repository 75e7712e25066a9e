public import Admission
public import Documents
internal import Kubernetes
public import KubernetesClient
public import Traces

/// Answers reviews: the engine decides, and what its decision hangs on is asked of the API server.
public struct ReviewService: Sendable {
    /// Whether the API server's authorizer says yes. An error counts as no.
    public typealias Authorizer = @Sendable (AccessQuestion) async -> Bool
    /// The Pod that somebody wants to enter. Asked for each time: such requests are few, and Pods are many to remember.
    public typealias PodLookup = @Sendable (_ namespace: String, _ name: String) async -> ConnectionTarget

    private static let questionsAtOnce = 8
    /// An ephemeral container comes with the whole Pod, twice.
    private static let longestQuestion = 1 << 20

    private let engine: AdmissionEngine
    private let estate: @Sendable () -> AdmissionEstate
    private let clock: @Sendable () -> Timestamp
    private let authorizer: Authorizer
    private let pods: PodLookup
    private let spans: Spans

    /// - Parameters:
    ///   - estate: what is known of the cluster at the moment.
    ///   - clock: the one clock by which grants are judged.
    ///   - spans: of what a review is made of.
    public init(
        _ engine: AdmissionEngine, estate: @escaping @Sendable () -> AdmissionEstate, clock: @escaping @Sendable () -> Timestamp,
        authorizer: @escaping Authorizer = { _ in false }, pods: @escaping PodLookup = { _, _ in .unknown }, spans: Spans = .none
    ) {
        (self.engine, self.estate, self.clock, self.authorizer, self.pods, self.spans) = (engine, estate, clock, authorizer, pods, spans)
    }

    /// As above, with a cluster to ask.
    public init(
        _ engine: AdmissionEngine, estate: @escaping @Sendable () -> AdmissionEstate, clock: @escaping @Sendable () -> Timestamp,
        client: ClusterClient
    ) {
        // Whoever reaches the port can make up such reviews; they must not keep the API server, and our own requests to it, busy.
        let gate = RequestGate(requests: ReviewService.questionsAtOnce, bytes: 0)
        self.init(
            engine, estate: estate, clock: clock,
            authorizer: { question in
                guard gate.enter() else { return false }
                defer { gate.leave() }
                return await question.isAnsweredWithYes(by: client)
            },
            pods: { namespace, name in
                guard gate.enter() else { return .unreadable }
                defer { gate.leave() }
                return await client.connectionTarget(namespace, name)
            }, spans: client.spans)
    }

    public var handler: ReviewHandler {
        { [self] stage, body throws(ReviewFault) in
            let request = try AdmissionRequest(body)
            let entersPod = stage == .validate && (request.operation == .connect || request.isEphemeral)
            // Options of a connection are small; what is large is kept in memory by nobody while the API server is asked.
            guard !entersPod || body.count <= ReviewService.longestQuestion else { throw ReviewFault("the request to enter a Pod is too long") }
            let target = entersPod ? await spans.within("pod look-up") { _ in await pods(request.namespace, request.name) } : .unknown
            let ruling =
                spans.isOff
                ? engine.rule(stage, request, target: target, in: estate(), at: clock())
                : spans.within("ruling") { _ in engine.rule(stage, request, target: target, in: estate(), at: clock()) }
            guard let question = ruling.question, let refusal = ruling.refusal else { return ruling.answer }
            return await spans.within("access question") { _ in await authorizer(question) } ? ruling.answer : refusal
        }
    }
}

extension ClusterClient {
    /// For `ReviewService`.
    func connectionTarget(_ namespace: String, _ name: String) async -> ConnectionTarget {
        let pods = Resource(version: "v1", name: "pods", kind: "Pod", isNamespaced: true)
        do {
            let root = try await get(ObjectReference(pods, namespace: namespace, name: name))
            return .pod(try KubernetesObject(root: root, apiVersion: "v1", kind: "Pod", defaultNamespace: namespace))
        } catch {
            return (error as? ClusterError)?.kind == .notFound ? .missing : .unreadable
        }
    }
}

extension AccessQuestion {
    /// Asks an API server by a SubjectAccessReview.
    func isAnsweredWithYes(by client: ClusterClient) async -> Bool {
        let identity = TokenIdentity(user: user.name, uid: user.uid, groups: user.groups, extra: user.extra)
        let permission = Permission(verb, resource, group: group, namespace: namespace, name: name)
        return (try? await client.may(identity, permission).isAllowed) == true
    }
}
