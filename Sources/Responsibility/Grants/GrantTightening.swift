public import Controls
public import Documents
public import Kubernetes

/// The smallest grant that the use which was seen needs. It never covers anything that the grant does not cover.
public struct GrantTightening: Sendable {
    /// One thing that would be narrower, or that somebody must look at.
    public struct Change: Sendable, Equatable {
        /// `privileges[1]`
        public let field: String
        public let why: String
    }

    /// What an audit log tells of people who entered containers.
    public struct Entries: Sendable, Equatable {
        /// How often somebody was let into a Pod that may be one of the workload's.
        public var count = 0
        /// When the log's first and last requests came.
        public var first: Timestamp?
        public var last: Timestamp?

        public init() {}
    }

    public let changes: [Change]
    /// What could not be narrowed, and why.
    public let remarks: [String]
    /// The whole grant with the narrower spec, to be applied for; nil when nothing would be left of it.
    public let manifest: ManifestText?

    /// - Parameters:
    ///   - grant: under the terms that are in force.
    ///   - attributed: all findings of one judgement of the estate the workload stands in.
    ///   - controls: of the catalogue; `Finding.control` indexes it.
    ///   - entries: nil without an audit log.
    public init(
        of grant: PrivilegeGrant, attributed: [AttributedFinding], controls: [Control], inventory: Inventory, model: ResponsibilityModel,
        entries: Entries? = nil
    ) {
        var work = Tightening(grant: grant, controls: controls, inventory: inventory, model: model, entries: entries)
        for one in attributed where one.grant == grant.key && one.finding.verdict == .accepted && one.attribution.basis == .grant {
            work.see(one.finding)
        }
        manifest = work.tightened()
        (changes, remarks) = (work.changes, work.remarks)
    }
}

/// Gathers what is used, then narrows field by field.
private struct Tightening {
    let grant: PrivilegeGrant
    let controls: [Control]
    let inventory: Inventory
    let model: ResponsibilityModel
    let entries: GrantTightening.Entries?
    var changes: [GrantTightening.Change] = []
    var remarks: [String] = []
    /// By index of the privilege, whether each use of it only reads.
    private var uses: [Int: Bool] = [:]
    private var digests: Set<String> = []
    private var withoutDigest: Set<String> = []

    init(grant: PrivilegeGrant, controls: [Control], inventory: Inventory, model: ResponsibilityModel, entries: GrantTightening.Entries?) {
        (self.grant, self.controls, self.inventory, self.model, self.entries) = (grant, controls, inventory, model, entries)
    }

    mutating func see(_ finding: Finding) {
        let control = controls[finding.control]
        let value = finding.privilegeValue(control: control)
        for (index, privilege) in grant.privileges.enumerated() where privilege.control == control.id && privilege.covers(finding, value: value) {
            uses[index] = (uses[index] ?? true) && finding.readOnly
        }
        guard let pod = inventory.objects[finding.object].pod else { return }
        for container in pod.containers where finding.container.isEmpty || container.name == finding.container {
            if let digest = container.imageDigest { digests.insert(digest) } else { withoutDigest.insert(container.name) }
        }
    }

    /// The narrower grant; nil when nothing of it is used.
    mutating func tightened() -> ManifestText? {
        var spec: [ManifestText.Entry] = []
        for entry in (try? grant.terms.place.entries().map { $0 }) ?? [] {
            switch entry.key {
            case "privileges":
                let privileges = self.privileges(entry)
                if privileges.isEmpty { return nil }
                spec.append(.init(entry.key, .list(privileges)))
            case "imageDigests": break
            case "workload": spec.append(.init(entry.key, workload(entry)))
            case "expires": spec.append(.init(entry.key, .text(expires().description)))
            default: spec.append(.init(entry.key, ManifestText(entry)))
            }
        }
        let images = imageDigests()
        if !images.isEmpty { spec.append(.init("imageDigests", .list(images.map { .text($0) }))) }
        return .map([
            .init("apiVersion", .text("demarc.dev/v1alpha1")), .init("kind", .text("PrivilegeGrant")),
            .init("metadata", .map([.init("name", .text(grant.name)), .init("namespace", .text(grant.namespace))])), .init("spec", .map(spec)),
        ])
    }

