/// Where the children of containers with many children begin.
///
/// Children stand behind each other, so finding the one above a node means to walk past those before it. For a hundred
/// thousand findings in one list of a hundred thousand items that would be ten thousand million steps, which a hostile
/// manifest of a few megabytes could ask for.
struct WideContainers: Sendable {
    /// Below this, walking is as fast.
    static let leastChildren = 64

    private let children: [Int32: [Int32]]

    init(_ candidates: [Int], among nodes: [Node]) {
        var children: [Int32: [Int32]] = [:]
        for index in candidates where index < nodes.count && (nodes[index].isA(.sequence) || nodes[index].isA(.mapping)) {
            var starts: [Int32] = []
            starts.reserveCapacity(Int(nodes[index].textOffset))
            var child = index + 1
            while child < index + Int(nodes[index].length) {
                starts.append(Int32(truncatingIfNeeded: child))
                child += Int(nodes[child].length)
            }
            children[Int32(truncatingIfNeeded: index)] = starts
        }
        self.children = children
    }

    /// - Returns: nil when the container is none of these.
    func child(of parent: Int32, above index: Int32) -> (child: Int32, position: Int)? {
        guard !children.isEmpty, let starts = children[parent] else { return nil }
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return (starts[low], low)
    }
}
