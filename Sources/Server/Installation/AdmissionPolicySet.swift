internal import Documents
internal import Kubernetes
internal import KubernetesClient

/// The Pod Security baseline as ValidatingAdmissionPolicies, which an API server works out by itself: a floor that holds when no replica answers.
///
/// It knows nothing of models and grants: with `deny` it refuses what a grant allows, too. So it warns and records, unless somebody decides otherwise.
public struct AdmissionPolicySet: Sendable {
    /// What comes of a violation.
    public enum Action: String, Sendable, CaseIterable {
        case warn, deny

        var validationActions: [String] { self == .deny ? ["Deny"] : ["Audit", "Warn"] }
    }

    let settings: InstallationSettings
    let action: Action

    public init(_ settings: InstallationSettings, action: Action) { (self.settings, self.action) = (settings, action) }

    /// As `demarc admission policies` prints it.
    public var yaml: String { objects.map(\.manifest.yaml).joined(separator: "---\n") }

    /// One policy for each way to a Pod.
    private struct Subject {
        var name: String
        /// What stands before `metadata` and `spec` of the Pod.
        var template: String
        var rules: [WebhookRule]
        var conditions: [MatchCondition] = []
    }

    private static let subjects: [Subject] = [
        Subject(
            name: "pods", template: "object",
            rules: [
                WebhookRule(groups: [""], resources: ["pods"], operations: ["CREATE", "UPDATE"], versions: ["v1"]),
                WebhookRule(groups: [""], resources: ["pods/ephemeralcontainers"], operations: ["UPDATE"], versions: ["v1"]),
            ], conditions: [.noMirrorPods, .onlyWhatIsJudged]),
        Subject(
            name: "workloads", template: "object.spec.template",
            rules: [
                WebhookRule(
                    groups: ["apps"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"], operations: ["CREATE", "UPDATE"],
                    versions: ["v1"]),
                WebhookRule(groups: ["batch"], resources: ["jobs"], operations: ["CREATE", "UPDATE"], versions: ["v1"]),
                WebhookRule(groups: [""], resources: ["replicationcontrollers"], operations: ["CREATE", "UPDATE"], versions: ["v1"]),
            ], conditions: [MatchCondition(name: "has-template", expression: "has(object.spec.template)")]),
        Subject(
            name: "cronjobs", template: "object.spec.jobTemplate.spec.template",
            rules: [WebhookRule(groups: ["batch"], resources: ["cronjobs"], operations: ["CREATE", "UPDATE"], versions: ["v1"])]),
    ]

    var objects: [OwnedObject] { Self.subjects.flatMap { [policy($0), binding($0)] } }

    /// Every name that a set may have, for its removal.
    static var names: [String] { subjects.map { name($0) } }

    private static func name(_ subject: Subject) -> String { "demarc-baseline-\(subject.name)" }

    private func variables(_ template: String) -> [(name: String, expression: String)] {
        // `dyn`, since ephemeral containers have a type of their own and lists of two types cannot be joined.
        let more = ["initContainers", "ephemeralContainers"].map { "(has(variables.spec.\($0)) ? dyn(variables.spec.\($0)) : [])" }
        return [
            ("spec", "\(template).spec"), ("metadata", "\(template).metadata"),
            ("containers", (["dyn(variables.spec.containers)"] + more).joined(separator: " + ")),
        ]
    }

    private func policy(_ subject: Subject) -> OwnedObject {
        let variables = variables(subject.template).map { variable in
            ManifestText.map(["name": .text(variable.name), "expression": .text(variable.expression)])
        }
        let validations = BaselineCheck.all(settings.version).map { check in
            ManifestText.map(["expression": .text(check.expression), "message": .text(check.message), "reason": .text("Forbidden")])
        }
        var spec: [ManifestText.Entry] = [
            .init("failurePolicy", .text("Fail")),
            .init(
                "matchConstraints",
                .map([
                    "matchPolicy": .text("Equivalent"), "namespaceSelector": settings.selector("NotIn"), "objectSelector": .map([]),
                    "resourceRules": .list(subject.rules.map(\.manifest)),
                ])), .init("variables", .list(variables)), .init("validations", .list(validations)),
        ]
        if !subject.conditions.isEmpty { spec.append(.init("matchConditions", .list(subject.conditions.map(\.manifest)))) }
        return object(OwnedResources.policies, subject, .map(spec))
    }

    private func binding(_ subject: Subject) -> OwnedObject {
        object(
            OwnedResources.bindings, subject,
            .map([
                "policyName": .text(Self.name(subject)), "validationActions": .list(action.validationActions.map { .text($0) }),
            ]))
    }

    private func object(_ resource: Resource, _ subject: Subject, _ spec: ManifestText) -> OwnedObject {
        OwnedObject(
            reference: ObjectReference(resource, name: Self.name(subject)),
            manifest: .map([
                "apiVersion": .text(resource.apiVersion), "kind": .text(resource.kind),
                "metadata": .map(["name": .text(Self.name(subject)), "labels": OwnedResources.labels]), "spec": spec,
            ]), exclusive: ["spec"])
    }
}
