import Documents
import Kubernetes
import Testing

@testable import Access

/// The table that reads a rule once for all needs decides as the reading of `PolicyRule` does, which is that of the authorizer.
struct NeedTableTests {
    private static let verbs = ["get", "list", "create", "update", "patch", "bind", "escalate", "impersonate", "approve", "delete", "*", "GET", ""]
    private static let groups = ["", "apps", "batch", "rbac.authorization.k8s.io", "certificates.k8s.io", "*", "extensions"]
    private static let resources = [
        "*", "pods", "pods/exec", "*/exec", "pods/*", "secrets", "deployments", "clusterroles", "roles", "users", "groups", "serviceaccounts",
        "serviceaccounts/token", "*/token", "*/", "/", "nodes/proxy", "*/proxy", "signers", "certificatesigningrequests/approval", "configmaps", "",
        "clusterrolebindings", "namespaces", "certificatesigningrequests/nodeclient",
    ]
    private static let names = ["aws-auth", "kubernetes.io/*", "kubernetes.io/kube-apiserver-client", "x", ""]

    @Test(arguments: 0..<40)
    func decidesAsTheAuthorizer(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<50 {
            let rule = try Self.rule(&generator)
            let grants = try NeedTable.shared.grants(of: rule)
            #expect(Set(grants.map(\.need)).count == grants.count, "each need once")
            for (index, need) in NeedTable.shared.needs.enumerated() where need != .everything {
                let isGranted = grants.contains { $0.need == index }
                #expect(try isGranted == Self.isAllowed(need, by: rule), "\(rule.node.text) \(need) \(rule.verbs.count)")
            }
        }
    }

    private static func rule(_ generator: inout SplitMix) throws -> PolicyRule {
        func some(_ list: [String], upTo count: Int, _ generator: inout SplitMix) -> String {
            let chosen = (0..<Int(generator.next() % UInt64(count)) + 1).map { _ in list[Int(generator.next() % UInt64(list.count))] }
            return "[\(chosen.map { "\"\($0)\"" }.joined(separator: ","))]"
        }
        let (verbs, groups) = (some(Self.verbs, upTo: 3, &generator), some(Self.groups, upTo: 2, &generator))
        let resources = some(Self.resources, upTo: 3, &generator)
        let names = generator.next() % 3 == 0 ? some(Self.names, upTo: 2, &generator) : "[]"
        let text = "{verbs: \(verbs), apiGroups: \(groups), resources: \(resources), resourceNames: \(names)}"
        return try PolicyRule(try #require(DocumentTree.parse(text, source: "rule").tree.roots.first))
    }

    /// As `PolicyRule` reads a rule: some verb of some permission is allowed for some name, or for none.
    private static func isAllowed(_ need: Need, by rule: PolicyRule) throws -> Bool {
        let written = try rule.resourceNames.strings()
        for permission in need.permissions {
            for verb in permission.verbs.names {
                // What creates without a name is asked for without one, everything else about some object.
                let isNameless = verb == "create" && permission.isCreatedWithoutName
                let asked: [String]
                switch need.names {
                case .oneOf(let names): asked = names
                case .forbidden: asked = isNameless || verb == "escalate" ? [""] : ["any object that no rule names"]
                case .limit, .ignored: asked = isNameless ? [""] : written.isEmpty ? ["any"] : written
                }
                for name in asked where try rule.allows(verb, permission.resource, name: name) { return true }
            }
        }
        return false
    }

    @Test func rulesLimitedByNames() throws {
        let table = NeedTable.shared
        func names(_ text: String, _ need: Need) throws -> [String]? {
            let rule = try PolicyRule(try #require(DocumentTree.parse(text, source: "rule").tree.roots.first))
            let index = try #require(table.needs.firstIndex(of: need))
            return try #require(table.grants(of: rule).first { $0.need == index }).names
        }
        let start = "{apiGroups: [\"\"], resources: [secrets], verbs: [list], resourceNames: "
        #expect(try names(start + "[]}", .readSecrets) == nil)
        #expect(try names(start + "[a, b]}", .readSecrets) == ["a", "b"])
        // The empty name is that of a request for the whole collection.
        #expect(try names(start + "[a, '']}", .readSecrets) == nil)
    }

    @Test func needsFitIntoAMask() {
        #expect(NeedTable.shared.needs.count <= 64)
        #expect(Set(NeedTable.shared.needs).count == NeedTable.shared.needs.count)
    }
}
