import Controls
import Documents
import Kubernetes
import Synchronization

/// Which controls say nothing of an object without its neighbours: whether a NetworkPolicy selects a Pod, what its account may do. A webhook
/// judges one object, so they are left to the background, which sees the cluster; asking them would take longer than all others together.
enum Surroundings {
    private static let known = Mutex<[String: Bool]>([:])

    /// Whether every finding of a control depends on the estate. Found out by its own examples, once for all engines.
    static func decide(_ control: Control) -> Bool {
        if let answer = known.withLock({ $0[control.id] }) { return answer }
        let answer = findsByNeighboursOnly(control)
        known.withLock { $0[control.id] = answer }
        return answer
    }

    private static func findsByNeighboursOnly(_ control: Control) -> Bool {
        var findings = 0
        for example in control.failing {
            let inventory = Inventory(SourceObjects(DocumentTree.parse(example.manifest).tree).objects)
            let catalogue = Catalogue([control], kubernetesVersion: example.version ?? .newest)
            for finding in catalogue.judge(inventory, objects: inventory.objects.indices).findings {
                guard finding.asksEstate else { return false }
                findings += 1
            }
        }
        return findings > 0
    }
}
