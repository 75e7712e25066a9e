import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility
import Testing

/// A review that is not whole is refused as such or denied; it is never let in.
struct MalformedReviewTests {
    private func rule(_ text: String) throws -> AdmissionRuling {
        try Fixture.engine.rule(.validate, AdmissionRequest(Array(text.utf8)), in: AdmissionEstate(), at: Fixture.now)
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", "\"AdmissionReview\"", "{} {}", "\u{0}", "{\"kind\":\"AdmissionReview\"}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{}}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":[]}",
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":7}}",
    ])
    func whatIsNoReviewIsAFault(text: String) {
        #expect(throws: ReviewFault.self) { try rule(text) }
    }

    /// Each change makes one that the API server would not send.
    @Test(arguments: [
        ("\"operation\":\"CREATE\"", "\"operation\":\"create\""), ("\"operation\":\"CREATE\"", "\"operation\":\"UPDATE\""),
        ("\"uid\":\"7f0a-11\"", "\"uid\":\"\""), ("\"resource\":\"pods\"", "\"resource\":\"\""),
        ("\"namespace\":\"shop\"", "\"namespace\":7"), ("\"groups\":[", "\"groups\":[7,"), ("\"dryRun\":false", "\"dryRun\":\"no\""),
        ("\"kind\":\"Pod\"", "\"kind\":\"Pod\",\"kind\":\"ConfigMap\""), ("\"object\":{", "\"object\":{\"kind\":\"Node\","),
        ("\"object\":", "\"objects\":"),
    ])
    func whatTheAPIServerDoesNotSendIsAFault(old: String, new: String) throws {
        let body = try String(decoding: Review(Fixture.privileged).body, as: UTF8.self)
        let broken = body.replacing(old, with: new)
        try #require(broken != body, "\(old) is not in \(body)")
        #expect(throws: ReviewFault.self) { try rule(broken) }
    }

    /// Of another kind or place than the envelope says: what is judged must be what gets stored.
    @Test func theEnvelopeMustFit() throws {
        let review = Review(Fixture.privileged)
        #expect(throws: ReviewFault.self) { try rule(String(decoding: try review.with { $0.namespace = "kube-system" }.body, as: UTF8.self)) }
        let body = String(decoding: try review.body, as: UTF8.self)
        let broken = body.replacing("\"kind\":\"Pod\",\"version\":\"v1\"", with: "\"kind\":\"Node\",\"version\":\"v1\"")
        try #require(broken != body)
        #expect(throws: ReviewFault.self) { try rule(broken) }
    }

    @Test(arguments: ["containers: 7", "containers: [7]", "containers: {}", "hostNetwork: \"true\"", "containers: [{name: a, securityContext: []}]"])
    func aFieldOfTheWrongTypeIsDenied(field: String) throws {
        let reply = try Fixture.ask(Review("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {\(field)}"))
        #expect(!reply.isAllowed && reply.message.contains("cannot be judged, so it is refused"))
    }

    @Test func aPodThatWouldTakeSecondsIsRefused() throws {
        let containers = (0..<1_001).map { "{name: c\($0), image: a}" }.joined(separator: ",")
        let reply = try Fixture.ask(Review("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [\(containers)]}"))
        #expect(!reply.isAllowed && reply.message.contains("1001 containers are more than 1000"))
    }

    /// Faults name places, never what stands there.
    @Test func faultsQuoteNothing() throws {
        let body = try String(decoding: Review(Fixture.privileged).body, as: UTF8.self)
        for broken in [
            body.replacing("\"user", with: "\"s3cr3t\": s3cr3t, \"user"), body.replacing("\"uid\":\"7f0a-11\"", with: "\"uid\":{\"s3cr3t\":1}"),
        ] {
            do {
                _ = try rule(broken)
                Issue.record("let in")
            } catch { #expect(!"\(error)".contains("s3cr3t"), "\(error)") }
        }
    }

    /// Reviews of a denied Pod with bytes changed, cut out and doubled: none of them lets it in as it stands.
    @Test func noChangeOfBytesLetsAPrivilegedPodIn() throws {
        let body = try Review(Fixture.privileged).body
        var random = SystemRandomNumberGenerator()
        var (faults, denials, changed) = (0, 0, 0)
        for _ in 0..<4_000 {
            var bytes = body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[place], at: place)
                }
            }
            do {
                let reply = try Fixture.engine.rule(.validate, AdmissionRequest(bytes), in: AdmissionEstate(), at: Fixture.now).answer
                if reply.decision == .deny { denials += 1 } else { changed += 1 }
                // What goes through no longer asks for the privilege where Kubernetes would look, or is no request to create.
                if reply.decision != .deny { #expect(!asksForPrivilege(bytes), "\(String(decoding: bytes, as: UTF8.self))") }
            } catch { faults += 1 }
        }
        #expect(faults > 0 && denials > 0)
    }

    private func asksForPrivilege(_ bytes: [UInt8]) -> Bool {
        guard let review = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any], let request = review["request"] as? [String: Any],
            request["operation"] as? String == "CREATE", request["namespace"] as? String == "shop", let object = request["object"] as? [String: Any],
            object["kind"] as? String == "Pod", object["apiVersion"] as? String == "v1",
            (request["resource"] as? [String: Any])?["resource"] as? String == "pods", let spec = object["spec"] as? [String: Any],
            let container = (spec["containers"] as? [[String: Any]])?.first, let context = container["securityContext"] as? [String: Any]
        else { return false }
        return context["privileged"] as? Bool == true
    }
}
