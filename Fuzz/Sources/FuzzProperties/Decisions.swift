import Controls
public import Documents
import Kubernetes
import Reports
import Responsibility

/// Documents that decide: grants, models, exceptions, baselines. What matters most is that none of them decides by mistake.
extension Properties {
    /// A grant beside the workload it may be for. In the input, `SPEC-HASH` and `LIABILITY-HASH` stand for the digests that
    /// no chance would ever hit.
    public static func grants(_ bytes: [UInt8]) {
        var text = String(decoding: bytes, as: UTF8.self)
        text = text.replacing("LIABILITY-HASH", with: Fixture.model.liabilityHash ?? "")
        let unsigned = DocumentTree.parse(Array(text.utf8), source: "fuzz", limits: limits).tree.roots.last
        text = text.replacing("SPEC-HASH", with: unsigned.map { CanonicalJSON.digest(of: $0["spec"]) } ?? "")
        let read = SourceObjects(DocumentTree.parse(Array(text.utf8), source: "fuzz", limits: limits).tree)
        let documents = read.objects.filter { $0.kind == "PrivilegeGrant" }
        for document in documents {
            let reading = PrivilegeGrant.read(document)
            precondition((reading.grant == nil) != reading.faults.isEmpty, "a grant with faults, or neither")
        }
        let result = judge(Inventory(workload + documents))
        for finding in result.findings where finding.finding.verdict == .accepted {
            let mayAccept = documents.contains { mayBeInForce($0, for: finding, in: result) }
            precondition(mayAccept, "a grant is in force that must not be")
        }
    }

    private static let workload = SourceObjects(
        DocumentTree.parse(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: probe, namespace: shop}
            spec:
              template:
                metadata: {labels: {app: probe}}
                spec:
                  serviceAccountName: probe
                  containers:
                  - name: app
                    image: registry.example.com/probe@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
                    securityContext: {privileged: true}
            """
        ).tree
    ).objects

    /// A second opinion, written from what the documentation promises and not from the reader.
    private static func mayBeInForce(_ document: KubernetesObject, for finding: AttributedFinding, in result: ScanResult) -> Bool {
        let (root, spec) = (document.root, document.root["spec"])
        guard "\(document.namespace)/\(document.name)" == finding.grant, document.group == "demarc.dev", document.namespace == "shop" else { return false }
        let known: Set = [
            "workload", "privileges", "imageDigests", "justification", "ticket", "accountable", "notBefore", "expires", "tier", "liabilityTextHash",
        ]
        guard keys(of: root).isSubset(of: ["apiVersion", "kind", "metadata", "spec", "status"]), keys(of: spec).isSubset(of: known),
            keys(of: spec["workload"]).isSubset(of: ["kind", "name", "selector", "serviceAccountName"])
        else { return false }
        guard let from = time(spec["notBefore"]), let until = time(spec["expires"]), from <= Fixture.now, Fixture.now < until else { return false }
        guard (try? spec["workload"]["kind"].string()) == "Deployment", (try? spec["workload"]["serviceAccountName"].string()) == "probe" else {
            return false
        }
        let control = result.catalogue.controls[finding.finding.control].id
        let isNamed = (try? spec["privileges"].items().contains { (try? $0["control"].string()) == control }) ?? false
        let (applied, approved, accepted) = (deciders("apply", document), deciders("approve", document), deciders("accept", document))
        let isStopped = !deciders("deny", document).isEmpty || !deciders("revoke", document).isEmpty || !conditions(document).isDisjoint(with: ["Denied", "Revoked", "Expired"])
        return isNamed && !isStopped && applied.isDisjoint(with: approved) && !accepted.isEmpty && conditions(document).contains("Accepted")
    }

    private static func keys(of value: Value) -> Set<String> { Set((try? value.entries().map(\.key)) ?? []) }

    private static func time(_ value: Value) -> Timestamp? { (try? value.string()).flatMap { $0 }.flatMap { Timestamp($0) } }

    /// Who decided so about exactly this spec.
    private static func deciders(_ action: String, _ document: KubernetesObject) -> Set<String> {
        let hash = CanonicalJSON.digest(of: document.root["spec"])
        let decisions = (try? Array(document.root["status"]["decisions"].items())) ?? []
        let matching = decisions.filter { (try? $0["action"].string()) == action && (try? $0["specHash"].string()) == hash }
        return Set(matching.compactMap { (try? $0["by"]["username"].string()) ?? nil })
    }

    private static func conditions(_ document: KubernetesObject) -> Set<String> {
        let items = (try? Array(document.root["status"]["conditions"].items())) ?? []
        return Set(items.filter { (try? $0["status"].string()) == "True" }.compactMap { (try? $0["type"].string()) ?? nil })
    }

    /// A model that has a fault is no model; one that is read can be checked, compared and used.
    public static func models(_ bytes: [UInt8]) {
        let reading = ResponsibilityModel.read(bytes, source: "fuzz")
        precondition((reading.model == nil) != reading.faults.isEmpty, "a model with faults, or neither")
        for fault in reading.faults { precondition(!fault.message.isEmpty && !fault.remedy.isEmpty && fault.position.line >= 1) }
        guard let model = reading.model else { return }
        precondition(ResponsibilityModel.differences(from: model, to: model).isEmpty, "a model differs from itself")
        let there = ResponsibilityModel.differences(from: model, to: Fixture.model)
        let back = ResponsibilityModel.differences(from: Fixture.model, to: model)
        precondition(there.count == back.count, "differences depend on the direction")
        _ = model.check(against: Fixture.controls)
        let inventory = Inventory(workload)
        let attributor = Attributor(model: model, inventory: inventory, controls: Fixture.controls, now: Fixture.now)
        let findings = Fixture.catalogue.judge(inventory, objects: inventory.objects.indices).findings
        for finding in attributor.attribute(findings, controls: Fixture.controls) {
            precondition(finding.finding.verdict != .accepted, "a model alone accepted a finding")
        }
    }

    /// The list under `exceptions:`, and the same bytes as a baseline.
    public static func configuration(_ bytes: [UInt8]) {
        let baseline = Baseline.read(bytes, source: "fuzz")
        precondition((baseline.baseline == nil) != baseline.faults.isEmpty, "a baseline with faults, or neither")
        if let read = baseline.baseline {
            precondition(Baseline.read(Array(read.document.utf8), source: "again").baseline == read, "a baseline that changes when written")
        }
        for root in DocumentTree.parse(bytes, source: "fuzz", limits: limits).tree.roots {
            let (list, faults) = ExceptionList.read(root["exceptions"], now: Fixture.now)
            guard faults.isEmpty else { continue }
            for exception in list.exceptions {
                precondition(!exception.control.isEmpty && !exception.reason.isEmpty, "an exception without a control or a reason")
                let isOver = exception.expires <= Fixture.now
                let remarks = list.audit([], judged: Fixture.controls, known: [exception.control])
                precondition(!isOver || remarks.contains { $0.exception == exception.name }, "an exception that has expired without a word")
            }
            let inventory = Inventory(workload)
            let attributor = Attributor(
                model: Fixture.model, inventory: inventory, controls: Fixture.controls, now: Fixture.now, exceptions: list)
            let findings = Fixture.catalogue.judge(inventory, objects: inventory.objects.indices).findings
            for finding in attributor.attribute(findings, controls: Fixture.controls) where finding.finding.verdict == .accepted {
                let covering = list.exceptions.first { $0.name == finding.grant }
                precondition(covering.map { Fixture.now < $0.expires && $0.control == Fixture.controls[finding.finding.control].id } ?? false)
            }
        }
    }
}
