public import Controls
import Kubernetes

extension ResponsibilityModel {
    /// What does not fit between this model and a catalogue: controls whose duty the model lacks, rows that
    /// name controls or framework checks nobody knows. A model can be sound by itself and fail here.
    public func check(against controls: [Control]) -> [String] {
        var problems: [String] = []
        let dutyIDs = Set(duties.map(\.id))
        let ids = Set(controls.map(\.id))
        for control in controls where !dutyIDs.contains(control.duty) {
            problems.append("control '\(control.id)' verifies duty '\(control.duty)', which model '\(name)' does not have; add the duty")
        }
        for duty in duties {
            for id in duty.controls where !ids.contains(id) {
                problems.append("duty '\(duty.id)' names control '\(id)', which does not exist; see `demarc controls`")
            }
        }
        let checks = Set(controls.flatMap { $0.references.map { "\($0.framework):\($0.id)" } })
        for privilege in privileges where !ids.contains(where: privilege.control.matches) && !checks.contains(where: privilege.control.matches) {
            problems.append("privilege '\(privilege.control)' names no control and no framework check; see `demarc controls`")
        }
        for rule in admission.rules where !controls.contains(where: rule.names) {
            problems.append("admission rule '\(rule.control)' names no control and no framework check; see `demarc controls`")
        }
        return problems
    }
}

/// One difference between two models.
public struct ModelDifference: Sendable, Equatable {
    /// `duties[A4].party`
    public let path: String
    /// nil when only the other model has it.
    public let before: String?
    public let after: String?

    public init(path: String, before: String?, after: String?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

extension ResponsibilityModel {
    /// What changes for somebody who moves from one model to the other, in the order of the document.
    /// Sources are left out: they say where a row comes from, not what it says.
    public static func differences(from before: ResponsibilityModel, to after: ResponsibilityModel) -> [ModelDifference] {
        let (old, new) = (before.flattened(), after.flattened())
        let oldValues = Dictionary(old, uniquingKeysWith: { first, _ in first })
        let newValues = Dictionary(new, uniquingKeysWith: { first, _ in first })
        var differences: [ModelDifference] = []
        for (path, value) in old where newValues[path] != value {
            differences.append(ModelDifference(path: path, before: value, after: newValues[path]))
        }
        for (path, value) in new where oldValues[path] == nil {
            differences.append(ModelDifference(path: path, before: nil, after: value))
        }
        return differences
    }

    private func flattened() -> [(String, String)] {
        var rows: [(String, String)] = [("title", title)]
        for party in Party.allCases { if let name = parties[party] { rows.append(("parties.\(party.rawValue)", name)) } }
        for plane in Plane.allCases { rows.append(("planes.\(plane.rawValue).party", planes.party(of: plane).rawValue)) }
        for name in planes.systemNames { rows.append(("planes.systemNamespaces.names[\(name)]", "yes")) }
        for principal in principals {
            rows.append(("principals[\(principal.name)].party", principal.party.rawValue))
            for manager in principal.managers { rows.append(("principals[\(principal.name)].managers[\(manager)]", "yes")) }
            if principal.isAssumable { rows.append(("principals[\(principal.name)].assumable", "true")) }
        }
        for origin in origins { rows.append(("origins[\(origin.key)=\(origin.value)].party", origin.party.rawValue)) }
        for duty in duties {
            rows.append(("duties[\(duty.id)].title", duty.title))
            rows.append(("duties[\(duty.id)].party", duty.party.rawValue))
            rows.append(("duties[\(duty.id)].fixed", duty.isFixed ? "true" : "false"))
            for control in duty.controls { rows.append(("duties[\(duty.id)].controls[\(control)]", "yes")) }
        }
        for transfer in transfers {
            rows.append(("transfers[\(transfer.condition.rawValue)].to", transfer.party.rawValue))
            for manager in transfer.managers { rows.append(("transfers[\(transfer.condition.rawValue)].managers[\(manager)]", "yes")) }
        }
        for tenant in tenants.all {
            for namespace in tenant.namespaces { rows.append(("tenants[\(tenant.name)].namespaces[\(namespace)]", "yes")) }
            for other in tenant.mayReach { rows.append(("tenants[\(tenant.name)].mayReach[\(other)]", "yes")) }
        }
        for privilege in privileges {
            let values = privilege.values.map(\.description).joined(separator: ",")
            let path = "privileges[\(privilege.control)\(values.isEmpty ? "" : "=" + values)]"
            rows.append((path + ".tier", privilege.tier.rawValue))
            guard privilege.tier != .never else { continue }
            rows.append((path + ".longest", privilege.longest.description))
            rows.append((path + ".approvals", String(privilege.approvals)))
            rows.append((path + ".twoKey", privilege.needsTwoKeys ? "true" : "false"))
        }
        for mark in securityGroups.marks { rows.append(("securityGroups.marks[\(mark)]", "yes")) }
        for row in securityGroups.rules {
            rows.append(("securityGroups.rules[\(row.rule)].required", row.isRequired ? "true" : "false"))
        }
        rows += admission.flattened
        if let breakGlass {
            rows.append(("breakGlass.longest", breakGlass.longest.description))
            for group in breakGlass.groups { rows.append(("breakGlass.groups[\(group)]", "yes")) }
        }
        if !liability.isEmpty { rows.append(("liability", liability)) }
        return rows
    }
}

extension AdmissionRules {
    fileprivate var flattened: [(String, String)] {
        var rows = rules.enumerated().map { position, rule in
            let parties = rule.parties.map(\.rawValue).joined(separator: ",")
            let path = "admission.rules[\(position)=\(rule.control)\(rule.level.map { "/" + $0 } ?? "")\(parties.isEmpty ? "" : " of " + parties)]"
            return (path, rule.mode.rawValue)
        }
        for controller in controllers { rows.append(("admission.controllers[\(controller)]", "yes")) }
        for name in defaults.runtimeClassNames { rows.append(("admission.defaults.runtimeClassNames[\(name)]", "yes")) }
        if !defaults.seccompProfile.isEmpty { rows.append(("admission.defaults.seccompProfile", defaults.seccompProfile)) }
        for capability in defaults.droppedCapabilities { rows.append(("admission.defaults.dropCapabilities[\(capability)]", "yes")) }
        if defaults.withholdsTokens { rows.append(("admission.defaults.withholdServiceAccountTokens", "true")) }
        return rows
    }
}
