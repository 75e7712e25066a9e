import Documents
import Kubernetes

/// The Pods of an estate, those together that no policy tells apart, and the selections of policies as sets of them.
///
/// Groups are numbered so that those of one namespace stand side by side.
struct PodGroups {
    struct Group {
        let namespace: Int
        let isHostNetwork: Bool
        /// Named ports that policies speak of.
        let ports: [PodProfile.ContainerPort]
    }

    private(set) var groups: [Group] = []
    private(set) var workloads: [Workload] = []
    /// Index into `workloads` for each object of the inventory, nil for what runs nothing.
    private(set) var workloadOfObject: [Int?]
    /// The group of each object of the inventory.
    private(set) var groupOfObject: [Int?]
    private(set) var gaps: [ReachabilityGap] = []
    private(set) var all = BitSet()
    /// Groups on a node's network, which selectors never match.
    private(set) var hostNetwork = BitSet()
    let namespaces: NamespaceList
    private var ofNamespace: [BitSet]
    private var labels = LabelIndex()
    /// Groups that have an address in a block of the vocabulary.
    private var inBlock: [BitSet]
    private var namedPorts: [String: [PodProfile.ContainerPort: BitSet]] = [:]

    init(_ inventory: Inventory, _ vocabulary: PolicyVocabulary, _ nodes: NodeAddresses) {
        namespaces = NamespaceList(inventory)
        gaps = namespaces.gaps
        ofNamespace = Array(repeating: BitSet(), count: namespaces.names.count)
        inBlock = Array(repeating: BitSet(), count: vocabulary.blocks.count)
        workloadOfObject = Array(repeating: nil, count: inventory.objects.count)
        groupOfObject = Array(repeating: nil, count: inventory.objects.count)
        var sorting = Sorting(vocabulary)
        read(inventory, PodReader(nodes: nodes), &sorting)
        number(sorting)
    }

    /// Groups a selection matches, those on a node's network never.
    func groups(in selection: PodSelection) -> BitSet {
        let candidates: BitSet
        switch selection.namespaces {
        case .named(let name): candidates = namespaces.number(of: name).map { ofNamespace[$0] } ?? BitSet()
        case .labelled(let selector):
            if selector.matchesEverything {
                candidates = all
            } else {
                var union = BitSet()
                namespaces.select(selector).forEach { union.formUnion(ofNamespace[$0]) }
                candidates = union
            }
        }
        return labels.select(selection.pods, among: candidates).subtracting(hostNetwork)
    }

    func groups(inBlock block: Int) -> BitSet { inBlock[block] }

    /// The destinations that have a port of this name, with the connections it stands for there.
    func destinations(of name: PortMatch.Name) -> [(groups: BitSet, connections: ConnectionSet)] {
        guard let ports = namedPorts[name.name] else { return [] }
        return ports.compactMap { port, groups in
            guard name.protocol == nil || name.protocol == port.protocol else { return nil }
            return (groups, ConnectionSet(port.protocol, PortSet(port.number)))
        }
    }

    // MARK: - Reading

    private mutating func read(_ inventory: Inventory, _ reader: PodReader, _ sorting: inout Sorting) {
        let owners = OwnerChain(inventory)
        var known: [OwnerChain.Owner: Int] = [:]
        for (index, object) in inventory.objects.enumerated() {
            guard let pod = object.pod, let namespace = namespaces.number(of: object.namespace) else { continue }
            do throws(WrongType) {
                guard let profile = try reader.profile(of: object, pod) else { continue }
                let owner = try owners.root(of: object)
                let workload = known[owner] ?? workloads.count
                if workload == workloads.count {
                    known[owner] = workload
                    workloads.append(Workload(namespace: owner.namespace, name: owner.name, kind: owner.kind))
                }
                workloads[workload].objects.append(index)
                workloadOfObject[index] = workload
                groupOfObject[index] = sorting.number(of: profile, namespace: namespace)
            } catch {
                gaps.append(ReachabilityGap(error))
            }
        }
    }

    /// Brings the groups into their order and fills the indexes.
    private mutating func number(_ sorting: Sorting) {
        let order = sorting.keys.indices.sorted { (sorting.keys[$0].namespace, $0) < (sorting.keys[$1].namespace, $1) }
        var numbers = Array(repeating: 0, count: order.count)
        for (number, old) in order.enumerated() {
            numbers[old] = number
            let key = sorting.keys[old]
            groups.append(Group(namespace: key.namespace, isHostNetwork: key.isHostNetwork, ports: key.ports))
            ofNamespace[key.namespace].insert(number)
            if key.isHostNetwork { hostNetwork.insert(number) }
            for label in key.labels { labels.insert(number, key: sorting.pairs[label].key, value: sorting.pairs[label].value) }
            for port in key.ports { namedPorts[port.name, default: [:]][port, default: BitSet()].insert(number) }
            key.blocks.forEach { inBlock[$0].insert(number) }
        }
        all = BitSet(0..<order.count)
        for index in groupOfObject.indices { groupOfObject[index] = groupOfObject[index].map { numbers[$0] } }
        for index in workloads.indices {
            workloads[index].groups = Array(Set(workloads[index].objects.compactMap { groupOfObject[$0] })).sorted()
        }
        sortWorkloads()
    }

