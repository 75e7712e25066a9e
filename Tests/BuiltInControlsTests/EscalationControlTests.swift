import BuiltInControls
import Controls
import Documents
import Kubernetes
import Testing

/// What controls say of ways to control of the cluster, and of what somebody changed in the API server's defaults.
struct EscalationControlTests {
    private struct Found {
        let control: String
        let line: Int
        let message: String
        let fix: String?
    }

    private func findings(_ yaml: String, of ids: String...) -> [Found] {
        let controls = BuiltInControls.all.filter { ids.isEmpty ? $0.id.hasPrefix("escalation-") : ids.contains($0.id) }
        let inventory = Inventory(SourceObjects(DocumentTree.parse(yaml, source: "rbac.yaml").tree).objects)
        let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices)
        #expect(judgement.gaps.isEmpty)
        return judgement.findings.map { finding in
            Found(
                control: controls[finding.control].id, line: finding.place.position.line, message: finding.message, fix: finding.fix.map { $0() })
        }
    }

    private static let shop = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, namespace: shop, name: operator}]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: team, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: debug}
        subjects:
        - {kind: Group, name: team}
        - {kind: ServiceAccount, namespace: shop, name: default}
        - {kind: Group, name: "system:authenticated"}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: debug, namespace: shop}
        rules:
        - {apiGroups: [""], resources: [pods, serviceaccounts/token], verbs: [get, create]}
        - {apiGroups: [""], resources: [configmaps], verbs: [get]}

        """

    /// One binding that opens three ways; each is one finding, of the control that knows best.
    @Test func eachWayIsOneFinding() {
        let found = findings(Self.shop)
        #expect(
            found.map { "\($0.control):\($0.line)" } == [
                "escalation-by-stronger-accounts:16", "escalation-for-everyone:18", "escalation-for-default-accounts:17",
            ])
        #expect(
            found.first?.message
                == "Group team can take over the cluster: create-tokens → ServiceAccount shop/operator → full-access → control of the cluster; "
                + "cut RoleBinding shop/team")
    }

    /// The administrator itself has a control of its own.
    @Test func administratorsAreNoWays() {
        #expect(findings(Self.shop).allSatisfy { $0.line > 10 })
    }

    @Test func theFixIsWhatRemainsOfTheRole() throws {
        let fix = try #require(findings(Self.shop).first?.fix)
        #expect(
            fix == """
                # Then: kubectl delete rolebinding -n shop team
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: debug-narrowed
                  namespace: shop
                rules:
                - apiGroups:
                  - ""
                  resources:
                  - pods
                  - serviceaccounts/token
                  verbs:
                  - get
                - apiGroups:
                  - ""
                  resources:
                  - configmaps
                  verbs:
                  - get
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: team-narrowed
                  namespace: shop
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: debug-narrowed
                subjects:
                - kind: Group
                  name: team
                - kind: ServiceAccount
                  namespace: shop
                  name: default
                - kind: Group
                  name: "system:authenticated"

                """)
        // Applied as it says, no way is left.
        let applied = Self.shop.replacing("metadata: {name: team, namespace: shop}", with: "metadata: {name: gone, namespace: elsewhere}")
        #expect(findings(applied + "---\n" + fix).isEmpty)
    }

    /// Where a rule says `*`, nothing can be taken out of it; then the subject goes.
    @Test func theFixIsTheBindingWithoutTheSubject() throws {
        let wide = Self.shop.replacing("verbs: [get, create]", with: "verbs: ['*']")
        let fix = try #require(findings(wide).first?.fix)
        #expect(fix.contains("name: team\n  namespace: shop\n") && !fix.contains("name: team\n- kind") && fix.contains("system:authenticated"))
        #expect(!fix.contains("kind: Group\n  name: team\n"))
    }

    /// People copy the command into a shell.
    @Test(arguments: [
        ("team\\n--- x: y", "# Then: delete the old binding"), ("$(reboot)", "# Then: kubectl delete rolebinding -n shop '$(reboot)'"),
        ("it's", "# Then: kubectl delete rolebinding -n shop 'it'\\''s'"),
    ])
    func namesOfStrangersStayInQuotes(name: String, command: String) throws {
        let hostile = Self.shop.replacing("{name: team, namespace: shop}", with: "{name: \"\(name)\", namespace: shop}")
        let fix = try #require(findings(hostile).first?.fix)
        #expect(fix.split(separator: "\n").first.map(String.init) == command)
        let parsed = DocumentTree.parse(fix, source: "fix.yaml")
        #expect(parsed.problems.isEmpty && parsed.tree.roots.count == 2)
    }

    /// Ways that a doubt remains about are not for a scan.
    @Test func doubtfulWaysAreNoFindings() {
        let yaml =
            Self.shop.replacing("resources: [pods, serviceaccounts/token], verbs: [get, create]", with: "resources: [pods/exec], verbs: [get]") + """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: operator, namespace: shop}
                spec: {serviceAccountName: operator, containers: [{name: a, image: b}]}
                """
        #expect(findings(yaml).isEmpty)
    }

    @Test(arguments: [
        ("serviceAccountName: runner", 1), ("serviceAccountName: other", 0), ("serviceAccountName: runner, automountServiceAccountToken: false", 0),
        ("serviceAccountName: operator", 0),
    ])
    func workloads(spec: String, count: Int) {
        let yaml =
            Self.shop.replacing("{kind: Group, name: team}", with: "{kind: ServiceAccount, namespace: shop, name: runner}").replacing(
                "- {kind: Group, name: \"system:authenticated\"}\n", with: "") + """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: runner, namespace: shop}
                spec: {template: {spec: {\(spec), containers: [{name: a, image: b}]}}}
                """
        let found = findings(yaml, of: "workloads-with-escalation-paths")
        #expect(found.count == count)
        if let message = found.first?.message {
            #expect(
                message == "runs as service account 'runner', which can take over the cluster: create-tokens → ServiceAccount shop/operator → "
                    + "full-access → control of the cluster; cut RoleBinding shop/team")
        }
    }

    /// A token is worth what its account can do, also of a component of the platform.
    @Test func tokensOfComponents() {
        let yaml = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: t
              namespace: kube-system
              annotations: {kubernetes.io/service-account.name: clusterrole-aggregation-controller}
            type: kubernetes.io/service-account-token
            """
        #expect(findings(yaml, of: "token-secrets-of-powerful-accounts").map(\.line) == [7])
        let both = findings(yaml, of: "token-secrets-of-powerful-accounts", "service-account-token-secrets")
        #expect(both.map(\.control) == ["token-secrets-of-powerful-accounts"], "the milder one is dropped")
    }

    // MARK: - The API server's defaults

    private func changed(_ name: String, _ rules: String, annotations: String = "") -> [Found] {
        let yaml = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: "\(name)"\(annotations)}
            rules: [\(rules)]
            """
        return findings(yaml, of: "changed-default-roles", "reduced-default-roles")
    }

    private static let kept = ", annotations: {rbac.authorization.kubernetes.io/autoupdate: \"false\"}"

    /// By what rules allow, not by how they are written.
    @Test(arguments: [
        ("{apiGroups: [''], resources: [services], verbs: [list]}, {apiGroups: [''], resources: [services], verbs: [watch]}", 0),
        ("{apiGroups: [''], resources: [services, secrets], verbs: [list]}", 1), ("{apiGroups: [''], resources: [services], verbs: ['*']}", 1),
        ("{apiGroups: ['*'], resources: [services], verbs: [list]}", 1),
        ("{apiGroups: [''], resources: [services], verbs: [list], resourceNames: [a]}", 0),
        ("{nonResourceURLs: ['/healthz'], verbs: [get]}", 1),
    ])
    func addedRules(rules: String, count: Int) {
        #expect(changed("system:kube-dns", rules).count { $0.control == "changed-default-roles" } == count)
        #expect(changed("own:kube-dns", rules).isEmpty)
    }

    @Test func rulesOfManyCombinations() {
        let many = (0..<40_000).map { "r\($0)" }.joined(separator: ", ")
        #expect(changed("system:kube-dns", "{apiGroups: [''], resources: [\(many)], verbs: [list]}").count == 1)
    }

    @Test(arguments: [
        ("", "", 1), ("{apiGroups: [''], resources: [endpoints], verbs: [list, watch]}", "", 0),
        ("{apiGroups: [''], resources: [endpoints], verbs: [list, watch]}", kept, 1),
        ("{apiGroups: [''], resources: [endpoints, services], verbs: [list, watch]}", kept, 0),
        ("{apiGroups: ['*'], resources: ['*'], verbs: [list, watch]}", kept, 0),
    ])
    func missingRules(rules: String, annotations: String, count: Int) {
        let found = changed("system:kube-dns", rules, annotations: annotations).filter { $0.control == "reduced-default-roles" }
        #expect(found.count == count)
        if let first = found.first { #expect(first.message.hasPrefix("ClusterRole system:kube-dns lacks list,watch on endpoints,services")) }
    }

    // MARK: - Bindings and roles

    @Test func rolesGatheredByOthersAreNotUnbound() {
        let yaml = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: monitoring}
            aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: monitoring}}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: pods, labels: {to: monitoring}}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: monitoring}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: monitoring}
            subjects: [{kind: Group, name: ops}]

            """
        #expect(findings(yaml, of: "unbound-roles").isEmpty)
        #expect(findings(yaml.replacing("labels: {to: monitoring}", with: "labels: {to: nobody}"), of: "unbound-roles").map(\.line) == [8])
    }

    @Test func repeatedBindings() {
        func binding(_ kind: String, _ name: String, _ namespace: String, _ role: String, _ subject: String) -> String {
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: \(kind)
            metadata: {name: \(name)\(namespace)}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(role)}
            subjects: [\(subject)]
            ---

            """
        }
        let (team, shop) = ("{kind: Group, name: team}", ", namespace: shop")
        let wide = binding("ClusterRoleBinding", "wide", "", "view", team), narrow = binding("RoleBinding", "narrow", shop, "view", team)
        let everyone = binding("ClusterRoleBinding", "all", "", "view", "{kind: Group, name: \"system:authenticated\"}")
        func lines(_ yaml: String) -> [Int] { findings(yaml, of: "redundant-bindings").map(\.line) }
        #expect(lines(narrow + wide) == [5], "the narrower one is the one too many, wherever it stands")
        #expect(lines(wide + narrow) == [11])
        #expect(lines(narrow + narrow.replacing("narrow", with: "again")) == [11])
        #expect(lines(narrow + narrow.replacing("shop", with: "bank").replacing("narrow", with: "again")).isEmpty)
        #expect(lines(narrow + everyone) == [5], "members of a group have what all have")
        #expect(lines(narrow + binding("ClusterRoleBinding", "admin", "", "cluster-admin", team)) == [5])
    }

    /// Execution in Pods of one's own namespace gives nothing that the group of everybody does not give without it.
    @Test func rightsThatEverybodyHasAreNobodysWay() {
        let everybody = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: everybody}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
            subjects: [{kind: Group, name: "system:authenticated"}]
            ---

            """
        let runner = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec: {serviceAccountName: web, containers: [{name: app, image: registry.example.com/app:1.0}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: runner, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}
            subjects: [{kind: User, name: ann}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: exec, namespace: shop}
            rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]
            """
        #expect(findings(everybody + runner, of: "escalation-by-stronger-accounts").isEmpty)
        let accounts = everybody.replacing("system:authenticated", with: "system:serviceaccounts")
        #expect(findings(accounts + runner, of: "escalation-by-stronger-accounts").map(\.line) == [16], "a user is no service account")
    }
}
