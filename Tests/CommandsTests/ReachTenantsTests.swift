import Foundation
import Testing

@testable import Commands

/// Two tenants and one that serves both, as files.
private let pods = """
    apiVersion: v1
    kind: Pod
    metadata: {name: web, namespace: shop}
    spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: ledger, namespace: bank}
    spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: proxy, namespace: ingress}
    spec: {containers: [{name: app, image: registry.example.com/app:1.0}]}
    """

/// Lets in only what comes from the namespace itself and from the shared one.
private func wall(_ namespace: String, port: String = "") -> String {
    """

    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: wall, namespace: \(namespace)}
    spec:
      podSelector: {}
      ingress:
      - from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}]
    \(port)
    """
}

struct ReachTenantsTests {
    private static let tenants = ["--tenant", "shop=shop,shop-*", "--tenant", "bank=bank"]

    private func run(_ manifests: String, _ arguments: [String] = tenants) throws -> Program.Result {
        try Program.run(["reach", "tenants", "-"] + arguments, input: manifests)
    }

    @Test func anOpenClusterKeepsNobodyApart() throws {
        let result = try run(pods)
        #expect(result.code == 1)
        #expect(result.output.contains("shop → bank  CROSSING, 1 flows\n  shop/web[Pod] → bank/ledger[Pod]  all\n"))
        #expect(result.output.contains("bank → shop  CROSSING, 1 flows\n  bank/ledger[Pod] → shop/web[Pod]  all\n"))
    }

    @Test func wallsAreAProof() throws {
        let result = try run(pods + wall("shop") + wall("bank"))
        #expect(result.code == 0)
        #expect(result.output.contains("shop → bank  isolated\nbank → shop  isolated\n"))
    }

    @Test func oneHoleIsShownWithItsPort() throws {
        let hole = "  - from: [{namespaceSelector: {}}]\n    ports: [{port: 5432}]"
        let result = try run(pods + wall("shop") + wall("bank", port: hole), Self.tenants + ["--format", "json"])
        #expect(result.code == 1)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let pairs = try #require(document["pairs"] as? [[String: Any]])
        #expect(pairs.map { $0["verdict"] as? String } == ["crossing", "isolated"])
        let flow = try #require((pairs[0]["flows"] as? [[String: Any]])?.first)
        #expect(flow["dst"] as? String == "bank/ledger[Pod]")
        #expect(flow["conns"] as? [String: [String]] == ["TCP": ["5432"]])
    }

    @Test func theModelSaysWhatIsMeant() throws {
        let shown = try Program.run(["model", "show", "self-managed"]).output
        let tenants = "spec:\n  tenants:\n  - {name: shop, namespaces: [shop]}\n  - {name: shared, namespaces: [ingress], mayReach: [shop]}\n"
        try Program.withFiles(["model.yaml": shown.replacing("spec:\n", with: tenants), "pods.yaml": pods + wall("ingress")]) { directory in
            let result = try Program.run(["reach", "tenants", "pods.yaml", "--model", "model.yaml"], in: directory)
            #expect(result.code == 0)
            #expect(result.output.contains("shop → shared  isolated\nshared → shop  1 flows, as the model means it\n"))
        }
    }

    /// What the API server refuses closes nothing.
    @Test func aBrokenPolicyIsNoWall() throws {
        let result = try run(pods + wall("shop") + wall("bank", port: "  - ports: [{port: 70000}]"))
        #expect(result.code == 1)
        #expect(result.output.contains("NOT JUDGED  1: what could not be read may open more\n"))
        #expect(result.output.contains("bank → shop  isolated\n"))
    }

    @Test func whatCouldNotBeReadLeavesNoProof() throws {
        let result = try run(pods + wall("shop") + wall("bank") + "\n---\nkind: [")
        #expect(result.code == 3)
        #expect(result.output.contains("shop → bank  isolated\n"))
    }

    @Test(arguments: [
        (["--tenant", "shop=shop"], "fewer than two tenants"), ([], "fewer than two tenants"), (["--tenant", "shop"], "names no namespaces"),
        (["--tenant", "shop=*-a"], "'*-a' is no namespace"), (["--tenant", "shop=a,"], "'' is no namespace"),
        (tenants + ["--format", "svg"], "unknown format 'svg'"),
    ])
    func aWrongCommandLineIsTold(arguments: [String], message: String) throws {
        let result = try run(pods, arguments)
        #expect(result.code == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
