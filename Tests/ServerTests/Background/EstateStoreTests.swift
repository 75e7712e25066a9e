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

    // MARK: - Who else changes what is sent

    private static func admission(_ name: String, _ kind: String) -> Resource {
        Resource(group: "admissionregistration.k8s.io", version: "v1", name: name, kind: kind, isNamespaced: false, verbs: ["list", "watch"])
    }

    private static let webhooks = admission("mutatingwebhookconfigurations", "MutatingWebhookConfiguration")
    private static let policies = admission("mutatingadmissionpolicies", "MutatingAdmissionPolicy")

    /// As long as one of the kinds is not known as a whole, anybody may have changed it.
    @Test func whoChangesWhatIsSentIsKnownOnlyAsAWhole() throws {
        let store = EstateStore(source: "cluster/test")
        #expect(store.admission.mutators == nil)
        store.watches([Self.pods, Self.webhooks, Self.policies], gaps: [])
        Self.listed(store, Self.webhooks)
        #expect(store.admission.mutators == nil, "policies are not listed")
        Self.listed(store, Self.policies)
        let nobody = try #require(store.admission.mutators)
        let version = store.admission.mutatorsVersion

        let webhook = """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingWebhookConfiguration","metadata":{"name":"injector","resourceVersion":"5"},\
            "webhooks":[{"name":"a.b.c","rules":[{"operations":["CREATE"],"resources":["pods"]}]}]}
            """
        store.take(.present(LiveCluster.value(webhook)), of: Self.webhooks)
        #expect(store.admission.mutators != nil && store.admission.mutators != nobody && store.admission.mutatorsVersion != version)
        store.take(.deleted(LiveCluster.value(webhook)), of: Self.webhooks)
        #expect(store.admission.mutators == nobody)

        store.lose(Self.policies, Gap(source: "cluster/test", reason: .notObservable, message: "forbidden"))
        #expect(store.admission.mutators == nil)
        store.drop(Self.policies)
        #expect(store.admission.mutators == nobody, "what is not served changes nothing")
        store.drop(Self.webhooks)
        #expect(store.admission.mutators == nil)
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
