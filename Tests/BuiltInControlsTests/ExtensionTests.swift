import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What the selectors and rules of webhooks mean to the controls that look at them.
struct ExtensionTests {
    private func fails(_ id: String, _ yaml: String) throws -> Bool {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.contains { $0.verdict == .fail }
    }

    private func webhook(_ selector: String, rule: String = "{apiGroups: [''], operations: ['*'], resources: [pods]}", more: String = "") -> String {
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: guard}
        webhooks:
        - name: guard.example.com
          clientConfig: {service: {namespace: guard, name: guard}}
          namespaceSelector: \(selector)
          rules: [\(rule)]
        \(more)
        """
    }

    @Test(arguments: [
        ("{}", true), ("null", true), ("{matchLabels: {guard: 'on'}}", false), ("{matchLabels: {kubernetes.io/metadata.name: shop}}", false),
        ("{matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}", false),
        ("{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [kube-system]}]}", true),
        ("{matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [other]}]}", true),
        ("{matchExpressions: [{key: guard, operator: Exists}]}", false), ("{matchExpressions: [{key: guard, operator: DoesNotExist}]}", true),
        ("{matchExpressions: [{key: guard, operator: NotIn, values: [ignore]}]}", true),
        ("{matchExpressions: [{key: guard, operator: In, values: [enforce]}]}", false),
    ])
    func selectorsAreEvaluatedForTheProvidersNamespace(selector: String, expected: Bool) throws {
        #expect(try fails("webhook-covers-provider-namespaces", webhook(selector)) == expected)
    }

    @Test func labelsOfTheNamespaceInTheEstateCount() throws {
        let selector = "{matchExpressions: [{key: guard, operator: NotIn, values: [ignore]}]}"
        let namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {guard: ignore}}\n"
        #expect(try !fails("webhook-covers-provider-namespaces", webhook(selector, more: namespace)))
    }

    @Test(arguments: [
        ("{apiGroups: ['*'], operations: ['*'], resources: ['*']}", true), ("{apiGroups: [apps], operations: ['*'], resources: ['*/*']}", true),
        ("{apiGroups: [example.com], operations: ['*'], resources: ['*']}", false),
        ("{apiGroups: [''], operations: ['*'], resources: [nodes]}", false), ("{apiGroups: [''], operations: ['*'], resources: [pods/exec]}", false),
        ("{apiGroups: ['*'], operations: ['*'], resources: ['*'], scope: Cluster}", false),
    ])
    func onlyRulesOnWorkloadsReachNamespaces(rule: String, expected: Bool) throws {
        #expect(try fails("webhook-covers-provider-namespaces", webhook("{}", rule: rule)) == expected)
    }

    @Test(arguments: [
        ("{apiGroups: [''], operations: [CREATE], resources: [pods]}", true), ("{apiGroups: [''], operations: ['*'], resources: ['*']}", true),
        ("{apiGroups: [''], operations: [DELETE], resources: [pods]}", false), ("{apiGroups: [apps], operations: ['*'], resources: ['*']}", false),
    ])
    func aDeadlockNeedsNewPods(rule: String, expected: Bool) throws {
        #expect(try fails("webhook-deadlock", webhook("{}", rule: rule)) == expected)
        #expect(try !fails("webhook-deadlock", webhook("{matchLabels: {kubernetes.io/metadata.name: shop}}", rule: rule)))
    }

    @Test func aPolicyOutsideTheEstateIsNotObservable() throws {
        let yaml = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: guard}
            spec: {policyName: gone, validationActions: [Deny]}
            """
        let control = try #require(BuiltInControls.all.first { $0.id == "admission-policy-binding-scope" })
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.findings.map(\.verdict) == [.notObservable])
    }
}
