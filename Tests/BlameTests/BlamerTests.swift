import Blame
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// Answers along chains of owners, tools and people, and what they rest on.
struct BlamerTests {
    private static let deployment = "deployments.apps shop/web"
    private static let privileged = "spec.template.spec.containers[app].securityContext.privileged"
    private static let controllers = "system:serviceaccount:kube-system:"

    private static func owned(
        _ kind: String, _ name: String, _ uid: String, by owner: String, _ ownerUID: String, _ ownerKind: String, spec: String
    ) -> String {
        let version = kind == "Pod" ? "v1" : "apps/v1"
        return """
            {"kind":"\(kind)","apiVersion":"\(version)","metadata":{"name":"\(name)","namespace":"shop","uid":"\(uid)","resourceVersion":"20",\
            "ownerReferences":[{"apiVersion":"apps/v1","kind":"\(ownerKind)","name":"\(owner)","uid":"\(ownerUID)","controller":true}]},"spec":\(spec)}
            """
    }

    private static let podSpec = "{\"containers\":[{\"name\":\"app\",\"image\":\"web:1\",\"securityContext\":{\"privileged\":true}}]}"

    private static let set = owned("ReplicaSet", "web-7d9f", "r1", by: "web", "u1", "Deployment", spec: "{\"template\":{\"spec\":\(podSpec)}}")
    private static let pod = owned("Pod", "web-7d9f-x2k", "p1", by: "web-7d9f", "r1", "ReplicaSet", spec: podSpec)

