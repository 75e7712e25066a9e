import Documents
import Kubernetes

/// The nodes of the estate with their labels and addresses.
struct NodeAddresses {
    private struct Node {
        let labels: [String: String]
        let addresses: AddressSet
    }

    private var nodes: [String: Node] = [:]
    private(set) var gaps: [ReachabilityGap] = []

    /// No nodes, for readers that ask for no addresses.
    static let none = NodeAddresses()

    private init() {}

    init(_ inventory: Inventory) {
        for node in inventory.objects(ofKind: "Node") {
            do throws(WrongType) {
                nodes[node.name] = Node(
                    labels: try node.labels.stringMap(), addresses: try addressSet(node.root["status"]["addresses"], field: "address"))
            } catch {
                gaps.append(ReachabilityGap(error))
            }
        }
    }

    var isEmpty: Bool { nodes.isEmpty }

    func addresses(of selector: LabelSelector) -> AddressSet {
        AddressSet(unionOf: nodes.values.filter { selector.matches($0.labels) }.map(\.addresses))
    }

    /// Of all nodes together.
    var all: AddressSet { nodes.values.reduce(.empty) { $0.union($1.addresses) } }

    func addresses(ofNode name: String) -> AddressSet { nodes[name]?.addresses ?? .empty }
}

/// The addresses in a list of mappings, such as `podIPs`; host names among them are none.
func addressSet(_ list: Value, field: String) throws(WrongType) -> AddressSet {
    var addresses = AddressSet.empty
    for item in try list.items() {
        if let text = try item.entry(named: field).string(), let range = AddressRange(text) { addresses = addresses.union(AddressSet(range)) }
    }
    return addresses
}