    /// By name, so that lists come out the same however the files were ordered.
    private mutating func sortWorkloads() {
        let names = workloads.map(\.description)
        let order = workloads.indices.sorted { names[$0] < names[$1] }
        var places = Array(repeating: 0, count: order.count)
        for (place, old) in order.enumerated() { places[old] = place }
        workloads = order.map { workloads[$0] }
        for index in workloadOfObject.indices { workloadOfObject[index] = workloadOfObject[index].map { places[$0] } }
    }
}

/// Gives each profile that policies can tell from the others a number.
private struct Sorting {
    struct Key: Hashable {
        let namespace: Int
        let isHostNetwork: Bool
        /// Numbers of the labels policies ask for, ascending.
        var labels: [Int] = []
        var ports: [PodProfile.ContainerPort] = []
        /// Blocks of the vocabulary with an address of the Pod.
        var blocks = BitSet()
    }

    struct Pair: Hashable {
        let key: String
        let value: String
    }

    /// Stands for all values that nobody names; no label has it.
    private static let anyOther = "\u{0}"

    private let vocabulary: PolicyVocabulary
    /// Blocks that are looked at for Pods with an address of their own.
    private let podBlocks: [Int]
    private(set) var keys: [Key] = []
    private var numbers: [Key: Int] = [:]
    private(set) var pairs: [Pair] = []
    private var numberOfPair: [Pair: Int] = [:]
    private var blocksOfPlace: [Place: BitSet] = [:]

    private struct Place: Hashable {
        let isHostNetwork: Bool
        let addresses: AddressSet
    }

    init(_ vocabulary: PolicyVocabulary) {
        self.vocabulary = vocabulary
        podBlocks = vocabulary.blocks.indices.filter { vocabulary.blocks[$0].matchesPods }
    }

    mutating func number(of profile: PodProfile, namespace: Int) -> Int {
        var key = Key(namespace: namespace, isHostNetwork: profile.isHostNetwork)
        if !profile.isHostNetwork {
            for label in profile.labels {
                guard let named = vocabulary.labels[label.key] else { continue }
                key.labels.append(number(of: Pair(key: label.key, value: named.contains(label.value) ? label.value : Sorting.anyOther)))
            }
            key.labels.sort()
            key.ports = profile.ports.filter { vocabulary.portNames.contains($0.name) }
        }
        key.blocks = blocks(Place(isHostNetwork: profile.isHostNetwork, addresses: profile.addresses))
        if let known = numbers[key] { return known }
        numbers[key] = keys.count
        keys.append(key)
        return keys.count - 1
    }

    /// Blocks a Pod at these addresses is in. Pods of one node share its address, so each is looked up once.
    private mutating func blocks(_ place: Place) -> BitSet {
        if let known = blocksOfPlace[place] { return known }
        var found = BitSet()
        for number in place.isHostNetwork ? Array(vocabulary.blocks.indices) : podBlocks {
            let block = vocabulary.blocks[number].addresses
            // Where the address is not known, only what holds for every address holds for it.
            if place.addresses.isEmpty ? block.holdsAFamily : !block.isDisjoint(with: place.addresses) { found.insert(number) }
        }
        blocksOfPlace[place] = found
        return found
    }

    private mutating func number(of pair: Pair) -> Int {
        if let known = numberOfPair[pair] { return known }
        numberOfPair[pair] = pairs.count
        pairs.append(pair)
        return pairs.count - 1
    }
}

/// The namespaces of an estate by number, with the labels selectors see.
struct NamespaceList {
    /// Sorted.
    let names: [String]
    private(set) var gaps: [ReachabilityGap] = []
    private var numbers: [String: Int] = [:]
    private var labels = LabelIndex()

    init(_ inventory: Inventory) {
        var all: Set<String> = []
        for object in inventory.objects where object.pod != nil { all.insert(object.namespace) }
        var written: [String: [String: String]] = [:]
        for namespace in inventory.objects(ofKind: "Namespace") {
            all.insert(namespace.name)
            let labels = (try? namespace.labels.stringMap()) ?? [:]
            if let other = written[namespace.name], other != labels { gaps.append(ReachabilityGap(repeated: namespace)) }
            written[namespace.name] = labels
        }
        names = all.sorted()
        for (number, name) in names.enumerated() {
            numbers[name] = number
            // Every namespace has this label, whether it is written or not, and always with its name.
            labels.insert(number, key: NamespaceList.nameLabel, value: name)
            guard let namespace = inventory.object(kind: "Namespace", namespace: "", name: name) else { continue }
            do throws(WrongType) {
                for label in try namespace.labels.entries() where !label.isKeyed("kubernetes.io/metadata.name") {
                    labels.insert(number, key: label.key, value: try label.string() ?? "")
                }
            } catch {
                gaps.append(ReachabilityGap(error))
            }
        }
    }

    static let nameLabel = "kubernetes.io/metadata.name"

    func number(of name: String) -> Int? { numbers[name] }

    func select(_ selector: LabelSelector) -> BitSet { labels.select(selector, among: BitSet(names.indices)) }
}
