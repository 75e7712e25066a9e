import BuiltInControls
import Controls
import Documents
import Kubernetes
import Responsibility
import Testing

/// A small estate from manifests, judged and attributed as a scan does it.
struct TestEstate {
    let inventory: Inventory
    let controls: [Control]
    let attributor: Attributor
    let attributed: [AttributedFinding]
    let now: Timestamp

    init(
        _ manifest: String, model: ResponsibilityModel = .example, controls: [Control] = TestControls.all, now: String = "2026-06-15T00:00:00Z",
        exceptions: String? = nil
    ) throws {
        let parsed = DocumentTree.parse(manifest, source: "estate.yaml")
        #expect(parsed.problems.isEmpty, "\(parsed.problems)")
        let read = SourceObjects(parsed.tree)
        #expect(read.malformed.isEmpty && read.foreign.isEmpty, "an example is no Kubernetes object")
        let inventory = Inventory(read.objects)
        let now = try #require(Timestamp(now))
        var list = ExceptionList([], now: now)
        if let exceptions {
            let root = try #require(DocumentTree.parse(exceptions, source: ".demarc.yaml").tree.roots.first)
            let reading = ExceptionList.read(root["exceptions"], now: now)
            #expect(reading.faults.isEmpty, "\(reading.faults)")
            list = reading.list
        }
        let judgement = Catalogue(controls).judge(inventory, objects: inventory.objects.indices)
        let attributor = Attributor(model: model, inventory: inventory, controls: controls, now: now, exceptions: list)
        self.inventory = inventory
        self.controls = controls
        self.attributor = attributor
        self.now = now
        attributed = attributor.attribute(judgement.findings, controls: controls)
    }

    func findings(of control: String) -> [AttributedFinding] { attributed.filter { controls[$0.finding.control].id == control } }

    func only(_ control: String) throws -> AttributedFinding {
        let found = findings(of: control)
        #expect(found.count == 1, "\(control): \(found.count) findings")
        return try #require(found.first)
    }

    /// Findings of the audit, by control id.
    func audit() -> [(control: String, finding: AttributedFinding)] {
        GrantAudit(attributor, controls: controls, now: now).judge(attributed).findings.map { (controls[$0.finding.control].id, $0) }
    }
}

/// Controls that stand for those of the catalogue, so that these tests hang on no particular one.
enum TestControls {
    static let all: [Control] = [privileged, capabilities, hostPath, sysctls, sandbox, hardened, runAsNonRoot, twice] + GrantControls.all

    static let privileged = control("privileged-containers", "C5", [.podSecurity(.baseline, "privileged")], .containers(privilegedCheck))
    static let capabilities = control("added-capabilities", "C5", [.podSecurity(.baseline, "capabilities_baseline")], .containers(capabilityCheck))
    static let hostPath = control("host-paths", "C5", [.podSecurity(.baseline, "hostPathVolumes")], .pods(hostPathCheck))
    static let sysctls = control("unsafe-sysctls", "C5", [.podSecurity(.baseline, "sysctls")], .pods(sysctlCheck))
    /// A provider's duty that files can show: nobody asks for a sandbox.
    static let sandbox = control("sandbox", "A3", [], .pods(sandboxCheck))
    /// A fixed duty of the provider.
    static let hardened = control("hardened", "A5", [], .objects(["ConfigMap"], hardenedCheck))
    static let runAsNonRoot = control("run-as-non-root", "C5", [.podSecurity(.restricted, "runAsNonRoot")], .pods(runAsNonRootCheck))
    /// Finds the same value at the same place twice.
    static let twice = control("twice", "C8b", [], .objects(["Service"], twiceCheck))

    static func control(_ id: String, _ duty: String, _ references: [Reference], _ check: Check) -> Control {
        Control(
            id: id, title: id, severity: .high, duty: duty, summary: "", remedy: "", references: references, passing: [], failing: [], check: check)
    }

    private static func privilegedCheck(_ container: Container, _ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        let privileged = container.securityContext["privileged"]
        if try privileged.bool() == true { report.fail(privileged, "privileged") }
    }

    private static func capabilityCheck(_ container: Container, _ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        for item in try container.securityContext["capabilities"]["add"].items() { report.fail(item, "adds \(item.text)") }
    }

