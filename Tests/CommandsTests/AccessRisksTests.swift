import Foundation
import Testing

/// `demarc access risks` as a person runs it.
struct AccessRisksTests {
    private static let rbac = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, namespace: shop, name: operator}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: debuggers, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: debug}
        subjects: [{kind: Group, name: team}, {kind: User, name: jane}, {kind: User, name: harmless}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: debug, namespace: shop}
        rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: operator, namespace: shop}
        spec: {serviceAccountName: operator, containers: [{name: app, image: a}]}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: other, namespace: shop}
        """

    private static func run(_ arguments: String..., files: [String: String] = ["rbac.yaml": rbac], input: String = "") throws -> Program.Result {
        try Program.withFiles(files) {
            try Program.run(["access", "risks"] + arguments, input: input, in: $0, environment: ["COLUMNS": "100"])
        }
    }

    @Test func aChainThatAPersonCanFollow() throws {
        let result = try Self.run("rbac.yaml", "--subject", "Group/team")
        #expect(result.code == 1 && result.errors.isEmpty)
        #expect(
            result.output == """
                1 subject, in 1 way, can take over the cluster

                critical  Group team
                  1. Run commands in a running Pod and read its token (exec-into-pods)
                     RoleBinding shop/debuggers gives Role shop/debug (rbac.yaml:7)
                     which allows create on pods/exec (rbac.yaml:16)
                     because of Pod shop/operator (rbac.yaml:18)
                     if the Pod runs and mounts a token; its image holds a program to run
                     → ServiceAccount shop/operator
                  2. Use a rule that allows everything (full-access)
                     ClusterRoleBinding operator gives ClusterRole cluster-admin (rbac.yaml:1)
                     which allows * on * of * (the API server's own roles)
                     → control of the cluster
                  Cut: RoleBinding shop/debuggers (rbac.yaml:7); that alone closes the way

                """)
    }

    /// Those of one shape stand together, and what closes most is said.
    @Test func shapesAndCuts() throws {
        let result = try Self.run("rbac.yaml")
        #expect(result.output.hasPrefix("4 subjects, in 2 ways, can take over the cluster\n\ncritical  Group team and 2 more\n"))
        #expect(result.output.contains("  likewise User jane; cut RoleBinding shop/debuggers\n"))
        #expect(
            result.output.contains(
                "What closes most\n  ClusterRoleBinding operator: 4 subjects (rbac.yaml:1)\n  RoleBinding shop/debuggers: 3 subjects"))
        #expect(result.output.contains("--all lists them"))
    }

    private static let codes: [([String], Int32)] = [
        (["rbac.yaml"], 1), (["rbac.yaml", "--subject", "jane"], 1), (["rbac.yaml", "--subject", "User/jane"], 1),
        (["rbac.yaml", "--subject", "ServiceAccount/shop/operator"], 1), (["rbac.yaml", "--subject", "shop/operator"], 1),
        (["rbac.yaml", "--subject", "system:serviceaccount:shop:operator"], 1), (["rbac.yaml", "--subject", "ServiceAccount/shop/default"], 0),
        (["rbac.yaml", "--subject", "nobody"], 3), (["rbac.yaml", "--subject", "ServiceAccount/shop"], 2), (["rbac.yaml", "--subject", ""], 2),
        (["rbac.yaml", "--subject", "User/"], 2), (["rbac.yaml", "--severity", "critical"], 1), (["rbac.yaml", "--severity", "low"], 2),
        (["rbac.yaml", "-n", "shop"], 1), (["rbac.yaml", "-n", "bank"], 0), (["rbac.yaml", "--format", "pdf"], 2), (["nowhere.yaml"], 3),
        (["rbac.yaml", "nowhere.yaml"], 1), ([], 2), (["rbac.yaml", "--subject", "Group/system:masters"], 0),
        (["rbac.yaml", "--subject", "Group/system:masters", "--all"], 0),
    ]

    @Test(arguments: codes)
    func exitCodes(arguments: [String], code: Int32) throws {
        let result = try Program.withFiles(["rbac.yaml": Self.rbac]) { try Program.run(["access", "risks"] + arguments, in: $0) }
        #expect(result.code == code, "\(result.output)\(result.errors)")
        #expect(code < 2 || !result.errors.isEmpty)
    }

    @Test func whatCannotBeReadIsAGap() throws {
        let broken = Self.rbac.replacing("subjects: [{kind: Group, name: team}", with: "subjects: [{kind: Robot, name: team}")
            .replacing("kind: ClusterRole, name: cluster-admin", with: "kind: ClusterRole, name: view")
        let result = try Self.run("rbac.yaml", files: ["rbac.yaml": broken])
        #expect(result.code == 3 && result.output.hasPrefix("Nobody can take over the cluster\n"))
        #expect(result.errors.hasPrefix("rbac.yaml:11: subjects[0].kind should be User, Group or ServiceAccount"))
    }

    @Test func missingSecretsAreRemarked() throws {
        let result = try Self.run("rbac.yaml", files: ["rbac.yaml": Self.rbac.replacing("kind: Secret", with: "kind: ConfigMap")])
        #expect(result.errors == "the estate holds no Secrets, so ways over tokens in Secrets are not seen\n")
        #expect(
            try Self.run("rbac.yaml", "--quiet", files: ["rbac.yaml": Self.rbac.replacing("kind: Secret", with: "kind: ConfigMap")]).errors.isEmpty)
    }

    @Test func componentsAreListedWhenAskedFor() throws {
        let all = try Self.run("rbac.yaml", "--all")
        #expect(all.output.contains("Components of the platform") && all.output.contains("Group system:masters"))
        #expect(try !Self.run("rbac.yaml").output.contains("system:masters"))
    }

    @Test func jsonListsEverySubject() throws {
        let result = try Self.run("rbac.yaml", "--format", "json", "--all")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let paths = try #require(document["paths"] as? [[String: Any]])
        func name(_ path: [String: Any]) -> String? { (path["subject"] as? [String: Any])?["name"] as? String }
        #expect(paths.filter { $0["bootstrap"] as? Bool == false }.compactMap(name) == ["team", "operator", "harmless", "jane"])
        #expect(paths.contains { name($0) == "system:masters" && $0["bootstrap"] as? Bool == true && $0["cut"] is NSNull })
        let steps = try #require(paths.first?["steps"] as? [[String: Any]])
        #expect(steps.compactMap { $0["technique"] as? String } == ["exec-into-pods", "full-access"])
        let grant = try #require((steps[0]["grants"] as? [[String: Any]])?.first)
        let binding = try #require(grant["binding"] as? [String: Any])
        #expect((binding["location"] as? [String: Any])?["line"] as? Int == 7)
        #expect(((grant["rule"] as? [String: Any])?["location"] as? [String: Any])?["line"] as? Int == 16)
        let cuts = try #require(document["cuts"] as? [[String: Any]])
        #expect(cuts.compactMap { $0["subjects"] as? Int } == [4, 3])
        #expect((document["summary"] as? [String: Any])?["exposed"] as? Int == 4)
        #expect(result.output == (try Self.run("rbac.yaml", "--format", "json", "--all").output), "the same again")
    }

    /// Names of strangers steer no terminal.
    @Test func hostileNames() throws {
        let hostile = Self.rbac.replacing("name: jane", with: "name: \"ja\\e[31mne\"")
        let result = try Self.run("rbac.yaml", "--verbose", files: ["rbac.yaml": hostile])
        #expect(!result.output.contains("\u{1B}") && result.output.contains("ja\\u{1B}[31mne"))
    }
}
