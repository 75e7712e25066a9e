import ClusterSupport
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Server

/// The manifests and the chart that install the server.
struct DeployTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func run(_ tool: String?, _ arguments: [String], seconds: Int = 120) throws -> BoundedProcess {
        try BoundedProcess.run(try #require(tool), arguments, seconds: seconds)
    }

    /// Manifests for servers before 1.25, or since.
    static func kustomized(before: Bool) throws -> String {
        let folder = root.appending(path: before ? "deploy/admission-before-1.25" : "deploy/admission")
        let result = try run(ClusterTools.kubectl, ["kustomize", folder.path])
        #expect(result.code == 0, "\(result.complaint)")
        return result.output
    }

    private static func charted(_ version: String, _ settings: [String] = ["--no-hooks"]) throws -> BoundedProcess {
        try run(
            ClusterTools.helm,
            ["template", "demarc", root.appending(path: "deploy/charts/demarc").path, "--namespace", "demarc", "--kube-version", version] + settings)
    }

    /// Objects by kind and name, in a form that can be compared.
    private static func objects(_ text: String, without annotation: String? = nil) throws -> [String: ManifestText] {
        let parsed = DocumentTree.parse(text)
        #expect(parsed.problems.isEmpty, "\(parsed.problems)")
        return parsed.tree.roots.filter { $0.kind == .mapping }.reduce(into: [:]) { objects, root in
            let name = "\(root["apiVersion"].text) \(root["kind"].text) \(root["metadata"]["name"].text)"
            objects[name] = Drift.canonical(ManifestText(root) { annotation != nil && $0.key == annotation ? .remove : nil })
        }
    }