    private static func hostPathCheck(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        for volume in try pod.node["volumes"].items() {
            let path = volume["hostPath"]["path"]
            guard try path.string() != nil else { continue }
            let name = try volume["name"].string() ?? ""
            var isReadOnly = true
            for container in pod.containers {
                for mount in try container.node["volumeMounts"].items() where try mount["name"].string() == name {
                    if try mount["readOnly"].bool() != true { isReadOnly = false }
                }
            }
            report.fail(path, "mounts \(path.text)", readOnly: isReadOnly)
        }
    }

    private static func sysctlCheck(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        for item in try pod.securityContext["sysctls"].items() { report.fail(item["name"], "sets \(item["name"].text)") }
    }

    private static func sandboxCheck(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        let name = pod.node["runtimeClassName"]
        guard let name = try name.string() else { return report.fail(pod.node, missing: "runtimeClassName", "no sandbox") }
        if name == "runc" { report.fail(pod.node["runtimeClassName"], "no sandbox") }
    }

    private static func hardenedCheck(_ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
        report.fail(object.root["data"], "soft")
    }

    private static func runAsNonRootCheck(_ pod: PodSpec, _ report: inout Report) throws(WrongType) {
        if try pod.securityContext["runAsNonRoot"].bool() != true {
            report.fail(pod.node, missing: "securityContext.runAsNonRoot", "runs as root")
        }
    }

    private static func twiceCheck(_ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
        report.fail(object.spec, "once")
        report.fail(object.spec, "again")
    }
}

extension ResponsibilityModel {
    /// A model made for tests: what a built-in one says may change, what a step does may not.
    static let example =
        ResponsibilityModel.read(Array(document.utf8), source: "model.yaml").model ?? ResponsibilityModel(name: "", title: "", duties: [])

    static func read(_ document: String) throws -> ResponsibilityModel {
        let reading = ResponsibilityModel.read(Array(document.utf8), source: "model.yaml")
        #expect(reading.faults.isEmpty, "\(reading.faults)")
        return try #require(reading.model)
    }

    static let document = """
        apiVersion: demarc.dev/v1alpha1
        kind: ResponsibilityModel
        metadata:
          name: example
        spec:
          title: An example
          sources:
          - {id: PAGE, title: A page, url: https://example.com/page}
          parties: {provider: Prov, customer: Cust}
          planes:
            controlPlane: {party: provider}
            node: {party: shared}
            systemNamespaces: {party: provider, names: [kube-system, managed-*]}
            tenantNamespaces: {party: customer}
            cluster: {party: customer}
          principals:
          - user: system:kube-controller-manager
            party: provider
            managers: [kube-controller-manager]
          - serviceAccount: managed-net/agent
            party: provider
            managers: [net-agent*]
          - group: partners
            party: vendor
          - group: system:authenticated
            party: customer
          origins:
          - label: addon.example.com/name
            party: provider
            title: an add-on of the platform
          - annotation: vendor.example.com/product
            value: "db-*"
            party: vendor
            title: a database of a vendor
          duties:
          - {id: P2b, title: Answer for privileges, party: customer, sources: [PAGE]}
          - {id: A3, title: Put containers into a sandbox, party: provider}
          - {id: A5, title: Harden the control plane, party: provider, fixed: true}
          - {id: C5, title: Least privilege, party: customer}
          - {id: C8b, title: Safe parameters, party: customer}
          transfers:
          - when: modifiedComponent
            to: customer
            title: a preinstalled component was changed
            managers: [kubectl-edit, kubectl-patch]
          - {when: selfInstalledComponent, to: customer, title: installed by the customer}
          - {when: ownNetworkPlugin, to: customer, title: the customer's own network plugin}
          - {when: partnerWorkload, to: vendor, title: a partner's workload}
          - {when: unsafeSysctl, to: customer, title: unsafe kernel parameters}
          - {when: noUpstreamFix, to: upstream, title: no fix}
          privileges:
          - {control: privileged-containers, tier: never, title: not here}
          - {control: "pss:capabilities_baseline", values: [NET_RAW], tier: self-service, longest: 90d}
          - {control: "pss:capabilities_baseline", values: [SYS_ADMIN], tier: application, longest: 30d, approvals: 2, twoKey: true}
          - {control: "pss:*", tier: application, longest: 90d, approvals: 1}
          breakGlass: {groups: [glass], longest: 4h}
          liability: You answer for it.
        """
}
