import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

struct ValidationTests {
    @Test func whatIsInOrderGoesThroughWithoutAWord() throws {
        let reply = try Fixture.ask(Review(Fixture.hardened))
        #expect(reply.isAllowed && reply.answer.operation == "CREATE" && reply.answer.resource == "pods" && reply.answer.namespace == "shop")
    }

    @Test func aDenialSaysWhatWhyWhoseHowAndWhatToApplyFor() throws {
        let reply = try Fixture.ask(Review(Fixture.privileged))
        #expect(reply.answer.decision == .deny && reply.fields == ["spec.containers[0].securityContext.privileged"])
        let message = reply.message
        #expect(message.contains("Pod shop/probe") && message.contains("[privileged-containers, "))
        for line in ["   why:   ", "   whose: customer (the customer of Container Compute Service), duty ", "   fix:   "] {
            #expect(message.contains(line), "\(line) is missing in \(message)")
        }
        #expect(reply.notes["denied"] == "1")
        // The draft is a grant that, filled in, is read without a fault and names what was refused.
        let start = try #require(message.range(of: "apiVersion: demarc.dev/v1alpha1"))
        let filled = String(message[start.lowerBound...]).replacing("<fill in:", with: "because")
        let grant = try #require(Fixture.objects(filled).first.flatMap { PrivilegeGrant.read($0).grant })
        #expect(grant.privileges.map(\.control).contains("privileged-containers") && grant.workload.name == "probe")
    }

    @Test func whatThePlatformNeverGrantsIsSaidInsteadOfADraft() throws {
        let manifest = Fixture.hardened.replacing("  containers:", with: "  hostNetwork: true\n  containers:")
        let message = try Fixture.ask(Review(manifest)).message
        #expect(message.contains("No grant is to be had") && message.contains("the serverless runtime has no host to share"))
        #expect(!message.contains("kind: PrivilegeGrant"))
    }

