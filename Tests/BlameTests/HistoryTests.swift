import Access
import Blame
import Documents
import Foundation
import Testing

/// Who is the author of which field, by logs written by hand.
struct HistoryTests {
    private static let name = "deployments.apps shop/web"
    private static let privileged = "spec.template.spec.containers[app].securityContext.privileged"

    /// The author of each leaf by the second of the request, `?` where it is not proven.
    private static func authors(_ history: ObjectHistory) -> [String: String] {
        var authors: [String: String] = [:]
        history.current?.state?.forEachLeaf { path, field in
            let change = history.changes[field.origin.latest]
            authors[path.description] = change.actor.name + (field.origin.isProven ? "" : "?")
        }
        return authors
    }

    @Test func eachFieldKeepsItsAuthor() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add(
            "patch", Self.name, by: "bob", at: 2, request: "{\"spec\":{\"replicas\":3}}", response: Log.web(version: 11, generation: 2, replicas: 3))
        log.add(
            "update", Self.name, by: "carol", at: 3, request: Log.web(version: 11, generation: 2, replicas: 3, image: "web:2"),
            response: Log.web(version: 12, generation: 3, replicas: 3, image: "web:2"))
        let history = log.history(of: Log.deployment)
        #expect(
            Self.authors(history) == [
                "metadata.labels": "alice", "metadata.name": "alice", "metadata.namespace": "alice", "spec.replicas": "bob",
                "spec.template.spec.containers[app].image": "carol", "spec.template.spec.containers[app].name": "alice",
            ])
        #expect(history.changes.map(\.deed) == [.created, .patched, .updated])
        #expect(history.changes[2].differences.map { "\($0.path)" } == ["spec.template.spec.containers[app].image"])
        #expect(history.lives.count == 1 && history.current?.gaps.isEmpty == true && history.current?.uid == "u1")
    }

    /// Items are told apart by their names, so a container that is put before another changes nothing about that.
    @Test func orderOfListsDoesNotMatter() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let before = "{\"name\":\"proxy\",\"image\":\"proxy:1\"},"
        log.add(
            "update", Self.name, by: "bob", at: 2, request: Log.web(version: 10, before: before),
            response: Log.web(version: 11, generation: 2, before: before))
        let authors = Self.authors(log.history(of: Log.deployment))
        #expect(authors["spec.template.spec.containers[app].image"] == "alice")
        #expect(authors["spec.template.spec.containers[proxy].image"] == "bob")
    }

    /// Only what succeeded and was no trial counts; what has two stages counts once.
    @Test func whatTookNoEffectIsNotCounted() throws {
        var log = Log()
        log.add("create", Self.name, at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("create", Self.name, at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("patch", Self.name, by: "eve", at: 2, request: "{}", response: "{\"kind\":\"Status\",\"code\":403}", code: 403)
        log.add("patch", Self.name, by: "eve", at: 3, request: "{}", response: Log.web(version: 10, replicas: 9), query: "dryRun=All")
        log.add(
            "patch", Self.name, by: "eve", at: 4, request: "{}", response: Log.web(version: 10, replicas: 9), query: "fieldManager=x&dry%52un=All")
        log.add("patch", Self.name, by: "eve", at: 2, stage: "RequestReceived", id: "id-2")
        log.add("get", Self.name, by: "eve", at: 6, response: Log.web(version: 10))
        let history = log.history(of: Log.deployment)
        #expect(history.changes.count == 1 && history.refused == 1 && history.trials == 2)
        #expect(history.current?.gaps.isEmpty == true)
        #expect(log.collected(Selection([Log.deployment.name])).counts.repeated == 1)
    }

    /// A request that never got an answer in the log may have taken effect.
    @Test(arguments: ["RequestReceived", "Panic"])
    func unknownOutcomesAreGaps(stage: String) throws {
        var log = Log()
        log.add("create", Self.name, at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("patch", Self.name, by: "eve", at: 2, request: "{\"spec\":{\"replicas\":9}}", code: 500, stage: stage)
        let history = log.history(of: Log.deployment)
        #expect(history.current?.gaps == [.unknownOutcome("2026-11-24T05:00:02.000000Z")] && history.changes.count == 1)
    }

    // MARK: - Without answers

    private static func requests(_ patches: [(user: String, body: String)]) -> ObjectHistory {
        var log = Log()
        log.add("create", name, by: "alice", at: 1, request: Log.web(version: 0), code: 201)
        for (index, patch) in patches.enumerated() { log.add("patch", name, by: patch.user, at: 2 + index, request: patch.body) }
        return log.history(of: Log.deployment)
    }

    private static func value(_ path: String, _ history: ObjectHistory) -> String? {
        var found: String?
        history.current?.state?.forEachLeaf { place, field in if place.description == path { found = field.plain.summary() } }
        return found
    }

    @Test(arguments: [
        "[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext\",\"value\":{\"privileged\":true}}]",
        "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"app\"}],\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":true}}]}}}}",
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"securityContext\":{\"privileged\":true}}]}}}}",
    ])
    func patchesAreCarriedOut(patch: String) throws {
        let history = Self.requests([("mallory", patch)])
        #expect(Self.value(Self.privileged, history) == "true")
        let authors = Self.authors(history)
        // Where a container stands in a list only an answer tells: a webhook may have put another before it.
        #expect(
            authors[Self.privileged] == (patch.hasPrefix("[") ? "mallory?" : "mallory")
                && authors["spec.template.spec.containers[app].image"] == "alice")
        #expect(history.current?.gaps.isEmpty == !patch.hasPrefix("["))
    }

    @Test func removalsHaveAuthors() throws {
        let history = Self.requests([
            ("bob", "[{\"op\":\"remove\",\"path\":\"/spec/replicas\"}]"), ("carol", "{\"metadata\":{\"labels\":null}}"),
        ])
        #expect(Self.value("spec.replicas", history) == nil)
        let spec = try #require(history.current?.state?.child(.key(.init("spec"))))
        #expect(spec.removed[.key(.init("replicas"))].map { history.changes[$0.latest].actor.name } == "bob")
        let metadata = try #require(history.current?.state?.child(.key(.init("metadata"))))
        #expect(metadata.removed[.key(.init("labels"))].map { history.changes[$0.latest].actor.name } == "carol")
    }

    /// Without the kind of a patch in the log, one that lists objects may have replaced the list.
    @Test func anUnclearPatchIsAGap() throws {
        let history = Self.requests([("bob", "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"side:1\"}]}}}}")])
        let gaps = history.current?.gaps ?? []
        // Then it would have restated the list, so that its sender need not be the author.
        #expect(
            gaps.first == .unclearPatch("2026-11-24T05:00:02.000000Z") && gaps.count == 2
                && gaps.last?.text.contains("containers[side] differs") == true)
        #expect(Self.value("spec.template.spec.containers[side].image", history) == "\"side:1\"")
        #expect(Self.value("spec.template.spec.containers[app].image", history) == "\"web:1\"")
    }

    /// Who applies less than before takes the rest back.
    @Test func anApplyWithoutAnAnswerMayHaveRemovedSomething() throws {
        let apply = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"labels\":{\"a\":\"b\"}}}"
        #expect(Self.requests([("ann", apply)]).current?.gaps.isEmpty == true, "the first one takes nothing back")
        #expect(Self.requests([("ann", apply), ("ann", apply)]).current?.gaps == [.unseenRemovals("2026-11-24T05:00:03.000000Z")])
    }

    @Test func patchesThatDoNotFitAreGaps() throws {
        let history = Self.requests([("bob", "[{\"op\":\"remove\",\"path\":\"/spec/none/deep\"}]"), ("eve", "[{\"op\":\"zap\",\"path\":\"/x\"}]")])
        #expect(history.current?.gaps.count == 3, "two broken patches, and two requests whose effect is not known")
        #expect(history.changes.map(\.isBlind) == [false, true, true])
    }

    @Test func subresourcesWriteTheirPart() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        let scale =
            "{\"kind\":\"Scale\",\"apiVersion\":\"autoscaling/v1\",\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"11\"},\"spec\":{\"replicas\":5}}"
        log.add("patch", Self.name + "/scale", by: "hpa", at: 2, request: "{\"spec\":{\"replicas\":5}}", response: scale)
        func ready(_ version: Int) -> String {
            let status = "\"status\":{\"readyReplicas\":5},\"spec\":"
            return Log.web(version: version, generation: 2, replicas: 5).replacing("\"spec\":", with: status, maxReplacements: 1)
        }
        log.add("update", Self.name + "/status", by: "controller", at: 3, request: ready(11), response: ready(12))
        let history = log.history(of: Log.deployment)
        let authors = Self.authors(history)
        #expect(authors["spec.replicas"] == "hpa" && authors["status.readyReplicas"] == "controller?" && authors["metadata.name"] == "alice")
        #expect(history.changes.map(\.deed) == [.created, .scaled, .wroteStatus])
        // The answer about the scale does not show the rest, so the version that the controller had read proves nothing.
        let gaps = history.current?.gaps ?? []
        #expect(gaps == [.uncertain("2026-11-24T05:00:03.000000Z", gaps.isEmpty ? FieldPath() : FieldPath([.key(.init("status"))]))])
    }

    // MARK: - What is missing in the record

    @Test func aLateRecordProvesOnlyWhatItShows() throws {
        var log = Log()
        log.add(
            "patch", Self.name, by: "bob", at: 5, request: "{\"spec\":{\"replicas\":3}}", response: Log.web(version: 11, generation: 7, replicas: 3))
        let history = log.history(of: Log.deployment)
        let authors = Self.authors(history)
        #expect(authors["spec.replicas"] == "bob" && authors["spec.template.spec.containers[app].image"] == "bob?")
        #expect(history.current?.gaps == [.beginsLater("2026-11-24T05:00:05.000000Z")] && history.current?.created == nil)
    }

    /// An event without bodies may have been the one that wrote what a later answer shows.
    @Test func blindChangesAreNamedBeside() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("patch", Self.name, by: "mallory", at: 2)
        log.add(
            "patch", Self.name, by: "bob", at: 3, request: "{\"spec\":{\"replicas\":3}}",
            response: Log.web(version: 12, generation: 3, replicas: 3, privileged: true))
        let history = log.history(of: Log.deployment)
        let state = try #require(history.current?.state)
        state.forEachLeaf { path, field in
            switch path.description {
            case "spec.replicas", Self.privileged: #expect(field.origin == .among([1, 2], incomplete: false))
            default: #expect(field.origin == .change(0))
            }
        }
        #expect(history.current?.gaps == [.noBody(1)])
    }

    /// The server counts changes of the spec: a step of two shows that one is missing.
    @Test func missingChangesAreNoticed() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add(
            "update", Self.name, by: "bob", at: 3, request: Log.web(version: 14, generation: 2, privileged: true),
            response: Log.web(version: 15, generation: 3, image: "web:2", privileged: true))
        let history = log.history(of: Log.deployment)
        var origin: Authorship?
        history.current?.state?.forEachLeaf { path, field in if path.description == Self.privileged { origin = field.origin } }
        #expect(origin == nil || origin == .among([1], incomplete: true))
        let gaps = history.current?.gaps ?? []
        #expect(gaps.count == 1 && gaps.first?.text.contains("by a request that is not in the record") == true)
    }

    @Test func aNameHasSeveralLives() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("delete", Self.name, by: "bob", at: 2, response: "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}")
        let again = Log.web(version: 20).replacing("\"u1\"", with: "\"u2\"")
        log.add("create", Self.name, by: "carol", at: 3, request: Log.web(version: 0), response: again, code: 201)
        let history = log.history(of: Log.deployment)
        #expect(history.lives.map(\.uid) == ["u1", "u2"] && history.lives[0].deleted == 1 && history.lives[1].created == 2)
        #expect(Set(Self.authors(history).values) == ["carol"])
    }

    @Test func collectionsTakeObjectsWithThem() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add("deletecollection", "deployments.apps shop/", by: "bob", at: 2, response: "{\"kind\":\"DeploymentList\",\"items\":[]}")
        log.add("deletecollection", "deployments.apps other/", by: "bob", at: 3)
        #expect(log.history(of: Log.deployment).current?.deleted == nil, "the answer does not list it")
        log.add(
            "deletecollection", "deployments.apps shop/", by: "eve", at: 4,
            response: "{\"kind\":\"DeploymentList\",\"items\":[\(Log.web(version: 10))]}")
        let history = log.history(of: Log.deployment)
        #expect(history.current?.deleted.map { history.changes[$0].actor.name } == "eve")
    }

    /// Answers name the version of the object, which is the order in which they took effect.
    @Test func eventsAreBroughtIntoOrder() throws {
        var log = Log()
        log.add("create", Self.name, by: "alice", at: 1, request: Log.web(version: 0), response: Log.web(version: 10), code: 201)
        log.add(
            "patch", Self.name, by: "bob", at: 9, request: "{\"spec\":{\"replicas\":2}}", response: Log.web(version: 11, generation: 2, replicas: 2))
        // Another server's clock goes four seconds behind.
        log.add(
            "patch", Self.name, by: "carol", at: 5, request: "{\"spec\":{\"replicas\":3}}", response: Log.web(version: 12, generation: 3, replicas: 3)
        )
        let history = log.history(of: Log.deployment)
        #expect(history.changes.map(\.actor.name) == ["alice", "bob", "carol"])
        #expect(Self.authors(history)["spec.replicas"] == "carol")
        #expect(log.collected(Selection([Log.deployment.name])).counts.late == 1)
    }
}
