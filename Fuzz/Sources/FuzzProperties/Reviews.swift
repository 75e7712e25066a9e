import Admission
import Controls
import Documents
import Foundation
import Kubernetes
import Responsibility

/// What comes over the network to the webhook.
extension Properties {
    private static let engine = AdmissionEngine(
        model: Fixture.model, catalogue: Fixture.catalogue, exemptNamespaces: ["kube-system"], account: "system:serviceaccount:demarc:demarc")
    private static let baseline = Set(
        Fixture.controls.filter { $0.references.contains { $0.framework == "pss" && $0.level == "baseline" } }.map(\.id))

    /// Whatever is asked, the answer is one that an API server takes; and no Pod comes in that the standard's baseline refuses.
    public static func review(_ bytes: [UInt8]) {
        let request: AdmissionRequest
        do { request = try AdmissionRequest(bytes) } catch { return precondition(!error.description.isEmpty, "a fault without a word") }
        for stage in AdmissionAnswer.Stage.allCases {
            let ruling = engine.rule(stage, request, in: AdmissionEstate(), at: Fixture.now)
            precondition((ruling.question == nil) == (ruling.refusal == nil), "a question without what a no means, or the reverse")
            for answer in [ruling.answer, ruling.refusal].compactMap(\.self) { check(answer, to: request, at: stage) }
            if stage == .validate, isAgainstBaseline(request) { precondition(ruling.answer.decision == .deny, "the baseline lets this in") }
        }
    }

    private static func check(_ answer: AdmissionAnswer, to request: AdmissionRequest, at stage: AdmissionAnswer.Stage) {
        let read = DocumentTree.parse(answer.body, source: "answer", syntax: .json, limits: Limits(bytes: 1 << 26, depth: 64, nodes: 10_000_000))
        guard read.problems.isEmpty, read.tree.roots.count == 1, let root = read.tree.roots.first else { preconditionFailure("the answer is broken") }
        let response = root["response"]
        precondition(root["kind"].text == "AdmissionReview", "an answer of another kind")
        precondition(response["uid"].text.utf8.elementsEqual(request.uid.utf8), "an answer to something else")
        precondition((try? response["allowed"].bool()) == (answer.decision != .deny), "the answer says something else than was decided")
        precondition(answer.decision != .deny || !response["status"]["message"].text.isEmpty, "a denial without a word")
        guard response["patch"].exists else { return precondition(answer.decision != .mutate, "a mutation without a patch") }
        precondition(stage == .mutate && answer.decision == .mutate && response["patchType"].text == "JSONPatch", "a patch where none belongs")
        guard let patch = Data(base64Encoded: response["patch"].text) else { preconditionFailure("the patch is no Base64") }
        let operations = DocumentTree.parse(Array(patch), source: "patch", syntax: .json, limits: limits)
        guard operations.problems.isEmpty, let items = try? operations.tree.roots.first?.items() else { preconditionFailure("the patch is no list") }
        for item in items { precondition(item["path"].text.hasPrefix("/"), "an operation without a place") }
    }

    /// By the way of `scan`, which knows nothing of reviews.
    private static func isAgainstBaseline(_ request: AdmissionRequest) -> Bool {
        guard request.operation == .create, request.group.isEmpty, request.resource == "pods", request.namespace != "kube-system",
            let object = request.object, object.kind == "Pod"
        else { return false }
        let judgement = Fixture.catalogue.judge(Inventory([object]), objects: 0..<1)
        return judgement.findings.contains { $0.verdict == .fail && baseline.contains(Fixture.controls[$0.control].id) }
    }
}
