import Controls
import Documents
import Kubernetes
import Reports
import Responsibility

/// Results of small estates, with everything in them that a report must cope with.
enum Sample {
    /// Both sides' mistakes, an accepted one, gaps, and names by people who mean no good.
    static let estate = result(of: [("shop/web.yaml", shop), ("platform/agent.yaml", platform), ("broken/names.yaml", hostile)], allVerdicts: false)
    static let everything = result(
        of: [("shop/web.yaml", shop), ("platform/agent.yaml", platform), ("broken/names.yaml", hostile)], allVerdicts: true)
    /// Nothing was found and everything was judged.
    static let clean = result(of: [("shop/clean.yaml", cleanPod)], allVerdicts: false)
    /// Nothing was there to be judged.
    static let empty = result(of: [], allVerdicts: false)

    static func result(of sources: [(name: String, text: String)], allVerdicts: Bool) -> ScanResult {
        var objects: [KubernetesObject] = []
        var gaps: [Gap] = []
        for source in sources {
            let parsed = DocumentTree.parse(source.text, source: source.name)
            let read = SourceObjects(parsed.tree)
            objects += read.objects
            gaps += parsed.problems.map(Gap.init) + read.malformed.map(Gap.init)
        }
        let inventory = Inventory(objects)
        let catalogue = Catalogue(SampleControls.all, kubernetesVersion: KubernetesVersion(1, 36))
        let judgement = catalogue.judge(inventory, objects: inventory.objects.indices)
        let coverage = Coverage(
            files: sources.count, objects: objects.count, controls: SampleControls.all.count, evaluated: judgement.evaluated,
            notObservable: judgement.notObservable, gaps: gaps + judgement.gaps)
        var result = ScanResult(
            toolVersion: "0.1.0", model: model, catalogue: catalogue, inventory: inventory, scannedAt: "2026-08-23T10:11:12Z", coverage: coverage,
            findings: judgement.findings.enumerated().map { attribute($0.element, ordinal: $0.offset, in: inventory) },
            quiet: allVerdicts ? quiet(catalogue, inventory, judgement) : nil, passed: judgement.passed, notApplicable: judgement.notApplicable)
        result.justifications = ["ops/agent-admin": "The agent loads eBPF programs; ticket OPS-17."]
        return result
    }

    /// Enough of a model for the reports; who answers is decided as plainly as possible.
    static let model = ResponsibilityModel(
        name: "acs", title: "Container Compute Service",
        duties: [
            Duty(id: "P1", title: "Keep the platform secure", party: .provider),
            Duty(id: "P2b", title: "Privileges only on application", party: .customer),
            Duty(id: "A2", title: "Isolate tenants", party: .provider), Duty(id: "A4", title: "Patch the node OS", party: .provider),
            Duty(id: "C1", title: "Secure the supply chain", party: .customer),
            Duty(id: "C3", title: "Least privilege in permissions", party: .customer),
            Duty(id: "C5", title: "Least privilege in containers", party: .customer),
        ],
        parties: [.provider: "Sample Cloud", .vendor: "</script> & sons"])

    private static let planeChain = ["no grant covers it", "no managedFields", "namespace shop is a tenant's: customer"]
    private static let providerChain = ["no grant covers it", "set by user acs:addon-manager, a principal of the provider"]
    private static let grantChain = ["grant ops/agent-admin covers SYS_ADMIN of DaemonSet kube-system/agent until 2026-12-31"]

