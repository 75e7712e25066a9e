import BuiltInControls
import Controls
import Responsibility
import Testing

/// A component of the platform that somebody else's binding endangers: whoever wrote the binding must act.
struct CauseTests {
    private static let agent = """
        apiVersion: v1
        kind: Pod
        metadata: {name: agent, namespace: kube-system}
        spec:
          serviceAccountName: agent
          containers:
          - {name: agent, image: registry.example.com/agent:1.0}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: tokens}
        rules:
        - {apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}
        ---

        """

    private func attribution(_ binding: String) throws -> Attribution {
        let model = try #require(ResponsibilityModel.builtIn("acs"))
        let estate = try TestEstate(Self.agent + binding, model: model, controls: BuiltInControls.all)
        return try estate.only("workloads-with-escalation-paths").attribution
    }

    @Test func aBindingOfEverybodySpeaksAgainstItsWriter() throws {
        let found = try attribution(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: everybody}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tokens}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts"}
            """)
        #expect(found.party == .customer)
        #expect(found.basis == .provenance && found.strength == .presumed)
        #expect(found.chain.last == "provenance: ClusterRoleBinding everybody brings it about, on the customer's side")
    }

    @Test func theRecordNamesTheWriter() throws {
        let found = try attribution(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata:
              name: everybody
              managedFields:
              - {manager: kubectl, operation: Apply, fieldsType: FieldsV1, fieldsV1: {"f:subjects": {}}}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tokens}
            subjects:
            - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts"}
            """)
        #expect(found.principal == "kubectl")
        #expect(found.strength == .recorded)
    }

    /// The component's own binding came with it, and what stands in the platform's namespaces excuses no customer.
    @Test(arguments: [
        ("ClusterRoleBinding", "", "{kind: ServiceAccount, namespace: kube-system, name: agent}"),
        ("RoleBinding", ", namespace: kube-system", "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: \"system:serviceaccounts\"}"),
    ])
    func theComponentsOwnRightsStayWithItsOwner(kind: String, namespace: String, subject: String) throws {
        let found = try attribution(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(kind)
            metadata: {name: agent\(namespace)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tokens}
            subjects:
            - \(subject)
            """)
        #expect(found.party == .provider)
        #expect(found.basis == .plane)
    }
}
