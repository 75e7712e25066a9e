internal import ArgumentParser
internal import Controls
internal import Kubernetes
internal import Reachability
internal import Reports
internal import Responsibility

/// The flags that `reach` and its relatives share.
struct ReachOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Namespace of objects that name none (default: default).", valueName: "namespace"))
    var namespace: String?

    @Option(help: ArgumentHelp("The model whose platform's load balancers are read: a built-in name or a file.", valueName: "name|file"))
    var model: String?

    @OptionGroup var estate: EstateOptions
}

/// An estate read for questions about its network, with everything that makes an answer doubtful.
struct ReachEstate {
    let inventory: Inventory
    let model: NetworkModel
    let namespace: String
    /// Whose load balancer annotations count.
    let platforms: [String]
    /// Those of the model.
    let tenants: Tenants
    let gaps: [Gap]

    /// - Throws: `Failure` with code `usage`.
    init(_ paths: [String], _ options: ReachOptions) async throws {
        let configuration = try Configuration.load(options.estate.config)
        let responsibility = try ScanPlan.model(options.model ?? configuration.model ?? ScanPlan.defaultModel)
        guard !paths.isEmpty else { throw Failure.usage("which estate? Give files, directories, or - for standard input: demarc reach DIR") }
        namespace = options.namespace ?? configuration.namespace ?? "default"
        tenants = responsibility.tenants
        platforms = configuration.settings(under: responsibility).loadBalancerPlatforms
        let read = await options.estate.read(paths, under: configuration, namespace: namespace)
        inventory = read.inventory
        model = inventory.analysis(NetworkModel.self)
        var gaps = read.gaps + model.gaps.map { Gap($0) }
        if gaps.isEmpty, model.workloads.isEmpty {
            gaps.append(
                Gap(source: paths.joined(separator: " "), reason: .noObjects, message: "nothing here runs Pods, so nobody connects to anybody"))
        }
        self.gaps = gaps
    }

    /// Gaps are part of the answer, so `--quiet` does not hide them.
    func noteGaps() {
        for gap in gaps { Output.note("\(gap.source)\(gap.line > 0 ? ":\(gap.line)" : ""): \(gap.message)") }
    }
}
