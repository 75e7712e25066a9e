public import Controls

/// Every control that comes with Demarc. A new control is one file and one line here.
public enum BuiltInControls {
    public static let all: [Control] = podSecurity

    /// The Pod Security Standards.
    static let podSecurity: [Control] = [
        .privilegedContainers
    ]
}
