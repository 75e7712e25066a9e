import Kubernetes

/// Puts single uses together to few rules that allow exactly them.
struct RuleBuilder {
    /// What is allowed on one resource: for each verb the names it is allowed on, nil for all.
    private var cells: [Place: [String: Set<String>?]] = [:]

    private struct Place: Hashable {
        let group: String
        let path: String
        let isURL: Bool
    }

    /// - Parameter role: what the uses were made of; nothing wider comes out.
    init(_ uses: [AccessUse: UseTally], of role: EffectiveRole) {
        let items = role.rules.map { RuleItems($0.rule) }
        // Names that are few in each namespace may be many in all.
        let uses = uses.reduce(into: [AccessUse: UseTally]()) { all, use in all[use.key.anywhere, default: UseTally()].add(use.value) }
        let created = Set(uses.keys.filter { $0.verb == "create" }.map { Place(group: $0.group, path: $0.path, isURL: $0.isURL) })
        for (use, tally) in uses {
            let place = Place(group: use.group, path: use.path, isURL: use.isURL)
            guard !use.isURL else {
                allow(use.verb, at: place, on: nil)
                continue
            }
            // Whoever creates objects meets new names, and so does who looks after what a controller names.
            let isFree = created.contains(place) || RuleBuilder.isGenerated(use)
            let limits = tally.rules.map { items[$0].names }
            let granted = limits.contains { $0.isEmpty } ? nil : Set(limits.joined())
            allow(use.verb, at: place, on: isFree ? granted : tally.names ?? granted)
        }
        foldURLs(items)
    }

    /// Adds permissions as a rule grants them.
    mutating func keep(_ permissions: Permissions, of rule: EffectiveRule) {
        let items = RuleItems(rule.rule)
        for group in items.isURL ? [""] : items.groups {
            for target in permissions.targets {
                for verb in permissions.verbs {
                    allow(verb, at: Place(group: group, path: target, isURL: items.isURL), on: items.names.isEmpty ? nil : Set(items.names))
                }
            }
        }
    }

    private mutating func allow(_ verb: String, at place: Place, on names: Set<String>?) {
        guard let known = cells[place]?[verb] else {
            cells[place, default: [:]][verb] = .some(names)
            return
        }
        cells[place]?[verb] = .some(known.flatMap { known in names.map { known.union($0) } })
    }

    /// Names that controllers and node pools make up, so that those of today are gone tomorrow.
    private static func isGenerated(_ use: AccessUse) -> Bool {
        let plural = use.path.prefix { $0 != "/" }
        return generated.contains("\(plural).\(use.group)")
    }

    private static let generated: Set<String> = [
        "pods.", "events.", "events.events.k8s.io", "nodes.", "persistentvolumes.", "replicasets.apps", "controllerrevisions.apps", "jobs.batch",
        "endpointslices.discovery.k8s.io", "certificatesigningrequests.certificates.k8s.io", "volumeattachments.storage.k8s.io",
        "csinodes.storage.k8s.io", "csistoragecapacities.storage.k8s.io", "resourceclaims.resource.k8s.io", "resourceslices.resource.k8s.io",
    ]

    /// Many paths that one pattern allows become that pattern again, verb by verb.
    private mutating func foldURLs(_ items: [RuleItems]) {
        for rule in items where rule.isURL {
            for pattern in rule.targets where pattern.hasSuffix("*") {
                let covered = cells.keys.filter { place in
                    place.isURL && RuleItems.target(pattern, covers: AccessUse(verb: "", group: "", path: place.path, isURL: true, namespace: ""))
                }
                let verbs = Set(covered.flatMap { cells[$0].map { Array($0.keys) } ?? [] }).filter {
                    rule.verbs.contains($0) || rule.verbs.contains("*")
                }
                for verb in verbs { fold(covered.filter { cells[$0]?[verb] != nil }, verb, into: pattern) }
            }
        }
    }

    private mutating func fold(_ places: [Place], _ verb: String, into pattern: String) {
        guard places.count > UseTally.fewNames else { return }
        for place in places {
            cells[place]?[verb] = nil
            if cells[place]?.isEmpty == true { cells[place] = nil }
        }
        allow(verb, at: Place(group: "", path: pattern, isURL: true), on: nil)
    }

    // MARK: - Rules

    /// In few rules: verbs of one resource together, then resources of one group with the same verbs, then groups with the
    /// same resources.
    var rules: [SuggestedRule] {
        var named: [SuggestedRule] = []
        var resources: [Alike: [String]] = [:]
        var urls: [[String]: [String]] = [:]
        for (place, verbs) in cells {
            for (names, verbs) in Dictionary(grouping: verbs.keys, by: { (cells[place]?[$0] ?? nil).map { $0.sorted() } }) {
                let verbs = verbs.sorted(by: VerbOrder.precedes)
                if place.isURL {
                    urls[verbs, default: []].append(place.path)
                } else if let names {
                    named.append(SuggestedRule(apiGroups: [place.group], resources: [place.path], verbs: verbs, resourceNames: names))
                } else {
                    resources[Alike(group: place.group, verbs: verbs), default: []].append(place.path)
                }
            }
        }
        var groups: [Alike: [String]] = [:]
        for (set, paths) in resources { groups[Alike(paths: paths.sorted(), verbs: set.verbs), default: []].append(set.group) }
        let plain = groups.map { SuggestedRule(apiGroups: $1.sorted(), resources: $0.paths, verbs: $0.verbs) }
        let paths = urls.map { SuggestedRule(verbs: $0, nonResourceURLs: $1.sorted()) }
        return (plain + named + paths).sorted(by: RuleBuilder.precedes)
    }

    private struct Alike: Hashable {
        var group = ""
        var paths: [String] = []
        let verbs: [String]
    }

    private static func precedes(_ one: SuggestedRule, _ other: SuggestedRule) -> Bool {
        func key(_ rule: SuggestedRule) -> [[String]] {
            [rule.nonResourceURLs, rule.apiGroups, rule.resources, rule.resourceNames, rule.verbs]
        }
        for (mine, theirs) in zip(key(one), key(other)) where mine != theirs { return mine.lexicographicallyPrecedes(theirs) }
        return false
    }

    // MARK: - Comparison

    /// Whether a role gives no more than what is allowed here.
    /// - Parameter namespaced: it is bound in a namespace, where paths outside the API's resources count for nothing.
    func holdsAll(of role: EffectiveRole, namespaced: Bool) -> Bool {
        role.rules.allSatisfy { rule in
            let items = RuleItems(rule.rule)
            if items.isURL, namespaced { return true }
            let groups = items.isURL ? [""] : items.groups
            // More pairs than any log shows.
            guard items.verbs.count * groups.count * items.targets.count <= 100_000, !items.verbs.contains("*"), !groups.contains("*") else {
                return false
            }
            return groups.allSatisfy { group in
                items.targets.allSatisfy { target in
                    guard let verbs = cells[Place(group: group, path: target, isURL: items.isURL)] else { return false }
                    return items.verbs.allSatisfy { verb in
                        guard let names = verbs[verb] else { return false }
                        return names.map { names in !items.names.isEmpty && names.isSuperset(of: items.names) } ?? true
                    }
                }
            }
        }
    }
}
