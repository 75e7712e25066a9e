import Controls
import Documents
import KubernetesClient
import Reports
import Responsibility
import Testing

@testable import Server

/// What is judged piece by piece comes to what is judged at once.
struct IncrementalTests {
    /// A cluster that changes by chance: few names and few namespaces, so that things meet.
    private struct Chance {
        var numbers: SeededNumbers
        var version = 0
        var alive: [String: (kind: String, json: String)] = [:]

        mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &numbers)] }

        /// One event, told to a table.
        mutating func event() -> (kind: String, event: WatchEvent) {
            version += 1
            if !alive.isEmpty, Int.random(in: 0..<3, using: &numbers) == 0 {
                let key = pick(alive.keys.sorted())
                if let gone = alive.removeValue(forKey: key) { return (gone.kind, .deleted(LiveCluster.value(gone.json))) }
            }
            let namespace = pick(["shop", "bank", "kube-system"])
            let name = pick(["a", "b", "c"])
            let (kind, json) = object(namespace, name)
            let metadata = LiveCluster.value(json)["metadata"]
            alive["\(kind) \(metadata["namespace"].text) \(metadata["name"].text)"] = (kind, json)
            return (kind, .present(LiveCluster.value(json)))
        }

        private mutating func object(_ namespace: String, _ name: String) -> (String, String) {
            let kind = pick(LiveCluster.resources.keys.sorted())
            let place = LiveCluster.resource(kind).isNamespaced ? #","namespace":"\#(namespace)""# : ""
            let named = kind == "Namespace" ? namespace : kind == "PrivilegeGrant" ? "probe" : name
            let owner =
                switch kind {
                case "Pod": #","ownerReferences":[{"kind":"ReplicaSet","name":"\#(name)","uid":"ReplicaSet-\#(name)","controller":true}]"#
                case "ReplicaSet": #","ownerReferences":[{"kind":"Deployment","name":"\#(name)","uid":"Deployment-\#(name)","controller":true}]"#
                default: ""
                }
            let labels = #","labels":{"app":"\#(name)","pod-security.kubernetes.io/enforce":"\#(pick(["privileged", "baseline"]))"}"#
            let metadata = #""metadata":{"name":"\#(named)"\#(place),"uid":"\#(kind)-\#(name)","resourceVersion":"\#(version)"\#(labels)\#(owner)}"#
            if kind == "PrivilegeGrant" { return (kind, grant(namespace)) }
            return (kind, #"{"apiVersion":"\#(LiveCluster.resource(kind).apiVersion)","kind":"\#(kind)",\#(metadata),\#(body(kind, name))}"#)
        }

        private mutating func body(_ kind: String, _ name: String) -> String {
            let security = #"{"privileged":\#(pick(["true", "false"])),"runAsUser":\#(pick(["0", "1000"]))}"#
            let pod =
                #"{"serviceAccountName":"\#(name)","hostNetwork":\#(pick(["true", "false"])),"containers":[{"name":"app","image":"r.example/a:1","securityContext":\#(security)}]}"#
            let template = #"{"metadata":{"labels":{"app":"\#(name)"}},"spec":\#(pod)}"#
            let rule = #"{"apiGroups":[""],"resources":["\#(pick(["pods", "secrets", "*"]))"],"verbs":["\#(pick(["get", "*", "create"]))"]}"#
            let subject = #"{"kind":"ServiceAccount","name":"\#(name)","namespace":"\#(pick(["shop", "bank"]))"}"#
            switch kind {
            case "Pod": return #""spec":\#(pod)"#
            case "Deployment", "ReplicaSet": return #""spec":{"selector":{"matchLabels":{"app":"\#(name)"}},"template":\#(template)}"#
            case "Service": return #""spec":{"type":"\#(pick(["LoadBalancer", "ClusterIP"]))","selector":{"app":"\#(name)"},"ports":[{"port":80}]}"#
            case "NetworkPolicy": return #""spec":{"podSelector":{},"policyTypes":["\#(pick(["Ingress", "Egress"]))"]}"#
            case "Role", "ClusterRole": return #""rules":[\#(rule)]"#
            case "RoleBinding", "ClusterRoleBinding":
                let role = kind == "RoleBinding" ? pick(["Role", "ClusterRole"]) : "ClusterRole"
                return
                    #""roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"\#(role)","name":"\#(pick(["a", "b"]))"},"subjects":[\#(subject)]"#
            default: return #""data":{"PASSWORD":"\#(name)"}"#
            }
        }

        /// The grant that is in order, in another namespace and with another end.
        private mutating func grant(_ namespace: String) -> String {
            var text = ManifestText(LiveCluster.granted.grant)
            guard case .map(var entries) = text else { return "{}" }
            for index in entries.indices where entries[index].key == "metadata" {
                entries[index].value = .map([
                    "name": .text("probe"), "namespace": .text(namespace), "uid": .text("grant-\(namespace)"), "resourceVersion": .text("\(version)"),
                ])
            }
            text = .map(entries)
            return JSON.text(text)
        }
    }

    /// Every namespace in which something changed says at once what a scan of the whole says of it; and all do after a pass over all.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func piecesComeToTheWhole(seed: UInt64) throws {
        let rules = try LiveCluster.rules()
        var chance = Chance(numbers: SeededNumbers(state: seed))
        var table = ObjectTable()
        var live = LiveFindings()
        var effect = ObjectTable.Effect()
        for step in 0..<120 {
            let (kind, event) = chance.event()
            effect.form(table.take(event, of: LiveCluster.resource(kind), source: "cluster/test"))
            guard step % 4 == 3 else { continue }
            let snapshot = EstateSnapshot(objects: table.objects, gaps: table.gaps, effect: effect)
            live.judge(snapshot, only: effect.namespaces, rules: rules, now: LiveCluster.now)
            let fresh = Self.scan(chance.alive.values.map { $0 }, rules)
            for name in effect.namespaces {
                let difference = Self.difference(live.namespaces[name], fresh.namespaces[name])
                #expect(difference == [], "seed \(seed), step \(step), namespace '\(name)'")
            }
            effect = ObjectTable.Effect()
            guard step % 20 == 19 else { continue }
            live.judge(snapshot, rules: rules, now: LiveCluster.now)
            for name in Set(live.namespaces.keys).union(fresh.namespaces.keys) {
                #expect(Self.difference(live.namespaces[name], fresh.namespaces[name]) == [], "seed \(seed), step \(step), all")
            }
            #expect(live == fresh)
        }
        #expect(live.namespaces.values.contains { !$0.objects.isEmpty })
    }

    /// What one says and the other does not, for people.
    private static func difference(_ one: JudgedNamespace?, _ other: JudgedNamespace?) -> [String] {
        guard one != other else { return [] }
        func lines(_ judged: JudgedNamespace?) -> Set<String> {
            guard let judged else { return ["nothing"] }
            let rows = judged.objects.flatMap { object in object.rows.map { "\(object.scope.kind) \(object.scope.name): \($0.policy) \($0)" } }
            return Set(rows + judged.gaps.map(\.message) + ["\(judged.evaluated) \(judged.notObservable) \(judged.open)"])
        }
        return lines(one).symmetricDifference(lines(other)).sorted() + ["order"]
    }

    /// A cluster that is met as it is.
    private static func scan(_ objects: [(kind: String, json: String)], _ rules: JudgingRules) -> LiveFindings {
        let table = LiveCluster.table(objects)
        var fresh = LiveFindings()
        fresh.judge(EstateSnapshot(objects: table.objects, gaps: table.gaps), rules: rules, now: LiveCluster.now)
        return fresh
    }

    /// Concluding namespace by namespace leaves out and adds what concluding all at once does.
    @Test(arguments: [11, 12, 13] as [UInt64])
    func namespacesConcludeAlone(seed: UInt64) throws {
        let rules = try LiveCluster.rules()
        var chance = Chance(numbers: SeededNumbers(state: seed))
        var table = ObjectTable()
        for _ in 0..<150 {
            let (kind, event) = chance.event()
            _ = table.take(event, of: LiveCluster.resource(kind), source: "cluster/test")
        }
        let pass = EstatePass(table.objects, rules: rules, now: LiveCluster.now)
        let whole = pass.judge.conclude(pass.judge.judge([table.objects.indices]))
        var live = LiveFindings()
        live.judge(EstateSnapshot(objects: table.objects), rules: rules, now: LiveCluster.now)
        let fails = whole.findings.filter {
            $0.finding.verdict == .fail && pass.judge.inventory.rootIndex(of: $0.finding.object) == $0.finding.object
        }
        let rows = live.namespaces.values.flatMap(\.objects).flatMap(\.rows).filter { $0.verdict == .fail && $0.subject == nil }
        #expect(rows.map(\.fingerprint).sorted() == fails.map(\.fingerprint).sorted())
        #expect(fails.count > 50)
        #expect(live.namespaces.values.reduce(0) { $0 + $1.evaluated } == whole.judgement.evaluated)
    }

    /// What stands in the template is said once, at the root; what a Pod has beyond it stands in the same report.
    @Test func replicasAreNotRepeated() throws {
        func spec(_ extra: String = "") -> String {
            #"{"containers":[{"name":"app","image":"r.example/a:1","securityContext":{"privileged":true}}\#(extra)]}"#
        }
        func owned(_ kind: String, _ name: String) -> String {
            #","ownerReferences":[{"kind":"\#(kind)","name":"\#(name)","uid":"\#(kind)","controller":true}]"#
        }
        func metadata(_ name: String, _ uid: String, _ owner: String = "") -> String {
            #""metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(uid)"\#(owner)}"#
        }
        let injected = #",{"name":"sidecar","image":"r.example/s:1","securityContext":{"privileged":true}}"#
        var objects = [
            ("Deployment", #"{\#(metadata("web", "Deployment")),"spec":{"template":{"spec":\#(spec())}}}"#),
            ("ReplicaSet", #"{\#(metadata("web-1", "ReplicaSet", owned("Deployment", "web"))),"spec":{"template":{"spec":\#(spec())}}}"#),
        ]
        for index in 0..<8 {
            let pod = metadata("web-1-\(index)", "p\(index)", owned("ReplicaSet", "web-1"))
            objects.append(("Pod", #"{\#(pod),"spec":\#(spec(injected))}"#))
        }
        let live = Self.scan(objects.map { (kind: $0.0, json: $0.1) }, try LiveCluster.rules())
        let reports = live.reports
        #expect(reports.keys.sorted() == ["Deployment"])
        let privileged = try #require(reports["Deployment"]).rows.filter { $0.policy == "privileged-containers" }
        #expect(Set(privileged.map { "\($0.container) \($0.subject ?? "")" }) == ["app ", "sidecar Pod"] && privileged.count == 2)
    }

    /// Time alone ends a grant: no event comes, and the finding counts again from that second on.
    @Test func aGrantEndsByItself() throws {
        let rules = try LiveCluster.rules()
        let objects = [("Deployment", LiveCluster.granted.deployment), ("PrivilegeGrant", LiveCluster.granted.grant)]
        var table = ObjectTable()
        for (kind, value) in objects { _ = table.take(.present(value), of: LiveCluster.resource(kind), source: "cluster/test") }
        let snapshot = EstateSnapshot(objects: table.objects)
        func verdict(_ live: LiveFindings) -> String? {
            live.namespaces["shop"]?.objects.flatMap(\.rows).first { $0.policy == "privileged-containers" }?.verdict.rawValue
        }
        var live = LiveFindings()
        var now = try #require(Timestamp("2026-05-31T23:59:59Z"))
        var story: [String] = []
        for _ in 0..<8 {
            live.judge(snapshot, rules: rules, now: now)
            story.append("\(now) \(verdict(live) ?? "-") \(live.grants.map(\.state.rawValue).joined())")
            guard let next = live.next else { break }
            #expect(next.namespaces == ["shop"])
            now = next.at
        }
        #expect(story.first == "2026-05-31T23:59:59Z fail early")
        #expect(story.contains { $0.hasSuffix("accepted active") })
        #expect(story.last == "2026-07-01T00:00:00Z fail expired")
        #expect(live.next == nil)
    }
}

/// JSON of a manifest, for events.
enum JSON {
    static func text(_ manifest: ManifestText) -> String {
        switch manifest {
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .null: "null"
        case .list(let items): "[\(items.map(text).joined(separator: ","))]"
        case .map(let entries): "{\(entries.map { "\(quoted($0.key)):\(text($0.value))" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
    }
}
