import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What controls on access say about one another and about a whole estate.
struct AccessTests {
    private let accessControls = BuiltInControls.all.filter { !$0.checks.allSatisfy { $0.check.kinds == ["Pod"] } }

    /// `control:line` of each finding, in order.
    private func findings(in yaml: String) -> [String] {
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue(accessControls).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.map { "\(accessControls[$0.control].id):\($0.place.position.line)" }
    }

    private func role(_ rule: String, kind: String = "ClusterRole") -> String {
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: \(kind)\nmetadata: {name: x}\nrules:\n- \(rule)\n"
    }

    @Test func aRoleThatAllowsEverythingIsOneFinding() {
        #expect(findings(in: role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}")) == ["full-access-cluster-roles:5"])
        #expect(findings(in: role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", kind: "Role")) == ["full-access-roles:5"])
    }

    @Test func wildcardsCountForWhatTheyAllow() {
        let found = findings(in: role("{apiGroups: [''], resources: ['*'], verbs: [get]}"))
        #expect(found.contains("wildcard-resources:5"))
        #expect(found.contains("read-secrets-cluster-wide:5"))
        #expect(found.contains("proxy-to-nodes:5"))
        #expect(found.contains("exec-into-pods:5"))
        #expect(!found.contains("write-secrets:5"))
        #expect(!found.contains("wildcard-verbs:5"))
    }

    @Test(arguments: [
        "{apiGroups: [''], resources: [persistentvolumes, nodes/proxy], verbs: [create]}",
        "{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [create]}",
        "{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}",
    ])
    func aRoleGivesNothingOutsideNamespaces(rule: String) {
        #expect(findings(in: role(rule, kind: "Role")).isEmpty)
        #expect(!findings(in: role(rule)).isEmpty)
    }

    /// The API server asks for the verb in the namespace of the new binding.
    @Test func aRoleMayAllowBindingClusterRoles() {
        let rule = "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind, escalate]}"
        #expect(findings(in: role(rule, kind: "Role")) == ["bind-roles:5"])
    }

    /// A request for one namespace carries that namespace.
    @Test func aRoleMayAllowChangingItsOwnNamespace() {
        #expect(findings(in: role("{apiGroups: [''], resources: [namespaces], verbs: [patch]}", kind: "Role")) == ["write-namespaces:5"])
    }

    @Test(arguments: ["", "aggregate-to-view", "aggregate-to-edit", "aggregate-to-admin"])
    func messagesSayWhoMakesUseOfARole(label: String) throws {
        let labels = label.isEmpty ? "{}" : "{rbac.authorization.k8s.io/\(label): 'true'}"
        let yaml = role("{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}").replacing("{name: x}", with: "{name: x, labels: \(labels)}")
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue(accessControls).judge(inventory, objects: inventory.objects.indices)
        let finding = try #require(judgement.findings.first { accessControls[$0.control].id == "proxy-to-nodes" })
        #expect(finding.message.hasSuffix(label.isEmpty ? "; nothing in the estate binds it" : "; its labels add it to other roles"))
        #expect(finding.value == "get nodes/proxy")
        #expect(judgement.findings.contains { accessControls[$0.control].id == "extend-default-roles" } == !label.isEmpty)
    }

    @Test(arguments: [
        "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [own]}",
        "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [own]}",
        "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view]}",
        "{apiGroups: ['apps'], resources: [secrets], verbs: [get]}",
        "{apiGroups: [''], resources: [secrets/x], verbs: [get]}",
        "{apiGroups: [''], resources: [secret], verbs: [get]}",
    ])
    func narrowRulesPass(rule: String) {
        #expect(findings(in: role(rule)).isEmpty)
    }

