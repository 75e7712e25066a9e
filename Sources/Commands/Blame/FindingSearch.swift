internal import Blame
internal import Controls
internal import Documents
internal import Kubernetes
internal import Reports
internal import Responsibility

/// Finds a finding of an estate again by its fingerprint.
struct FindingSearch {
    private let inventory: Inventory
    private let judge: EstateJudge

    init(_ inventory: Inventory, _ model: ResponsibilityModel, now: Timestamp) {
        self.inventory = inventory
        judge = EstateJudge(inventory: inventory, catalogue: Catalogue(EveryControl.all, kubernetesVersion: .newest), model: model, now: now)
    }

    /// The object of the finding and the field that it is about.
    /// - Throws: `Failure` when the estate has no such finding.
    func find(_ fingerprint: String) async throws -> (subject: Subject, path: FieldPath) {
        let wanted = fingerprint.lowercased()
        let part = await judge.run(on: [inventory.objects.indices], recordsQuiet: false)
        guard let found = part.findings.first(where: { $0.fingerprint == wanted }) else {
            throw Failure(
                code: .incomplete,
                description: "the estate has no finding with the fingerprint '\(fingerprint)'; demarc scan --format json lists them")
        }
        let finding = found.finding
        let object = inventory.objects[finding.object]
        let place = FieldPath(of: finding.place, in: object.root) ?? FieldPath()
        return (Subject(object, in: inventory.analysis(ResourceTable.self)), place.appending(missing: finding.missing))
    }
}