    /// alice makes it, ci acts as bob and makes it privileged, controllers make the rest.
    private static func rollout(podBy creator: String = controllers + "replicaset-controller", setAt second: Int = 3) -> Log {
        var log = Log()
        log.add("create", deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add(
            "patch", deployment, by: "system:serviceaccount:shop:ci", at: 2,
            request: "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":true}}]}}}}",
            response: Log.web(version: 11, generation: 2, privileged: true), as: "bob")
        log.add(
            "create", "replicasets.apps shop/web-7d9f", by: controllers + "deployment-controller", at: second, request: set, response: set, code: 201,
            id: "id-3")
        log.add("create", "pods shop/web-7d9f-x2k", by: creator, at: 4, request: pod, response: pod, code: 201)
        return log
    }

    @Test func aPodLeadsToThePersonBehindIt() throws {
        let result = try Self.rollout().blame(Log.pod, "spec.containers[app].securityContext.privileged")
        #expect(result.answers.map { "\($0.subject)" } == ["Pod shop/web-7d9f-x2k", "ReplicaSet shop/web-7d9f", "Deployment shop/web"])
        let answer = try #require(result.introduced)
        #expect(answer.who == "system:serviceaccount:shop:ci as bob" && answer.strength == .proven && answer.request == "id-2")
        #expect(answer.shownValue == "true" && answer.time == "2026-11-24T05:00:02.000000Z" && answer.evidence == "audit event audit.log:2")
        #expect(result.party == .customer && result.partyStrength == .proven && result.gaps.isEmpty, "\(result.gaps)")
        #expect(result.trail.count == 5 && result.trail.allSatisfy { $0.strength == .proven })
        #expect(result.trailEnd == "at service account shop/ci: the log does not show who used it")
        #expect(result.timeline.map(\.request) == ["id-1", "id-2", "id-3", "id-4"])
    }

    /// Controllers hear of a write before its sender is answered.
    @Test func anOwnerActsBeforeItsWriterIsAnswered() throws {
        let answer = try #require(Self.rollout(setAt: 2).blame(Log.pod, "spec.containers[app].securityContext.privileged").introduced)
        #expect(answer.who == "system:serviceaccount:shop:ci as bob" && answer.strength == .proven && answer.request == "id-2")
    }

    /// What the owner became after it had made the Pod says nothing about the Pod.
    @Test func laterChangesOfTheOwnerDoNotCount() throws {
        var log = Self.rollout()
        log.add("patch", Self.deployment, by: "carol", at: 9, request: "{}", response: Log.web(version: 30, generation: 3, privileged: false))
        let result = try log.blame(Log.pod, "spec.containers[app].securityContext.privileged")
        #expect(result.introduced?.who == "system:serviceaccount:shop:ci as bob" && result.introduced?.shownValue == "true")
        #expect(try log.blame(Log.deployment, Self.privileged).introduced?.who == "carol")
    }

    /// Anybody who may create a Pod may say whose it is.
    @Test func aClaimedOwnerIsNotProven() throws {
        let result = try Self.rollout(podBy: "mallory").blame(Log.pod, "spec.containers[app].securityContext.privileged")
        #expect(result.introduced?.who == "mallory" && result.answers.count == 1, "whoever wrote the Pod wrote what it says")
        let claim = try #require(result.trail.first { $0.text.contains("is owned by ReplicaSet") })
        #expect(claim.strength == .recorded && claim.text.contains("anybody who creates it may write"))
    }

    /// The log has everything but the creation of one of the objects: what its reference says is then all there is.
    @Test(arguments: [("pods shop/", "Pod shop/web-7d9f-x2k"), ("replicasets.apps shop/", "ReplicaSet shop/web-7d9f")])
    func anOwnerThatOnlyAReferenceNamesIsNotProven(missing: String, child: String) throws {
        let estate = "\(Self.set)\n---\n\(Self.pod)"
        let whole = Self.rollout()
        var log = Log()
        log.keep(whole.lines.filter { !$0.contains("\"resource\":\"\(missing.prefix { $0 != "." && $0 != " " })\"") })
        for field in ["spec.containers[app].securityContext.privileged", nil] {
            let result = try log.blame(Log.pod, field, estate: estate)
            let answer = try #require(result.introduced)
            #expect(answer.subject.kind == "Deployment" && answer.strength == .recorded, "\(answer.subject) \(answer.strength)")
            #expect(answer.who == (field == nil ? "alice" : "system:serviceaccount:shop:ci as bob"))
            #expect(result.partyStrength == .recorded && result.partyReason.hasSuffix("wrote it is not proven"))
            #expect(result.trail.contains { $0.strength == .recorded && $0.text.hasPrefix("\(child) is owned by ") })
            #expect(result.trail.contains { $0.strength == .proven && $0.text.contains("Deployment shop/web") })
            #expect(result.gaps.contains { $0.contains("no event of the log shows a controller create \(child), so only its ownerReferences say") })
            #expect(try whole.blame(Log.pod, field, estate: estate).introduced?.strength == .proven)
        }
    }

    /// Somebody may have written into the Pod what its owner says too.
    @Test func whatMayBeOfThePodItselfIsNotProvenOfTheOwner() throws {
        var log = Self.rollout()
        log.add("patch", "pods shop/web-7d9f-x2k", by: "eve", at: 8)
        log.add(
            "patch", "pods shop/web-7d9f-x2k", by: Self.controllers + "replicaset-controller", at: 9, request: "{}",
            response: Self.pod.replacing("web:1", with: "web:2").replacing("\"20\"", with: "\"25\""))
        log.add("patch", "pods shop/web-7d9f-x2k", by: "eve", at: 10)
        log.add(
            "patch", "pods shop/web-7d9f-x2k", by: Self.controllers + "replicaset-controller", at: 11, request: "{}",
            response: Self.pod.replacing("\"20\"", with: "\"27\""))
        let result = try log.blame(Log.pod, "spec.containers[app].image")
        #expect(result.introduced?.subject.kind == "Deployment" && result.introduced?.strength == .recorded)
        #expect(result.gaps.contains { $0.contains("no event of the log proves who wrote it in Pod shop/web-7d9f-x2k") }, "\(result.gaps)")
    }

    /// Somebody who writes the Pod itself is the one, whatever its owner says.
    @Test func whoeverWroteThePodItselfIsNamed() throws {
        var log = Self.rollout()
        let changed = Self.owned(
            "Pod", "web-7d9f-x2k", "p1", by: "web-7d9f", "r1", "ReplicaSet", spec: Self.podSpec.replacing("web:1", with: "evil:1"))
        log.add(
            "patch", "pods shop/web-7d9f-x2k", by: "eve", at: 8, request: "{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"evil:1\"}]}}",
            response: changed.replacing("\"20\"", with: "\"25\""))
        let result = try log.blame(Log.pod, "spec.containers[app].image")
        #expect(result.answers.count == 1 && result.introduced?.who == "eve" && result.introduced?.shownValue == "\"evil:1\"")
        #expect(result.party == .customer && result.partyStrength == .proven)
        #expect(result.trailEnd == "at eve, whom the API server authenticated")
    }

    /// What a webhook put into the Pod is neither its owner's nor its controller's doing.
    @Test func whatAdmissionPutIntoAPodIsNobodys() throws {
        var log = Log()
        log.add("create", Self.deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let pod = Self.owned(
            "Pod", "web-7d9f-x2k", "p1", by: "web", "u1", "Deployment", spec: "{\"containers\":[{\"name\":\"app\",\"image\":\"web:1\"}]}")
        let injected = pod.replacing("web:1", with: "mirror/web:1")
        log.add(
            "create", "pods shop/web-7d9f-x2k", by: Self.controllers + "replicaset-controller", at: 4, request: pod, response: injected, code: 201)
        let result = try log.blame(Log.pod, "spec.containers[app].image")
        #expect(result.answers.count == 1 && result.partyStrength == .presumed)
        #expect(
            result.introduced?.reasons == [
                "the request had no such value: a default of the API, its normal form or an admission plugin made it",
                "Deployment shop/web says \"web:1\" here, so the value is not from there",
            ])
    }

    @Test func theUidOfAnOwnerMustBeTheRecords() throws {
        var log = Log()
        log.add("create", Self.deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let set = Self.owned("ReplicaSet", "web-7d9f", "r1", by: "web", "other", "Deployment", spec: "{\"template\":{\"spec\":\(Self.podSpec)}}")
        log.add(
            "create", "replicasets.apps shop/web-7d9f", by: Self.controllers + "deployment-controller", at: 3, request: set, response: set, code: 201)
        let subject = Subject(ObjectName(group: "apps", resource: "replicasets", namespace: "shop", name: "web-7d9f"), kind: "ReplicaSet")
        let result = try log.blame(subject)
        #expect(result.gaps.contains("Deployment shop/web: the record is of another object of this name (uid u1, not other)"))
        #expect(result.introduced?.who != "alice" && result.partyStrength == .presumed, "a namesake's author is not its author")
    }

    // MARK: - Strength

    private static let estate = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: shop
          uid: u1
          managedFields:
          - manager: kubectl-edit
            operation: Update
            time: "2026-11-23T10:00:00Z"
            fieldsV1: {"f:spec": {"f:replicas": {}}}
        spec: {replicas: 7}
        """

    /// The estate has an object that was made anew, unseen by the log.
    @Test func aRecordOfAFormerObjectProvesNothing() throws {
        var log = Log()
        log.add("create", Self.deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let result = try log.blame(Log.deployment, "spec.replicas", estate: Self.estate.replacing("uid: u1", with: "uid: u9"))
        #expect(result.introduced?.who == "manager kubectl-edit" && result.introduced?.strength == .recorded)
        #expect(result.gaps == ["Deployment shop/web: the record is of another object of this name (uid u1, not u9)"])
    }

    @Test func withoutALogManagersAreRecorded() throws {
        let result = try Log().blame(Log.deployment, "spec.replicas", estate: Self.estate)
        let answer = try #require(result.introduced)
        #expect(answer.who == "manager kubectl-edit" && answer.strength == .recorded && answer.shownValue == "7" && answer.identity == nil)
        #expect(result.partyStrength == .recorded)
        #expect(result.gaps == ["no event of an audit log was read, so nothing is proven; give a log with --audit"])
    }

    /// The log ends with another value than the estate has: something is missing, and nobody is blamed by proof.
    @Test func aValueWithoutAnEventIsNotProven() throws {
        var log = Log()
        log.add("create", Self.deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let result = try log.blame(Log.deployment, "spec.replicas", estate: Self.estate)
        let answer = try #require(result.introduced)
        #expect(answer.strength == .recorded && answer.who == "manager kubectl-edit" && answer.shownValue == "7")
        #expect(result.gaps.contains("Deployment shop/web: no event of the log wrote the current value 7; the last one known is 1"))
    }

    /// The estate has the value that the record ends with, and is beyond it: somebody else may have written it again. A scan and blame believe the
    /// same.
    @Test(
        arguments: [
            (1, "10", false, true), (7, "17", false, false), (1, "17", false, true), (1, "10", true, true), (2, "17", true, false),
            (nil, "", true, false),
            (nil, "", false, true),
        ] as [(Int?, String, Bool, Bool)])
    func whatIsBeyondTheEndOfTheRecordIsNotProven(generation: Int?, version: String, isBlind: Bool, isProven: Bool) throws {
        var log = Log()
        let first = Log.web(version: 10, privileged: true)
        log.add("create", Self.deployment, by: "alice", at: 1, request: first, response: first, code: 201)
        if isBlind { log.add("patch", Self.deployment, by: "mallory", at: 2) }
        log.add("update", Self.deployment + "/status", by: "controller", at: 3)
        var estate = Log.web(version: 10, privileged: true).replacing(
            "\"resourceVersion\":\"10\",", with: version.isEmpty ? "" : "\"resourceVersion\":\"\(version)\",")
        estate = estate.replacing("\"generation\":1,", with: generation.map { "\"generation\":\($0)," } ?? "")
        let result = try log.blame(Log.deployment, Self.privileged, estate: estate)
        let answer = try #require(result.introduced)
        #expect(answer.who == "alice" && answer.strength == (isProven ? .proven : .recorded) && result.partyStrength == answer.strength)
        let questions = result.gaps.filter { $0.contains("no event of the log shows") }
        let words =
            isBlind && generation == nil
            ? "it after the request of mallory at 2026-11-24T05:00:02.000000Z, which has no body"
            : "how it came to generation \(generation ?? 0), the last known one is 1"
        let question = "Deployment shop/web: no event of the log shows \(words), so that somebody else may have written the same value meanwhile"
        #expect(questions == (isProven ? [] : [question]))
        let object = try #require(SourceObjects(DocumentTree.parse(estate, source: "estate.yaml").tree).objects.first)
        let writes = AuditedWrites(log.collected(Selection([Log.deployment.name])).records, inventory: Inventory([object]))
        let container = try #require(Array(try object.root["spec"]["template"]["spec"]["containers"].items()).first)
        #expect(writes.writer(of: container["securityContext"]["privileged"], missing: "", in: object)?.user == (isProven ? "alice" : nil))
        // Without an estate there is only the log.
        #expect(try log.blame(Log.deployment, Self.privileged).introduced?.strength == (isBlind ? .recorded : .proven))
    }

    /// What changes the spec without showing all of it is counted.
    @Test(arguments: [(2, true), (1, false), (3, false)])
    func scalesAreCounted(generation: Int, isProven: Bool) throws {
        var log = Log()
        let first = Log.web(version: 10, privileged: true)
        log.add("create", Self.deployment, by: "alice", at: 1, request: first, response: first, code: 201)
        let scale = "{\"kind\":\"Scale\",\"apiVersion\":\"autoscaling/v1\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":3}}"
        log.add("update", Self.deployment + "/scale", by: "hpa", at: 2, request: scale, response: scale)
        let estate = Log.web(version: 11, generation: generation, replicas: 3, privileged: true)
        #expect(try log.blame(Log.deployment, Self.privileged, estate: estate).introduced?.strength == (isProven ? .proven : .recorded))
    }

    /// Roles have no generation.
    @Test(arguments: [("10", true), ("12", false)])
    func versionsOfRolesAreCompared(version: String, isProven: Bool) throws {
        func role(_ version: String) -> String {
            """
            {"kind":"Role","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"ops","namespace":"shop","uid":"r1",\
            "resourceVersion":"\(version)"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}
            """
        }
        var log = Log()
        log.add("create", "roles.rbac.authorization.k8s.io shop/ops", by: "alice", at: 1, request: role(""), response: role("10"), code: 201)
        let subject = Subject(ObjectName(group: "rbac.authorization.k8s.io", resource: "roles", namespace: "shop", name: "ops"), kind: "Role")
        let result = try log.blame(subject, "rules", estate: role(version))
        #expect(result.introduced?.who == "alice" && result.introduced?.strength == (isProven ? .proven : .recorded))
        #expect(result.gaps.contains { $0.contains("how it came to version 12, the last known one is 10") } == !isProven)
        #expect(try log.blame(subject, estate: role(version)).introduced?.strength == .proven, "who created it does not change")
    }

    @Test func whatNobodyNamesIsPresumed() throws {
        let bare = Self.estate.replacing("kubectl-edit", with: "").replacing("f:replicas", with: "f:paused")
        let result = try Log().blame(Log.deployment, "spec.replicas", estate: bare)
        #expect(result.introduced?.who == nil && result.introduced?.strength == .presumed && result.partyStrength == .presumed)
        #expect(result.party == .customer)
    }

    @Test func whatTheRequestDidNotNameIsADefault() throws {
        var log = Log()
        let note =
            ",\"annotations\":{\"mutation.webhook.admission.k8s.io/round_0_index_0\":\"{\\\"configuration\\\":\\\"mesh\\\",\\\"webhook\\\":\\\"inject.mesh\\\",\\\"mutated\\\":true}\"}"
        log.add(
            "create", Self.deployment, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10, privileged: true), code: 201,
            extra: note)
        let answer = try #require(try log.blame(Log.deployment, Self.privileged).introduced)
        #expect(answer.reasons == ["the request had no such value: a default, a normal form or an admission webhook (mesh/inject.mesh) made it"])
        #expect(try log.blame(Log.deployment, "spec.template.spec.containers[app].image").introduced?.reasons.isEmpty == true)
    }

    // MARK: - Tools

    private static func delivered(by user: String, _ metadata: String, _ estate: String) throws -> BlameResult {
        var log = Log()
        let object = Log.web(version: 10).replacing("\"labels\":{}", with: metadata)
        log.add("create", deployment, by: user, at: 1, request: object, response: object, code: 201)
        return try log.blame(Log.deployment, "spec.replicas", estate: estate)
    }

    private static let application = """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: shop, namespace: argocd}
        spec: {source: {repoURL: "https://git.example/shop", path: prod, targetRevision: main}}
        status: {operationState: {operation: {initiatedBy: {username: dora}}}}
        """

    @Test func argoCDLeadsToTheRepository() throws {
        let mark = "\"annotations\":{\"argocd.argoproj.io/tracking-id\":\"shop:apps/Deployment:shop/web\"}"
        let result = try Self.delivered(by: "system:serviceaccount:argocd:argocd-application-controller", mark, Self.application)
        #expect(result.trailEnd.hasPrefix("at https://git.example/shop path prod at main: who changed it there"))
        #expect(result.trail.contains { $0.text.contains("was last synchronised by dora, as it says itself") && $0.strength == .recorded })
        // A person who carries the mark along stays the one who did it.
        let person = try Self.delivered(by: "mallory", mark, Self.application)
        #expect(person.trailEnd == "at mallory, whom the API server authenticated")
    }

    @Test func fluxLeadsToTheRepository() throws {
        let mark = "\"labels\":{\"kustomize.toolkit.fluxcd.io/name\":\"apps\",\"kustomize.toolkit.fluxcd.io/namespace\":\"flux-system\"}"
        let estate = """
            {apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: apps, namespace: flux-system}, spec: {sourceRef: {kind: GitRepository, name: fleet}}}
            ---
            {apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: fleet, namespace: flux-system}, spec: {url: "ssh://git.example/fleet"}}
            """
        let result = try Self.delivered(by: "system:serviceaccount:flux-system:kustomize-controller", mark, estate)
        #expect(result.trailEnd.hasPrefix("at ssh://git.example/fleet (GitRepository flux-system/fleet)"), "\(result.trailEnd)")
    }

    @Test func helmTellsWhatItsUserGave() throws {
        let release =
            "{\"name\":\"shop\",\"version\":2,\"info\":{\"status\":\"deployed\"},\"chart\":{\"metadata\":{\"name\":\"web\",\"version\":\"1.2.3\"},\"values\":{\"replicaCount\":4}},\"config\":{\"replicaCount\":1}}"
        let data = Data(Data(release.utf8).base64EncodedString().utf8).base64EncodedString()
        let estate = """
            apiVersion: v1
            kind: Secret
            metadata: {name: sh.helm.release.v1.shop.v2, namespace: shop}
            type: helm.sh/release.v1
            data: {release: "\(data)"}
            """
        let mark = "\"annotations\":{\"meta.helm.sh/release-name\":\"shop\",\"meta.helm.sh/release-namespace\":\"shop\"}"
        let result = try Self.delivered(by: "alice", mark, estate)
        #expect(result.trail.contains { $0.text.contains("chart web-1.2.3, revision 2 (deployed, ") && $0.strength == .recorded })
        #expect(result.trail.contains { $0.text == "the user of Helm gave it: value replicaCount overrides the chart" })
        #expect(result.trailEnd == "at alice, whom the API server authenticated")
    }

    // MARK: - Secrets and addresses

    @Test func secretsAreNotShown() throws {
        var log = Log()
        func secret(_ value: String, _ version: Int) -> String {
            """
            {"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"shop","uid":"s1","resourceVersion":"\(version)","annotations":\
            {"kubectl.kubernetes.io/last-applied-configuration":"\(value)"}},"data":{"password":"\(value)"}}
            """
        }
        log.add("create", "secrets shop/db", by: "alice", at: 1, request: secret("aHVudGVyMQ==", 1), response: secret("aHVudGVyMQ==", 1), code: 201)
        log.add("update", "secrets shop/db", by: "bob", at: 2, request: secret("aHVudGVyMg==", 1), response: secret("aHVudGVyMg==", 2))
        let subject = Subject(ObjectName(group: "", resource: "secrets", namespace: "shop", name: "db"), kind: "Secret")
        let estate = secret("c29tZXRoaW5nIGVsc2U=", 3)
        for field in ["data.password", "data", "metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]", "metadata"] {
            for text in ["", estate] {
                let result = try log.blame(subject, field, estate: text)
                let shown =
                    "\(result.answers.map { "\($0.shownValue ?? "") \($0.reasons)" }) \(result.timeline.map(\.details)) \(result.trail.map(\.text)) \(result.gaps)"
                #expect(!shown.contains("aHVudGVy") && !shown.contains("c29tZXRo"), "\(field): \(shown)")
                #expect(text.isEmpty ? result.introduced?.who == "bob" : true)
            }
        }
    }

    @Test func addressesBelongToPodsForATime() throws {
        var log = Log()
        func pod(_ uid: String, _ address: String) -> String {
            "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\",\"uid\":\"\(uid)\"},\"status\":{\"podIP\":\"\(address)\",\"podIPs\":[{\"ip\":\"\(address)\"}]}}"
        }
        log.add("patch", "pods shop/a/status", by: "system:node:n1", at: 10, request: "{}", response: pod("p1", "10.2.3.4"))
        log.add("delete", "pods shop/a", by: "alice", at: 20, response: pod("p1", "10.2.3.4"))
        log.add("patch", "pods shop/a/status", by: "system:node:n1", at: 30, request: "{}", response: pod("p2", "10.2.3.5"))
        log.add("patch", "pods shop/b/status", by: "system:node:n1", at: 25, request: pod("p3", "10.2.3.4").replacing("\"a\"", with: "\"b\""))
        var selection = try #require(Selection(address: "10.2.3.4"))
        for name in ["a", "b"] { selection.insert(ObjectName(group: "", resource: "pods", namespace: "shop", name: name)) }
        let address = try #require(selection.address)
        let holders = Blamer(log.collected(selection).records, inventory: Inventory([]), model: Log.model).holders(of: address)
        #expect(
            holders.map { "\($0.subject) \($0.from.suffix(10)) \($0.until?.suffix(10) ?? "")" } == [
                "Pod shop/a 10.000000Z 20.000000Z", "Pod shop/b 25.000000Z ",
            ])
        let at = { (second: Int) in holders.filter { $0.held(at: "2026-11-24T05:00:\(second)Z") }.map(\.subject.name.name) }
        #expect(at(15) == ["a"] && at(22).isEmpty && at(40) == ["b"] && holders.allSatisfy { $0.strength == .proven })
    }

    // MARK: - Fields as people write them

    @Test(arguments: [
        ("spec.replicas", "spec.replicas"), (".spec.replicas", "spec.replicas"),
        ("spec.template.spec.containers[0].image", "spec.template.spec.containers[app].image"),
        ("spec.template.spec.containers[app]", "spec.template.spec.containers[app]"),
        ("metadata.annotations[\"a.b/c\"]", "metadata.annotations[\"a.b/c\"]"),
        ("metadata.annotations['a.b/c']", "metadata.annotations[\"a.b/c\"]"),
    ])
    func fieldsAreUnderstood(text: String, path: String) throws {
        let result = try Self.rollout().blame(Log.deployment, text)
        #expect(result.answers.first?.path.description == path)
    }

    @Test(arguments: ["", ".", "a..b", "a.", "a[", "a[\"b]", "a[]"])
    func badFieldsAreRefused(text: String) {
        #expect(throws: FieldQuestion.Malformed.self) { try FieldQuestion(text) }
    }
}
