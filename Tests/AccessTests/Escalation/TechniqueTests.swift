import Access
import Kubernetes
import Testing

/// One case of a technique: the estate, and the way of the user ann in it, nil for none.
struct TechniqueCase: Sendable, CustomTestStringConvertible {
    let technique: String
    let what: String
    let manifests: String
    let way: String?

    init(_ technique: String, _ what: String, _ manifests: [String], _ way: String?) {
        self.technique = technique
        self.what = what
        self.manifests = manifests.joined()
        self.way = way
    }

    var testDescription: String { "\(technique): \(what)" }
}

struct TechniqueTests {
    /// What a case of `namespace shop` without a way to nodes needs: only the technique under test leads on.
    static let closed = Rbac.namespace("shop", enforce: "restricted") + Rbac.boss
    static let toBoss = "ServiceAccount shop/boss > full-access(boss) > cluster"

    static func ann(_ rules: String..., in namespace: String = "shop") -> String {
        namespace.isEmpty
            ? Rbac.clusterRole("power", rules) + Rbac.bind("ann", "power", to: "User ann")
            : Rbac.role(namespace, "power", rules) + Rbac.bind("ann", "Role/power", to: "User ann", in: namespace)
    }

    @Test(arguments: direct + roles + impersonation + pods + tokens + certificates + nodes + admission)
    func ways(_ example: TechniqueCase) {
        let analysis = escalation(example.manifests)
        #expect(analysis.faults.isEmpty)
        #expect(analysis.way(.user("ann")) == example.way)
    }

    /// Each technique is shown by a way that uses it and, where it has needs, by an estate where it leads nowhere.
    @Test func everyTechniqueHasCases() {
        let cases = Self.direct + Self.roles + Self.impersonation + Self.pods + Self.tokens + Self.certificates + Self.nodes + Self.admission
        for technique in Technique.all {
            #expect(cases.contains { $0.way?.contains(technique.id) ?? false }, "\(technique.id) needs a case where it leads on")
            #expect(
                cases.contains { $0.technique == technique.id && !($0.way?.contains(technique.id) ?? false) }, "\(technique.id) needs a case without")
        }
    }
}
