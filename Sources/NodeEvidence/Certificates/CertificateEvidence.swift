public import Documents

/// All certificates of one machine, with what they are used for; read once for all controls.
public final class CertificateEvidence: Sendable {
    public let document: EvidenceDocument
    private let list: EvidenceDocument.Section<CertificateEntry>
    private let usage: Result<[CertificateUse], WrongType>
    /// Programs some of whose settings would say more, and why they are not known.
    public let unknown: [ComponentKind: [String]]
    private let byPath: [String: [Int]]
    /// Uses by the path at which the evidence has their file.
    private let usesByPath: [String: [Int]]

    public init(_ document: EvidenceDocument) {
        self.document = document
        list = EvidenceDocument.Section(document.root["certificates"], CertificateEntry.init)
        var byPath: [String: [Int]] = [:]
        for (index, entry) in (list.elements ?? []).enumerated() where !entry.path.isEmpty && entry.user.isEmpty && entry.cluster.isEmpty {
            byPath[entry.path, default: []].append(index)
        }
        self.byPath = byPath
        var unknown: [ComponentKind: [String]] = [:]
        do throws(WrongType) {
            usage = .success(try Self.uses(in: document, &unknown))
        } catch {
            usage = .failure(error)
        }
        self.unknown = unknown
        var usesByPath: [String: [Int]] = [:]
        for (index, use) in ((try? usage.get()) ?? []).enumerated() {
            usesByPath[Self.path(use.path, of: use.component, in: document, byPath), default: []].append(index)
        }
        self.usesByPath = usesByPath
    }

    /// Where the evidence has the certificates of a path that a program names: the path itself, or where links lead from there.
    private static func path(_ path: String, of component: ComponentKind, in document: EvidenceDocument, _ known: [String: [Int]]) -> String {
        if known[path] != nil { return path }
        let file = (try? document.file(path, seenBy: component.rawValue)) ?? nil
        return file?.path ?? path
    }

    /// nil when certificates were not collected.
    /// - Throws: `WrongType` of the first broken entry.
    public var entries: [CertificateEntry]? { get throws(WrongType) { try list.whole() } }

    public var uses: [CertificateUse] { get throws(WrongType) { try usage.get() } }

    /// When the evidence was taken: what was valid then is judged as valid, so that a document gives one result at any time.
    /// - Throws: `WrongType` when the document does not say it; then nothing can be said of validity.
    public var moment: Timestamp {
        get throws(WrongType) {
            if let moment = try document.moment { return moment }
            throw WrongType(value: document.root, expected: "evidence whose field collectedAt says when it was taken (RFC 3339)")
        }
    }

    private static func uses(in document: EvidenceDocument, _ unknown: inout [ComponentKind: [String]]) throws(WrongType) -> [CertificateUse] {
        var uses: [CertificateUse] = []
        for kind in ComponentKind.allCases {
            for (member, component) in (try document.components(kind) ?? []).enumerated() {
                let settings = try ComponentSettings(component, in: document)
                for row in CertificateUse.Table.all where row.component == kind {
                    switch settings.reading(flag: row.flag, field: row.field) {
                    case .known(let setting) where !setting.text.isEmpty:
                        uses.append(
                            CertificateUse(
                                component: kind, member: member, role: row.role, setting: "--\(row.flag)", path: setting.text, place: setting.place))
                    case .known: continue
                    case .unknown(let reason, _): if unknown[kind]?.contains(reason) != true { unknown[kind, default: []].append(reason) }
                    }
                }
            }
        }
        return uses
    }

    // MARK: - Questions

    /// The entry of a file: the one that the program led to, where containers see different files at one path.
    public func entry(_ path: String, for component: ComponentKind) throws(WrongType) -> CertificateEntry? {
        guard let entries = try entries, let indexes = byPath[Self.path(path, of: component, in: document, byPath)] else { return nil }
        return indexes.lazy.map { entries[$0] }.first { $0.programs.contains(component.rawValue) } ?? indexes.first.map { entries[$0] }
    }

    /// What a program uses an entry for; nothing for one that is no file.
    public func uses(of entry: CertificateEntry) throws(WrongType) -> [CertificateUse] {
        guard entry.user.isEmpty, entry.cluster.isEmpty, !entry.path.isEmpty else { return [] }
        let uses = try uses
        return (usesByPath[entry.path] ?? []).map { uses[$0] }.filter {
            entry.programs.isEmpty || entry.programs.contains($0.component.rawValue)
        }
    }

