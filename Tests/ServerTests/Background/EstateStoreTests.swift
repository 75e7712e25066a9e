import Controls
import KubernetesClient
import Testing

@testable import Server

struct EstateStoreTests {
    private static let (pods, services) = (LiveCluster.resource("Pod"), LiveCluster.resource("Service"))

    private static func listed(_ store: EstateStore, _ resource: Resource) {
        store.take(.beginsAnew, of: resource)
        store.take(.listed(resourceVersion: "1"), of: resource)
    }

    /// A definition that somebody adds makes no replica wait: all would at once, and no review would be answered.
    @Test func onceCompleteItStaysComplete() {
        let store = EstateStore(source: "cluster/test")
        #expect(!store.isComplete)
        store.watches([Self.pods], gaps: [])
        #expect(!store.isComplete && !store.admission.isComplete && store.snapshot().gaps.isEmpty)
        Self.listed(store, Self.pods)
        #expect(store.isComplete && store.admission.isComplete && store.snapshot().gaps.isEmpty)

        store.watches([Self.services], gaps: [])
        #expect(store.isComplete && store.admission.isComplete)
        #expect(store.effect.namespaces == [""], "a pass says that it is missing")
        #expect(
            store.snapshot().gaps == [
                Gap(source: "cluster/test", reason: .unreadable, message: "list services: not listed yet, since it was served only later")
            ])
        Self.listed(store, Self.services)
        #expect(store.effect.namespaces == [""] && store.snapshot().gaps.isEmpty)

        // One that cannot be read is a gap of its own kind.
        store.watches([LiveCluster.resource("Role")], gaps: [])
        store.lose(LiveCluster.resource("Role"), Gap(source: "cluster/test", reason: .notObservable, message: "forbidden"))
        #expect(store.isComplete && store.snapshot().gaps.map(\.message) == ["forbidden"])
        store.drop(LiveCluster.resource("Role"))
        #expect(store.isComplete && store.snapshot().gaps.isEmpty)
    }

    @Test func nothingToWatchIsComplete() {
        let store = EstateStore(source: "cluster/test")
        store.watches([], gaps: [])
        #expect(store.isComplete)
    }

    @Test func aTroubleIsSaidOnceUntilItChangesOrEnds() {
        let troubles = WatchTroubles()
        #expect(troubles.isNews("forbidden", of: Self.pods))
        #expect(!troubles.isNews("forbidden", of: Self.pods))
        #expect(troubles.isNews("forbidden", of: Self.services))
        #expect(troubles.isNews("unreachable", of: Self.pods) && troubles.isNews("forbidden", of: Self.pods))
        troubles.mended(Self.pods)
        #expect(troubles.isNews("forbidden", of: Self.pods) && !troubles.isNews("forbidden", of: Self.services))
    }
}
