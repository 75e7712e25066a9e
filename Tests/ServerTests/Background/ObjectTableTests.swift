import Controls
import Documents
import Kubernetes
import KubernetesClient
import Testing

@testable import Server

struct ObjectTableTests {
    private static func pod(_ name: String, namespace: String = "shop", version: Int, uid: String = "u") -> WatchEvent {
        .present(
            LiveCluster.value(
                #"{"metadata":{"name":"\#(name)","namespace":"\#(namespace)","uid":"\#(uid)","resourceVersion":"\#(version)"},"spec":{"containers":[]}}"#
            ))
    }

    private static func gone(_ name: String) -> WatchEvent {
        .deleted(LiveCluster.value(#"{"metadata":{"name":"\#(name)","namespace":"shop"}}"#))
    }

    private static func take(_ table: inout ObjectTable, _ event: WatchEvent, kind: String = "Pod") -> Set<String> {
        table.take(event, of: LiveCluster.resource(kind), source: "cluster/test").namespaces
    }

    private static func names(_ table: ObjectTable) -> [String] { table.objects.map(\.displayName) }

    @Test func eventsMakeAndChangeAndRemove() {
        var table = ObjectTable()
        #expect(Self.take(&table, .beginsAnew).isEmpty)
        #expect(Self.take(&table, Self.pod("b", version: 1)) == ["shop"])
        #expect(Self.take(&table, Self.pod("a", version: 2)) == ["shop"])
        #expect(Self.take(&table, .listed(resourceVersion: "3")).isEmpty)
        #expect(Self.names(table) == ["Pod shop/a", "Pod shop/b"])
        #expect(table.objects[0].root.source == "cluster/test: Pod shop/a")
        #expect(Self.take(&table, Self.pod("a", version: 2)).isEmpty, "the same version is no change")
        #expect(Self.take(&table, Self.pod("a", version: 4)) == ["shop"])
        #expect(Self.take(&table, Self.gone("a")) == ["shop"])
        #expect(Self.take(&table, Self.gone("a")).isEmpty, "a deletion may be told twice")
        #expect(Self.names(table) == ["Pod shop/b"] && table.count == 1)
    }

    /// What happened in a gap is told by nobody: it is what the new list lacks.
    @Test func aListMadeAnewRemovesWhatItDoesNotHave() {
        var table = ObjectTable()
        for event in [WatchEvent.beginsAnew, Self.pod("a", version: 1), Self.pod("b", version: 2), .listed(resourceVersion: "2")] {
            _ = Self.take(&table, event)
        }
        #expect(Self.take(&table, .beginsAnew).isEmpty)
        #expect(Self.names(table).count == 2, "until the list is complete, what was known holds")
        _ = Self.take(&table, Self.pod("b", version: 2))
        // The list itself may begin anew.
        _ = Self.take(&table, .beginsAnew)
        _ = Self.take(&table, Self.pod("c", namespace: "bank", version: 9))
        #expect(Self.take(&table, .listed(resourceVersion: "9")) == ["shop"])
        #expect(Self.names(table) == ["Pod bank/c"])
    }

    @Test func anObjectThatCannotBeReadIsAGapUntilItCan() {
        var table = ObjectTable()
        _ = Self.take(&table, Self.pod("a", version: 1))
        #expect(Self.take(&table, .present(LiveCluster.value(#"{"metadata":{"name":"a","namespace":"shop","generateName":7,"x":1}}"#))).count <= 1)
        _ = Self.take(&table, .present(LiveCluster.value(#"{"metadata":{"name":"b","namespace":5}}"#)))
        #expect(table.gaps.map(\.message) == ["metadata.namespace should be a string; as it is, it was not judged"])
        #expect(Self.take(&table, .deleted(LiveCluster.value(#"{"metadata":{"name":"b","namespace":5}}"#))) == [""])
        #expect(table.gaps.isEmpty)
    }

    /// What the watch could not read at all is there nevertheless.
    @Test func whatIsUnreadableIsAGapUntilItIsGone() {
        var table = ObjectTable()
        for event in [WatchEvent.beginsAnew, Self.pod("a", version: 1), .listed(resourceVersion: "1")] { _ = Self.take(&table, event) }
        let deep = WatchEvent.unreadable(UnreadableObject(namespace: "shop", name: "a", message: "too deep"))
        #expect(Self.take(&table, deep) == ["", "shop"])
        #expect(table.count == 0 && table.gaps.map { "\($0.source): \($0.message)" } == ["cluster/test: Pod shop/a: too deep; it was not judged"])
        // A list that still has it keeps the gap; one that has not ends it.
        for event in [WatchEvent.beginsAnew, deep, .listed(resourceVersion: "2")] { _ = Self.take(&table, event) }
        #expect(table.gaps.count == 1)
        _ = Self.take(&table, .beginsAnew)
        #expect(Self.take(&table, .listed(resourceVersion: "3")) == [""] && table.gaps.isEmpty && table.bytes == 0)
        _ = Self.take(&table, deep)
        #expect(Self.take(&table, Self.pod("a", version: 4)) == ["shop"] && table.gaps.isEmpty && table.count == 1)
    }

    @Test func aKindThatIsLostTakesItsObjectsWithIt() {
        var table = ObjectTable()
        _ = Self.take(&table, Self.pod("a", version: 1))
        _ = Self.take(&table, .present(LiveCluster.value(#"{"metadata":{"name":"s","namespace":"bank"}}"#)), kind: "Service")
        let effect = table.lose(LiveCluster.resource("Pod"), .init(source: "cluster/test", reason: .notObservable, message: "forbidden"))
        #expect(effect.namespaces == ["shop"])
        #expect(Self.names(table) == ["Service bank/s"] && table.gaps.map(\.message) == ["forbidden"])
        for event in [WatchEvent.beginsAnew, Self.pod("a", version: 2), .listed(resourceVersion: "2")] { _ = Self.take(&table, event) }
        #expect(table.gaps.isEmpty && table.count == 2)
    }

    @Test func aNamespaceConcernsWhatIsInIt() {
        var table = ObjectTable()
        #expect(Self.take(&table, .present(LiveCluster.value(#"{"metadata":{"name":"shop"}}"#)), kind: "Namespace") == ["", "shop"])
        #expect(Self.take(&table, .present(LiveCluster.value(#"{"metadata":{"name":"x"}}"#)), kind: "ClusterRole") == [""])
        let grant = table.take(.present(LiveCluster.granted.grant), of: LiveCluster.resource("PrivilegeGrant"), source: "cluster/test")
        #expect(grant == ObjectTable.Effect(namespaces: ["shop"], concernsGrants: true))
    }

    /// The order of a scan, whatever the order of the events: by resource, then by namespace and name as the server sorts them.
    @Test(arguments: [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]])
    func objectsStandInTheOrderOfAScan(order: [Int]) {
        let objects = [("Pod", "a-b", "x"), ("Pod", "a", "x"), ("Service", "a", "s"), ("Deployment", "z", "d"), ("Pod", "a", "b")]
        let table = LiveCluster.table(order.map { (objects[$0].0, #"{"metadata":{"namespace":"\#(objects[$0].1)","name":"\#(objects[$0].2)"}}"#) })
        #expect(Self.names(table) == ["Pod a-b/x", "Pod a/b", "Pod a/x", "Service a/s", "Deployment z/d"])
    }
}

struct OwnerSnapshotTests {
    private static func object(_ name: String, _ uid: String, owner: (kind: String, name: String, uid: String)? = nil, version: Int = 1) -> String {
        let owners = owner.map { #","ownerReferences":[{"kind":"\#($0.kind)","name":"\#($0.name)","uid":"\#($0.uid)","controller":true}]"# } ?? ""
        return
            #"{"metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(uid)","resourceVersion":"\#(version)"\#(owners)},"spec":{"template":{}}}"#
    }

    @Test func aPodFindsTheChainOfItsControllers() throws {
        var table = LiveCluster.table([
            ("ReplicaSet", Self.object("web-1", "r", owner: ("Deployment", "web", "d"))), ("Deployment", Self.object("web", "d")),
        ])
        let estate = table.admission
        func chain(_ estate: OwnerSnapshot, _ kind: String, _ name: String, _ uid: String, namespace: String = "shop") -> [String] {
            estate.owners(namespace: namespace, of: .init(kind: kind, name: name, uid: uid)).map(\.displayName)
        }
        #expect(chain(estate, "ReplicaSet", "web-1", "r") == ["ReplicaSet shop/web-1", "Deployment shop/web"])
        // A reference proves nothing but by the uid, the name and the namespace together.
        #expect(chain(estate, "ReplicaSet", "web-1", "other") == [])
        #expect(chain(estate, "ReplicaSet", "web-2", "r") == [])
        #expect(chain(estate, "StatefulSet", "web-1", "r") == [])
        #expect(chain(estate, "ReplicaSet", "web-1", "r", namespace: "bank") == [])
        #expect(chain(estate, "ReplicaSet", "web-1", "") == [])
        let pod = LiveCluster.value(Self.object("web-1-x", "p", owner: ("ReplicaSet", "web-1", "r")))
        #expect(estate.owners(of: try KubernetesObject(root: pod, apiVersion: "v1", kind: "Pod")).count == 2)

        // Deleted and made anew under the same name: the old uid leads nowhere, and the moment that was held stays as it was.
        _ = table.take(
            .present(LiveCluster.value(Self.object("web", "d2", version: 2))), of: LiveCluster.resource("Deployment"), source: "cluster/test")
        #expect(chain(table.admission, "ReplicaSet", "web-1", "r") == ["ReplicaSet shop/web-1"])
        #expect(chain(table.admission, "Deployment", "web", "d2") == ["Deployment shop/web"])
        #expect(chain(estate, "ReplicaSet", "web-1", "r").count == 2)
    }

    /// Owners that own each other end the search.
    @Test func aCircleEnds() {
        let table = LiveCluster.table([
            ("ReplicaSet", Self.object("a", "1", owner: ("ReplicaSet", "b", "2"))),
            ("ReplicaSet", Self.object("b", "2", owner: ("ReplicaSet", "a", "1"))),
        ])
        #expect(table.admission.owners(namespace: "shop", of: .init(kind: "ReplicaSet", name: "a", uid: "1")).count == 8)
    }

    @Test func grantsAreKept() {
        var table = ObjectTable()
        let before = table.admission.grantsVersion
        let grants = LiveCluster.resource("PrivilegeGrant")
        _ = table.take(.present(LiveCluster.granted.grant), of: grants, source: "cluster/test")
        #expect(table.admission.grants.map(\.displayName) == ["PrivilegeGrant shop/probe"])
        let given = table.admission.grantsVersion
        #expect(given != before)
        _ = table.take(
            .present(LiveCluster.value(#"{"metadata":{"name":"shop","labels":{"team":"a"}}}"#)), of: LiveCluster.resource("Namespace"), source: "")
        #expect(table.admission.grantsVersion == given, "what is no grant leaves what was made of the grants as it is")
        _ = table.take(.deleted(LiveCluster.granted.grant), of: grants, source: "cluster/test")
        #expect(table.admission.grants.isEmpty && table.admission.grantsVersion != given)
    }
}
