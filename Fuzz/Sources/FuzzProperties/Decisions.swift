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
        guard "\(document.namespace)/\(document.name)" == finding.grant, document.group == "demarc.dev", document.namespace == "shop" else { return false }
        guard keys(of: document.root).isSubset(of: ["apiVersion", "kind", "metadata", "spec", "status"]) else { return false }
        let copies = (try? Array(document.root["status"]["approvedSpecs"].items())) ?? []
        let control = result.catalogue.controls[finding.finding.control].id
        return ([document.root["spec"]] + copies).contains { mayBeInForce($0, of: document, for: control) }
    }

    private static func mayBeInForce(_ spec: Value, of document: KubernetesObject, for control: String) -> Bool {
        let known: Set = [
            "workload", "privileges", "imageDigests", "justification", "ticket", "accountable", "notBefore", "expires", "tier", "liabilityTextHash",
            "emergency",
        ]
        guard keys(of: spec).isSubset(of: known), keys(of: spec["workload"]).isSubset(of: ["kind", "name", "selector", "serviceAccountName"]),
            let from = time(spec["notBefore"]), let until = time(spec["expires"]), from <= Fixture.now, Fixture.now < until,
            (try? spec["workload"]["kind"].string()) == "Deployment", (try? spec["workload"]["serviceAccountName"].string()) == "probe",
            (try? spec["privileges"].items().contains { (try? $0["control"].string()) == control }) ?? false
        else { return false }
        let hash = CanonicalJSON.digest(of: spec)
        let decisions = (try? Array(document.root["status"]["decisions"].items())) ?? []
        func steps(_ action: String, ofAny: Bool = false) -> [(index: Int, who: String)] {
            decisions.enumerated().filter { (try? $1["action"].string()) == action && (ofAny || (try? $1["specHash"].string()) == hash) }
                .map { ($0, ((try? $1["by"]["username"].string()) ?? nil) ?? "") }
        }
        let stopped = conditions(document).intersection(["Denied", "Revoked"])
        let (applications, revocations) = (steps("apply"), steps("revoke", ofAny: true))
        if stopped.contains("Revoked"), revocations.isEmpty { return false }
        if stopped.contains("Denied"), steps("deny", ofAny: true).isEmpty { return false }
        if let last = revocations.last?.index, !applications.contains(where: { $0.index > last }) { return false }
        let takers = steps(spec["emergency"].isWritten ? "break-glass" : "accept").filter { $0.index > revocations.last?.index ?? -1 }
        if spec["emergency"].isWritten { return takers.contains { $0.who == ((try? spec["accountable"]["person"].string()) ?? nil) } }
        // Whoever approves has not applied before, and approves what somebody else has applied for.
        let approved = steps("approve").contains { approval in
            let before = applications.filter { $0.index < approval.index }
            return !before.isEmpty && !before.contains { $0.who == approval.who }
        }
        let isLifted = steps("deny").allSatisfy { denial in
            applications.contains { $0.index > denial.index } || steps("approve").contains { $0.index > denial.index && $0.who == denial.who }
        }
        return approved && isLifted && !takers.isEmpty
    }

    private static func keys(of value: Value) -> Set<String> { Set((try? value.entries().map(\.key)) ?? []) }

    private static func time(_ value: Value) -> Timestamp? { (try? value.string()).flatMap { $0 }.flatMap { Timestamp($0) } }

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
