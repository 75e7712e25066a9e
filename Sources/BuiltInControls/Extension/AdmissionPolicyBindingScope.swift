import Controls
import Documents
import Kubernetes

extension Control {
    /// A policy that denies and is bound without a selector also judges the provider's namespaces; with `failurePolicy: Fail` one broken expression
    /// stops the matching requests of the whole cluster.
    ///
    /// Fields: `spec.matchResources.namespaceSelector` of the binding, `spec.matchConstraints.namespaceSelector` and `spec.failurePolicy` of its policy.
    /// Allowed: a selector that leaves out the provider's namespaces, `Ignore`, or actions other than Deny.
    static let admissionPolicyBindingScope = Control(
        id: "admission-policy-binding-scope",
        title: "Bind admission policies to the tenant's namespaces",
        severity: .medium,
        duty: "C7",
        summary: "An error in the policy's expressions stops the provider's components as well.",
        remedy: "Give the binding a `matchResources.namespaceSelector` that leaves out the provider's namespaces.",
        references: [],
        passing: [
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec:
              policyName: guard
              validationActions: [Deny]
              matchResources:
                namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: guard}
            spec:
              failurePolicy: Fail
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations: [{expression: "object.spec.hostNetwork != true"}]
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec:
              policyName: guard
              validationActions: [Deny]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: guard}
            spec:
              failurePolicy: Fail
              matchConstraints:
                namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations: [{expression: "object.spec.hostNetwork != true"}]
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec:
              policyName: guard
              validationActions: [Warn]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: guard}
            spec:
              failurePolicy: Fail
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations: [{expression: "object.spec.hostNetwork != true"}]
            """,
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec:
              policyName: guard
              validationActions: [Deny]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: guard}
            spec:
              failurePolicy: Ignore
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations: [{expression: "object.spec.hostNetwork != true"}]
            """,
        ],
        failing: [
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec: # ✗
              policyName: guard
              validationActions: [Deny]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: guard}
            spec:
              failurePolicy: Fail
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations: [{expression: "object.spec.hostNetwork != true"}]
            """
        ],
        check: .objects(["ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding"], judge))
}

private func judge(_ binding: KubernetesObject, _ report: inout Report) throws(WrongType) {
    let isValidating = binding.kind == "ValidatingAdmissionPolicyBinding"
    if isValidating, try !denies(binding) { return report.notApplicable() }
    let name = try binding.spec["policyName"].string() ?? ""
    let kind = isValidating ? "ValidatingAdmissionPolicy" : "MutatingAdmissionPolicy"
    let selector = binding.spec["matchResources"]["namespaceSelector"]
    guard let namespace = try report.providerNamespace(selectedBy: selector) else { return }
    guard let policy = report.inventory.object(kind: kind, namespace: "", name: name) else {
        return report.notObservable(binding.spec, "\(binding.displayName) is as wide as \(kind) '\(name)', which is not in the estate")
    }
    let constraints = policy.spec["matchConstraints"]
    guard try failsClosed(policy.spec["failurePolicy"]), try report.isNamespace(namespace, selectedBy: constraints["namespaceSelector"])
    else { return }
    for node in try constraints["resourceRules"].items() where try AdmissionRule(node).seesWorkloads() {
        return report.fail(
            binding.spec, missing: "matchResources.namespaceSelector", "\(binding.displayName) decides in namespace '\(namespace)' too",
            value: namespace)
    }
}

private func denies(_ binding: KubernetesObject) throws(WrongType) -> Bool {
    for action in try binding.spec["validationActions"].items() where try action.equals("Deny") { return true }
    return false
}
