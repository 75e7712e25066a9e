import ClusterSupport
import Foundation
import Responsibility
import Testing

/// `demarc grant` against a real API server with the webhook in front of it: each person decides by a credential of their own.
@Suite(.enabled(if: APIServer.isAvailable, "\(APIServer.whyNot)"), .serialized)
struct ServeGrantCommandTests {
    private static let grants = "/apis/demarc.dev/v1alpha1/namespaces/shop/privilegegrants"
    private static let setting = GuardedCluster.Setting(users: ["ann": ["dev"], "ben": ["ops"]])

    private static let roles = """
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"apply","namespace":"shop"},"rules":[\
        {"apiGroups":["demarc.dev"],"resources":["privilegegrants","privilegegrants/status"],"verbs":["create","get","list","update","patch"]}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"approve","namespace":"shop"},"rules":[\
        {"apiGroups":["demarc.dev"],"resources":["privilegegrants"],"verbs":["approve"]}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"apply","namespace":"shop"},\
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"apply"},"subjects":[\
        {"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"dev"},{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"ops"}]}
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"approve","namespace":"shop"},\
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"approve"},\
        "subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"ops"}]}
        """

    private static func time(days: Double) -> String { Date(timeIntervalSinceNow: days * 86_400).formatted(Date.ISO8601FormatStyle()) }

    private static func grant(_ justification: String) throws -> String {
        """
        apiVersion: demarc.dev/v1alpha1
        kind: PrivilegeGrant
        metadata: {name: probe, namespace: shop}
        spec:
          workload: {kind: Deployment, name: probe, serviceAccountName: probe}
          privileges:
          - {control: added-capabilities, container: app, value: NET_RAW}
          justification: \(justification)
          accountable: {person: ann}
          notBefore: "\(time(days: -1))"
          expires: "\(time(days: 20))"
          liabilityTextHash: \(try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash))

        """
    }

    @Test func peopleDecideByTheirOwnCredentials() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let api = cluster.api
            try await ReportDefinitions.install(ReportDefinitions.grants(), [Self.grants], in: api)
            try #require(try api.create(Self.roles).allSatisfy { $0.status == 201 })
            let replica = try await cluster.guarded()
            defer { replica.stop() }
            let admin = try String(contentsOf: api.kubeconfig, encoding: .utf8)
            func run(_ arguments: [String], as user: String) throws -> Program.Result {
                let own = api.folder.appending(path: "kubeconfig-\(user)")
                let text = admin.replacing(api.token, with: try #require(api.tokens[user]))
                try text.write(to: own, atomically: false, encoding: .utf8)
                return try Program.run(["grant"] + arguments + ["--cluster", "--kubeconfig", own.path, "--quiet"], in: api.folder)
            }
            let file = api.folder.appending(path: "probe.yaml")
            try Self.grant("Measures the network").write(to: file, atomically: false, encoding: .utf8)
            let hash = try #require(ResponsibilityModel.builtIn("acs")?.liabilityHash)

            let missing = try run(["show", "shop/probe"], as: "ann")
            #expect(missing.code == 2 && missing.errors.contains("is there such a grant"), "\(missing.errors)")
            let applied = try run(["apply", "probe.yaml"], as: "ann")
            #expect(applied.code == 0 && applied.output == "shop/probe: apply by ann recorded; applied, next: 1 approver\n", "\(applied)")
            let own = try run(["approve", "shop/probe"], as: "ann")
            #expect(own.code == 1 && own.output.isEmpty && !own.errors.isEmpty, "\(own)")
            let approved = try run(["approve", "probe", "-n", "shop", "--reason", "seen"], as: "ben")
            #expect(approved.code == 0 && approved.output == "shop/probe: approve by ben recorded; approved, next: person:ann\n", "\(approved)")
            let unread = try run(["accept", "shop/probe"], as: "ann")
            #expect(unread.code == 2 && unread.errors.contains("--liability-text-hash \(hash)"), "\(unread.errors)")
            let other = try run(["accept", "shop/probe", "--liability-text-hash", hash], as: "ben")
            #expect(other.code == 1 && !other.errors.isEmpty, "\(other)")
            let accepted = try run(["accept", "shop/probe", "--liability-text-hash", hash], as: "ann")
            #expect(accepted.code == 0 && accepted.output == "shop/probe: accept by ann recorded; active\n", "\(accepted)")
            let shown = try run(["show", "shop/probe"], as: "ben")
            #expect(shown.code == 0 && shown.output.contains("approve  ben (ops") && shown.output.contains("✓ in force"), "\(shown.output)")

            // The server's own columns say the same.
            let table = try api.request("GET", Self.grants, headers: ["Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"])
            let columns = Reading(table.body)["columnDefinitions"].items.compactMap { $0["name"].text }
            let cells = Reading(table.body)["rows"][0]["cells"].items.map(\.text)
            #expect(columns.prefix(5) == ["Name", "Workload", "Phase", "Accountable", "Expires"], "\(columns)")
            #expect(cells.count == columns.count && cells[1] == "probe" && cells[3] == "ann", "\(cells)")

            // A changed spec waits, and what was approved goes on to hold.
            let kept = try await eventually {
                Reading(try api.get("\(Self.grants)/probe").body)["status"]["approvedSpecs"].items.count == 1
            }
            #expect(kept, "\(replica.output.suffix(2_000))")
            try Self.grant("Measures the network, and more").write(to: file, atomically: false, encoding: .utf8)
            let changed = try run(["apply", "probe.yaml"], as: "ann")
            #expect(changed.code == 0 && changed.output.contains("next: 1 approver"), "\(changed)")
            let listed = try run(["list", "-n", "shop"], as: "ann")
            #expect(listed.output.contains("Deployment/probe   active"), "\(listed.output)")
            let renewed = try run(["renew", "shop/probe", "--for", "5d"], as: "ann")
            #expect(renewed.code == 0 && renewed.output.contains("next: 1 approver"), "\(renewed)")

            let revoked = try run(["revoke", "shop/probe"], as: "ben")
            #expect(revoked.code == 0 && revoked.output == "shop/probe: revoke by ben recorded; revoked, next: applicant\n", "\(revoked)")
        }
    }
}
