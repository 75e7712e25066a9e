import Foundation
import Testing

/// `demarc access can-i` and `who-can` as a person runs them.
struct AccessCommandTests {
    private static let rbac = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: editors, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
        subjects:
        - {kind: Group, name: shop-team}
        - {kind: ServiceAccount, name: deployer}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: one-secret, namespace: shop}
        rules:
        - {apiGroups: [""], resources: [secrets], verbs: [get, list], resourceNames: [db]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: auditors, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: one-secret}
        subjects: [{kind: User, name: jane}]
        """

    private static func run(_ arguments: [String], files: [String: String] = ["rbac.yaml": rbac], input: String = "") throws -> Program.Result {
        try Program.withFiles(files) { try Program.run(["access"] + arguments, input: input, in: $0) }
    }

    private static func canI(_ arguments: String) throws -> Program.Result {
        try run(["can-i"] + arguments.split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        ("--as jane get secrets db -n shop rbac.yaml", "yes"), ("--as jane get secrets/db -n shop rbac.yaml", "yes"),
        ("--as jane get secrets -n shop rbac.yaml", "no"), ("--as jane list secrets -n shop rbac.yaml", "no"),
        ("--as jane get secrets db rbac.yaml", "no"), ("--as jane get secrets db -A rbac.yaml", "no"),
        ("--as jane --as-group shop-team create deploy -n shop rbac.yaml", "yes"),
        ("--as jane --as-group shop-team create pods/exec web -n shop -f rbac.yaml", "yes"),
        ("--as jane --as-group shop-team create pods/web --subresource exec -n shop rbac.yaml", "yes"),
        ("--as jane --as-group shop-team get nodes -n shop rbac.yaml", "no"),
        ("--as system:serviceaccount:shop:deployer patch services -n shop rbac.yaml", "yes"),
        ("--as system:serviceaccount:bank:deployer patch services -n shop rbac.yaml", "no"),
        ("--as root --as-group system:masters delete nodes -- rbac.yaml", "yes"), ("--as system:anonymous get /version rbac.yaml", "yes"),
        ("--as system:anonymous get /apis rbac.yaml", "no"), ("--as jane get /apis rbac.yaml", "yes"),
    ])
    func answersWithWordAndCode(arguments: String, answer: String) throws {
        let result = try Self.canI(arguments)
        #expect(result.output == answer + "\n" && result.code == (answer == "yes" ? 0 : 1), "\(result.errors)")
    }

    @Test func standardInputIsAnEstate() throws {
        let result = try Self.run(["can-i", "--as", "jane", "get", "secrets", "db", "-n", "shop", "-"], files: [:], input: Self.rbac)
        #expect(result.output == "yes\n" && result.code == 0 && result.errors.isEmpty)
    }

    @Test func explanationsNameBindingAndRule() throws {
        let allowed = try Self.canI("--as jane get secrets db -n shop rbac.yaml --explain")
        #expect(allowed.output == "yes\n")
        #expect(
            allowed.errors == """
                RoleBinding shop/auditors gives Role shop/one-secret to User jane (rbac.yaml:15)
                its rule allows to get, list on secrets named db (rbac.yaml:13)

                """)
        let denied = try Self.canI("--as bob get secrets db -n shop rbac.yaml -v")
        #expect(denied.errors == "nothing that is bound to Group system:authenticated allows to get secrets 'db' in namespace shop\n")
        let gathered = try Self.canI("--as system:serviceaccount:shop:deployer get pods -n shop rbac.yaml -v")
        #expect(gathered.errors.contains("gathered from ClusterRole system:aggregate-to-view)"))
    }

    // MARK: - What cannot be relied on

    private static let broken =
        rbac + "\n---\n" + """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: robots, namespace: shop}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
            subjects: [{kind: Robot, name: r2}]
            """

    /// A yes stands on a good rule; a no would need everything to be good.
    @Test(arguments: [("secrets/db", "yes", Int32(0)), ("pods", "no", 3)])
    func gapsMakeANoDoubtful(resource: String, answer: String, code: Int32) throws {
        let result = try Self.run(["can-i", "--as", "jane", "get", resource, "-n", "shop", ".", "--quiet"], files: ["rbac.yaml": Self.broken])
        #expect(result.output == answer + "\n" && result.code == code)
        #expect(
            result.errors
                == "rbac.yaml:25: subjects[0].kind should be User, Group or ServiceAccount; the API server refuses it, so it was not judged\n")
        let list = try Self.run(["who-can", "get", resource, "-n", "shop", ".", "--quiet"], files: ["rbac.yaml": Self.broken])
        #expect(list.code == 3 && list.output.contains("Group shop-team") && list.errors == result.errors)
    }

    @Test(arguments: [
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"), (["bad.yaml"], "bad.yaml:1"), (["rbac.yaml", "empty"], "the directory holds no"),
    ])
    func unreadableFilesMakeANoDoubtful(paths: [String], says: String) throws {
        let files = ["rbac.yaml": Self.rbac, "bad.yaml": "x: [", "empty/readme": ""]
        let result = try Self.run(["can-i", "--as", "bob", "get", "pods"] + paths, files: files)
        #expect(result.output == "no\n" && result.code == 3 && result.errors.contains(says), "\(result.errors)")
    }

    /// The API server denies where a role is missing, so that is an answer and a remark.
    @Test func missingRolesAreRemarked() throws {
        let files = ["rbac.yaml": Self.rbac.replacing("name: one-secret}\nsubjects", with: "name: gone}\nsubjects")]
        let result = try Self.run(["can-i", "--as", "jane", "get", "secrets", "db", "-n", "shop", "rbac.yaml"], files: files)
        #expect(result.output == "no\n" && result.code == 1)
        #expect(result.errors == "RoleBinding shop/auditors names Role 'gone', which is not there (rbac.yaml:15); so it gives nothing\n")
    }

    @Test(arguments: [
        "can-i get pods rbac.yaml", "can-i --as= get pods rbac.yaml", "can-i --as jane get pods", "can-i --as jane get", "who-can get",
        "who-can get pods rbac.yaml --format pdf", "who-can get pods -n shop -A rbac.yaml", "access who-can get pods/a/b rbac.yaml",
    ])
    func wrongCommandLinesAreUsage(arguments: String) throws {
        let result = try Self.run(arguments.split(separator: " ").map(String.init))
        #expect(result.code == 2 && result.output.isEmpty && !result.errors.isEmpty)
    }

    @Test func definitionsOfTheEstateAreKnown() throws {
        let definition = """
            {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec:
             {group: example.com, scope: Namespaced, names: {plural: widgets, kind: Widget, shortNames: [wg]}, versions: [{name: v1}]}}
            """
        let role = Self.rbac.replacing("apiGroups: [\"\"], resources: [secrets]", with: "apiGroups: [example.com], resources: [widgets]")
        let arguments = ["can-i", "--as", "jane", "get", "wg/db", "-n", "shop", "."]
        let known = try Self.run(arguments, files: ["rbac.yaml": role, "crd.yaml": definition])
        #expect(known.output == "yes\n" && known.errors.isEmpty)
        let unknown = try Self.run(arguments, files: ["rbac.yaml": role])
        #expect(unknown.output == "no\n" && unknown.errors.contains("has a resource 'wg'"))
    }

    // MARK: - who-can

    @Test func listsSubjectsWithBindingAndRule() throws {
        let result = try Self.run(["who-can", "get", "secrets/db", "-n", "shop", "rbac.yaml"])
        #expect(
            result.output == """
                3 subjects can get secrets 'db' in namespace shop

                Group shop-team
                  RoleBinding shop/editors of ClusterRole edit  rbac.yaml:1
                    ClusterRole system:aggregate-to-edit: get, list, watch on pods/attach, pods/exec, pods/portforward, pods/proxy, secrets, services/proxy  the API server's own roles

                ServiceAccount shop/deployer
                  RoleBinding shop/editors of ClusterRole edit  rbac.yaml:1
                    ClusterRole system:aggregate-to-edit: get, list, watch on pods/attach, pods/exec, pods/portforward, pods/proxy, secrets, services/proxy  the API server's own roles

                User jane
                  RoleBinding shop/auditors of Role shop/one-secret  rbac.yaml:15
                    get, list on secrets named db  rbac.yaml:13

                The API server's own bindings allow it to 4 subjects; --all-subjects lists them.
                Members of the group system:masters may do everything without a binding.

                """)
        #expect(result.code == 0 && result.errors.isEmpty)
        let all = try Self.run(["who-can", "get", "secrets/db", "-n", "shop", "rbac.yaml", "--all-subjects"])
        #expect(all.output.hasPrefix("7 subjects") && all.output.contains("ClusterRoleBinding cluster-admin of ClusterRole cluster-admin"))
    }

    @Test func nobodyIsAnAnswer() throws {
        let result = try Self.run(["who-can", "bind", "clusterroles", "rbac.yaml"])
        #expect(result.code == 0 && result.output.hasPrefix("nobody can bind clusterroles of rbac.authorization.k8s.io\n"))
    }

    @Test func jsonNamesEveryPlace() throws {
        let result = try Self.run(["who-can", "get", "secrets/db", "-n", "shop", "rbac.yaml", "--format", "json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(document["schemaVersion"] as? String == "1" && (document["gaps"] as? [Any])?.isEmpty == true)
        let request = try #require(document["request"] as? [String: Any])
        #expect(request["verb"] as? String == "get" && request["name"] as? String == "db" && request["url"] is NSNull)
        let subjects = try #require(document["subjects"] as? [[String: Any]])
        let jane = try #require(subjects.first { $0["name"] as? String == "jane" })
        let grant = try #require((jane["grants"] as? [[String: Any]])?.first)
        #expect(grant["bootstrap"] as? Bool == false)
        for (part, line, column) in [("binding", 15, 1), ("role", 9, 1), ("rule", 13, 3)] {
            let location = try #require((grant[part] as? [String: Any])?["location"] as? [String: Any])
            #expect(location["file"] as? String == "rbac.yaml" && location["line"] as? Int == line && location["column"] as? Int == column, "\(part)")
        }
        #expect((grant["rule"] as? [String: Any])?["resourceNames"] as? [String] == ["db"])
        let admin = try #require(subjects.first { $0["name"] as? String == "system:masters" })
        #expect((admin["grants"] as? [[String: Any]])?.first?["bootstrap"] as? Bool == true)
    }

    @Test func allNamespacesListsEachBinding() throws {
        let files = ["a.yaml": Self.rbac, "b.yaml": Self.rbac.replacing("namespace: shop", with: "namespace: bank")]
        let result = try Self.run(["who-can", "get", "secrets/db", "-A", "."], files: files)
        #expect(result.output.hasPrefix("4 subjects can get secrets 'db' in any namespace\n"))
        #expect(result.output.contains("RoleBinding bank/auditors") && result.output.contains("RoleBinding shop/auditors"))
        let url = try Self.run(["who-can", "get", "/metrics", "-A", "."], files: files)
        #expect(url.output.hasPrefix("nobody can get /metrics\n"))
    }

    /// Names are chosen by strangers.
    @Test func namesDoNotSteerTheTerminal() throws {
        let files = ["rbac.yaml": Self.rbac.replacing("name: jane", with: "name: \"ja\\e[31mne\"")]
        let result = try Self.run(["who-can", "get", "secrets/db", "-n", "shop", "rbac.yaml"], files: files)
        #expect(result.output.contains("User ja\\u{1B}[31mne"))
        #expect(!result.output.utf8.contains(0x1B))
    }
}
