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

    struct Found {
        let subject: Subject
        /// The field that it is about.
        let path: FieldPath
        let attribution: Attribution
        /// The rule of a security group that is behind it.
        let record: CloudRecord?
    }

    /// - Throws: `Failure` when the estate has no such finding.
    func find(_ fingerprint: String) async throws -> Found {
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
        return Found(
            subject: Subject(object, in: inventory.analysis(ResourceTable.self)), path: place.appending(missing: finding.missing),
            attribution: found.attribution, record: judge.attributor.cloudRecord(of: finding))
    }
}