    private static func attribute(_ found: Finding, ordinal: Int, in inventory: Inventory) -> AttributedFinding {
        var finding = found
        let object = inventory.objects[finding.object]
        let hexadecimal = String(ordinal + 1, radix: 16)
        let fingerprint = String(repeating: "0", count: 32 - hexadecimal.count) + hexadecimal
        if finding.value == "SYS_ADMIN", object.namespace == "kube-system" {
            finding.verdict = .accepted
            let attribution = Attribution(party: .customer, principal: "team-ops", basis: .grant, strength: .proven, chain: grantChain)
            return AttributedFinding(finding: finding, attribution: attribution, grant: "ops/agent-admin", fingerprint: fingerprint)
        }
        let attribution =
            object.namespace == "kube-system" || object.kind == "Node"
            ? Attribution(party: .provider, principal: "acs:addon-manager", basis: .provenance, strength: .recorded, chain: providerChain)
            : object.kind == "ClusterRole"
                ? Attribution(party: .shared, basis: .transfer, strength: .presumed, chain: ["cluster-wide permissions concern both"])
                : Attribution(party: .customer, basis: .plane, strength: .presumed, chain: planeChain)
        return AttributedFinding(finding: finding, attribution: attribution, fingerprint: fingerprint)
    }

    /// Pods that a Pod control found nothing in.
    private static func quiet(_ catalogue: Catalogue, _ inventory: Inventory, _ judgement: Judgement) -> [QuietVerdict] {
        var quiet: [QuietVerdict] = []
        for (control, value) in catalogue.controls.enumerated() where value.subjectKinds == ["Pod"] {
            for (object, value) in inventory.objects.enumerated() where value.pod != nil {
                if !judgement.findings.contains(where: { $0.control == control && $0.object == object }) {
                    quiet.append(QuietVerdict(control: control, object: object, verdict: object % 2 == 0 ? .pass : .notApplicable))
                }
            }
        }
        return quiet
    }

    private static let shop = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              containers:
              - name: app
                image: registry.example.com/shop/web:1.4
                securityContext:
                  privileged: true
              - name: proxy
                image: registry.example.com/proxy:2
                securityContext:
                  capabilities: {add: [NET_ADMIN, NET_BIND_SERVICE]}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: clean-up, namespace: shop}
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  automountServiceAccountToken: false
                  containers:
                  - {name: sweep, image: "busybox"}
                  - {name: sweep-again, image: "busybox:latest"}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: deployer}
        rules:
        - apiGroups: [apps]
          resources: [deployments]
          verbs: ["*"]
        """

    private static let platform = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: apps/v1
          kind: DaemonSet
          metadata: {name: agent, namespace: kube-system, uid: 6f1d6b7e-0a0b-4c55-9d5e-3f6a4c0f1b11}
          spec:
            template:
              spec:
                automountServiceAccountToken: false
                containers:
                - name: agent
                  image: registry.example.com/agent@sha256:1f
                  securityContext:
                    capabilities: {add: [SYS_ADMIN]}
                volumes:
                - name: root
                  hostPath: {path: /}
        - apiVersion: v1
          kind: Node
          metadata: {name: node-1}
        """

    /// Markup, quotes, a terminal escape, wide characters, a field of the wrong type, and a document that is no YAML.
    private static let hostile = #"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: "</script><script>alert('x')</script>"
          namespace: "a\"b|c`d"
        spec:
          containers:
          - name: "<img src=x onerror=alert(1)>"
            image: "[click](https://evil.example)/@everyone\e[31mred"
            securityContext: {privileged: true}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: 订单服务, namespace: 商店}
        spec:
          automountServiceAccountToken: "no"
          containers:
          - name: 应用
            image: registry.example.com/订单:最新
            securityContext: {capabilities: {add: [SYS_PTRACE]}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: broken
        """#

    private static let cleanPod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          automountServiceAccountToken: false
          containers: [{name: app, image: "registry.example.com/app@sha256:0"}]
        """
}

/// A report as one string.
func text(_ result: ScanResult, as format: ReportFormat, options: ReportOptions = ReportOptions()) throws -> String {
    let collected = Collected()
    try render(result, as: format, options: options) { collected.bytes += $0 }
    return String(decoding: collected.bytes, as: UTF8.self)
}

final class Collected {
    var bytes: [UInt8] = []
}
