extension ResponsibilityModel {
    /// The models that come with Demarc, the default first.
    public static let builtInNames = ["acs", "ack", "eks", "eks-fargate", "gke", "gke-autopilot", "aks", "aks-automatic", "self-managed"]

    /// The document of a built-in model, as `demarc model show` prints it.
    public static func builtInDocument(_ name: String) -> String? {
        switch name {
        case "acs": BuiltInModels.acs
        case "ack": BuiltInModels.ack
        case "eks": BuiltInModels.eks
        case "eks-fargate": BuiltInModels.eksFargate
        case "gke": BuiltInModels.gke
        case "gke-autopilot": BuiltInModels.gkeAutopilot
        case "aks": BuiltInModels.aks
        case "aks-automatic": BuiltInModels.aksAutomatic
        case "self-managed": BuiltInModels.selfManaged
        default: nil
        }
    }

    /// A built-in model, nil when there is none of this name. Only the one asked for is read, since a start
    /// of the program should not pay for the other eight.
    public static func builtIn(_ name: String) -> ResponsibilityModel? {
        builtInDocument(name).flatMap { read(Array($0.utf8), source: "built-in model \(name)").model }
    }
}

/// The documents, one file each under `Models/`.
enum BuiltInModels {}