    /// The chart with its own values is the manifests, so what is tested of one holds for the other.
    @Test(
        .enabled(if: ClusterTools.helm != nil && ClusterTools.kubectl != nil, "kubectl and helm are missing"),
        arguments: [("1.20.2", true), ("1.36.0", false)])
    func theChartIsTheManifests(version: String, before: Bool) throws {
        let chart = try Self.charted(version)
        #expect(chart.code == 0, "\(chart.complaint)")
        let charted = try Self.objects(chart.output, without: "helm.sh/resource-policy")
        var manifests = try Self.objects(try Self.kustomized(before: before))
        #expect(manifests.removeValue(forKey: "v1 Namespace demarc") != nil, "helm makes the namespace itself")
        #expect(Set(charted.keys) == Set(manifests.keys))
        for (name, manifest) in manifests { #expect((charted[name] == manifest) == true, "\(name)") }
        let budget = before ? "policy/v1beta1" : "policy/v1"
        #expect(manifests["\(budget) PodDisruptionBudget demarc"] != nil)
    }

    /// What the documents tell people to apply can be put together: kustomize refuses an overlay that lies below its base, for instance.
    @Test(.enabled(if: ClusterTools.kubectl != nil, "kubectl is missing"))
    func everySetOfManifestsCanBePutTogether() throws {
        let deploy = Self.root.appending(path: "deploy")
        let sets = try #require(FileManager.default.enumerator(at: deploy, includingPropertiesForKeys: nil)).compactMap { $0 as? URL }
            .filter { $0.lastPathComponent == "kustomization.yaml" }
        #expect(sets.count >= 7)
        for file in sets {
            let result = try Self.run(ClusterTools.kubectl, ["kustomize", file.deletingLastPathComponent().path])
            #expect(result.code == 0, "\(file.path): \(result.complaint)")
        }
    }

    /// Three replicas in all, one of which has the volume; none waits for another's node.
    @Test(.enabled(if: ClusterTools.kubectl != nil, "kubectl is missing")) func theLedgerIsOneReplicas() throws {
        let result = try Self.run(ClusterTools.kubectl, ["kustomize", Self.root.appending(path: "deploy/admission-ledger").path])
        #expect(result.code == 0, "\(result.complaint)")
        let roots = DocumentTree.parse(result.output).tree.roots
        let deployments = roots.filter { $0["kind"].text == "Deployment" }.reduce(into: [:]) { $0[$1["metadata"]["name"].text] = $1["spec"] }
        let (others, keeper) = (try #require(deployments["demarc"]), try #require(deployments["demarc-ledger"]))
        #expect(try others["replicas"].int() == 2 && keeper["replicas"].int() == 1)
        #expect(keeper["strategy"]["type"].text == "Recreate")
        let pods = (others["template"]["spec"], keeper["template"]["spec"])
        let arguments = try [pods.0, pods.1].map { try Array($0["containers"].items())[0]["args"].strings() }
        #expect(arguments == [["serve", "--ledger-elsewhere"], ["serve", "--ledger", "/var/lib/demarc/ledger.db"]])
        #expect(try pods.1["volumes"].items().map { $0["persistentVolumeClaim"]["claimName"].text } == ["demarc-ledger"])
        #expect(try Array(pods.1["containers"].items())[0]["image"].text.contains("@sha256:"))
        // The Service's selector reaches all of them, and they differ in nothing that a review could notice.
        let service = try #require(roots.first { $0["kind"].text == "Service" })
        let selector = try LabelSelector(mapping: service["spec"]["selector"])
        for spec in [others, keeper] { #expect(selector.matches(try spec["template"]["metadata"]["labels"].stringMap())) }
    }

    private static let wrong: [[String]] = [
        ["--set", "replicas=1"], ["--set", "image.digest=latest"], ["--set", "image.tag=v1"], ["--set", "replica=3"],
        ["--set", "apiServerPorts={0}"], ["--set", "tracing.endpoint=http://user@c"], ["--set", "tracing.ratio=2"],
    ]

    @Test(.enabled(if: ClusterTools.helm != nil, "helm is missing"), arguments: wrong) func theChartRefusesWhatItDoesNotKnow(
        settings: [String]
    ) throws {
        #expect(try Self.charted("1.36.0", settings).code != 0)
    }

    @Test(.enabled(if: ClusterTools.helm != nil, "helm is missing")) func theChartTakesWhatPeopleSet() throws {
        let settings = [
            "--set", "args={--model=ack}", "--set", "nodeSelector.pool=system", "--set", "priorityClassName=system-cluster-critical", "--set",
            "tolerations[0].operator=Exists", "--set", "exemptNamespaces={calico-system}",
        ]
        let chart = try Self.charted("1.20.2", settings)
        #expect(chart.code == 0, "\(chart.complaint)")
        let parsed = DocumentTree.parse(chart.output)
        let deployment = try #require(parsed.tree.roots.first { $0["kind"].text == "Deployment" })
        let pod = deployment["spec"]["template"]["spec"]
        #expect(try pod["containers"].items().map { try $0["args"].strings() } == [["serve", "--exempt-namespace=calico-system", "--model=ack"]])
        #expect(pod["nodeSelector"]["pool"].text == "system" && pod["priorityClassName"].text == "system-cluster-critical")
        #expect(chart.output.contains(#"resourceNames: ["calico-system","demarc","kube-node-lease","kube-public","kube-system"]"#))
        let hook = try #require(parsed.tree.roots.first { $0["kind"].text == "Job" })
        #expect(hook["metadata"]["annotations"].entry(named: "helm.sh/hook").text == "pre-delete")
    }

    /// Nothing is traced unless somebody says where to; then the collector can be reached, and its secrets stay in their Secret.
    @Test(.enabled(if: ClusterTools.helm != nil, "helm is missing")) func theChartTraces() throws {
        let settings = ["--set", "tracing.endpoint=http://collector.o11y:4318", "--set", "tracing.ratio=0.5", "--set", "tracing.headersSecret=otlp"]
        let roots = DocumentTree.parse(try Self.charted("1.36.0", settings).output).tree.roots
        let container = try #require(
            roots.first { $0["kind"].text == "Deployment" }?["spec"]["template"]["spec"]["containers"].items().first { _ in true })
        let variables = try container["env"].items().reduce(into: [:]) { $0[$1["name"].text] = $1 }
        #expect(variables["OTEL_EXPORTER_OTLP_ENDPOINT"]?["value"].text == "http://collector.o11y:4318")
        #expect(try variables["OTEL_TRACES_SAMPLER_ARG"]?["value"].string() == "0.5")
        #expect(variables["OTEL_EXPORTER_OTLP_HEADERS"]?["valueFrom"]["secretKeyRef"]["name"].text == "otlp")
        let policy = try #require(roots.first { $0["kind"].text == "NetworkPolicy" })
        let ports = try policy["spec"]["egress"].items().flatMap { try $0["ports"].items().map { $0["port"].text } }
        #expect(ports == ["443", "6443", "4318", "53", "53"])
    }

    /// What our own scan finds in what we ask others to install. Each is meant, and docs/admission-install.md says why.
    @Test(.enabled(if: ClusterTools.helm != nil && ClusterTools.kubectl != nil, "kubectl and helm are missing"))
    func ourOwnScanFindsOnlyWhatIsExplained() throws {
        let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "demarc").path
        let explained = try Self.explained()
        #expect(!explained.isEmpty)
        for text in [try Self.kustomized(before: false), try Self.charted("1.36.0", []).output] {
            let result = try BoundedProcess.run(program, ["scan", "--format", "json", "--fail-on", "none", "-"], input: text, seconds: 120)
            #expect(result.code == 0, "\(result.complaint)")
            let report = try #require(DocumentTree.parse(result.output).tree.roots.first)
            #expect(try report["coverage"]["gaps"].items().isEmpty)
            var found: Set<String> = []
            for finding in try report["findings"].items() where ["critical", "high", "medium"].contains(finding["severity"].text) {
                let control = finding["control"].text
                found.insert(control)
                #expect(
                    explained.contains(control),
                    "\(finding["severity"].text) \(control): \(finding["message"].text), \(finding["subject"]["kind"].text) \(finding["subject"]["name"].text)"
                )
            }
            #expect(found.isSuperset(of: explained), "explained, but not found: \(explained.subtracting(found).sorted())")
        }
    }

    /// The controls of the table in the document.
    private static func explained() throws -> Set<String> {
        let text = try String(contentsOf: root.appending(path: "docs/admission-install.md"), encoding: .utf8)
        let section = text.components(separatedBy: "## What `demarc scan` says about it").last ?? ""
        var controls: Set<String> = []
        for row in section.split(separator: "\n") where row.hasPrefix("| `") {
            guard let cell = row.split(separator: "|").first else { continue }
            controls.formUnion(cell.matches(of: /`([a-z-]+)`/).map { String($0.1) })
        }
        return controls
    }
}
