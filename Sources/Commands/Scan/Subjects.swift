internal import Controls
internal import Documents
internal import Kubernetes

/// Which objects of an estate are judged. The others stay in the inventory: whether a namespace is closed or a role
/// bound depends on them.
struct Subjects {
    /// Ascending ranges of the inventory.
    private(set) var ranges: [Range<Int>] = []
    private(set) var gaps: [Gap] = []

    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// - Parameters:
    ///   - selector: labels the objects must have, nil for all.
    ///   - namespace: that of a cluster that was asked for; what lives outside it, or outside all, is there to be looked up only.
    init(_ inventory: Inventory, selector: LabelSelector?, namespace: String? = nil) {
        guard selector != nil || namespace != nil else {
            ranges = [inventory.objects.indices]
            return
        }
        for (index, object) in inventory.objects.enumerated() {
            if let namespace, object.namespace != namespace, object.kind != "Namespace" || object.name != namespace { continue }
            do throws(WrongType) {
                if try selector?.matches(object.labels) ?? true { add(index) }
            } catch {
                gaps.append(Gap(error))
            }
        }
        guard ranges.isEmpty else { return }
        guard let selector else {
            gaps.append(Gap(source: "--namespace", reason: .noMatch, message: "there is nothing in namespace \(namespace ?? ""); check its name"))
            return
        }
        let terms = selector.requirements.map { requirement in
            let values = requirement.values.isEmpty ? "" : " (\(requirement.values.joined(separator: ",")))"
            return "\(requirement.key) \(requirement.operator.rawValue.lowercased())\(values)"
        }
        gaps.append(Gap(source: "--selector", reason: .noMatch, message: "no object has these labels: \(terms.joined(separator: ", "))"))
    }

    private mutating func add(_ index: Int) {
        if let last = ranges.last, last.upperBound == index {
            ranges[ranges.count - 1] = last.lowerBound..<index + 1
        } else {
            ranges.append(index..<index + 1)
        }
    }
}
