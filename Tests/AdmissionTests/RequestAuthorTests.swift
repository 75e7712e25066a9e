import BuiltInControls
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

@testable import Admission

/// Whoever sends a request wrote what it changes: that is said, and of nothing else.
struct RequestAuthorTests {
    /// Nobody else changes what is sent.
    private static let alone = AdmissionEstate(mutators: Mutators([]))

    private static func change(_ old: String, to new: String, by user: String = "ann@example.com") throws -> Review {
        Review(try ManagedFields.added(to: new)).with { ($0.old, $0.operation, $0.user) = (old, "UPDATE", user) }
    }

    private static func deployment(_ container: String, name: String = "web", spec: String = "") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: shop, uid: d-1}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              \(spec)
              containers:
              - {name: app, image: "r/web:1"\(container)}
        """
    }

    // MARK: - What people are told

    @Test func aDenialSaysWhoWroteIt() throws {
        let reply = try Fixture.ask(Review(try ManagedFields.added(to: Fixture.privileged)), estate: Self.alone)
        #expect(reply.message.contains("   who:   ann@example.com wrote it (2026-06-15T00:00:00Z, admission request 7f0a-11)\n"))
        #expect(reply.notes["denied"] == "1" && reply.notes["introduced"] == "1")
    }

    /// The request of an update names its sender for what it changes, and nobody for what stood there.
    @Test func aWarningSaysWhoseChangeItIs() throws {
        let old = Self.deployment("", spec: "hostNetwork: true")
        let new = Self.deployment(", securityContext: {privileged: true}", spec: "hostNetwork: true")
        let reply = try Fixture.ask(Self.change(old, to: new).with { $0.resource = "deployments" }, estate: Self.alone)
        let privileged = try #require(reply.warnings.first { $0.contains("privileged-containers") })
        let network = try #require(reply.warnings.first { $0.contains("host-namespaces") })
        #expect(privileged.contains("(critical, customer, by ann@example.com): spec.template.spec.containers[0].securityContext.privileged"))
        #expect(network.contains("customer): ") && !network.contains(", by "))
        #expect(reply.notes["introduced"] == "1")
    }

    @Test func aRemovalIsTheWorkOfWhoeverRemoves() throws {
        let old = Fixture.hardened.replacing("metadata: {", with: "metadata: {uid: p-1, ")
        let new = old.replacing("allowPrivilegeEscalation: false", with: "readOnlyRootFilesystem: true")
        let found = try Self.findings(Self.change(old, to: new))
        let authors = found.filter { $0.attribution.introducedBy != nil }
        #expect(authors.map { $0.finding.missing } == ["allowPrivilegeEscalation"] && authors[0].attribution.introducedBy?.user == "ann@example.com")
        #expect(Set(found.map(\.finding.missing)).isSuperset(of: ["livenessProbe", "enableServiceLinks"]), "what nobody ever wrote is nobody's")
    }

    @Test func longAndStrangeNamesAreCut() throws {
        let user = String(repeating: "é", count: 2_000) + "\n\u{1B}[31m"
        let review = Review(try ManagedFields.added(to: Fixture.privileged)).with { $0.user = user }
        let line = try #require(try Fixture.ask(review, estate: Self.alone).message.split(separator: "\n").first { $0.contains("who:") })
        #expect(line.count < 250 && !line.contains("\u{1B}"))
    }

    // MARK: - What others may have made

    private static func webhook(_ resources: String, _ operations: String = "CREATE, UPDATE", name: String = "injector") -> String {
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: \(name)}
        webhooks:
        - name: a.example.com
          rules: [{apiGroups: [""], apiVersions: ["*"], operations: [\(operations)], resources: [\(resources)]}]
        """
    }

    @Test(arguments: [
        ("pods", "CREATE, UPDATE", true), ("\"*\"", "\"*\"", true), ("\"*/*\"", "CREATE", true), ("deployments", "CREATE", false),
        ("pods", "UPDATE", false), ("\"pods/*\"", "\"*\"", true), ("\"services/*\"", "\"*\"", false), ("pods, deployments", "CREATE", true),
    ])
    func whatAnotherWebhookMayHaveMadeIsNobodys(resources: String, operations: String, mayChange: Bool) throws {
        let mutators = Mutators(Fixture.objects(Self.webhook(resources, operations)))
        let reply = try Fixture.ask(Review(try ManagedFields.added(to: Fixture.privileged)), estate: AdmissionEstate(mutators: mutators))
        #expect(reply.message.contains("   who:   ") == !mayChange && !reply.isAllowed)
    }

    @Test func whoChangesWhatIsReadAsTheServerDoes() throws {
        let request = try AdmissionRequest(Review(Fixture.privileged).body)
        let policy = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingAdmissionPolicy
            metadata: {name: p}
            spec:
              matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
            """
        #expect(Mutators(Fixture.objects(policy)).mayChange(request))
        #expect(!Mutators(Fixture.objects(Self.webhook("pods", name: "demarc"))).mayChange(request), "our own fills in what nobody said")
        #expect(Mutators(Fixture.objects(Self.webhook("7"))).mayChange(request), "what cannot be read may be about anything")
        let debug = Review(Fixture.hardened).with { ($0.old, $0.operation, $0.subresource) = (Fixture.hardened, "UPDATE", "ephemeralcontainers") }
        for (resources, mayChange) in [
            ("pods", false), ("\"*\"", false), ("\"pods/*\"", true), ("\"*/ephemeralcontainers\"", true), ("\"*/*\"", true),
        ] {
            #expect(Mutators(Fixture.objects(Self.webhook(resources))).mayChange(try AdmissionRequest(debug.body)) == mayChange, "\(resources)")
        }
    }

    /// A field that was added after the server worked out who owns what was not in the request; neither was what the server fills in.
    @Test func whatTheRecordOfFieldsLacksIsNobodys() throws {
        let review = Review(try ManagedFields.added(to: Fixture.hardened).replacing("\"containers\":[{", with: "\"hostPID\":true,\"containers\":[{"))
        #expect(review.manifest.contains("hostPID"))
        let reply = try Fixture.ask(review, estate: Self.alone)
        #expect(reply.fields == ["spec.hostPID"] && !reply.message.contains("who:"))
        #expect(!(try Fixture.ask(Review(Fixture.privileged), estate: Self.alone).message.contains("who:")), "without a record of fields")
        #expect(
            !(try Fixture.ask(Review(try ManagedFields.added(to: Fixture.privileged))).message.contains("who:")), "nobody knows who else changes it")
        let ports = Fixture.privileged.replacing("{privileged: true}", with: "{}\n    ports: [{containerPort: 80, hostPort: 80}]")
        let port = try Fixture.ask(Review(try ManagedFields.added(to: ports)), estate: Self.alone)
        #expect(port.fields == ["spec.containers[0].ports[0].hostPort"] && !port.message.contains("who:"), "in the host's network it is a default")
    }

    // MARK: - Pods of controllers

    private struct Earlier: WriteRecord {
        func writer(of place: Value, missing: String, in object: KubernetesObject) -> ProvenWriter? {
            ProvenWriter(
                user: "ci", groups: ["system:authenticated"], impersonated: "bob", time: "2026-06-01T00:00:00Z",
                evidence: "audit event \(object.kind) \(place.fieldPath)", wasAsked: true)
        }
    }

    @Test(arguments: [true, false])
    func aPodOfAControllerIsTheWorkOfWhoeverWroteTheTemplate(isKnown: Bool) throws {
        let pod = Fixture.privileged.replacing(
            "namespace: shop}",
            with: "namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: web, uid: d-1, controller: true}]}")
        let template = Fixture.objects(
            Self.deployment(", securityContext: {privileged: true}").replacing("kind: Deployment", with: "kind: DaemonSet"))
        let estate = AdmissionEstate(mutators: Mutators([]), owners: { _ in template }, writes: { isKnown ? Earlier() : nil })
        let review = Review(try ManagedFields.added(to: pod)).with { $0.user = "system:serviceaccount:kube-system:daemon-set-controller" }
        let message = try Fixture.ask(review, estate: estate).message
        let evidence = "audit event DaemonSet spec.template.spec.containers[0].securityContext.privileged"
        #expect(message.contains("   who:   ci as bob wrote it (2026-06-01T00:00:00Z, \(evidence))") == isKnown)
        #expect(message.contains("who:") == isKnown, "a controller is no author")
    }

    /// What an update leaves as it is, an earlier record tells of.
    @Test func whatStaysIsOfTheEarlierRecord() throws {
        let (old, new) = (Fixture.privileged, Fixture.privileged.replacing("r/probe", with: "r/other").replacing("/probe@", with: "/other@"))
        let estate = AdmissionEstate(mutators: Mutators([]), writes: { Earlier() })
        let message = try Fixture.ask(Self.change(old, to: new), estate: estate).message
        #expect(message.contains("who:   ci as bob wrote it (2026-06-01T00:00:00Z, audit event Pod spec.containers[0].securityContext.privileged)"))
    }

    // MARK: - All controls

    private static let noGrants = GrantRegister(
        Inventory([]), controls: Fixture.controls, model: Fixture.acs, now: Fixture.now)

    private static func findings(_ review: Review) throws -> [AttributedFinding] {
        let request = try AdmissionRequest(review.body)
        let object = try #require(request.object)
        return Fixture.engine.judge(object, grants: noGrants) { request.writes(of: object, in: alone, at: Fixture.now) }.findings
    }

    /// The objects of the failing examples of every control.
    private static func examples(of control: Control) throws -> [[String: Any]] {
        try control.failing.flatMap { example in
            try DocumentTree.parse(example.manifest).tree.roots.compactMap { root in
                guard !root["kind"].text.isEmpty, KubernetesKindOf.built(root["apiVersion"].text), root["kind"].text != "List" else { return nil }
                return try Review.json(root) as? [String: Any]
            }
        }
    }

    private static func review(_ object: [String: Any], old: [String: Any]?) throws -> Review {
        func text(_ value: [String: Any]) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
        }
        let namespace = (object["metadata"] as? [String: Any])?["namespace"] as? String ?? ""
        return Review(try ManagedFields.added(to: text(object))).with {
            ($0.namespace, $0.name) = (namespace, "x")
            if let old { ($0.old, $0.operation) = (try? text(old), "UPDATE") }
        }
    }

    /// For each finding of each example of each control, the request that brings just its value: it has its author, and nothing else has.
    @Test(arguments: BuiltInControls.all.map(\.id))
    func anUpdateIsTheAuthorOfJustWhatItChanges(id: String) throws {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        for object in try Self.examples(of: control) {
            let same = try Self.review(object, old: object)
            let request = try AdmissionRequest(same.body)
            let new = try #require(request.object)
            let found = Fixture.engine.judge(new, grants: Self.noGrants).findings.map(\.finding)
            let unchanged = request.writes(of: new, in: Self.alone, at: Fixture.now)
            #expect(found.allSatisfy { unchanged.writer(of: $0.place, missing: $0.missing, in: new) == nil })
            let created = try AdmissionRequest(Self.review(object, old: nil).body)
            let made = try #require(created.object)
            for finding in Fixture.engine.judge(made, grants: Self.noGrants).findings.map(\.finding) where !finding.missing.isEmpty {
                #expect(
                    created.writes(of: made, in: Self.alone, at: Fixture.now).writer(of: finding.place, missing: finding.missing, in: made) == nil)
            }
            for finding in found.prefix(12) where finding.missing.isEmpty {
                guard let before = Path(finding.place, in: new.root).removed(from: object) as? [String: Any] else { continue }
                try Self.check(object, before, changing: finding.place.fieldPath, control: id)
            }
        }
    }

    private static func check(_ object: [String: Any], _ before: [String: Any], changing path: String, control: String) throws {
        let review = try Self.review(object, old: before)
        guard let request = try? AdmissionRequest(review.body), let new = request.object else { return }
        let writes = request.writes(of: new, in: alone, at: Fixture.now)
        let found = Fixture.engine.judge(new, grants: noGrants).findings.map(\.finding)
        let changed = try #require(found.first { $0.place.fieldPath == path && $0.missing.isEmpty }).place
        let author = writes.writer(of: changed, missing: "", in: new)
        #expect(
            author?.user == "ann@example.com" || Defaults.paths.contains { path.contains($0) }, "\(control): \(path), \(author?.user ?? "nobody")")
        for finding in found where !finding.place.isInside(changed) {
            let writer = writes.writer(of: finding.place, missing: finding.missing, in: new)
            // What holds nothing but what changed is the same work.
            #expect(writer == nil || changed.isInside(finding.place), "\(control): \(path) and not \(finding.place.fieldPath)")
        }
    }
}

/// Where examples have what the server would fill in by itself.
private enum Defaults {
    static let paths = [
        "hostPort", "serviceAccountName", "serviceAccount", "failurePolicy", "scope", "matchPolicy", "timeoutSeconds", "imagePullPolicy", "procMount",
        "type", "requests", "sideEffects", "namespaceSelector", "objectSelector", "replicas", "maxUnavailable", "reclaimPolicy", "schedulerName",
        "metadata", "targetPort", "externalTrafficPolicy", "reinvocationPolicy", "preserveUnknownFields",
        // A rule that says nothing but `protocol: TCP`.
        "egress[1]",
    ]
}

private enum KubernetesKindOf {
    /// Kinds of others have defaults that only their definitions tell.
    static func built(_ apiVersion: String) -> Bool {
        let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
        return !apiVersion.isEmpty && (!group.contains(".") || group.hasSuffix(".k8s.io"))
    }
}

/// The way to a value, to take it out of a copy.
private struct Path {
    private var steps: [(key: String, position: Int?)] = []

    init(_ place: Value, in root: Value) {
        var steps: [(key: String, position: Int?)] = []
        place.walk(from: root) { step, position in steps.append((position == nil ? step.key : "", position)) }
        self.steps = steps
    }

    func removed(from object: Any) -> Any? { steps.isEmpty ? nil : Path.removed(object, steps[...]) }

    private static func removed(_ value: Any, _ steps: ArraySlice<(key: String, position: Int?)>) -> Any? {
        guard let step = steps.first else { return nil }
        if let position = step.position {
            guard var list = value as? [Any], list.indices.contains(position) else { return value }
            if let rest = removed(list[position], steps.dropFirst()) { list[position] = rest } else { list.remove(at: position) }
            return list
        }
        guard var map = value as? [String: Any], let inner = map[step.key] else { return value }
        map[step.key] = removed(inner, steps.dropFirst())
        return map
    }
}

/// `metadata.managedFields` of a request, as the API server works them out before webhooks are asked: all that was sent, lists as a whole.
enum ManagedFields {
    static func added(to manifest: String) throws -> String {
        let root = try #require(DocumentTree.parse(manifest, source: "object").tree.roots.first)
        var object = try #require(try Review.json(root) as? [String: Any])
        var metadata = object["metadata"] as? [String: Any] ?? [:]
        let entry: [String: Any] = [
            "manager": "kubectl", "operation": "Update", "apiVersion": "v1", "time": "2026-06-15T00:00:00Z", "fieldsType": "FieldsV1",
            "fieldsV1": fields(of: object),
        ]
        metadata["managedFields"] = [entry]
        object["metadata"] = metadata
        return String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }

    /// Without what names the object, of which nobody is the owner.
    private static func fields(of object: [String: Any]) -> [String: Any] {
        var object = object
        (object["apiVersion"], object["kind"]) = (nil, nil)
        object["metadata"] = (object["metadata"] as? [String: Any])?.filter { !["name", "namespace", "uid"].contains($0.key) }
        return set(of: object)
    }

    private static func set(of value: Any) -> [String: Any] {
        guard let map = value as? [String: Any] else { return [:] }
        return map.reduce(into: [:]) { $0["f:\($1.key)"] = set(of: $1.value) }
    }
}
