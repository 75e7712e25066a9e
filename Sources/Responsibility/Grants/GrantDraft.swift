public import Controls
public import Documents
public import Kubernetes

/// Writes the smallest grant that would cover what a manifest asks for, as an application to be filled in.
public struct GrantDraft: Sendable {
    /// YAML, one document a workload; empty when there is nothing to apply for.
    public let text: String
    /// How many privileges it asks for.
    public let count: Int
    /// What the platform grants to nobody, and why an application would be in vain.
    public let refusals: [String]

    /// - Parameters:
    ///   - findings: of one judgement; only fails are looked at.
    ///   - controls: of the catalogue; `Finding.control` indexes it.
    ///   - start: from when on the grant should hold.
    public init(for findings: [Finding], controls: [Control], inventory: Inventory, model: ResponsibilityModel, from start: Timestamp) {
        var applications: [Application] = []
        var positions: [Application.Workload: Int] = [:]
        var refusals: [String] = []
        for finding in findings where finding.verdict == .fail {
            let object = inventory.objects[finding.object]
            guard object.pod != nil else { continue }
            let control = controls[finding.control]
            let value = finding.privilegeValue(control: control)
            // What no row of the model names is no privilege but a mistake to be mended.
            guard let row = model.privilege(for: control, value: value) else { continue }
            let root = RootObject(of: object, in: inventory)
            if row.tier == .never {
                let why = row.title.isEmpty ? "" : ": \(row.title)"
                refusals.append(
                    "\(object.displayName): model '\(model.name)' never grants '\(control.id)'\(value.isEmpty ? "" : " (\(value))")\(why)")
                continue
            }
            guard root.unconfirmed == nil, !root.object.name.isEmpty, !root.object.name.hasSuffix("*") else {
                refusals.append("\(object.displayName): a grant needs the name of the workload's root object")
                continue
            }
            let account = object.pod?.serviceAccount ?? "default"
            let workload = Application.Workload(
                namespace: root.object.namespace, kind: root.object.kind, apiGroup: root.object.isForeignNamesake ? root.object.group : nil,
                name: root.object.name, serviceAccountName: account)
            let position = positions[workload] ?? applications.count
            if position == applications.count {
                applications.append(Application(workload: workload))
                positions[workload] = position
            }
            applications[position].add(finding, control: control.id, value: value, row: row, pod: object.pod)
        }
        text = applications.map { $0.document(model: model, start: start) }.joined(separator: "---\n")
        count = applications.reduce(0) { $0 + $1.count }
        self.refusals = refusals
    }
}

/// One grant in the making.
private struct Application {
    struct Workload: Hashable {
        let namespace: String
        let kind: String
        let apiGroup: String?
        let name: String
        let serviceAccountName: String
    }

    struct Asked: Equatable {
        let control: String
        let container: String
        let value: String
        var readOnly: Bool
    }

    let workload: Workload
    private var asked: [Asked] = []
    private var digests: [String] = []
    private var untagged: [String] = []
    private var tiers: Set<Privilege.Tier> = []
    private var longest: Span?
    var count: Int { asked.count }

    init(workload: Workload) {
        self.workload = workload
    }

    mutating func add(_ finding: Finding, control: String, value: String, row: Privilege, pod: PodSpec?) {
        let one = Asked(control: control, container: finding.container, value: value, readOnly: finding.readOnly)
        if let index = asked.firstIndex(where: { $0.control == one.control && $0.container == one.container && $0.value == one.value }) {
            // One use that writes needs the whole privilege.
            asked[index].readOnly = asked[index].readOnly && one.readOnly
        } else {
            asked.append(one)
        }
        tiers.insert(row.tier)
        longest = min(longest ?? row.longest, row.longest)
        for container in pod?.containers ?? [] where finding.container.isEmpty || finding.container == container.name {
            if let digest = container.imageDigest {
                if !digests.contains(digest) { digests.append(digest) }
            } else if !untagged.contains(container.name) {
                untagged.append(container.name)
            }
        }
    }

    func document(model: ResponsibilityModel, start: Timestamp) -> String {
        var lines = [
            "apiVersion: demarc.dev/v1alpha1",
            "kind: PrivilegeGrant",
            "metadata:",
            "  name: \(quoted("\(workload.kind.lowercased())-\(workload.name)"))",
            "  namespace: \(quoted(workload.namespace))",
            "spec:",
            "  workload:",
            "    kind: \(quoted(workload.kind))",
        ]
        if let group = workload.apiGroup { lines.append("    apiGroup: \(quoted(group))") }
        lines += [
            "    name: \(quoted(workload.name))",
            "    serviceAccountName: \(quoted(workload.serviceAccountName))",
            "  privileges:",
        ]
        for privilege in asked {
            lines.append("  - control: \(quoted(privilege.control))")
            if !privilege.container.isEmpty { lines.append("    container: \(quoted(privilege.container))") }
            if !privilege.value.isEmpty { lines.append("    value: \(quoted(privilege.value))") }
            if privilege.readOnly { lines.append("    readOnly: true") }
        }
        lines += imageLines
        let expires = start.advanced(bySeconds: (longest ?? .days(30)).seconds)
        lines += [
            "  justification: \(quoted("\(PrivilegeGrant.placeholder) why the program cannot do without it>"))",
            "  ticket: \(quoted("\(PrivilegeGrant.placeholder) where it is discussed>"))",
            "  accountable:",
            "    team: \(quoted("\(PrivilegeGrant.placeholder) who answers for what it leads to>"))",
            "  notBefore: \(quoted(start.description))",
            "  expires: \(quoted(expires.description))",
        ]
        if tiers.count == 1, let tier = tiers.first { lines.append("  tier: \(tier.rawValue)") }
        if let hash = model.liabilityHash {
            lines += [
                "  # Of the liability text that `demarc model show \(model.name)` prints; accept it only after reading.",
                "  liabilityTextHash: \(hash)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var imageLines: [String] {
        var lines: [String] = []
        if !untagged.isEmpty {
            lines.append("  # Not named by digest, so no digest can stand here: container \(untagged.map(quoted).joined(separator: ", ")).")
        }
        guard !digests.isEmpty else { return lines + ["  imageDigests: []"] }
        return lines + ["  imageDigests:"] + digests.map { "  - \($0)" }
    }

    private func quoted(_ text: String) -> String { ManifestText.quoted(text) }
}