    /// Whether a program or user shows an entry to others. A kubelet that is told of no certificate makes one of its own.
    public func isShown(_ entry: CertificateEntry) throws(WrongType) -> Bool {
        if !entry.user.isEmpty || !entry.listener.isEmpty { return true }
        if entry.programs.contains(ComponentKind.kubelet.rawValue), entry.path.hasSuffix("/kubelet.crt") { return true }
        return try uses(of: entry).contains { if case .authority = $0.role { false } else { true } }
    }

    /// Authorities that are trusted for a purpose. nil where no setting of the evidence names any, or the evidence lacks the file.
    public func authorities(_ trust: CertificateUse.Trust) throws(WrongType) -> [CertificateFacts]? {
        var found: [CertificateFacts]?
        for use in try uses where use.role == .authority(trust) {
            guard let entry = try entry(use.path, for: use.component) else { continue }
            found = (found ?? []) + entry.bundle.certificates
        }
        if trust == .apiServers {
            for entry in try entries ?? [] where !entry.cluster.isEmpty { found = (found ?? []) + entry.bundle.certificates }
        }
        return found
    }

    /// Whether the evidence shows that nobody checks: the program that would do it runs here, and its settings name no authority.
    public func isUnchecked(_ trust: CertificateUse.Trust) throws(WrongType) -> Bool {
        guard let row = CertificateUse.Table.all.first(where: { $0.role == .authority(trust) }), unknown[row.component] == nil else { return false }
        let readers = try document.components(row.component) ?? []
        guard !readers.isEmpty, try authorities(trust) == nil else { return false }
        return try uses.allSatisfy { $0.role != .authority(trust) }
    }

    /// Every authority of the evidence.
    public var allAuthorities: [CertificateFacts] {
        get throws(WrongType) { try (entries ?? []).flatMap(\.bundle.certificates).filter(\.isAuthority) }
    }

    /// Who checks an entry's first certificate, and for which purpose.
    public func checks(of entry: CertificateEntry) throws(WrongType) -> [(trust: CertificateUse.Trust, purpose: String)] {
        let (client, server) = (CertificateExtensions.clientAuthentication, CertificateExtensions.serverAuthentication)
        if !entry.user.isEmpty { return [(.clusterClients, client)] }
        if !entry.listener.isEmpty {
            return ComponentKind(program: entry.process).flatMap(Self.trust(inServer:)).map { [($0, server)] } ?? []
        }
        var checks: [(CertificateUse.Trust, String)] = []
        for use in try uses(of: entry) {
            switch use.role {
            case .serving: if let trust = Self.trust(inServer: use.component) { checks.append((trust, server)) }
            // A peer of etcd is both at once.
            case .client(.etcdPeers): checks += [(.etcdPeers, client), (.etcdPeers, server)]
            case .client(let trust): checks.append((trust, client))
            case .authority: continue
            }
        }
        return checks
    }

    /// nil for programs whose clients check nothing by default.
    private static func trust(inServer kind: ComponentKind) -> CertificateUse.Trust? {
        switch kind {
        case .kubeAPIServer: .apiServers
        case .etcd: .etcdServers
        case .kubelet: .kubeletServers
        case .kubeControllerManager, .kubeScheduler, .kubeProxy: nil
        }
    }
}

extension CertificateEntry {
    /// Who has to renew a certificate, which says how early it must be known.
    public enum Renewal: Sendable {
        /// The kubelet itself, when 10 to 30 percent of the lifetime are left.
        case byKubelet
        /// Whoever runs the machine.
        case byOperator
        /// A person with a kubeconfig, by hand.
        case byHand
        /// All that it signed has to be replaced with it.
        case ofAuthority
    }

    /// - Parameter isShown: a program or user shows the entry to others. Its first certificate is then a leaf, also where openssl made it
    ///   sign itself and say CA:TRUE.
    public func renewal(of certificate: CertificateFacts, isShown: Bool) -> Renewal {
        let isLeaf = isShown && certificate.fingerprint == end?.fingerprint
        if certificate.isAuthority, !isLeaf { return .ofAuthority }
        let name = path.split(separator: "/").last ?? ""
        if programs.contains(ComponentKind.kubelet.rawValue) || process == ComponentKind.kubelet.rawValue,
            name.hasPrefix("kubelet-client-") || name.hasPrefix("kubelet-server-")
        {
            return .byKubelet
        }
        return !user.isEmpty && programs.isEmpty ? .byHand : .byOperator
    }
}