    private mutating func privileges(_ list: Value) -> [ManifestText] {
        let judged = Set(controls.map(\.id))
        var kept: [ManifestText] = []
        for (index, item) in ((try? list.items().map { $0 }) ?? []).enumerated() where grant.privileges.indices.contains(index) {
            let privilege = grant.privileges[index]
            guard case .map(var entries) = ManifestText(item) else { continue }
            let place = privilege.container.isEmpty ? "the Pod" : "container '\(privilege.container)'"
            let isObservable = privilege.control != GrantControls.interactiveAccess && judged.contains(privilege.control)
            if let onlyReads = uses[index] {
                if onlyReads, !privilege.readOnly {
                    entries.append(.init("readOnly", .boolean(true)))
                    changes.append(
                        .init(field: "privileges[\(index)]", why: "\(place) uses '\(privilege.control)' \(privilege.value) for reading only"))
                }
            } else if privilege.control == GrantControls.interactiveAccess, let seen = self.entries, seen.count > 0 {
                remarks.append("people entered Pods of it \(seen.count) times by the audit log, so '\(privilege.control)' stays")
            } else if privilege.control == GrantControls.interactiveAccess, let first = self.entries?.first, let last = self.entries?.last,
                first <= grant.notBefore
            {
                changes.append(
                    .init(field: "privileges[\(index)]", why: "nobody entered a Pod of it by the audit log, which goes up to \(last): left out"))
                continue
            } else if isObservable {
                changes.append(.init(field: "privileges[\(index)]", why: "\(place) does not use '\(privilege.control)' \(privilege.value): left out"))
                continue
            } else {
                remarks.append("whether \(place) uses '\(privilege.control)' cannot be seen here, so it stays")
            }
            kept.append(.map(entries.filter { $0.key != "readOnly" || $0.value == .boolean(true) }))
        }
        return kept
    }

    /// Images that use a privilege; those granted where nothing can be said.
    private mutating func imageDigests() -> [String] {
        let granted = grant.imageDigests
        guard withoutDigest.isEmpty, !digests.isEmpty else {
            if granted.isEmpty {
                let names = withoutDigest.sorted().joined(separator: ", ")
                remarks.append(
                    "any image may use it: name the images by digest\(names.isEmpty ? "" : " (container \(names))"), then this can be narrowed")
            }
            return granted
        }
        if granted.isEmpty {
            changes.append(.init(field: "imageDigests", why: "these are the images that use it; any other could, too"))
            return digests.sorted()
        }
        let kept = granted.filter(digests.contains)
        if kept.count < granted.count, !kept.isEmpty {
            changes.append(.init(field: "imageDigests", why: "\(granted.count - kept.count) of the images do not run: left out"))
            return kept
        }
        return granted
    }

    private mutating func workload(_ written: Value) -> ManifestText {
        let workload = grant.workload
        guard workload.name == nil, case .map(let entries) = ManifestText(written) else { return ManifestText(written) }
        let selected = inventory.objects(ofKind: workload.kind, namespace: grant.namespace).filter { object in
            workload.isOfGroup(of: object) && object.pod.map(workload.selects) ?? false
        }
        let names = Set(selected.map(\.name)).sorted()
        guard names.count == 1, let name = names.first else {
            if names.count > 1 {
                remarks.append("the selector is for \(names.count) workloads (\(names.joined(separator: ", "))): apply for each by its name")
            }
            return ManifestText(written)
        }
        changes.append(.init(field: "workload", why: "the selector is for one workload, so its name says the same and no other can join it"))
        return .map(entries.map { $0.key == "selector" ? .init("name", .text(name)) : $0 })
    }

    /// No longer than the model allows for what is left.
    private mutating func expires() -> Timestamp {
        let byID = Dictionary(controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let kept = grant.privileges.enumerated().filter { uses[$0.offset] != nil }.map(\.element)
        let spans = kept.compactMap { privilege in
            byID[privilege.control].flatMap { model.privilege(for: $0, value: privilege.value) }.flatMap { $0.tier == .never ? nil : $0.longest }
        }
        guard let longest = spans.min(), grant.terms.length > longest else { return grant.expires }
        changes.append(.init(field: "expires", why: "the model allows \(longest)"))
        return grant.notBefore.advanced(bySeconds: longest.seconds)
    }
}
