import Controls
import Testing

struct TenantTests {
    private static func tenants() throws -> Tenants {
        Tenants([
            Tenant(name: "shop", namespaces: [try #require(Pattern("shop")), try #require(Pattern("shop-*"))], mayReach: ["shared"]),
            Tenant(name: "europe", namespaces: [try #require(Pattern("shop-eu-*"))]),
            Tenant(name: "shared", namespaces: [try #require(Pattern("ingress"))]),
        ])
    }

    @Test(arguments: [
        ("shop", 0), ("shop-test", 0), ("shop-eu-west", 1), ("ingress", 2), ("shopping", nil), ("kube-system", nil), ("", nil),
    ])
    func theClosestPatternOwnsANamespace(namespace: String, tenant: Int?) throws {
        #expect(try Self.tenants().tenant(of: namespace) == tenant)
    }

    @Test(arguments: [(0, 0, true), (0, 2, true), (2, 0, false), (1, 0, false), (0, 1, false)])
    func reachIsMeantInOneDirection(one: Int, other: Int, isMeant: Bool) throws {
        #expect(try Self.tenants().mayReach(from: one, to: other) == isMeant)
    }
}
