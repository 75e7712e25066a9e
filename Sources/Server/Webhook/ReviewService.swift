public import Admission
public import Documents
internal import Kubernetes
internal import KubernetesClient
internal import Synchronization

/// Answers reviews: the engine decides, and where its decision hangs on a permission, the API server is asked.
public final class ReviewService: Sendable {
    /// Whether the API server's authorizer says yes. An error counts as no.
    public typealias Authorizer = @Sendable (AccessQuestion) async -> Bool
    /// The Pod that somebody wants to enter. Asked for each time: such requests are few, and Pods are many to remember.
    public typealias PodLookup = @Sendable (_ namespace: String, _ name: String) async -> ConnectionTarget

    private let engine: AdmissionEngine
    private let estate: Mutex<AdmissionEstate>
    private let clock: @Sendable () -> Timestamp
    private let authorizer: Authorizer
    private let pods: PodLookup

    /// - Parameters:
    ///   - estate: what is known of the cluster at the beginning; `replace` brings what comes later.
    ///   - clock: the one clock by which grants are judged.
    public init(
        _ engine: AdmissionEngine, estate: AdmissionEstate = AdmissionEstate(), clock: @escaping @Sendable () -> Timestamp,
        authorizer: @escaping Authorizer = { _ in false }, pods: @escaping PodLookup = { _, _ in .unknown }
    ) {
        (self.engine, self.clock, self.authorizer, self.pods) = (engine, clock, authorizer, pods)
        self.estate = Mutex(estate)
    }

    /// Reviews from now on are judged in this estate.
    public func replace(_ estate: AdmissionEstate) { self.estate.withLock { $0 = estate } }

    public var handler: ReviewHandler {
        { [self] stage, body throws(ReviewFault) in
            let estate = self.estate.withLock { $0 }
            let request = try AdmissionRequest(body)
            let target = request.operation == .connect ? await pods(request.namespace, request.name) : .unknown
            let ruling = engine.rule(stage, request, target: target, in: estate, at: clock())
            guard let question = ruling.question, let refusal = ruling.refusal else { return ruling.answer }
            return await authorizer(question) ? ruling.answer : refusal
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
        let identity = TokenIdentity(user: user.name, uid: user.uid, groups: user.groups)
        let permission = Permission(verb, resource, group: group, namespace: namespace, name: name)
        return (try? await client.may(identity, permission).isAllowed) == true
    }
}