    @Test func aWorkloadIsWarnedAboutAndItsPodRefused() throws {
        let template = Fixture.privileged.split(separator: "\n").dropFirst(3).map { "    " + $0 }.joined(separator: "\n")
        let manifest = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: probe, namespace: shop}
            spec:
              template:
            \(template)
            """
        let reply = try Fixture.ask(Review(manifest).with { $0.resource = "deployments" })
        #expect(reply.answer.decision == .warn)
        #expect(reply.warnings.contains { $0.contains("privileged-containers") && $0.contains("spec.template.spec.containers[0]") })
    }

    @Test func warningsFitIntoHeaders() throws {
        let manifest = Fixture.hardened.replacing("name: app", with: "name: \"\(String(repeating: "é", count: 300))\\n\"")
            .replacing("  securityContext:\n    runAsNonRoot: true\n", with: "  securityContext:\n")
        let reply = try Fixture.ask(Review(manifest))
        #expect(!reply.warnings.isEmpty && reply.warnings.count <= 11)
        for warning in reply.warnings {
            #expect(warning.unicodeScalars.count <= 256 && !warning.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test(arguments: ["kube-system", "kube-node-lease", "demarc-system"])
    func nothingIsRefusedWhereThePlatformLives(namespace: String) throws {
        let reply = try Fixture.ask(
            Review(Fixture.privileged.replacing("namespace: shop", with: "namespace: \(namespace)")).with { $0.namespace = namespace })
        #expect(reply.isAllowed && reply.notes["exempt"] == "namespace \(namespace)")
    }

    /// A model may know system namespaces by their beginning; whoever may create a namespace could then choose to be exempt.
    @Test func aNamespaceThatOnlySoundsLikeThePlatformsIsNotExempt() throws {
        let planes = Planes(systemNames: [try #require(Pattern("kube-*")), try #require(Pattern("platform"))])
        let model = ResponsibilityModel(name: "m", title: "", duties: Fixture.acs.duties, planes: planes, admission: Fixture.acs.admission)
        let engine = AdmissionEngine(model: model, catalogue: Catalogue(Fixture.controls))
        for (namespace, isAllowed) in [("kube-fake", false), ("platform", true)] {
            let manifest = Fixture.privileged.replacing("namespace: shop", with: "namespace: \(namespace)")
            #expect(try Fixture.ask(Review(manifest).with { $0.namespace = namespace }, engine: engine).isAllowed == isAllowed)
        }
    }

    @Test func otherModelsOnlyWarn() throws {
        let model = try #require(ResponsibilityModel.builtIn("self-managed"))
        let reply = try Fixture.ask(Review(Fixture.privileged), engine: AdmissionEngine(model: model, catalogue: Catalogue(Fixture.controls)))
        #expect(reply.answer.decision == .warn && reply.warnings.first?.contains("critical") == true)
    }

    @Test func aNamespaceCannotPassForAnother() throws {
        let manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {kubernetes.io/metadata.name: kube-system}}"
        let review = Review(manifest).with { ($0.resource, $0.namespace) = ("namespaces", "shop") }
        for way in ["", "status", "finalize"] {
            #expect(try Fixture.ask(review.with { $0.subresource = way }).message.contains("must be the namespace's own name 'shop'"))
        }
        #expect(try Fixture.ask(review.with { $0.manifest = manifest.replacing("kube-system", with: "shop") }).isAllowed)
    }

    // MARK: - Updates

    static let labelled = Fixture.privileged.replacing("name: probe, namespace", with: "name: probe, labels: {a: b}, namespace")

    @Test func anUpdateThatChangesNothingOfItGoesThrough() throws {
        let reply = try Fixture.ask(update(Fixture.privileged, to: Self.labelled))
        #expect(reply.answer.decision == .warn && reply.warnings.contains { $0.contains("privileged-containers") })
    }

    @Test(arguments: [
        (
            "registry.example.com/probe@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "registry.example.com/other"
        ),
        ("name: probe, namespace", "name: probe, annotations: {container.apparmor.security.beta.kubernetes.io/app: unconfined}, namespace"),
    ])
    func anotherProgramOrProfileUnderOldPrivilegesIsAskedAnew(old: String, new: String) throws {
        #expect(!(try Fixture.ask(update(Fixture.privileged, to: Fixture.privileged.replacing(old, with: new))).isAllowed))
    }

    @Test func aNewPrivilegeIsRefused() throws {
        let mild = Fixture.privileged.replacing("{privileged: true}", with: "{privileged: false}")
        #expect(!(try Fixture.ask(update(mild, to: Fixture.privileged)).isAllowed))
    }

    @Test func whatIsOnItsWayOutMayGo() throws {
        let leaving = Fixture.privileged.replacing(
            "name: probe, namespace", with: "name: probe, deletionTimestamp: \"2026-06-15T00:00:00Z\", finalizers: [a/b], namespace")
        #expect(try Fixture.ask(update(leaving, to: leaving.replacing("finalizers: [a/b], ", with: ""))).isAllowed)
        #expect(!(try Fixture.ask(update(leaving, to: leaving.replacing("probe@", with: "other@"))).isAllowed), "leaving opens no door")
    }

    private func update(_ old: String, to new: String) -> Review {
        Review(new).with { ($0.old, $0.operation) = (old, "UPDATE") }
    }

    // MARK: - Ephemeral containers

    @Test func anEphemeralContainerIsJudgedAsAnyOther() throws {
        let manifest = Fixture.hardened + "\n  ephemeralContainers:\n  - {name: debug, image: busybox, securityContext: {privileged: true}}"
        let review = Review(manifest).with {
            ($0.old, $0.operation, $0.subresource) = (Fixture.hardened, "UPDATE", "ephemeralcontainers")
        }
        let reply = try Fixture.ask(review)
        #expect(reply.fields == ["spec.ephemeralContainers[0].securityContext.privileged"] && reply.answer.resource == "pods/ephemeralcontainers")
    }

    /// What servers before 1.22 send.
    @Test func theListOfOldServersIsJudgedToo() throws {
        let list = "apiVersion: v1\nkind: EphemeralContainers\nmetadata: {name: web, namespace: shop}\n"
        let review = Review(list + "ephemeralContainers:\n- {name: debug, image: busybox, securityContext: {privileged: true}}").with {
            ($0.old, $0.operation, $0.subresource) = (list, "UPDATE", "ephemeralcontainers")
        }
        #expect(try Fixture.ask(review).fields == ["ephemeralContainers[0].securityContext.privileged"])
    }
}
