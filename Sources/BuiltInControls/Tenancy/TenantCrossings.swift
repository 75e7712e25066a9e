import Controls
import Kubernetes
import Reachability
import Synchronization

/// Who of one tenant may connect to whom of another, worked out when the first Pod of a tenant is judged.
final class TenantCrossings: EstateAnalysis {
    let standing: NetworkStanding
    /// With the tenants it was worked out for: they are settings, which an inventory does not know.
    private let kept = Mutex<(tenants: Tenants, byWorkload: [Int: Crossing])?>(nil)

    init(of inventory: Inventory) {
        standing = inventory.analysis(NetworkStanding.self)
    }

    /// The crossing that leads to a workload, nil when policies keep all other tenants away.
    func crossing(to workload: Int, _ tenants: Tenants) -> Crossing? {
        kept.withLock { kept in
            if let kept, kept.tenants == tenants { return kept.byWorkload[workload] }
            let found = standing.model.crossings(owner: tenants.tenant) { tenants.mayReach(from: $0, to: $1) }
            let byWorkload = Dictionary(found.map { ($0.destination, $0) }, uniquingKeysWith: { first, _ in first })
            kept = (tenants, byWorkload)
            return byWorkload[workload]
        }
    }

    /// Namespaces of the estate from which a tenant may be reached, sorted.
    func namespaces(reaching tenant: Int, _ tenants: Tenants) -> [String] {
        Set(standing.model.workloads.map(\.namespace)).filter { namespace in
            tenants.tenant(of: namespace).map { tenants.mayReach(from: $0, to: tenant) } ?? false
        }.sorted()
    }
}

extension Tenants {
    /// Whose namespace this is where it is one that the tenant of `namespace` must be kept from, nil otherwise.
    ///
    /// - Parameter reaching: whose namespace wants in.
    func crossing(from reaching: String, into namespace: String) -> (from: Tenant, into: Tenant)? {
        guard let from = tenant(of: reaching), let into = tenant(of: namespace), !mayReach(from: from, to: into) else { return nil }
        return (all[from], all[into])
    }

    /// `tenant 'a'`, `tenants 'a' and 'b'`, `4 tenants ('a', 'b', 'c' …)`.
    func phrase(_ indexes: [Int]) -> String {
        let names = indexes.map { "'\(all[$0].name)'" }
        switch names.count {
        case 1: return "tenant \(names[0])"
        case 2: return "tenants \(names[0]) and \(names[1])"
        default: return "\(names.count) tenants (\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " …" : ""))"
        }
    }
}