    @Test func kindsOfOtherGroupsAreNotRBAC() {
        let yaml = role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}")
        #expect(findings(in: yaml.replacing("rbac.authorization.k8s.io/v1", with: "iam.example.com/v1")).isEmpty)
    }

    @Test func aFieldOfTheWrongTypeIsAGap() {
        let yaml = role("{apiGroups: [''], resources: secrets, verbs: [get]}")
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue(accessControls).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.findings.isEmpty && !judgement.gaps.isEmpty)
    }

    @Test func aLabelMakesNoRoleTheAPIServersOwn() {
        let yaml = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: view, labels: {kubernetes.io/bootstrapping: rbac-defaults}}
            rules:
            - {apiGroups: [''], resources: [secrets], verbs: [get]}
            """
        #expect(findings(in: yaml) == ["read-secrets-cluster-wide:5", "changed-default-roles:5"])
    }

    /// Everything a fresh API server creates, judged together: none of it is anybody's fault.
    @Test func theAPIServersOwnRolesAndBindingsAreNoFindings() throws {
        let folder = ProcessInfo.processInfo.environment["DEMARC_CONFORMANCE_DATA"] ?? "../shared/data"
        var objects: [KubernetesObject] = []
        for file in [
            "cluster-roles", "controller-roles", "namespace-roles", "cluster-role-bindings", "controller-role-bindings", "namespace-role-bindings",
        ] {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/kubernetes/bootstrap_roles/\(file).yaml") else { continue }
            objects += SourceObjects(DocumentTree.parse(Array(bytes), source: file).tree).objects
        }
        let inventory = Inventory(objects)
        let judgement = Catalogue(accessControls).judge(inventory, objects: inventory.objects.indices)
        let found = judgement.findings.map { "\(accessControls[$0.control].id): \($0.message)" }
        #expect(found.filter { !$0.contains("openshift") }.isEmpty)
        print("bootstrap roles: \(objects.count) objects, \(judgement.findings.count) findings")
    }
}

/// Bindings and the Pods that hold what they give.
struct BindingTests {
    private func verdicts(_ id: String, _ yaml: String) throws -> [Verdict] {
        let control = try #require(BuiltInControls.all.first { $0.id == id })
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml).tree).objects)
        let judgement = Catalogue([control]).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.map(\.verdict)
    }

    private func binding(_ role: String, _ subject: String, name: String = "x", kind: String = "ClusterRoleBinding") -> String {
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: \(kind)
        metadata: {name: '\(name)', namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(role)}
        subjects: [\(subject)]
        ---

        """
    }

    @Test func aRoleOutsideTheEstateIsNotObservable() throws {
        let yaml = binding("gone", "{kind: User, name: jane}, {kind: User, name: joe}")
        #expect(try verdicts("cluster-admin-bindings", yaml) == [.notObservable])
        #expect(try verdicts("cluster-admin-bindings", binding("view", "{kind: User, name: jane}")).isEmpty)
    }

    @Test(arguments: [
        ("cluster-admin", "system:masters", 0), ("cluster-admin", "system:authenticated", 1), ("cluster-admin2", "system:masters", 1),
    ])
    func onlyTheAPIServersOwnBindingOfClusterAdminIsSpared(name: String, group: String, expected: Int) throws {
        #expect(try verdicts("cluster-admin-bindings", binding("cluster-admin", "{kind: Group, name: '\(group)'}", name: name)).count == expected)
    }

    private func pod(_ spec: String) -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: app, image: a}], \(spec)}\n---\n"
    }

    @Test(arguments: [
        ("serviceAccountName: web", 1), ("serviceAccount: web", 1), ("serviceAccountName: other", 0), ("serviceAccountName: ''", 0),
        ("serviceAccountName: web, automountServiceAccountToken: false", 0),
        (
            "serviceAccountName: web, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]",
            1
        ),
    ])
    func aPodIsAdministratorByTheTokenItMounts(spec: String, expected: Int) throws {
        let yaml = pod(spec) + binding("cluster-admin", "{kind: ServiceAccount, name: web, namespace: shop}")
        #expect(try verdicts("workloads-with-administrative-roles", yaml).count == expected)
    }

    @Test(arguments: [(true, 1), (false, 0)])
    func theServiceAccountDecidesWhereThePodSaysNothing(mounts: Bool, expected: Int) throws {
        let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\nautomountServiceAccountToken: \(mounts)\n---\n"
        let yaml = pod("serviceAccountName: web") + account + binding("cluster-admin", "{kind: User, name: 'system:serviceaccount:shop:web'}")
        #expect(try verdicts("workloads-with-administrative-roles", yaml).count == expected)
    }

    @Test func aRoleBindingMakesNoAdministratorOfTheCluster() throws {
        let yaml = pod("serviceAccountName: web") + binding("cluster-admin", "{kind: ServiceAccount, name: web}", kind: "RoleBinding")
        #expect(try verdicts("workloads-with-administrative-roles", yaml).isEmpty)
        #expect(try verdicts("cluster-admin-in-namespaces", yaml) == [.fail])
    }
}
