import ClusterSupport
import Foundation
import Testing

/// Types the walk-through of the documentation, as the people in it would.
@Suite(.enabled(if: APIServer.isAvailable && ClusterTools.kubectl != nil, "\(APIServer.whyNot) kubectl is needed too"))
struct ServeWalkthroughTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let setting = GuardedCluster.Setting(
        users: ["ann": ["payments"], "ben": ["platform"], "cyd": ["platform"]], controllers: ["deployment", "replicaset"], ownAccounts: true)

    @Test func everyStepPrintsWhatTheDocumentShows() async throws {
        let walkthrough = Walkthrough(try String(contentsOf: Self.root.appending(path: "docs/walkthrough.md"), encoding: .utf8))
        try #require(walkthrough.steps.count > 20)
        try await GuardedCluster.running(Self.setting) { cluster in
            let desk = try await Desk(cluster, in: Self.root)
            let replica = try await cluster.guarded(desk.ledger)
            defer { replica.stop() }
            for step in walkthrough.steps {
                var printed = try desk.type(step)
                var attempts = 0
                while !step.matches(printed), step.isQuestion, attempts < 60 {
                    try await Task.sleep(for: .seconds(1))
                    printed = try desk.type(step)
                    attempts += 1
                }
                #expect(
                    step.matches(printed),
                    "docs/walkthrough.md, \(step.testDescription)\nshould print\n\(step.printed.joined(separator: "\n"))\nand prints\n\(printed)")
                guard step.matches(printed) else { return }
            }
        }
    }

    /// A grant of a minute: when it ends, nobody has to do anything for its Pod to be a finding again, and for the next one to be refused.
    @Test func whenAGrantEndsItsPodIsAFindingOfItsCustomer() async throws {
        try await GuardedCluster.running(Self.setting) { cluster in
            let desk = try await Desk(cluster, in: Self.root)
            let replica = try await cluster.guarded(desk.ledger)
            defer { replica.stop() }
            func type(_ person: String, _ command: String) throws -> String { try desk.type(person, command) }
            func sees(_ person: String, _ command: String, _ texts: String...) async throws -> Bool {
                try await eventually {
                    let printed = try type(person, command)
                    return texts.allSatisfy(printed.contains)
                }
            }
            _ = try type("ann", "kubectl apply -f probe.yaml")
            _ = try type(
                "ann",
                """
                demarc grant draft probe.yaml | sed 's/"<fill in: why.*/"Counters"/; s/"<fill in: where.*/"OPS-4711"/; s/"<fill in: who.*/"payments"/' \
                | sed "s/expires: .*/expires: \"$(date -u -d '+60 seconds' +%Y-%m-%dT%H:%M:%SZ)\"/" > grant.yaml
                """)
            let decided = try [
                type("ann", "demarc grant apply grant.yaml --cluster"), type("ben", "demarc grant approve deployment-probe --cluster"),
                type("cyd", "demarc grant approve deployment-probe --cluster"),
                type(
                    "ann",
                    "demarc grant accept deployment-probe --cluster --liability-text-hash \"$(grep -o 'sha256:[0-9a-f]*$' grant.yaml | tail -n 1)\""),
            ]
            try #require(decided.last?.contains("; active") == true, "\(decided)")
            _ = try type("ann", "kubectl rollout restart deployment probe")
            try #require(try await sees("ann", "kubectl get pods", "Pending"), "the Pod came in")
            let scan = "demarc scan --cluster -n shop --framework pss:baseline --quiet"
            #expect(try type("admin", scan + " --format json | grep -c '\"verdict\": *\"accepted\"'") != "0\n")

            #expect(try await sees("ann", "kubectl get privilegegrants", "expired"))
            let after = try type("admin", scan)
            #expect(after.contains("privileged-containers") && !after.contains("ACCEPTED") && after.contains("CUSTOMER"), "\(after)")
            #expect(try await sees("admin", "kubectl get events -n shop", "Expired", "deployment-probe"))
            // The Pod goes on to run: nobody is thrown out. Once it is gone, no other comes.
            _ = try type("ann", "kubectl delete pods --all --wait=false --grace-period=0 --force")
            #expect(
                try await sees(
                    "ann", "kubectl get replicasets -o 'jsonpath={.items[*].status.conditions[*].message}'", "the grant expired at"))
            _ = try type("admin", "demarc ledger export ledger.db export")
            let verified = try type("admin", "demarc ledger verify export")
            #expect(verified.contains("everything fits"), "\(verified)")
        }
    }

    /// The folder in which all sit, and what each of them brings along.
    private struct Desk {
        let folder: URL
        private let path: [URL]

        init(_ cluster: GuardedCluster, in root: URL) async throws {
            let api = cluster.api
            folder = api.folder.appending(path: "desk")
            let tools = api.folder.appending(path: "tools")
            let files = FileManager.default
            try files.copyItem(at: root.appending(path: "Examples/walkthrough"), to: folder)
            try files.createDirectory(at: tools, withIntermediateDirectories: true)
            try files.createSymbolicLink(at: tools.appending(path: "demarc"), withDestinationURL: Program.executable)
            try files.createSymbolicLink(at: tools.appending(path: "kubectl"), withDestinationURL: URL(filePath: try #require(ClusterTools.kubectl)))
            try files.createSymbolicLink(at: folder.appending(path: "audit.log"), withDestinationURL: api.folder.appending(path: "audit.log"))
            path = [tools]
            try await ReportDefinitions.install(
                ReportDefinitions.grants(), ["/apis/demarc.dev/v1alpha1/namespaces/shop/privilegegrants"], in: api)
            let people = try api.create(String(contentsOf: folder.appending(path: "people.yaml"), encoding: .utf8))
            try #require(people.allSatisfy { $0.status == 201 }, "\(people)")
            try #require(try api.post("/api/v1/namespaces/shop/serviceaccounts", #"{"metadata":{"name":"deployer"}}"#).status == 201)
            let bot = Reading(
                try api.post("/api/v1/namespaces/shop/serviceaccounts/deployer/token", #"{"spec":{"audiences":[],"expirationSeconds":3600}}"#).body)
            let tokens = api.tokens.merging(["admin": api.token, "bot": try #require(bot["status"]["token"].text)]) { $1 }
            for (person, token) in tokens {
                let kubeconfig = """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: shared, cluster: {server: "\(api.url)", certificate-authority: "\(api.certificateAuthority.path)"}}]
                    users: [{name: \(person), user: {token: "\(token)"}}]
                    contexts: [{name: shared, context: {cluster: shared, user: \(person), namespace: shop}}]
                    current-context: shared
                    """
                try kubeconfig.write(to: tools.appending(path: "\(person).kubeconfig"), atomically: true, encoding: .utf8)
            }
        }

        /// Flags of a server that keeps its ledger here.
        var ledger: [String] {
            ["--ledger", folder.appending(path: "ledger.db").path, "--ledger-key", folder.appending(path: "ledger.key").path]
        }

        func type(_ step: Walkthrough.Step) throws -> String { try type(step.person, step.command) }

        func type(_ person: String, _ command: String) throws -> String {
            let kubeconfig = path[0].appending(path: "\(person).kubeconfig").path
            return try Walkthrough.type(command, in: folder, path: path, environment: ["KUBECONFIG": kubeconfig, "HOME": folder.path])
        }
    }
}
