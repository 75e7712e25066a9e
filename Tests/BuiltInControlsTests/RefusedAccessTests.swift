import Access
import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What controls say of broken and dangling objects of RBAC is what the engine makes of them.
struct RefusedAccessTests {
    private static func judge(_ yaml: String, _ ids: Set<String>) -> (inventory: Inventory, judgement: Judgement) {
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let controls = BuiltInControls.all.filter { ids.contains($0.id) }
        return (inventory, Catalogue(controls).judge(inventory, objects: inventory.objects.indices))
    }

    private static func binding(_ kind: String, _ name: String, to role: String, subjects: String) -> String {
        let place = kind == "RoleBinding" ? ", namespace: shop" : ""
        return """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(kind)
            metadata: {name: \(name)\(place)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, \(role)}
            subjects: [\(subjects)]
            """
    }

    private static let roles = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: here, namespace: shop}, rules: []}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: here}, rules: []}
        ---
        {apiVersion: authorization.example.com/v1, kind: ClusterRole, metadata: {name: foreign}, rules: []}
        ---
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
        """

    /// A binding is reported where the engine finds no role for it; the API server's own roles are there.
    @Test func missingRolesAreThoseTheEngineLacks() {
        var manifests = [Self.roles]
        for (index, role) in [
            "kind: Role, name: here", "kind: Role, name: gone", "kind: ClusterRole, name: here", "kind: ClusterRole, name: gone",
            "kind: ClusterRole, name: view", "kind: ClusterRole, name: 'system:node'", "kind: ClusterRole, name: foreign",
        ].enumerated() {
            manifests.append(Self.binding("RoleBinding", "rb-\(index)", to: role, subjects: "{kind: User, name: ann}"))
            if role.contains("ClusterRole") {
                manifests.append(Self.binding("ClusterRoleBinding", "crb-\(index)", to: role, subjects: "{kind: User, name: ann}"))
            }
        }
        let (inventory, judgement) = Self.judge(manifests.joined(separator: "\n---\n"), ["missing-role-bindings"])
        let policy = inventory.analysis(AccessPolicy.self)
        let dangling = policy.bindings.filter { $0.role == nil }.map(\.name)
        #expect(dangling == ["rb-1", "rb-3", "crb-3", "rb-6", "crb-6"])
        #expect(judgement.findings.map { inventory.objects[$0.object].name } == dangling)
        #expect(judgement.findings.allSatisfy { $0.place.fieldPath == "roleRef.name" })
    }

    @Test func missingAccountsAreFoundHoweverTheyAreWritten() {
        let subjects = [
            "{kind: ServiceAccount, name: web}", "{kind: ServiceAccount, name: gone}", "{kind: ServiceAccount, name: default}",
            "{kind: User, name: 'system:serviceaccount:shop:gone'}", "{kind: User, name: 'system:serviceaccount:shop:web'}",
            "{kind: ServiceAccount, namespace: elsewhere, name: gone}", "{kind: Group, name: 'system:serviceaccounts:gone'}",
        ]
        let manifest =
            Self.roles + "\n---\n" + Self.binding("RoleBinding", "b", to: "kind: Role, name: here", subjects: subjects.joined(separator: ", "))
        let (_, judgement) = Self.judge(manifest, ["missing-service-account-bindings"])
        #expect(judgement.findings.map(\.place.fieldPath) == ["subjects[1]", "subjects[3]"])
    }

    /// Everything the engine calls faulty is a finding, or a gap when it is of the wrong type; nothing else is.
    @Test(arguments: [
        ("{kind: Robot, name: r2}", "subjects[0].kind", false), ("{kind: User, name: ''}", "subjects[0].name", false),
        ("{kind: ServiceAccount, apiGroup: x, name: web}", "subjects[0].apiGroup", false), ("{kind: User, name: [ann]}", "subjects[0].name", true),
        ("ann", "subjects[0]", true), ("{kind: ServiceAccount, name: web}", nil, false),
    ])
    func refusedBindingsAreFindings(subject: String, path: String?, isGap: Bool) {
        let manifest = Self.binding("RoleBinding", "b", to: "kind: ClusterRole, name: view", subjects: subject)
        let (inventory, judgement) = Self.judge(manifest, ["refused-roles-and-bindings"])
        #expect(judgement.findings.map(\.place.fieldPath) == (isGap ? [] : path.map { [$0] } ?? []))
        #expect(judgement.gaps.count == (isGap ? 1 : 0))
        #expect(inventory.analysis(AccessPolicy.self).faults.map(\.value.fieldPath) == (path.map { [$0] } ?? []))
    }
}
